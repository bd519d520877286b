#include "service/jobs/heartbeat.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>

#include "core/observe/log.hpp"

namespace aa::jobs {

Heartbeat::Heartbeat(Run& run, runtime::Executor io, std::chrono::milliseconds every)
    : run_(run), strand_(boost::asio::make_strand(io)), timer_(strand_), every_(every) {
  boost::asio::co_spawn(strand_, beat(), [this](std::exception_ptr) { ended_.set(); });
}

Task<> Heartbeat::beat() {
  while (!stopping_) {
    timer_.expires_after(every_);
    boost::system::error_code ignored;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, ignored);
    co_await timer_.async_wait(token);
    if (stopping_) break;
    try {
      co_await run_.renew();
    } catch (const Error& e) {  // the next beat tries again
      observe::warn("jobs.heartbeat", {{"error", std::string_view(e.what())}});
    }
  }
}

Task<> Heartbeat::stop() {
  auto halt = [this] {
    stopping_ = true;
    timer_.cancel();
  };
  boost::asio::post(strand_, halt);
  co_await ended_.wait();
}

}  // namespace aa::jobs
