#include <thread>

#include "driver/db/database_fixture.hpp"
#include "driver/db/migrate.hpp"

namespace aa::db {
namespace {

constexpr Statement same(std::string_view name, std::string_view text) {
  return {name, text, text};
}

constexpr Statement kHistory = same("test.history", "select count(*) as n from schema_migrations");
constexpr Statement kAs = same("test.as", "select count(*) as n from a");

std::vector<Migration> three_steps() {
  return {
      {1, "a", "create table a (id integer primary key)", "create table a (id bigint primary key)"},
      {2, "b", "create table b (id integer); insert into a values (1)",
       "create table b (id bigint); insert into a values (1)"},
      {3, "c", "create table c (id integer)", "create table c (id bigint)"}};
}

class MigrateTest : public DatabaseTest {
 protected:
  void SetUp() override {
    if (GetParam() == Engine::postgres && !EmptyDatabase::server_url()) {
      GTEST_SKIP() << "ANNOTATEAI_TEST_POSTGRES is not set: run under script/with_postgres";
    }
    place_ = std::make_unique<EmptyDatabase>(GetParam());
  }
  void open_steps(const std::vector<Migration>& steps) {
    database_.reset();
    database_ = open_with(place_->settings(), executors_, *metrics_, steps);
  }
  std::string refusal(const std::vector<Migration>& steps) {
    try {
      open_steps(steps);
    } catch (const Error& error) {
      return error.slug();
    }
    return "none";
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, MigrateTest, testing::Values(Engine::sqlite, Engine::postgres),
                         engine_name);

TEST_P(MigrateTest, steps_are_applied_once) {
  auto steps = three_steps();
  const Migration last = steps.back();
  steps.pop_back();
  open_steps(steps);
  EXPECT_EQ(query(kHistory).one().get<int>("n"), 2);
  steps.push_back(last);
  open_steps(steps);
  open_steps(steps);
  EXPECT_EQ(query(kHistory).one().get<int>("n"), 3);
  EXPECT_EQ(query(kAs).one().get<int>("n"), 1);
}

TEST_P(MigrateTest, starts_at_the_same_time_do_not_collide) {
  std::vector<std::thread> starts;
  std::atomic<int> failed{0};
  for (int i = 0; i < 6; ++i) {
    starts.emplace_back([&] {
      try {
        open_with(place_->settings(), executors_, *metrics_, three_steps());
      } catch (const std::exception& error) {
        ++failed;
        ADD_FAILURE() << error.what();
      }
    });
  }
  for (auto& start : starts) start.join();
  open_steps(three_steps());
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(query(kHistory).one().get<int>("n"), 3);
  EXPECT_EQ(query(kAs).one().get<int>("n"), 1);
}

TEST_P(MigrateTest, a_newer_schema_is_refused) {
  open_steps(three_steps());
  auto older = three_steps();
  older.pop_back();
  EXPECT_EQ(refusal(older), "schema_newer");
}

TEST_P(MigrateTest, an_altered_history_is_refused) {
  open_steps(three_steps());
  auto altered = three_steps();
  altered[1].sqlite = altered[1].postgres = "select 1";
  EXPECT_EQ(refusal(altered), "schema_altered");
  auto renamed = three_steps();
  renamed[1].name = "other";
  EXPECT_EQ(refusal(renamed), "schema_altered");
  EXPECT_EQ(refusal(three_steps()), "none");
}

TEST_P(MigrateTest, a_failing_step_leaves_nothing_behind) {
  auto broken = three_steps();
  broken[1].sqlite = broken[1].postgres =
      "insert into a values (7); insert into nowhere values (1)";
  EXPECT_EQ(refusal(broken), "migration_failed");
  open_steps({three_steps().front()});
  EXPECT_EQ(query(kHistory).one().get<int>("n"), 1);
  EXPECT_EQ(query(kAs).one().get<int>("n"), 0);
}

TEST_P(MigrateTest, a_step_that_breaks_references_is_refused) {
  const std::vector<Migration> steps = {
      {1, "a",
       "create table p (id integer primary key);"
       "create table q (p integer references p (id)); insert into q values (5)",
       "create table p (id bigint primary key);"
       "create table q (p bigint references p (id)); insert into q values (5)"}};
  EXPECT_EQ(refusal(steps), "migration_failed");
}

TEST_P(MigrateTest, the_products_schema_is_applied) {
  open_steps(all_migrations());
  open_steps(all_migrations());
  EXPECT_EQ(query(kHistory).one().get<std::size_t>("n"), all_migrations().size());
}

TEST_P(MigrateTest, an_unknown_url_is_refused) {
  Settings settings = place_->settings();
  settings.url = Secret("mysql://nowhere/x");
  EXPECT_THROW(open_with(settings, executors_, *metrics_, {}), Error);
  settings.url = Secret(GetParam() == Engine::sqlite ? "sqlite:/nonexistent/folder/x.db"
                                                     : "postgres://127.0.0.1:1/x");
  try {
    open_with(settings, executors_, *metrics_, {});
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "database_not_opened");
  }
}

}  // namespace
}  // namespace aa::db
