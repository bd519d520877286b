#include "core/runtime/event.hpp"

#include <atomic>
#include <set>
#include <thread>

#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "core/runtime/executors.hpp"
#include "core/runtime/with_deadline.hpp"

namespace aa::runtime {
namespace {

using std::chrono::milliseconds;

Task<bool> wait_and_look(std::shared_ptr<Event> event) {
  co_await event->wait();
  co_return event->happened();
}

class EventTest : public testing::Test {
 protected:
  template <class T>
  std::future<T> spawn(Task<T> task) {
    return boost::asio::co_spawn(executors_.io(), std::move(task), boost::asio::use_future);
  }
  Executors executors_{{.io_threads = 6, .compute_threads = 1, .blocking_threads = 1}};
  std::shared_ptr<Event> event_ = std::make_shared<Event>();
};

TEST_F(EventTest, wakes_all_who_wait_and_lets_later_ones_pass) {
  std::vector<std::future<bool>> waiting;
  for (int i = 0; i < 20; ++i) waiting.push_back(spawn(wait_and_look(event_)));
  std::this_thread::sleep_for(milliseconds(20));
  for (auto& one : waiting) {
    EXPECT_EQ(one.wait_for(milliseconds(0)), std::future_status::timeout);
  }
  event_->set();
  for (auto& one : waiting) EXPECT_TRUE(one.get());
  EXPECT_TRUE(block_on(executors_, wait_and_look(event_)));
  event_->set();
  EXPECT_TRUE(block_on(executors_, wait_and_look(event_)));
}

Task<bool> announce_and_wait(std::shared_ptr<Event> event,
                             std::shared_ptr<std::atomic<bool>> about_to) {
  about_to->store(true);
  co_await event->wait();
  co_return event->happened();
}

// No strand, several threads, and set() at the very moment of wait(): none may sleep for ever.
TEST_F(EventTest, no_wake_up_is_lost) {
  for (int round = 0; round < 10'000; ++round) {
    auto event = std::make_shared<Event>();
    auto about_to = std::make_shared<std::atomic<bool>>(false);
    std::vector<std::future<bool>> waiting;
    for (int i = 0; i < 4; ++i) waiting.push_back(spawn(announce_and_wait(event, about_to)));
    while (!about_to->load()) {
    }
    std::atomic<int> spin = 0;
    while (spin.load(std::memory_order_relaxed) < round % 100) {
      spin.store(spin.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    event->set();
    for (auto& one : waiting) {
      ASSERT_EQ(one.wait_for(std::chrono::seconds(20)), std::future_status::ready) << round;
      ASSERT_TRUE(one.get());
    }
  }
}

Task<bool> gives_up(std::shared_ptr<Event> event) {
  try {
    co_await with_deadline(milliseconds(10), wait_and_look(event));
  } catch (const Error& error) {
    co_return error.code() == ErrorCode::deadline_exceeded;
  }
  co_return false;
}

TEST_F(EventTest, a_cancelled_waiter_leaves_and_the_others_stay) {
  auto staying = spawn(wait_and_look(event_));
  EXPECT_TRUE(block_on(executors_, gives_up(event_)));
  EXPECT_FALSE(event_->happened());
  EXPECT_EQ(staying.wait_for(milliseconds(0)), std::future_status::timeout);
  event_->set();
  EXPECT_TRUE(staying.get());
}

class ForEachTest : public EventTest {};

TEST_F(ForEachTest, calls_each_index_once_within_the_limit) {
  constexpr std::size_t kCount = 40;
  std::mutex mutex;
  std::multiset<std::size_t> seen;
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  const std::function<Task<>(std::size_t)> work = [&](std::size_t i) -> Task<> {
    const int now = ++at_once;
    for (int old = most; now > old && !most.compare_exchange_weak(old, now);) {
    }
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, milliseconds(2));
    co_await timer.async_wait(boost::asio::use_awaitable);
    {
      const std::lock_guard lock(mutex);
      seen.insert(i);
    }
    --at_once;
  };
  block_on(executors_, for_each_limited(executors_.io(), kCount, 4, work));
  EXPECT_EQ(seen.size(), kCount);
  for (std::size_t i = 0; i < kCount; ++i) EXPECT_EQ(seen.count(i), 1U);
  EXPECT_EQ(most, 4);
  EXPECT_EQ(at_once, 0);
  block_on(executors_, for_each_limited(executors_.io(), 0, 4, work));
  EXPECT_EQ(seen.size(), kCount);
}

TEST_F(ForEachTest, the_first_failure_stops_new_ones_and_waits_for_the_others) {
  std::atomic<int> begun = 0;
  std::atomic<int> ended = 0;
  const std::function<Task<>(std::size_t)> work = [&](std::size_t i) -> Task<> {
    ++begun;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                    milliseconds(i == 0 ? 1 : 40));
    co_await timer.async_wait(boost::asio::use_awaitable);
    ++ended;
    if (i == 0) throw invalid("first", "The first.");
  };
  try {
    block_on(executors_, for_each_limited(executors_.io(), 100, 3, work));
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "first");
  }
  EXPECT_EQ(begun, 3);
  EXPECT_EQ(ended, 3);
}

}  // namespace
}  // namespace aa::runtime
