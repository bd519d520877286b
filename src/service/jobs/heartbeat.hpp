// Renews the lease of a running job from the side, so that work that takes long in one piece, such
// as reading a dataset of a GB, does not lose it to another worker. Private to the module.
//
// Thread rule: made and stopped by the coroutine that runs the job; beats on a strand of its own.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/runtime/event.hpp"
#include "service/jobs/job_queue.hpp"

namespace aa::jobs {

class Heartbeat {
 public:
  Heartbeat(Run& run, runtime::Executor io, std::chrono::milliseconds every);
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  Task<> stop();  // to be awaited before the run ends

 private:
  Task<> beat();

  Run& run_;
  runtime::Executor strand_;
  boost::asio::steady_timer timer_;
  std::chrono::milliseconds every_;
  bool stopping_ = false;  // touched on the strand
  runtime::Event ended_;
};

}  // namespace aa::jobs
