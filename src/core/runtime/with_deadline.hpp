// Ends an operation that takes too long. Boost 1.81 has no cancel_after.
#pragma once

#include <chrono>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/error.hpp"
#include "core/runtime/task.hpp"

namespace aa::runtime {

// Awaits `task`; when `limit` passes first, the task is cancelled (through Asio's cancellation
// slots) and Error(deadline_exceeded, "deadline_exceeded") is thrown. What the task throws is
// thrown at once. Work that does not listen to cancellation is still waited for.
// T is default-constructible or void.
template <class T>
Task<T> with_deadline(std::chrono::steady_clock::duration limit, Task<T> task) {
  namespace asio = boost::asio;
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, limit);
  auto both = asio::experimental::make_parallel_group(
      asio::co_spawn(executor, std::move(task), asio::deferred), timer.async_wait(asio::deferred));
  auto result = co_await both.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  if (std::get<0>(result)[0] == 1) {
    throw Error(ErrorCode::deadline_exceeded, "deadline_exceeded", "This took too long.");
  }
  if (std::get<1>(result)) std::rethrow_exception(std::get<1>(result));
  if constexpr (!std::is_void_v<T>) co_return std::move(std::get<2>(result));
}

}  // namespace aa::runtime
