#include "driver/http/detail/intake.hpp"

#include <boost/asio/redirect_error.hpp>

namespace aa::http {

namespace asio = boost::asio;

Intake::Intake(asio::any_io_executor executor, Transport& transport, Events events)
    : transport_(transport),
      events_(std::move(events)),
      changed_(std::move(executor), asio::steady_timer::time_point::max()) {}

void Intake::expect(std::size_t size) {
  read_size_ = size;
  if (size == kSmallRead && held_.size() == used_ && held_.capacity() > kSmallRead) {
    held_ = {};
    used_ = 0;
  }
}

void Intake::pump() {
  if (reading_ || ended_ || halted_ || data().size() >= kBufferedMax) return;
  if (incoming_.size() != read_size_) {
    incoming_ = {};
    incoming_.resize(read_size_);
  }
  reading_ = true;
  transport_.read_some(asio::buffer(incoming_),
                       [this, owner = owner_.lock()](boost::system::error_code error,
                                                     std::size_t count) { on_read(error, count); });
}

void Intake::on_read(boost::system::error_code error, std::size_t count) {
  reading_ = false;
  if (used_ == held_.size() && count * 2 >= incoming_.size()) {
    incoming_.resize(count);
    held_.swap(incoming_);
    used_ = 0;
  } else {
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ = 0;
    held_.insert(held_.end(), incoming_.begin(),
                 incoming_.begin() + static_cast<std::ptrdiff_t>(count));
  }
  if (count > 0) events_.arrived(count);
  if (error && !(halted_ && error == asio::error::operation_aborted)) {
    ended_ = true;
    events_.ended(error);
  }
  wake();
}

void Intake::consume(std::size_t count) {
  used_ += count;
  pump();
}

runtime::Task<> Intake::wait() {
  pump();
  boost::system::error_code ignored;
  co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

runtime::Task<> Intake::halt() {
  halted_ = true;
  transport_.cancel();
  while (reading_) co_await wait();
}

}  // namespace aa::http
