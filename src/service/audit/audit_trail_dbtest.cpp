#include "service/audit/audit_trail.hpp"
#include "service/audit/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::audit {
namespace {

const bool kCensus = fixture::require_statements(sql::kAll);

Task<> append_one(fixture::World& world, Actor actor, std::string action, bool commit = true) {
  auto transaction = co_await world.database->begin(db::Scope::tenant(actor.organization));
  Entry entry{std::move(action), "thing", "id-1", {}};
  entry.detail["why"] = "a \"test\"";
  co_await world.trail.append(*transaction, std::move(actor), std::move(entry));
  if (commit) co_await transaction->commit();
}

class AuditTrailTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    actor_ = register_person().actor();
    before_ = verdict().entries;  // registering is recorded as well
  }
  void append(const std::string& action, bool commit = true) {
    run(append_one(*world_, actor_, action, commit));
  }
  Verdict verdict() { return run(world_->trail.verify(actor_.organization)); }
  void tamper(const std::string& change, std::int64_t sequence) {
    bare("update audit set " + change + " where organization_id = $1 and sequence = $2",
         db::args(actor_.organization, sequence));
  }

  Actor actor_;
  std::int64_t before_ = 0;
};
AA_ON_BOTH_ENGINES(AuditTrailTest);

TEST_P(AuditTrailTest, entries_are_listed_newest_first_with_all_they_say) {
  append("thing.make");
  world_->clock.advance(std::chrono::seconds(3));
  append("thing.break");
  const auto list = run(world_->trail.list(actor_.organization, std::nullopt, 2));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].action, "thing.break");
  EXPECT_EQ(list[0].sequence, before_ + 2);
  EXPECT_EQ(list[0].actor_id, actor_.user);
  EXPECT_EQ(list[0].ip, actor_.ip);
  EXPECT_EQ(list[0].request_id, actor_.request_id);
  EXPECT_EQ(list[0].object_type, "thing");
  EXPECT_EQ(list[0].object_id, "id-1");
  EXPECT_EQ(list[0].outcome, "done");
  EXPECT_EQ(list[0].detail.at("why").as_string(), "a \"test\"");
  EXPECT_EQ(list[0].at - list[1].at, std::chrono::seconds(3));
  const auto older = run(world_->trail.list(actor_.organization, list[1].sequence, 100));
  EXPECT_EQ(older.size(), static_cast<std::size_t>(before_));
  EXPECT_EQ(older.at(0).sequence, before_);
}

TEST_P(AuditTrailTest, an_entry_lives_and_dies_with_its_transaction) {
  append("thing.undone", false);
  EXPECT_EQ(verdict().entries, before_);
  append("thing.make");
  const auto now = verdict();
  EXPECT_EQ(now.entries, before_ + 1);
  EXPECT_EQ(now.first_bad, std::nullopt);
}

TEST_P(AuditTrailTest, refused_attempts_are_recorded_too) {
  Entry entry{"project.delete", "project", "p", {}};
  run(world_->trail.denied(actor_, std::move(entry)));
  const auto list = run(world_->trail.list(actor_.organization, std::nullopt, 1));
  EXPECT_EQ(list.at(0).outcome, "denied");
  EXPECT_EQ(verdict().first_bad, std::nullopt);
}

TEST_P(AuditTrailTest, every_kind_of_tampering_is_found_where_it_was_done) {
  for (int i = 0; i < 5; ++i) append("thing.make");
  const auto third = before_ + 3;
  EXPECT_EQ(verdict().first_bad, std::nullopt);
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"action = 'thing.other'", "action = 'thing.make'"},
      {"at = at + 1", "at = at - 1"},
      {"outcome = 'denied'", "outcome = 'done'"},
      {"ip = '192.0.2.8'", "ip = '192.0.2.7'"},
      {"detail = '{}'", R"(detail = '{"why":"a \"test\""}')"},
      {"object_id = 'id-2'", "object_id = 'id-1'"}};
  for (const auto& [change, back] : changes) {
    tamper(change, third);
    EXPECT_EQ(verdict().first_bad, third) << change;
    tamper(back, third);
    EXPECT_EQ(verdict().first_bad, std::nullopt) << back;
  }
}

TEST_P(AuditTrailTest, a_missing_entry_is_found_wherever_it_stood) {
  for (int i = 0; i < 3; ++i) append("thing.make");
  const auto last = before_ + 3;
  const std::string remove = "delete from audit where organization_id = $1 and sequence = $2";
  bare(remove, db::args(actor_.organization, last));
  EXPECT_EQ(verdict().first_bad, last) << "a cut-off end";
  bare(remove, db::args(actor_.organization, std::int64_t{1}));
  EXPECT_EQ(verdict().first_bad, 1);
}

TEST_P(AuditTrailTest, a_head_that_is_gone_or_altered_is_found) {
  append("thing.make");
  bare("update audit_heads set hash = 'x' where organization_id = $1",
       db::args(actor_.organization));
  EXPECT_EQ(verdict().first_bad, before_ + 1);
  bare("delete from audit_heads where organization_id = $1", db::args(actor_.organization));
  EXPECT_EQ(verdict().first_bad, before_ + 2);
}

TEST_P(AuditTrailTest, many_at_once_leave_no_gap_and_no_false_alarm) {
  constexpr int kWriters = 40;
  std::vector<std::future<void>> futures;
  for (int i = 0; i < kWriters; ++i) {
    futures.push_back(spawn(append_one(*world_, actor_, "thing." + std::to_string(i))));
    if (i % 4 == 0) {
      EXPECT_EQ(verdict().first_bad, std::nullopt);
    }
  }
  for (auto& future : futures) future.get();
  const auto now = verdict();
  EXPECT_EQ(now.entries, before_ + kWriters);
  EXPECT_EQ(now.first_bad, std::nullopt);
}

TEST_P(AuditTrailTest, chains_longer_than_a_page_are_walked_to_the_end) {
  constexpr int kEntries = 1'005;
  const auto many = [](fixture::World& world, Actor actor) -> Task<> {
    auto transaction = co_await world.database->begin(db::Scope::tenant(actor.organization));
    for (int i = 0; i < kEntries; ++i) {
      Entry entry{"thing.make", "thing", std::to_string(i), {}};
      co_await world.trail.append(*transaction, actor, std::move(entry));
    }
    co_await transaction->commit();
  };
  run(many(*world_, actor_));
  EXPECT_EQ(verdict().entries, before_ + kEntries);
  EXPECT_EQ(verdict().first_bad, std::nullopt);
  tamper("object_id = 'other'", before_ + 1'003);
  EXPECT_EQ(verdict().first_bad, before_ + 1'003);
}

TEST_P(AuditTrailTest, organisations_have_chains_of_their_own) {
  const auto eve = register_person("eve").actor();
  append("thing.make");
  tamper("action = 'x'", before_ + 1);
  EXPECT_EQ(run(world_->trail.verify(eve.organization)).first_bad, std::nullopt);
  for (const auto& entry : run(world_->trail.list(eve.organization, std::nullopt, 100))) {
    EXPECT_EQ(entry.actor_id, eve.user);
  }
}

}  // namespace
}  // namespace aa::audit
