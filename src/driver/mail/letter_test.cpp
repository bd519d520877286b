#include "driver/mail/letter.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::mail {
namespace {

const Sender kSender{"AnnotateAI", "no-reply@example.org"};

std::string head_of(const std::string& text) { return text.substr(0, text.find("\r\n\r\n")); }
std::string body_of(const std::string& text) { return text.substr(text.find("\r\n\r\n") + 4); }

TEST(Letter, HasTheHeadersThatReadersAskFor) {
  const Letter letter("ada@example.org", "Welcome", "Hello\nAda\n");
  const auto text = compose(letter, kSender, Timestamp{1'767'225'600'000'000}, "abc");
  EXPECT_NE(text.find("From: \"AnnotateAI\" <no-reply@example.org>\r\n"), std::string::npos);
  EXPECT_NE(text.find("To: ada@example.org\r\n"), std::string::npos);
  EXPECT_NE(text.find("Subject: Welcome\r\n"), std::string::npos);
  EXPECT_NE(text.find("Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n"), std::string::npos);
  EXPECT_NE(text.find("Message-ID: <abc@example.org>\r\n"), std::string::npos);
  EXPECT_EQ(body_of(text), "Hello\r\nAda\r\n");
}

TEST(Letter, ASubjectStaysInItsHeader) {
  const Letter letter("ada@example.org", "a\r\nBcc: eve@evil.test\r\n\r\nbody", "x");
  const auto head = head_of(compose(letter, kSender, {}, "abc"));
  EXPECT_EQ(head.find("\r\nBcc"), std::string::npos);
  EXPECT_NE(head.find("Subject: a__Bcc: eve@evil.test____body"), std::string::npos);
}

TEST(Letter, ASubjectOfAnyLanguageIsEncodedInWordsThatFitALine) {
  std::string subject;
  for (int i = 0; i < 40; ++i) subject += "ü";
  const auto head = head_of(compose({"a@b.test", subject, ""}, kSender, {}, "abc"));
  for (std::size_t at = 0; at < head.size();) {
    const auto end = std::min(head.find("\r\n", at), head.size());
    EXPECT_LE(end - at, 78U);
    at = end + 2;
  }
  EXPECT_NE(head.find("=?utf-8?B?w7zDvM"), std::string::npos);
}

TEST(Letter, TheBodyIsQuotedAndItsLinesAreShort) {
  const std::string line(200, 'x');
  const auto body = body_of(compose({"a@b.test", "s", line + "=é \n.\n"}, kSender, {}, "abc"));
  EXPECT_NE(body.find("=3D=C3=A9=20\r\n.\r\n"), std::string::npos);
  EXPECT_EQ(body.substr(75, 3), "=\r\n");
}

TEST(Letter, AnAddressIsOneAddress) {
  for (const auto* good :
       {"ada@example.org", "a.b+c@x.test", "o'neil@x.test", "jürgen@büro.test"}) {
    EXPECT_TRUE(is_address(good)) << good;
  }
  for (const auto* bad : {"", "ada", "@x.test", "a@", "a@b@c", "a@b.test\r\nBcc: c@d.test",
                          "a@b.test,c@d.test", "<a@b.test>", "a b@c.test", "\"a\"@b.test",
                          "a@b.test>", "a@b.test\n", "a@[127.0.0.1]", "a;b@c.test", "a:b@c.test"}) {
    EXPECT_FALSE(is_address(bad)) << bad;
    EXPECT_THROW(compose({bad, "s", "t"}, kSender, {}, "abc"), Error) << bad;
  }
}

TEST(Letter, ASenderHasANameOrNone) {
  EXPECT_EQ(parse_sender("no-reply@x.test").address, "no-reply@x.test");
  const auto named = parse_sender("\"Our labels\" <no-reply@x.test>");
  EXPECT_EQ(named.name, "Our labels");
  EXPECT_EQ(named.address, "no-reply@x.test");
  EXPECT_THROW(parse_sender("nobody"), Error);
  EXPECT_THROW(parse_sender("Us <a@b"), Error);
}

}  // namespace
}  // namespace aa::mail
