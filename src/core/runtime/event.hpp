// Waiting and working together, for coroutines on any executor.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/runtime/task.hpp"

namespace aa::runtime {

// Happens once; wakes all who wait, and those who come later do not wait.
// Thread rule: any thread. A waiter that is cancelled returns early: look at happened().
class Event {
 public:
  void set() {
    const std::lock_guard lock(mutex_);
    happened_ = true;
    for (const auto& timer : waiting_) timer->cancel();
    waiting_.clear();
  }
  bool happened() const {
    const std::lock_guard lock(mutex_);
    return happened_;
  }
  Task<> wait() {
    auto timer = std::make_shared<boost::asio::steady_timer>(
        co_await boost::asio::this_coro::executor, boost::asio::steady_timer::time_point::max());
    // The timer is armed under the lock that set() takes: a cancel before that would be lost.
    auto arm = [this, timer](auto handler) {
      const std::lock_guard lock(mutex_);
      if (happened_)
        timer->expires_at(boost::asio::steady_timer::time_point::min());
      else
        waiting_.push_back(timer);
      timer->async_wait(std::move(handler));
    };
    boost::system::error_code ignored;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, ignored);
    co_await boost::asio::async_initiate<decltype(token), void(boost::system::error_code)>(
        std::move(arm), token);
    const std::lock_guard lock(mutex_);
    std::erase(waiting_, timer);  // still there when the wait was cancelled
  }

 private:
  mutable std::mutex mutex_;
  bool happened_ = false;
  std::vector<std::shared_ptr<boost::asio::steady_timer>> waiting_;
};

// Calls `work(i)` for every i below `count`, at most `limit` at a time; waits for all. When one
// throws, no new ones begin and the first exception is thrown after the others have ended.
// `work` must stay alive: pass an lvalue that outlives the await.
Task<> for_each_limited(Executor executor, std::size_t count, std::size_t limit,
                        const std::function<Task<>(std::size_t)>& work);

}  // namespace aa::runtime
