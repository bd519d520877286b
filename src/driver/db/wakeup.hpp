// One coroutine asleep until somebody, on any thread, wakes it.
//
// Thread rule: sleep() once, by the coroutine; wake() once, after `arm` has begun to run. The
// coroutine goes on on its own executor. Cancellation is not listened to: whoever holds the
// Wakeup must wake it in bounded time.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "core/runtime/task.hpp"

namespace aa::db {

class Wakeup {
 public:
  // `arm()` runs when the coroutine can be woken: it hands `self` to the one who will wake it.
  template <class Arm>
  static runtime::Task<> sleep(std::shared_ptr<Wakeup> self, Arm arm) {
    auto initiate = [self, arm = std::move(arm)](auto handler) mutable {
      auto home = boost::asio::get_associated_executor(handler);
      auto guard = boost::asio::make_work_guard(home);
      auto held = std::make_shared<decltype(handler)>(std::move(handler));
      self->resume_ = [held, guard]() mutable {
        auto back = guard.get_executor();
        boost::asio::post(back, std::move(*held));
      };
      arm();
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
        std::move(initiate), boost::asio::use_awaitable);
  }

  void wake() {
    auto resume = std::exchange(resume_, nullptr);
    if (resume) resume();
  }

 private:
  std::function<void()> resume_;
};

}  // namespace aa::db
