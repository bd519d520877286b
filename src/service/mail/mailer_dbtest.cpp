#include <thread>

#include "service/mail/mailer.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::mail {
namespace {

class MailerTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (world_) tenant_.emplace(register_person());
  }
  Task<> send(Letter letter, bool commit) {
    auto transaction = co_await world_->database->begin(tenant_->scope());
    co_await world_->mailer.send(*transaction, tenant_->organization(), tenant_->user(),
                                 std::move(letter));
    if (commit) co_await transaction->commit();
  }
  // Those with the subject, once there is one; the clock goes on while they wait for their turn.
  std::vector<Letter> arrived(const std::string& subject) {
    std::vector<Letter> out;
    for (int i = 0; i < 3000 && out.empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      const bool waiting = !bare("select id from jobs where state = 'queued'").empty();
      if (waiting) world_->clock.advance(std::chrono::seconds(2));
      for (auto& letter : world_->post.letters()) {
        if (letter.subject == subject) out.push_back(std::move(letter));
      }
    }
    return out;
  }
  std::optional<tenancy::Tenant> tenant_;
};
AA_ON_BOTH_ENGINES(MailerTest);

TEST_P(MailerTest, a_letter_goes_with_the_change_it_tells_of) {
  run(send({"ada@example.org", "undone", "x"}, false));
  run(send({"ada@example.org", "done", "the words"}, true));
  world_->queue.start();
  const auto letters = arrived("done");
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].to, "ada@example.org");
  EXPECT_EQ(letters[0].text, "the words");
  for (const auto& letter : world_->post.letters()) EXPECT_NE(letter.subject, "undone");
}

TEST_P(MailerTest, what_it_says_is_not_to_be_read_while_it_waits) {
  run(send({"ada@example.org", "open sesame", "the secret link"}, true));
  const auto rows = bare("select payload from jobs");
  for (const auto& row : rows) {
    const auto payload = row.get<std::string>("payload");
    EXPECT_EQ(payload.find("secret"), std::string::npos);
    EXPECT_EQ(payload.find("ada@"), std::string::npos);
  }
}

TEST_P(MailerTest, a_server_that_is_away_gets_it_later) {
  run(send({"ada@example.org", "late", "x"}, true));
  world_->post.refuse_next(5);
  world_->queue.start();
  EXPECT_EQ(arrived("late").size(), 1U);
}

TEST_P(MailerTest, it_is_no_job_that_people_see_and_leaves_no_row) {
  run(send({"ada@example.org", "done", "x"}, true));
  EXPECT_TRUE(run(world_->queue.list(tenant_->scope(), {}, {}, 10)).empty());
  const auto id = bare("select id from jobs limit 1")[0].get<JobId>("id");
  EXPECT_EQ(slug_of(world_->queue.get(tenant_->scope(), id)), "not_found");
  EXPECT_EQ(slug_of(world_->queue.cancel(tenant_->scope(), id)), "not_found");
  world_->queue.start();
  EXPECT_EQ(arrived("done").size(), 1U);
  for (int i = 0; i < 500 && !bare("select id from jobs").empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(bare("select id from jobs").empty());
}

TEST_P(MailerTest, an_address_that_is_none_is_refused_at_once) {
  EXPECT_EQ(slug_of(send({"ada@example.org\r\nBcc: eve@evil.test", "s", "x"}, true)),
            "bad_address");
}

}  // namespace
}  // namespace aa::mail
