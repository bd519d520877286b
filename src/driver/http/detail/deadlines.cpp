#include "driver/http/detail/deadlines.hpp"

#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

namespace aa::http {

namespace asio = boost::asio;

Deadlines::Deadlines(asio::io_context& io) : timer_(asio::make_strand(io)) {}

void Deadlines::erase(Waiter& waiter) {
  if (waiter.due_ != TimePoint::max()) waiting_.erase({waiter.due_, &waiter});
  waiter.due_ = TimePoint::max();
}

void Deadlines::set(const std::shared_ptr<Waiter>& waiter, TimePoint due) {
  const std::lock_guard lock(mutex_);
  erase(*waiter);
  waiter->due_ = due;
  waiting_.emplace(std::pair(due, waiter.get()), waiter);
  if (due >= armed_) return;
  armed_ = due;
  asio::post(timer_.get_executor(), [self = shared_from_this()] { self->arm(); });
}

// The last one lets the timer go, or it would keep what it belongs to.
void Deadlines::clear(Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  erase(waiter);
  if (!waiting_.empty() || armed_ == TimePoint::max()) return;
  armed_ = TimePoint::max();
  asio::post(timer_.get_executor(), [self = shared_from_this()] { self->arm(); });
}

void Deadlines::arm() {
  TimePoint due;
  {
    const std::lock_guard lock(mutex_);
    due = waiting_.empty() ? TimePoint::max() : waiting_.begin()->first.first;
    armed_ = due;
  }
  timer_.expires_at(due);  // ends the wait before it
  if (due == TimePoint::max()) return;
  timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (!error) self->on_timer();
  });
}

void Deadlines::on_timer() {
  std::vector<std::shared_ptr<Waiter>> due;
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    while (!waiting_.empty() && waiting_.begin()->first.first <= now) {
      const auto first = waiting_.begin();
      if (auto waiter = first->second.lock()) {
        waiter->due_ = TimePoint::max();
        due.push_back(std::move(waiter));
      }
      waiting_.erase(first);
    }
  }
  for (const auto& waiter : due) waiter->on_deadline();
  arm();
}

}  // namespace aa::http
