// What happens under load, at limits and when the world below breaks.
#include <cstdlib>
#include <thread>

#include "core/runtime/with_deadline.hpp"
#include "driver/db/database_fixture.hpp"

namespace aa::db {
namespace {

using runtime::Task;
using std::chrono::milliseconds;

constexpr Statement same(std::string_view name, std::string_view text) {
  return {name, text, text};
}

constexpr Statement kInsert = same("test.insert", "insert into items (id, email) values ($1, $2)");
constexpr Statement kUpdate = same("test.update", "update items set size = $2 where id = $1");
constexpr Statement kSelect = same("test.select", "select email, size from items where id = $1");
constexpr Statement kCount = same("test.count", "select count(*) as n from items");
constexpr Statement kSlow = {
    "test.slow",
    "with recursive c(n) as (select 1 union all select n + 1 from c where n < 1000000000)"
    " select count(*) as n from c",
    "select 1 as n from pg_sleep(20)"};
constexpr Statement kSlowWrite = {
    "test.slow_write",
    "insert into counters with recursive c(n) as"
    " (select 1 union all select n + 1 from c where n < 1000000000) select n, n from c",
    "insert into counters select 1, 1 from pg_sleep(20)"};

class ResilienceTest : public DatabaseTest {
 protected:
  void spawn_all(std::vector<Task<>> tasks) {
    std::vector<std::future<void>> running;
    for (auto& task : tasks) {
      running.push_back(
          boost::asio::co_spawn(executors_.io(), std::move(task), boost::asio::use_future));
    }
    for (auto& one : running) one.get();
  }
  Settings settings() const { return place_->settings(); }
};
INSTANTIATE_TEST_SUITE_P(Engines, ResilienceTest, testing::Values(Engine::sqlite, Engine::postgres),
                         engine_name);

Task<> insert(Database& database, int id) {
  co_await database.write(Scope::system(), kInsert, args(id, std::to_string(id)));
}

Task<> insert_in_transaction(Database& database, int id) {
  auto transaction = co_await database.begin(Scope::system());
  co_await transaction->exec(kInsert, args(id, std::to_string(id)));
  co_await transaction->commit();
}

TEST_P(ResilienceTest, neighbours_share_one_fsync) {
  if (GetParam() != Engine::sqlite) GTEST_SKIP() << "PostgreSQL groups commits by itself";
  for (int id = 0; id < 20; ++id) run(insert(*database_, id));
  EXPECT_EQ(metric("annotateai_db_commits_total"), 20);

  std::vector<Task<>> tasks;
  for (int id = 100; id < 300; ++id) {
    tasks.push_back(id % 2 == 0 ? insert(*database_, id) : insert_in_transaction(*database_, id));
  }
  spawn_all(std::move(tasks));
  EXPECT_EQ(query(kCount).one().get<int>("n"), 220);
  EXPECT_EQ(metric("annotateai_db_transactions_total"), 220);
  EXPECT_LT(metric("annotateai_db_commits_total"), 20 + 100);
}

Task<> fail_among_others(Database& database, int id) {
  std::string slug;
  try {
    co_await database.write(Scope::system(), kInsert, args(id, "0"));
  } catch (const Error& error) {
    slug = error.slug();
  }
  EXPECT_EQ(slug, "items_email_exists");
}

TEST_P(ResilienceTest, a_failure_leaves_its_neighbours_alone) {
  run(insert(*database_, 0));
  std::vector<Task<>> tasks;
  for (int id = 1; id <= 100; ++id) {
    tasks.push_back(id % 3 == 0 ? fail_among_others(*database_, id) : insert(*database_, id));
  }
  spawn_all(std::move(tasks));
  EXPECT_EQ(query(kCount).one().get<int>("n"), 1 + 67);
}

Task<> insert_and_note(Database& database, int id, std::atomic<int>& stored) {
  try {
    co_await insert(database, id);
    ++stored;
  } catch (const Error& error) {
    EXPECT_TRUE(is_retryable(error)) << error.what();
  }
}

Task<> be_interrupted(Database& database) {
  std::optional<Error> ended;
  try {
    co_await database.write(Scope::system(), kSlowWrite);
  } catch (const Error& error) {
    ended = error;
  }
  EXPECT_TRUE(ended && ended->slug() == "statement_timeout");
}

TEST_P(ResilienceTest, an_interrupted_write_never_loses_an_acknowledged_one) {
  Settings hasty = settings();
  hasty.statement_timeout = milliseconds(100);
  hasty.acquire_timeout = milliseconds(60'000);
  reopen(hasty);
  std::atomic<int> stored{0};
  std::vector<Task<>> tasks;
  for (int id = 0; id < 60; ++id) {
    if (id % 15 == 5) tasks.push_back(be_interrupted(*database_));
    tasks.push_back(insert_and_note(*database_, id, stored));
  }
  spawn_all(std::move(tasks));
  EXPECT_EQ(query(kCount).one().get<int>("n"), stored);
  EXPECT_GT(stored, 0);
}

Task<> live(Database& database, int person) {
  for (int round = 0; round < 10; ++round) {
    const int id = person * 100 + round;
    co_await insert_in_transaction(database, id);
    auto rows = co_await database.query(Scope::system(), kSelect, args(id));
    EXPECT_EQ(rows.one().get<std::string>("email"), std::to_string(id));
    co_await database.write(Scope::system(), kUpdate, args(id, id + 0.5));
    rows = co_await database.query(Scope::system(), kSelect, args(id));
    EXPECT_EQ(rows.one().get<double>("size"), id + 0.5);
  }
}

TEST_P(ResilienceTest, a_hundred_at_once_read_their_own_writes) {
  Settings patient = settings();
  patient.acquire_timeout = milliseconds(60'000);
  reopen(patient);
  std::vector<Task<>> tasks;
  for (int person = 0; person < 100; ++person) tasks.push_back(live(*database_, person));
  spawn_all(std::move(tasks));
  EXPECT_EQ(query(kCount).one().get<int>("n"), 1000);
}

Task<> hold_everything(Database& database, int holders) {
  std::vector<std::unique_ptr<Transaction>> held;
  for (int i = 0; i < holders; ++i) {
    held.push_back(co_await database.begin(Scope::system()));
    co_await held.back()->exec(kInsert, args(i, std::to_string(i)));
  }
  const auto began = std::chrono::steady_clock::now();
  std::optional<Error> refused;
  try {
    co_await insert_in_transaction(database, 50);
  } catch (const Error& error) {
    refused = error;
  }
  EXPECT_TRUE(refused && refused->code() == ErrorCode::unavailable);
  EXPECT_TRUE(refused && refused->retry_after());
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(190));
  held.clear();
  co_await insert_in_transaction(database, 51);
}

TEST_P(ResilienceTest, who_waits_too_long_is_told_to_come_again) {
  Settings small = settings();
  small.connections = 2;
  small.acquire_timeout = milliseconds(200);
  reopen(small);
  run(hold_everything(*database_, GetParam() == Engine::sqlite ? 1 : 2));
  EXPECT_EQ(query(kCount).one().get<int>("n"), 1);
}

Task<> run_one(Database& database, Statement statement, bool writes) {
  if (writes) {
    co_await database.write(Scope::system(), statement);
  } else {
    co_await database.query(Scope::system(), statement);
  }
}

TEST_P(ResilienceTest, a_statement_that_takes_too_long_is_ended) {
  Settings hasty = settings();
  hasty.statement_timeout = milliseconds(200);
  reopen(hasty);
  for (const bool writes : {false, true}) {
    const Error error = error_of(run_one(*database_, writes ? kSlowWrite : kSlow, writes));
    EXPECT_EQ(error.code(), ErrorCode::deadline_exceeded);
    EXPECT_EQ(error.slug(), "statement_timeout");
  }
  run(insert(*database_, 1));
  EXPECT_EQ(query(kCount).one().get<int>("n"), 1);
}

Task<> idle_in_transaction(Database& database) {
  auto transaction = co_await database.begin(Scope::system());
  co_await transaction->exec(kInsert, args(1, "one"));
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, milliseconds(600));
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_await transaction->commit();
}

TEST_P(ResilienceTest, an_idle_transaction_does_not_hold_others_for_ever) {
  Settings strict = settings();
  strict.idle_timeout = milliseconds(150);
  reopen(strict);
  const Error error = error_of(idle_in_transaction(*database_));
  EXPECT_EQ(error.slug(), "transaction_expired");
  run(insert(*database_, 2));
  EXPECT_EQ(query(kCount).one().get<int>("n"), 1);
}

Task<> impatient(Database& database) {
  co_await runtime::with_deadline(milliseconds(100), run_one(database, kSlow, false));
}

TEST_P(ResilienceTest, a_cancelled_query_leaves_the_pool_whole) {
  Settings one = settings();
  one.connections = 1;
  one.statement_timeout = milliseconds(400);
  reopen(one);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(error_of(impatient(*database_)).code(), ErrorCode::deadline_exceeded);
  }
  EXPECT_EQ(query(kCount).one().get<int>("n"), 0);
}

TEST_P(ResilienceTest, a_full_disk_refuses_writes_and_reads_go_on) {
  if (GetParam() != Engine::sqlite) GTEST_SKIP() << "the server's disk is not ours to fill";
  run(insert(*database_, 1));
  constexpr Statement kLimit = same("test.limit", "pragma max_page_count = 60");
  constexpr Statement kUnlimit = same("test.unlimit", "pragma max_page_count = 100000");
  constexpr Statement kBig =
      same("test.big", "insert into items (id, email, payload) values ($1, $2, $3)");
  write(kLimit);
  int stored = 1;
  std::optional<Error> refused;
  for (int id = 2; id < 100 && !refused; ++id) {
    try {
      write(kBig, args(id, std::to_string(id), Blob(20'000, 7)));
      ++stored;
    } catch (const Error& error) {
      refused = error;
    }
  }
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), ErrorCode::out_of_space);
  EXPECT_EQ(query(kCount).one().get<int>("n"), stored);
  write(kUnlimit);
  write(kBig, args(200, "later", Blob(20'000, 7)));
  EXPECT_EQ(query(kCount).one().get<int>("n"), stored + 1);
}

Task<> keep_asking(Database& database, int person, std::atomic<bool>& stop,
                   std::atomic<int>& answered, std::atomic<int>& wrong) {
  for (int round = 0; !stop; ++round) {
    try {
      if (round % 2 == 0) {
        co_await insert(database, person * 1'000'000 + round);
      } else {
        co_await database.query(Scope::system(), kCount);
      }
      ++answered;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable) ++wrong;
    }
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, milliseconds(5));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

void restart_server(const std::string& how) {
  const char* control = std::getenv("ANNOTATEAI_TEST_POSTGRES_CTL");
  ASSERT_NE(control, nullptr);
  ASSERT_EQ(std::system((std::string(control) + " restart -m " + how + " >/dev/null").c_str()), 0);
}

TEST_P(ResilienceTest, a_restart_of_the_server_is_survived) {
  if (GetParam() != Engine::postgres) GTEST_SKIP() << "there is no server to restart";
  if (std::getenv("ANNOTATEAI_TEST_POSTGRES_CTL") == nullptr) {
    GTEST_SKIP() << "needs the server of script/with_postgres";
  }
  Settings few = settings();
  few.connections = 4;
  reopen(few);
  std::atomic<bool> stop{false};
  std::atomic<int> answered{0};
  std::atomic<int> wrong{0};
  std::vector<std::future<void>> running;
  for (int person = 0; person < 20; ++person) {
    running.push_back(boost::asio::co_spawn(executors_.io(),
                                            keep_asking(*database_, person, stop, answered, wrong),
                                            boost::asio::use_future));
  }
  for (const std::string how : {"fast", "immediate"}) {
    restart_server(how);
    const int before = answered;
    for (int i = 0; i < 200 && answered < before + 200; ++i) {
      std::this_thread::sleep_for(milliseconds(50));
    }
    EXPECT_GE(answered, before + 200) << "after restart " << how;
  }
  stop = true;
  for (auto& one : running) one.get();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace aa::db
