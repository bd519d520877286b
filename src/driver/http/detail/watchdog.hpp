// One timer per connection, for all its deadlines.
//
// Deadlines change several times in each request, so the timer is not set anew each time: it wakes
// at most every `tick` and looks. A deadline is therefore met up to one tick late only when it
// was set shorter than the tick; otherwise exactly.
//
// Two deadlines: of the operation that waits for the peer, and, while none does, of the program's
// own code once the client has gone. Thread rule: the connection's strand.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/steady_timer.hpp>

namespace aa::http {

class Watchdog {
 public:
  using Duration = std::chrono::steady_clock::duration;
  using TimePoint = std::chrono::steady_clock::time_point;
  using Action = std::function<void()>;

  Watchdog(boost::asio::any_io_executor executor, Duration tick);

  void start(std::weak_ptr<void> owner);  // callbacks keep the owner alive
  void stop();
  // The client has gone: `action` runs once own code has been running for `grace`.
  void client_gone(Duration grace, Action action);

  // Runs `action` once if it lives longer than `limit`.
  class Guard {
   public:
    Guard(Watchdog& watchdog, Duration limit, Action action);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    void extend(Duration limit);  // from now on

   private:
    Watchdog& watchdog_;
  };

 private:
  void arm();
  void on_tick();

  boost::asio::steady_timer timer_;
  Duration tick_;
  std::weak_ptr<void> owner_;
  TimePoint armed_until_ = TimePoint::max();
  TimePoint deadline_ = TimePoint::max();
  TimePoint gone_deadline_ = TimePoint::max();
  Duration gone_grace_{};
  Action action_;
  Action gone_action_;
  bool guarded_ = false;
  bool stopped_ = true;
};

}  // namespace aa::http
