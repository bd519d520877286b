#include "core/runtime/turnstile.hpp"

#include <mutex>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "core/runtime/event.hpp"
#include "core/runtime/executors.hpp"

namespace aa::runtime {
namespace {

struct Crowd {
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::atomic<int> done = 0;
  std::atomic<int> refused = 0;
};

Task<> pass(Turnstile& turnstile, Crowd& crowd) {
  auto work = [&crowd] {
    const int inside = ++crowd.inside;
    int most = crowd.most;
    while (inside > most && !crowd.most.compare_exchange_weak(most, inside)) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    --crowd.inside;
  };
  try {
    co_await turnstile.run(work);
    ++crowd.done;
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "too_busy");
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_TRUE(error.retry_after().has_value());
    ++crowd.refused;
  }
}

Task<> pass_all(Executor executor, Turnstile& turnstile, Crowd& crowd, std::size_t count) {
  const std::function<Task<>(std::size_t)> one = [&](std::size_t) {
    return pass(turnstile, crowd);
  };
  co_await for_each_limited(executor, count, count, one);
}

TEST(Turnstile, lets_in_as_many_as_it_has_threads_and_refuses_who_finds_no_place) {
  Executors executors({.io_threads = 2, .compute_threads = 1, .blocking_threads = 1});
  Turnstile turnstile(2, 10);
  Crowd crowd;
  block_on(executors, pass_all(executors.io(), turnstile, crowd, 30));
  EXPECT_EQ(crowd.most, 2);
  EXPECT_EQ(crowd.done, 12);
  EXPECT_EQ(crowd.refused, 18);
  block_on(executors, pass_all(executors.io(), turnstile, crowd, 12));
  EXPECT_EQ(crowd.done, 24) << "places are free again";
}

TEST(Turnstile, work_that_fails_gives_its_place_back) {
  Executors executors({.io_threads = 1, .compute_threads = 1, .blocking_threads = 1});
  Turnstile turnstile(1, 0);
  const auto fail = [](Turnstile& here) -> Task<> {
    auto work = [] { throw invalid("bad", "Bad."); };
    co_await here.run(work);
  };
  for (int i = 0; i < 3; ++i) {
    try {
      block_on(executors, fail(turnstile));
      ADD_FAILURE() << "did not throw";
    } catch (const Error& error) {
      EXPECT_EQ(error.slug(), "bad");
    }
  }
}

}  // namespace
}  // namespace aa::runtime
