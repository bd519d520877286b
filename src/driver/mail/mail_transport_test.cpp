#include "driver/mail/mail_transport.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/blob/temporary_folder.hpp"

namespace aa::mail {
namespace {

TEST(Outbox, KeepsEachLetterAsAFileThatOnlyTheOwnerReaches) {
  const blob::TemporaryFolder place;
  const auto folder = place.path() / "outbox";
  ManualClock clock;
  const auto outbox = open_outbox(folder, "Us <us@x.test>", clock);
  outbox->send({"ada@x.test", "One", "first"});
  outbox->send({"ada@x.test", "Two", "second"});
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    EXPECT_EQ(entry.path().extension(), ".eml");
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    texts.push_back(text.str());
  }
  EXPECT_EQ(texts.size(), 2U);
  EXPECT_EQ(std::filesystem::status(folder).permissions(), std::filesystem::perms::owner_all);
}

TEST(Smtp, AServerThatIsAwayIsWaitedFor) {
  ManualClock clock;
  SmtpSettings settings;
  settings.url = "smtp://127.0.0.1:1";
  settings.from = "us@x.test";
  const auto smtp = open_smtp(settings, clock);
  try {
    smtp->send({"ada@x.test", "One", "first"});
    FAIL() << "nobody listens there";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_EQ(error.slug(), "mail_unavailable");
  }
}

TEST(Smtp, OnlySmtpUrlsAreTaken) {
  ManualClock clock;
  for (const auto* url : {"", "http://x.test", "file:///etc/passwd", "mail.x.test"}) {
    SmtpSettings settings;
    settings.url = url;
    settings.from = "us@x.test";
    EXPECT_THROW(open_smtp(settings, clock), Error) << url;
  }
}

}  // namespace
}  // namespace aa::mail
