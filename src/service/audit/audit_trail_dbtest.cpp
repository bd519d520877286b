#include "base/hash.hpp"
#include "service/audit/signed_heads.hpp"
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
  // As someone does who owns the database: the triggers would refuse it.
  void lift_triggers() {
    const bool sqlite = GetParam() == db::Engine::sqlite;
    const std::string on = sqlite ? "" : " on audit_entries";
    bare("drop trigger audit_entries_stay" + on);
    bare("drop trigger audit_entries_last" + on);
  }
  void tamper(const std::string& change, std::int64_t sequence) {
    bare("update audit_entries set " + change + " where organization_id = $1 and sequence = $2",
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
  lift_triggers();
  for (int i = 0; i < 5; ++i) append("thing.make");
  const auto third = before_ + 3;
  EXPECT_EQ(verdict().first_bad, std::nullopt);
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"action = 'thing.other'", "action = 'thing.make'"},
      {"at = at + 1", "at = at - 1"},
      {"outcome = 'denied'", "outcome = 'done'"},
      {"request_id = 'request-2'", "request_id = 'request-1'"},
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
  lift_triggers();
  for (int i = 0; i < 3; ++i) append("thing.make");
  const auto last = before_ + 3;
  const std::string remove =
      "delete from audit_entries where organization_id = $1 and sequence = $2";
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
  lift_triggers();
  constexpr int kEntries = 4'005;
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
  tamper("object_id = 'other'", before_ + 4'003);
  EXPECT_EQ(verdict().first_bad, before_ + 4'003);
}

TEST_P(AuditTrailTest, organisations_have_chains_of_their_own) {
  const auto eve = register_person("eve").actor();
  lift_triggers();
  append("thing.make");
  tamper("action = 'x'", before_ + 1);
  EXPECT_EQ(run(world_->trail.verify(eve.organization)).first_bad, std::nullopt);
  const auto all = run(world_->trail.organizations());
  EXPECT_NE(std::ranges::find(all, eve.organization), all.end());
  EXPECT_NE(std::ranges::find(all, actor_.organization), all.end());
  for (const auto& entry : run(world_->trail.list(eve.organization, std::nullopt, 100))) {
    EXPECT_EQ(entry.actor_id, eve.user);
  }
}

TEST_P(AuditTrailTest, the_database_itself_refuses_to_change_or_delete_an_entry) {
  append("thing.make");
  EXPECT_THROW(tamper("action = 'x'", 1), Error);
  EXPECT_THROW(bare("delete from audit_entries"), Error);
  EXPECT_EQ(verdict().first_bad, std::nullopt);
}

TEST_P(AuditTrailTest, times_never_go_back_188) {
  append("thing.make");
  world_->clock.advance(-std::chrono::hours(24 * 365 * 10));
  append("thing.break");
  const auto list = run(world_->trail.list(actor_.organization, std::nullopt, 2));
  EXPECT_EQ(list[0].action, "thing.break");
  EXPECT_EQ(list[0].at, list[1].at);
  EXPECT_EQ(verdict().first_bad, std::nullopt);
}

// The database writes a time of its own into the line that it hashes: as the program would.
TEST_P(AuditTrailTest, times_that_the_database_writes_are_the_programs) {
  for (const std::int64_t micros : {7L, 1'000'000L, 86'399'999'999L, 951'782'399'000'120L}) {
    world_->clock.advance(std::chrono::microseconds(micros));
    append("thing.make");
    world_->clock.advance(-std::chrono::microseconds(1));
    append("thing.break");
    world_->clock.advance(std::chrono::microseconds(1));
  }
  const auto now = verdict();
  EXPECT_EQ(now.entries, before_ + 8);
  EXPECT_EQ(now.first_bad, std::nullopt) << now.problem;
}

TEST_P(AuditTrailTest, any_text_is_hashed_as_it_is_stored) {
  for (const std::string text :
       {"'\"\\", "\u00e4\u6f22\U0001f600", "a\r\nb\x1b[0m\x7f", "$1 %06d {}"}) {
    auto transaction = [&](fixture::World& world, Actor actor) -> Task<> {
      auto open = co_await world.database->begin(db::Scope::tenant(actor.organization));
      actor.request_id = text;
      Entry entry{"thing.make", "thing", text, {}};
      entry.detail["text"] = text;
      co_await world.trail.append(*open, std::move(actor), std::move(entry));
      co_await open->commit();
    };
    run(transaction(*world_, actor_));
  }
  EXPECT_EQ(verdict().entries, before_ + 4);
  EXPECT_EQ(verdict().first_bad, std::nullopt);
}

TEST_P(AuditTrailTest, addresses_can_be_erased_and_the_chain_still_verifies) {
  append("thing.make");
  const auto count = [&] {
    return bare("select count(*) as n from audit_origins where actor_id = $1",
                db::args(*actor_.user))
        .one()
        .get<int>("n");
  };
  EXPECT_EQ(count(), 1) << "one row for all entries of one person from one place";
  bare("update audit_origins set ip = '192.0.2.9'");
  EXPECT_EQ(verdict().first_bad, 1) << "an altered address is found";
  bare("update audit_origins set ip = '192.0.2.7'");
  EXPECT_EQ(verdict().first_bad, std::nullopt);
  const auto erase = [](fixture::World& world, Actor actor) -> Task<> {
    auto transaction = co_await world.database->begin(db::Scope::system());
    co_await world.trail.erase_person(*transaction, *actor.user);
    co_await transaction->commit();
  };
  run(erase(*world_, actor_));
  EXPECT_EQ(count(), 0);
  append("thing.break");
  const auto list = run(world_->trail.list(actor_.organization, std::nullopt, 2));
  EXPECT_EQ(list[0].ip, actor_.ip) << "what comes later has its own";
  EXPECT_EQ(list[1].ip, std::nullopt);
  EXPECT_EQ(verdict().first_bad, std::nullopt);
}

TEST_P(AuditTrailTest, a_search_finds_what_fits_all_that_is_asked) {
  append("thing.make");
  world_->clock.advance(std::chrono::hours(1));
  const auto later = world_->clock.now();
  append("thing.break");
  append("other.make");
  Entry refused{"thing.break", "thing", "id-2", {}};
  run(world_->trail.denied(actor_, std::move(refused)));
  const auto found = [&](Filter filter) {
    std::vector<std::int64_t> out;
    for (const auto& record :
         run(world_->trail.search(actor_.organization, std::move(filter), std::nullopt, 100))) {
      out.push_back(record.sequence - before_);
    }
    return out;
  };
  using Found = std::vector<std::int64_t>;
  const auto with = [](auto set) {
    Filter filter;
    filter.from = Timestamp{0};
    set(filter);
    return filter;
  };
  EXPECT_EQ(found(with([](Filter& f) { f.action = "thing."; })), (Found{4, 2, 1}));
  EXPECT_EQ(found(with([](Filter& f) { f.action = "thing.break"; })), (Found{4, 2}));
  EXPECT_EQ(found(with([](Filter& f) { f.outcome = "denied"; })), (Found{4}));
  EXPECT_EQ(found(with([](Filter& f) { f.object_id = "id-1"; })), (Found{3, 2, 1}));
  EXPECT_EQ(found(with([](Filter& f) { f.object_type = "nothing"; })), (Found{}));
  EXPECT_EQ(found(with([&](Filter& f) { f.from = later; })), (Found{4, 3, 2}));
  EXPECT_EQ(found(with([&](Filter& f) {
              f.until = later;
              f.object_type = "thing";
            })),
            (Found{1}));
  EXPECT_EQ(found(with([&](Filter& f) {
              f.actor = actor_.user;
              f.object_type = "thing";
            })),
            (Found{4, 3, 2, 1}));
  EXPECT_EQ(found(with([&](Filter& f) { f.actor = fresh<UserId>(); })), (Found{}));
  EXPECT_EQ(run(world_->trail.find(actor_.organization, before_ + 2))->action, "thing.break");
  EXPECT_EQ(run(world_->trail.find(actor_.organization, before_ + 9)), std::nullopt);
  const auto rows = run(world_->trail.page(actor_.organization, Filter{}, before_ + 1, 2));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].sequence, before_ + 2);
  EXPECT_EQ(rows[0].ip, actor_.ip);
}

class Counting final : public Listener {
 public:
  Task<> entry_written(db::Transaction&, OrganizationId, Link link) override {
    heard.push_back(link.action);
    co_return;
  }
  std::vector<std::string> heard;
};

TEST_P(AuditTrailTest, those_who_listen_hear_of_each_entry_where_there_is_a_watcher) {
  Counting listener;
  world_->trail.set_listener(&listener);
  append("thing.make");
  EXPECT_TRUE(listener.heard.empty());
  const auto watch = [](fixture::World& world, OrganizationId organization, int change) -> Task<> {
    auto transaction = co_await world.database->begin(db::Scope::tenant(organization));
    co_await world.trail.add_watchers(*transaction, organization, change);
    co_await transaction->commit();
  };
  run(watch(*world_, actor_.organization, 1));
  append("thing.break");
  run(watch(*world_, actor_.organization, -1));
  append("thing.mend");
  EXPECT_EQ(listener.heard, std::vector<std::string>{"thing.break"});
  world_->trail.set_listener(nullptr);
}

// A chain as the version before wrote it.
TEST_P(AuditTrailTest, chains_of_earlier_versions_are_chained_anew) {
  const auto organization = actor_.organization.str();
  std::string previous;
  for (int i = 1; i <= 3; ++i) {
    const std::string n = std::to_string(i);
    const std::string text =
        R"({"sequence":)" + n + R"(,"at":"1970-01-01T00:00:00.00000)" + n +
        R"(Z","ip":"192.0.2.1","request_id":"r","action":"old.)" + n +
        R"(","object_type":"t","object_id":"o","outcome":"done","detail":{},"hash":""})";
    previous = to_hex(sha256(previous + organization + text));
    bare(
        "insert into audit_before (organization_id, sequence, at, actor_id, ip, request_id,"
        " action, object_type, object_id, outcome, detail, hash) values ($1, $2, $2, null,"
        " '192.0.2.1', 'r', $3, 't', 'o', 'done', '{}', $4)",
        db::args(actor_.organization, i, "old." + n, previous));
  }
  bare("insert into audit_heads_before (organization_id, sequence, hash) values ($1, 3, $2)",
       db::args(actor_.organization, previous));
  run(world_->trail.adopt_earlier());
  run(world_->trail.adopt_earlier());
  const auto list = run(world_->trail.list(actor_.organization, std::nullopt, 4));
  EXPECT_EQ(list[0].action, "audit.adopt");
  EXPECT_EQ(list[0].detail.at("head").as_string(), previous);
  EXPECT_EQ(list[0].detail.at("entries").as_int64(), 3);
  EXPECT_FALSE(list[0].detail.contains("first_bad"));
  EXPECT_EQ(list[1].action, "old.3");
  EXPECT_EQ(list[3].ip, "192.0.2.1");
  const auto now = verdict();
  EXPECT_EQ(now.entries, before_ + 4);
  EXPECT_EQ(now.first_bad, std::nullopt);
}

