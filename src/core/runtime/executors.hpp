// Owns the threads of the process: io, compute and blocking (see task.hpp).
//
// Built first and destroyed last: everything that posts work holds a reference to it.
#pragma once

#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "core/runtime/task.hpp"
#include "core/runtime/turnstile.hpp"

namespace aa::runtime {

struct ExecutorSettings {
  unsigned io_threads = 2;
  unsigned compute_threads = 0;  // 0: as many as cores
  unsigned blocking_threads = 8;
  unsigned password_threads = 0;  // 0: half as many as cores
  std::size_t password_line = 128;
};

class Executors {
 public:
  explicit Executors(ExecutorSettings settings = {});
  ~Executors();  // stops, see stop()
  Executors(const Executors&) = delete;
  Executors& operator=(const Executors&) = delete;

  Executor io() { return io_.get_executor(); }
  Executor compute() { return compute_.get_executor(); }
  Executor blocking() { return blocking_.get_executor(); }
  // Argon2id runs here alone.
  Turnstile& passwords() { return passwords_; }
  boost::asio::io_context& io_context() { return io_; }
  unsigned compute_threads() const { return compute_threads_; }

  // Waits for running work on all but io, then ends the io threads. Idempotent.
  void stop();

 private:
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> io_guard_;
  unsigned compute_threads_;
  boost::asio::thread_pool compute_;
  boost::asio::thread_pool blocking_;
  Turnstile passwords_;
  std::vector<std::thread> io_threads_;
  bool stopped_ = false;
};

// Runs a coroutine from a thread that is not one of `executors`' and waits for its result: for
// main(), commands and tests.
template <class T>
T block_on(Executors& executors, Task<T> task);

}  // namespace aa::runtime

#include "core/runtime/detail/block_on.hpp"
