// Coroutines and the three executors.
//
//   io        never blocks: sockets, timers, coroutines
//   compute   as many threads as cores: decoding, inference, hashing of images
//   blocking  file and SQLite work, Argon2id
//
// g++ 12: never a capturing lambda inside a co_await expression (its captures are destroyed twice);
// name it first. Coroutine parameters by value. No lock is held across co_await.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace aa::runtime {

template <class T = void>
using Task = boost::asio::awaitable<T>;
using Executor = boost::asio::any_io_executor;

namespace detail {
template <class R>
struct Outcome {
  std::optional<R> value;
  std::exception_ptr error;
  template <class F>
  void fill(F& work) {
    try {
      value.emplace(work());
    } catch (...) {
      error = std::current_exception();
    }
  }
  R take() {
    if (error) std::rethrow_exception(std::exchange(error, nullptr));
    return std::move(*value);
  }
};
template <>
struct Outcome<void> {
  std::exception_ptr error;
  template <class F>
  void fill(F& work) {
    try {
      work();
    } catch (...) {
      error = std::current_exception();
    }
  }
  void take() {
    if (error) std::rethrow_exception(std::exchange(error, nullptr));
  }
};
}  // namespace detail

// Runs `work()` on `where` and resumes the caller on its own executor with the result; exceptions
// travel back. The work itself cannot be interrupted; what it holds is let go before the caller
// goes on, who may be the last to keep what that refers to.
template <class F>
Task<std::invoke_result_t<F>> run_on(Executor where, F work) {
  using Outcome = detail::Outcome<std::invoke_result_t<F>>;
  auto outcome = std::make_shared<Outcome>();
  auto initiate = [where, outcome, work = std::optional<F>(std::move(work))](auto handler) mutable {
    auto home = boost::asio::get_associated_executor(handler);
    auto guard = boost::asio::make_work_guard(home);
    boost::asio::post(where, [outcome, work = std::move(work), handler = std::move(handler),
                              guard = std::move(guard)]() mutable {
      outcome->fill(*work);
      work.reset();
      auto back = guard.get_executor();
      boost::asio::post(back, std::move(handler));
    });
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      std::move(initiate), boost::asio::use_awaitable);
  co_return outcome->take();
}

}  // namespace aa::runtime
