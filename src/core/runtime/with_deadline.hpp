// Ends an operation that takes too long. Boost 1.81 has no cancel_after.
#pragma once

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "base/error.hpp"
#include "core/runtime/task.hpp"

namespace aa::runtime {

// Awaits `task`; when `limit` passes first, the task is cancelled (through Asio's cancellation
// slots) and Error(deadline_exceeded, "deadline_exceeded") is thrown. Work that does not listen to
// cancellation is still waited for.
template <class T>
Task<T> with_deadline(std::chrono::steady_clock::duration limit, Task<T> task) {
  using boost::asio::experimental::awaitable_operators::operator||;
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, limit);
  auto result = co_await (std::move(task) || timer.async_wait(boost::asio::use_awaitable));
  if (result.index() == 1) {
    throw Error(ErrorCode::deadline_exceeded, "deadline_exceeded", "This took too long.");
  }
  if constexpr (!std::is_void_v<T>) co_return std::get<0>(std::move(result));
}

}  // namespace aa::runtime
