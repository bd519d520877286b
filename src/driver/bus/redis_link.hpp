// Keeps one connection to Redis alive: connects, writes what is sent, hands over replies, notices
// silence, and begins again with a growing pause when it breaks.
//
// What is sent while it is down waits in a bounded queue, of which the oldest goes first.
// Thread rule: send() and the state from any thread; callbacks on the link's strand.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "driver/bus/redis_connection.hpp"

namespace aa::bus {

struct LinkEvents {
  // The connection stands: commands to be written before all that waits.
  std::function<std::string()> on_open = [] { return std::string(); };
  std::function<void(RedisReply)> on_reply = [](RedisReply) {};
  std::function<void(bool up)> on_state = [](bool) {};
};

class RedisLink : public std::enable_shared_from_this<RedisLink> {
 public:
  RedisLink(RedisAddress address, const runtime::Executor& strand, LinkEvents events);

  void start();
  void stop();
  void send(std::string command);
  bool up() const { return up_; }
  std::uint64_t dropped() const { return dropped_; }  // commands that found no room

 private:
  runtime::Task<> run();
  runtime::Task<> serve();
  runtime::Task<> write_all(std::shared_ptr<RedisConnection> connection);
  runtime::Task<> watch(std::shared_ptr<RedisConnection> connection);
  std::string take_waiting();
  void set_up(bool up);

  RedisAddress address_;
  runtime::Executor strand_;
  LinkEvents events_;
  boost::asio::steady_timer wake_;   // the writer
  boost::asio::steady_timer pause_;  // between two attempts
  std::shared_ptr<RedisConnection> connection_;
  std::chrono::steady_clock::time_point heard_;
  bool stopped_ = false;
  std::atomic<bool> up_ = false;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::mutex mutex_;
  std::deque<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace aa::bus
