#include "core/runtime/task.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "core/runtime/executors.hpp"
#include "core/runtime/with_deadline.hpp"

namespace aa::runtime {
namespace {

Task<bool> runs_elsewhere_and_returns_home(Executors& executors) {
  const auto home = std::this_thread::get_id();
  auto where = [] { return std::this_thread::get_id(); };
  const auto away = co_await run_on(executors.blocking(), where);
  co_return away != home;
}

TEST(RunOn, runs_on_the_other_executor) {
  Executors executors({.io_threads = 1, .compute_threads = 1, .blocking_threads = 1});
  EXPECT_TRUE(block_on(executors, runs_elsewhere_and_returns_home(executors)));
}

// Counts those whose work was still alive when its result was.
Task<int> works_that_outlive_their_result(Executors& executors) {
  int late = 0;
  for (int i = 0; i < 2000; ++i) {
    auto held = std::make_shared<int>(i);
    const std::weak_ptr<int> seen = held;
    auto work = [held = std::move(held)] { return *held; };
    co_await run_on(executors.compute(), std::move(work));
    late += seen.expired() ? 0 : 1;
  }
  co_return late;
}

TEST(RunOn, work_is_gone_when_its_result_is_there) {
  Executors executors({.io_threads = 1, .compute_threads = 2, .blocking_threads = 1});
  EXPECT_EQ(block_on(executors, works_that_outlive_their_result(executors)), 0);
}

Task<> throws_elsewhere(Executors& executors) {
  auto fail = [] { throw invalid("bad", "Bad."); };
  co_await run_on(executors.compute(), fail);
}

TEST(RunOn, exceptions_travel_back) {
  Executors executors({.io_threads = 1, .compute_threads = 1, .blocking_threads = 1});
  EXPECT_THROW(block_on(executors, throws_elsewhere(executors)), Error);
}

Task<int> sleeps(std::chrono::milliseconds duration) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, duration);
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_return 5;
}

Task<int> fails_at_once() {
  throw invalid("bad", "Bad.");
  co_return 1;
}

TEST(WithDeadline, what_the_task_throws_is_thrown_at_once) {
  Executors executors({.io_threads = 1, .compute_threads = 1, .blocking_threads = 1});
  try {
    block_on(executors, with_deadline(std::chrono::seconds(60), fails_at_once()));
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.slug(), "bad");
  }
}

TEST(WithDeadline, gives_the_result_or_throws) {
  Executors executors({.io_threads = 1, .compute_threads = 1, .blocking_threads = 1});
  using std::chrono::milliseconds;
  EXPECT_EQ(block_on(executors, with_deadline(milliseconds(5000), sleeps(milliseconds(1)))), 5);
  try {
    block_on(executors, with_deadline(milliseconds(5), sleeps(milliseconds(60'000))));
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::deadline_exceeded);
  }
}

}  // namespace
}  // namespace aa::runtime