class SignedHeadsTest : public AuditTrailTest {
 protected:
  void SetUp() override {
    AuditTrailTest::SetUp();
    if (!world_) return;
    folder_ = std::filesystem::temp_directory_path() / ("audit_" + world_->ids.next().str());
    std::filesystem::create_directories(folder_);
    heads_ = std::make_unique<SignedHeads>(*world_->database, world_->trail,
                                           blob::open_key_ring({folder_, {}}), world_->clock,
                                           world_->executors);
  }
  void TearDown() override {
    heads_.reset();
    AuditTrailTest::TearDown();
    std::filesystem::remove_all(folder_);
  }
  std::filesystem::path folder_;
  std::unique_ptr<SignedHeads> heads_;
};
AA_ON_BOTH_ENGINES(SignedHeadsTest);

TEST_P(SignedHeadsTest, a_head_is_signed_once_and_anyone_can_check_it) {
  append("thing.make");
  auto head = run(heads_->sign(actor_.organization));
  EXPECT_EQ(head.sequence, before_ + 1);
  EXPECT_TRUE(is_genuine(head));
  world_->clock.advance(std::chrono::hours(1));
  EXPECT_EQ(run(heads_->sign(actor_.organization)).signature, head.signature);
  append("thing.break");
  run(heads_->sign_all());
  EXPECT_EQ(run(heads_->kept(actor_.organization)).size(), 2U);
  const auto found = run(heads_->verify(actor_.organization));
  EXPECT_EQ(found.chain.first_bad, std::nullopt);
  EXPECT_EQ(found.signatures, 2);
  head.sequence += 1;
  EXPECT_FALSE(is_genuine(head));
  EXPECT_EQ(run(heads_->sign(fresh<OrganizationId>())).sequence, 0) << "an empty chain";
}

