#include "driver/http/detail/watchdog.hpp"

#include <algorithm>
#include <utility>

namespace aa::http {

using Clock = std::chrono::steady_clock;

Watchdog::Watchdog(boost::asio::any_io_executor executor, Duration tick)
    : timer_(std::move(executor)), tick_(tick) {}

void Watchdog::start(std::weak_ptr<void> owner) {
  owner_ = std::move(owner);
  stopped_ = false;
  arm();
}

void Watchdog::stop() {
  stopped_ = true;
  timer_.cancel();
}

void Watchdog::client_gone(Duration grace, Action action) {
  gone_grace_ = grace;
  gone_action_ = std::move(action);
  if (!guarded_) gone_deadline_ = Clock::now() + grace;
  if (gone_deadline_ < armed_until_) arm();
}

void Watchdog::arm() {
  if (stopped_) return;
  const TimePoint nearest = guarded_ ? deadline_ : gone_deadline_;
  armed_until_ = std::min(Clock::now() + tick_, nearest);
  timer_.expires_at(armed_until_);
  timer_.async_wait([this, owner = owner_.lock()](boost::system::error_code error) {
    if (!error) on_tick();
  });
}

void Watchdog::on_tick() {
  if (stopped_) return;
  auto& deadline = guarded_ ? deadline_ : gone_deadline_;
  auto& action = guarded_ ? action_ : gone_action_;
  if (deadline <= Clock::now()) {
    deadline = TimePoint::max();
    if (const Action due = std::exchange(action, nullptr)) due();
  }
  arm();
}

Watchdog::Guard::Guard(Watchdog& watchdog, Duration limit, Action action) : watchdog_(watchdog) {
  watchdog_.guarded_ = true;
  watchdog_.action_ = std::move(action);
  extend(limit);
}

Watchdog::Guard::~Guard() {
  watchdog_.guarded_ = false;
  watchdog_.deadline_ = TimePoint::max();
  if (!watchdog_.gone_action_) return;
  watchdog_.gone_deadline_ = Clock::now() + watchdog_.gone_grace_;
  if (watchdog_.gone_deadline_ < watchdog_.armed_until_) watchdog_.arm();
}

void Watchdog::Guard::extend(Duration limit) {
  watchdog_.deadline_ = Clock::now() + limit;
  if (watchdog_.deadline_ < watchdog_.armed_until_) watchdog_.arm();
}

}  // namespace aa::http
