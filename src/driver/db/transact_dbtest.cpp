#include <boost/asio/steady_timer.hpp>

#include "driver/db/database_fixture.hpp"
#include "driver/db/transact.hpp"

namespace aa::db {
namespace {

using runtime::Task;

constexpr Statement same(std::string_view name, std::string_view text) {
  return {name, text, text};
}

constexpr Statement kNewCounter = same("transact.new", "insert into counters values ($1, $2)");
constexpr Statement kAdd = same("transact.add", "update counters set n = n + 1 where id = $1");
constexpr Statement kSum = same("transact.sum", "select cast(sum(n) as bigint) as n from counters");

class TransactTest : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (!database_) return;
    for (int id = 1; id <= 2; ++id) write(kNewCounter, args(id, kStart[id - 1]));
  }
  // How often any counter was raised for good.
  std::int64_t raised() { return query(kSum).one().get<std::int64_t>("n") - kStart[0] - kStart[1]; }

 private:
  static constexpr std::int64_t kStart[] = {0, 100};
};
INSTANTIATE_TEST_SUITE_P(Engines, TransactTest, testing::Values(Engine::sqlite, Engine::postgres),
                         engine_name);

TEST_P(TransactTest, what_the_engine_undid_is_done_again) {
  int tries = 0;
  auto work = [&tries](Transaction& transaction) -> Task<> {
    co_await transaction.exec(kAdd, args(1));
    if (++tries < 3) throw conflict("deadlock_detected", "undone");
  };
  run(transact(*database_, Scope::system(), work));
  EXPECT_EQ(tries, 3);
  EXPECT_EQ(raised(), 1);
}

TEST_P(TransactTest, it_ends_after_a_few_tries_and_at_once_for_another_reason) {
  int tries = 0;
  std::string slug = "serialization_failed";
  auto work = [&](Transaction& transaction) -> Task<> {
    ++tries;
    co_await transaction.exec(kAdd, args(1));
    throw conflict(slug, "undone");
  };
  EXPECT_EQ(error_of(transact(*database_, Scope::system(), work)).slug(), "serialization_failed");
  EXPECT_EQ(tries, 5);
  slug = "label_in_use";
  EXPECT_EQ(error_of(transact(*database_, Scope::system(), work)).slug(), "label_in_use");
  EXPECT_EQ(tries, 6);
  EXPECT_EQ(raised(), 0);
}

// Each holds what the other one wants next.
TEST_P(TransactTest, two_that_wait_for_each_other_both_get_through) {
  if (GetParam() == Engine::sqlite) GTEST_SKIP() << "one writer at a time";
  std::atomic<int> holding{0};
  auto crossing = [&](std::int64_t first, std::int64_t second) {
    return [&holding, first, second](Transaction& transaction) -> Task<> {
      co_await transaction.exec(kAdd, args(first));
      ++holding;
      boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
      while (holding < 2) {
        pause.expires_after(std::chrono::milliseconds(1));
        co_await pause.async_wait(boost::asio::use_awaitable);
      }
      co_await transaction.exec(kAdd, args(second));
    };
  };
  auto one =
      boost::asio::co_spawn(executors_.io(), transact(*database_, Scope::system(), crossing(1, 2)),
                            boost::asio::use_future);
  auto other =
      boost::asio::co_spawn(executors_.io(), transact(*database_, Scope::system(), crossing(2, 1)),
                            boost::asio::use_future);
  one.get();
  other.get();
  EXPECT_EQ(raised(), 4);
  EXPECT_EQ(holding, 3);
}

}  // namespace
}  // namespace aa::db
