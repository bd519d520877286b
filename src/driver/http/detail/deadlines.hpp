// When each of many is to be woken next: one timer for all of a server's sockets.
//
// Thread rule: any thread. Waiter::on_deadline() is called on some io thread, with no lock held; it
// posts to where it belongs.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace aa::http {

class Deadlines : public std::enable_shared_from_this<Deadlines> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  class Waiter {
   public:
    virtual ~Waiter() = default;
    virtual void on_deadline() = 0;  // once for each set()

   private:
    friend class Deadlines;
    TimePoint due_ = TimePoint::max();  // max: not waiting
  };

  explicit Deadlines(boost::asio::io_context& io);
  void set(const std::shared_ptr<Waiter>& waiter, TimePoint due);  // in place of the one before
  void clear(Waiter& waiter);

 private:
  void erase(Waiter& waiter);  // with the mutex held
  void arm();                  // on the timer's strand
  void on_timer();

  boost::asio::steady_timer timer_;
  std::mutex mutex_;
  std::map<std::pair<TimePoint, Waiter*>, std::weak_ptr<Waiter>> waiting_;
  TimePoint armed_ = TimePoint::max();
};

}  // namespace aa::http
