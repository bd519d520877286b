// A relay on our own HTTP server and WebSockets: what one member of a room says, the others get.
// Nothing is read into, nothing stored. The counterpart of relay_socketio.mjs.
//
// usage: bench_relay_server   prints its port; /relay?room=NAME is a WebSocket; ends with its input
#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <mutex>
#include <vector>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "core/runtime/executors.hpp"
#include "driver/http/server.hpp"
#include "driver/http/websocket.hpp"

namespace {

using namespace aa;

class Room {
 public:
  void enter(const std::shared_ptr<http::WebSocket>& socket) {
    const std::lock_guard lock(mutex_);
    members_.push_back(socket);
  }
  void leave(const std::shared_ptr<http::WebSocket>& socket) {
    const std::lock_guard lock(mutex_);
    std::erase(members_, socket);
  }
  void tell_others(const http::WebSocket& from, std::string_view message) {
    const auto frame = http::text_frame(message);
    const std::lock_guard lock(mutex_);
    for (const auto& member : members_) {
      if (member.get() != &from) member->send(frame);
    }
  }

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<http::WebSocket>> members_;
};

class Member final : public http::WebSocketHandler {
 public:
  explicit Member(std::shared_ptr<Room> room) : room_(std::move(room)) {}
  void on_open(std::shared_ptr<http::WebSocket> socket) override {
    socket_ = std::move(socket);
    room_->enter(socket_);
  }
  void on_text(std::string message) override { room_->tell_others(*socket_, message); }
  void on_close(std::uint16_t) override {
    room_->leave(socket_);
    socket_ = nullptr;
  }

 private:
  std::shared_ptr<Room> room_;
  std::shared_ptr<http::WebSocket> socket_;
};

class Rooms {
 public:
  std::shared_ptr<Room> find(std::string_view name) {
    const std::lock_guard lock(mutex_);
    auto& room = rooms_[std::string(name)];
    if (!room) room = std::make_shared<Room>();
    return room;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Room>> rooms_;
};

}  // namespace

int main() {
  runtime::Executors executors({.io_threads = 2, .compute_threads = 1, .blocking_threads = 1});
  const SystemClock clock;
  IdSource ids(clock);
  observe::Metrics metrics;
  Rooms rooms;
  const auto handler =
      [&rooms](std::shared_ptr<http::Request> request) -> http::Task<http::Response> {
    auto room = rooms.find(request->query_value("room").value_or(""));
    co_return http::Response::upgrade_to(std::make_shared<Member>(std::move(room)));
  };
  http::ServerSettings settings;
  settings.port = 0;
  settings.connections_per_ip_max = settings.connections_max = 20'000;
  http::Server server(settings, executors, clock, ids, metrics, handler);
  server.start();
  fmt::print("{}\n", server.port());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
  }
  server.drain(std::chrono::milliseconds(0));
}