// Someone who owns the database can make a chain that fits; not one that was signed.
TEST_P(SignedHeadsTest, a_chain_that_is_rewritten_whole_is_found_by_what_was_signed) {
  lift_triggers();
  append("thing.make");
  run(heads_->sign(actor_.organization));
  const auto rewrite = [&](std::int64_t sequence) {
    const auto rows = run(world_->trail.page(actor_.organization, Filter{}, sequence - 2, 2));
    auto last = rows.back();
    last.action = "thing.harmless";
    const auto hash = hash_of(rows.front().hash, actor_.organization.str(), last);
    bare(
        "update audit_entries set action = 'thing.harmless', hash = $3"
        " where organization_id = $1 and sequence = $2",
        db::args(actor_.organization, sequence, hash));
    bare("update audit_heads set hash = $2 where organization_id = $1",
         db::args(actor_.organization, hash));
  };
  rewrite(before_ + 1);
  EXPECT_EQ(verdict().first_bad, std::nullopt);
  const auto found = run(heads_->verify(actor_.organization));
  EXPECT_EQ(found.chain.first_bad, before_ + 1);
  bare(
      "update audit_signatures set hash = (select hash from audit_heads h"
      " where h.organization_id = audit_signatures.organization_id)");
  EXPECT_EQ(run(heads_->verify(actor_.organization)).chain.first_bad, before_ + 1)
      << "the signature does not fit";
}

TEST_P(SignedHeadsTest, a_chain_that_was_cut_with_its_head_is_found) {
  lift_triggers();
  append("thing.make");
  run(heads_->sign(actor_.organization));
  bare("delete from audit_entries where organization_id = $1 and sequence = $2",
       db::args(actor_.organization, before_ + 1));
  bare(
      "update audit_heads set sequence = $2, hash = (select hash from audit_entries e where"
      " e.organization_id = $1 and e.sequence = $2) where organization_id = $1",
      db::args(actor_.organization, before_));
  EXPECT_EQ(verdict().first_bad, std::nullopt);
  EXPECT_EQ(run(heads_->verify(actor_.organization)).chain.first_bad, before_ + 1);
}

}  // namespace
}  // namespace aa::audit
