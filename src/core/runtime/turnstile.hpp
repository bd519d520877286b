// A few threads of their own, and a line of limited length before them: for work that takes a core
// for tens of milliseconds and that anyone may ask for, so that many who ask at once wait for each
// other and not everybody for them.
//
// Thread rule: any coroutine. First come, first served.
// Errors: unavailable "too_busy" with a Retry-After when the line is full.
#pragma once

#include <atomic>

#include <boost/asio/thread_pool.hpp>

#include "core/runtime/task.hpp"

namespace aa::runtime {

class Turnstile {
 public:
  Turnstile(unsigned threads, std::size_t line);

  template <class F>
  Task<std::invoke_result_t<F>> run(F work) {
    const Place place(*this);
    co_return co_await run_on(threads_.get_executor(), std::move(work));
  }
  void join() { threads_.join(); }

 private:
  class Place {
   public:
    explicit Place(Turnstile& turnstile);
    ~Place() { taken_.fetch_sub(1); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    std::atomic<std::size_t>& taken_;
  };

  boost::asio::thread_pool threads_;
  const std::size_t places_;
  std::atomic<std::size_t> taken_ = 0;
};

}  // namespace aa::runtime
