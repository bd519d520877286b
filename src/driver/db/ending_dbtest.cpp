// What a transaction writes last (Ending), with its commit or before it.
#include "driver/db/database_fixture.hpp"

namespace aa::db {
namespace {

using runtime::Task;

constexpr Statement same(std::string_view name, std::string_view text) {
  return {name, text, text};
}

constexpr Statement kInsert =
    same("ending.insert", "insert into items (id, email) values ($1, $2)");
constexpr Statement kEmails = same("ending.emails", "select email from items order by id");
constexpr Statement kNewCounter = same("ending.new_counter", "insert into counters values (1, $1)");
constexpr Statement kCount =
    same("ending.count", "update counters set n = n + 1 where id = 1 and n < $1");
constexpr Statement kCounter = same("ending.counter", "select n from counters where id = 1");

// Writes an item, and counts it where the counter is below `limit`. `told` hears in which way.
class Counted final : public Ending {
 public:
  Counted(int id, int limit, std::vector<std::string>& told)
      : id_(id), limit_(limit), told_(told) {}
  std::vector<Step> steps() override {
    std::vector<Step> out;
    if (limit_ < 0) return out;
    out.emplace_back(kInsert, args(id_, "fast" + std::to_string(id_)));
    out.emplace_back(kCount, args(limit_), true);
    return out;
  }
  Task<> write(Transaction& transaction) override {
    told_.push_back("slow" + std::to_string(id_));
    co_await transaction.exec(kInsert, args(id_, "slow" + std::to_string(id_)));
  }

 private:
  int id_;
  int limit_;
  std::vector<std::string>& told_;
};

class EndingTest : public DatabaseTest {
 protected:
  using Texts = std::vector<std::string>;
  struct Plan {
    bool first = true;  // a statement of its own before the endings
    std::vector<std::pair<int, int>> endings;
    bool commit = true;
  };
  static Task<> carry_out(Database& database, Plan plan, Texts& told) {
    auto transaction = co_await database.begin(Scope::system());
    if (plan.first) co_await transaction->exec(kInsert, args(0, "first"));
    for (const auto& [id, limit] : plan.endings) {
      auto ending = std::make_shared<Counted>(id, limit, told);
      co_await transaction->write_last(std::move(ending));
    }
    transaction->on_commit([&told] { told.emplace_back("committed"); });
    if (plan.commit) co_await transaction->commit();
  }
  std::string slug_of(Plan plan) {
    try {
      run(carry_out(*database_, std::move(plan), told_));
    } catch (const Error& error) {
      return error.slug();
    }
    return "";
  }
  Texts emails() {
    Texts out;
    for (const auto& row : query(kEmails)) out.push_back(row.get<std::string>("email"));
    return out;
  }
  std::int64_t counter() { return query(kCounter).one().get<std::int64_t>("n"); }
  Texts told_;
};
INSTANTIATE_TEST_SUITE_P(Engines, EndingTest, testing::Values(Engine::sqlite, Engine::postgres),
                         engine_name);

TEST_P(EndingTest, it_is_written_with_the_commit) {
  write(kNewCounter, args(0));
  EXPECT_EQ(slug_of({true, {{1, 9}, {2, 9}}}), "");
  EXPECT_EQ(emails(), (Texts{"first", "fast1", "fast2"}));
  EXPECT_EQ(counter(), 2);
  EXPECT_EQ(told_, Texts{"committed"});
}

TEST_P(EndingTest, it_may_be_all_that_a_transaction_writes) {
  write(kNewCounter, args(0));
  EXPECT_EQ(slug_of({false, {{1, 9}}}), "");
  EXPECT_EQ(slug_of({false, {{2, 0}}}), "");
  EXPECT_EQ(emails(), (Texts{"fast1", "slow2"}));
  EXPECT_EQ(counter(), 1);
}

TEST_P(EndingTest, without_a_commit_nothing_is_written) {
  write(kNewCounter, args(0));
  EXPECT_EQ(slug_of({true, {{1, 9}}, false}), "");
  EXPECT_EQ(emails(), Texts{});
  EXPECT_EQ(counter(), 0);
  EXPECT_EQ(told_, Texts{});
}

TEST_P(EndingTest, where_one_finds_no_row_all_are_written_one_by_one_and_nothing_twice) {
  write(kNewCounter, args(0));
  EXPECT_EQ(slug_of({true, {{1, 9}, {2, 1}, {3, 9}}}), "");
  EXPECT_EQ(emails(), (Texts{"first", "slow1", "slow2", "slow3"}));
  EXPECT_EQ(counter(), 0) << "what went before the step that found none is undone";
  EXPECT_EQ(told_, (Texts{"slow1", "slow2", "slow3", "committed"}));
}

TEST_P(EndingTest, one_that_foretells_nothing_is_written_in_its_place) {
  write(kNewCounter, args(0));
  EXPECT_EQ(slug_of({true, {{1, 9}, {2, -1}}}), "");
  EXPECT_EQ(told_, (Texts{"slow1", "slow2", "committed"}));
}

TEST_P(EndingTest, of_many_all_are_written_in_their_order) {
  write(kNewCounter, args(0));
  Plan plan;
  for (int i = 1; i <= 150; ++i) plan.endings.emplace_back(i, 1'000);
  EXPECT_EQ(slug_of(std::move(plan)), "");
  EXPECT_EQ(emails().size(), 151U);
}

TEST_P(EndingTest, a_step_that_fails_undoes_the_whole_transaction) {
  write(kNewCounter, args(0));
  EXPECT_EQ(slug_of({true, {{1, 9}, {0, 9}}}), "items_id_exists");
  EXPECT_EQ(emails(), Texts{});
  EXPECT_EQ(counter(), 0);
  EXPECT_EQ(told_, Texts{});
  EXPECT_EQ(slug_of({true, {{1, 9}}}), "") << "the connection is as good as before";
  EXPECT_EQ(counter(), 1);
}

}  // namespace
}  // namespace aa::db
