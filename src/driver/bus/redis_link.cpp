#include "driver/bus/redis_link.hpp"

#include <algorithm>
#include <random>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>

#include "base/error.hpp"
#include "core/observe/log.hpp"
#include "core/runtime/with_deadline.hpp"

namespace aa::bus {
namespace {

namespace asio = boost::asio;
using runtime::Task;
using std::chrono::milliseconds;

constexpr std::size_t kWaitingMax = 10'000;
constexpr std::size_t kWaitingBytesMax = 8 << 20;
constexpr std::size_t kWriteBytes = 256 * 1024;  // at once
constexpr std::chrono::seconds kOpenMax{5};
constexpr milliseconds kPing{2'000};
constexpr milliseconds kSilenceMax{6'000};
constexpr milliseconds kPauseMin{100};
constexpr milliseconds kPauseMax{5'000};

Task<> sleep(asio::steady_timer& timer) {
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

milliseconds shaken(milliseconds pause) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return milliseconds(
      std::uniform_int_distribution<long>(pause.count() / 2, pause.count())(random));
}

}  // namespace

RedisLink::RedisLink(RedisAddress address, const runtime::Executor& strand, LinkEvents events)
    : address_(std::move(address)),
      strand_(strand),
      events_(std::move(events)),
      wake_(strand),
      pause_(strand) {}

void RedisLink::start() {
  asio::co_spawn(
      strand_, [self = shared_from_this()] { return self->run(); }, asio::detached);
}

void RedisLink::stop() {
  asio::post(strand_, [self = shared_from_this()] {
    self->stopped_ = true;
    self->wake_.cancel();
    self->pause_.cancel();
    if (self->connection_) self->connection_->close();
  });
}

void RedisLink::send(std::string command) {
  {
    const std::lock_guard lock(mutex_);
    waiting_bytes_ += command.size();
    waiting_.push_back(std::move(command));
    while (waiting_.size() > kWaitingMax || waiting_bytes_ > kWaitingBytesMax) {
      waiting_bytes_ -= waiting_.front().size();
      waiting_.pop_front();
      ++dropped_;
    }
    if (waiting_.size() > 1) return;  // the writer was woken already
  }
  asio::post(strand_, [self = shared_from_this()] { self->wake_.cancel(); });
}

std::string RedisLink::take_waiting() {
  const std::lock_guard lock(mutex_);
  std::string out;
  while (!waiting_.empty() && out.size() < kWriteBytes) {
    waiting_bytes_ -= waiting_.front().size();
    out += waiting_.front();
    waiting_.pop_front();
  }
  return out;
}

void RedisLink::set_up(bool up) {
  if (up_.exchange(up) == up) return;
  events_.on_state(up);
}

Task<> RedisLink::run() {
  auto pause = kPauseMin;
  while (!stopped_) {
    std::string reason;
    try {
      co_await serve();
    } catch (const boost::system::system_error& error) {
      reason = error.code().message();
    } catch (const Error& error) {
      reason = error.cause().empty() ? error.message() : error.cause();
    } catch (const std::exception& error) {
      reason = error.what();
    }
    connection_.reset();
    if (stopped_) break;
    pause = up_ ? kPauseMin : std::min(2 * pause, kPauseMax);
    if (up_ || pause == 2 * kPauseMin) {
      observe::warn("redis_away", {{"host", address_.host}, {"reason", reason}});
    }
    set_up(false);
    pause_.expires_after(shaken(pause));
    co_await sleep(pause_);
  }
}

Task<> RedisLink::serve() {
  auto connection = std::make_shared<RedisConnection>(strand_);
  connection_ = connection;
  co_await runtime::with_deadline(kOpenMax, connection->open(address_));
  std::string first = events_.on_open() + redis_command({"PING"});
  co_await connection->write(std::move(first));
  heard_ = std::chrono::steady_clock::now();
  asio::co_spawn(strand_, write_all(connection),
                 [self = shared_from_this()](std::exception_ptr) {});
  asio::co_spawn(strand_, watch(connection), [self = shared_from_this()](std::exception_ptr) {});
  while (!stopped_) {
    auto reply = co_await connection->read();
    heard_ = std::chrono::steady_clock::now();
    const bool pong =
        reply.text == "PONG" || (!reply.items.empty() && reply.items[0].text == "pong");
    if (pong) {
      if (!up_) observe::info("redis_connected", {{"host", address_.host}});
      set_up(true);
    } else {
      events_.on_reply(std::move(reply));
    }
  }
}

// Ends with the connection: a write fails when it was closed, and a wait finds it replaced.
Task<> RedisLink::write_all(std::shared_ptr<RedisConnection> connection) {
  while (connection_ == connection && !stopped_) {
    std::string bytes = take_waiting();
    if (bytes.empty()) {
      wake_.expires_after(kPing);
      co_await sleep(wake_);
      continue;
    }
    co_await connection->write(std::move(bytes));
  }
}

Task<> RedisLink::watch(std::shared_ptr<RedisConnection> connection) {
  asio::steady_timer timer(strand_);
  while (connection_ == connection && !stopped_) {
    timer.expires_after(kPing);
    co_await sleep(timer);
    if (std::chrono::steady_clock::now() - heard_ > kSilenceMax) {
      connection->close();
      break;
    }
    if (connection_ == connection) send(redis_command({"PING"}));
  }
}

}  // namespace aa::bus
