#include "driver/db/database_fixture.hpp"

namespace aa::db {
namespace {

using runtime::Task;

constexpr Statement same(std::string_view name, std::string_view text) {
  return {name, text, text};
}

constexpr Statement kInsert = same("run.insert", "insert into items (id, email) values ($1, $2)");
constexpr Statement kCount = same("run.count", "select count(*) as n from items");
constexpr Statement kNewCounter = same("run.new_counter", "insert into counters values ($1, $2)");
// Goes through only when the counter stands where the caller believes it to stand.
constexpr Statement kAdvance =
    same("run.advance", "update counters set n = n + 1 where id = 1 and n = $1");
constexpr Statement kCounter = same("run.counter", "select n from counters where id = 1");

class RunTest : public DatabaseTest {
 protected:
  bool run_steps(std::vector<Step> steps) {
    return run(database_->run(Scope::system(), std::move(steps)));
  }
  // Moves the counter on from `from` and adds an item of that number.
  static std::vector<Step> advance(std::int64_t from) {
    std::vector<Step> steps;
    steps.emplace_back(kAdvance, args(from), true);
    steps.emplace_back(kInsert, args(from, "a" + std::to_string(from)));
    return steps;
  }
  std::int64_t count(const Statement& statement) {
    return query(statement).one().get<std::int64_t>("n");
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, RunTest, testing::Values(Engine::sqlite, Engine::postgres),
                         engine_name);

TEST_P(RunTest, all_steps_are_done_or_none) {
  write(kNewCounter, args(1, 7));
  EXPECT_TRUE(run_steps(advance(7)));
  EXPECT_EQ(count(kCounter), 8);
  EXPECT_EQ(count(kCount), 1);
  EXPECT_FALSE(run_steps(advance(7))) << "the counter stands at 8";
  EXPECT_EQ(count(kCounter), 8);
  EXPECT_EQ(count(kCount), 1);
}

TEST_P(RunTest, a_late_guard_undoes_what_came_before_it) {
  write(kNewCounter, args(1, 7));
  std::vector<Step> steps;
  steps.emplace_back(kInsert, args(1, "a"));
  steps.emplace_back(kAdvance, args(6), true);
  EXPECT_FALSE(run_steps(std::move(steps)));
  EXPECT_EQ(count(kCount), 0);
  EXPECT_TRUE(run_steps(advance(7))) << "the connection is as good as before";
}

TEST_P(RunTest, a_step_that_fails_undoes_all_and_tells_why) {
  write(kNewCounter, args(1, 0));
  std::vector<Step> steps = advance(0);
  steps.emplace_back(kInsert, args(0, "again"));
  std::string slug;
  try {
    run_steps(std::move(steps));
  } catch (const Error& error) {
    slug = error.slug();
  }
  EXPECT_EQ(slug, "items_id_exists");
  EXPECT_EQ(count(kCounter), 0);
  EXPECT_EQ(count(kCount), 0);
  EXPECT_TRUE(run_steps(advance(0)));
}

TEST_P(RunTest, of_many_that_stand_on_the_same_only_one_goes_through) {
  write(kNewCounter, args(1, 0));
  for (std::int64_t from = 0; from < 5; ++from) {
    std::vector<std::future<bool>> tries;
    for (int i = 0; i < 20; ++i) {
      tries.push_back(boost::asio::co_spawn(executors_.io(),
                                            database_->run(Scope::system(), advance(from)),
                                            boost::asio::use_future));
    }
    int done = 0;
    for (auto& one : tries) done += static_cast<int>(one.get());
    EXPECT_EQ(done, 1);
  }
  EXPECT_EQ(count(kCount), 5);
}

Task<> announce(Database& database, std::vector<int>& heard, int number, bool commit) {
  auto transaction = co_await database.begin(Scope::system());
  transaction->on_commit([&heard, number] { heard.push_back(number); });
  co_await transaction->exec(kInsert, args(number, std::to_string(number)));
  EXPECT_TRUE(std::find(heard.begin(), heard.end(), number) == heard.end());
  if (commit) co_await transaction->commit();
}

TEST_P(RunTest, who_asked_is_told_of_a_commit_and_of_nothing_else) {
  std::vector<int> heard;
  run(announce(*database_, heard, 1, true));
  run(announce(*database_, heard, 2, false));
  EXPECT_EQ(error_of(announce(*database_, heard, 1, true)).slug(), "items_id_exists");
  run(announce(*database_, heard, 3, true));
  EXPECT_EQ(heard, (std::vector<int>{1, 3}));
}

}  // namespace
}  // namespace aa::db
