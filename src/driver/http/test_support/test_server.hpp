// A real server on a port of its own, with a handler that echoes, streams and misbehaves on demand.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "base/clock.hpp"
#include "core/runtime/executors.hpp"
#include "driver/http/server.hpp"
#include "driver/http/websocket.hpp"

namespace aa::http::test {

class TestServer {
 public:
  explicit TestServer(ServerSettings settings = {});
  std::uint16_t port() const { return server_->port(); }
  Server& server() { return *server_; }
  void stop() { server_.reset(); }
  std::string metrics() const { return metrics_.text(); }
  void set_socket_limits(WebSocketLimits limits) { socket_limits_ = limits; }
  std::shared_ptr<WebSocket> last_socket();  // that was opened; waits for it

  std::atomic<int> handled = 0;
  std::atomic<int> cancelled = 0;
  std::atomic<int> finished = 0;
  std::atomic<std::uint64_t> body_bytes = 0;
  std::atomic<int> sockets_opened = 0;
  std::atomic<int> sockets_closed = 0;
  std::atomic<int> texts = 0;
  std::atomic<int> last_close_code = 0;

 private:
  class Echo;
  Task<Response> handle(std::shared_ptr<Request> request);
  Task<Response> drink(std::shared_ptr<Request> request, std::uint64_t limit);
  Task<Response> route(std::shared_ptr<Request> request);

  WebSocketLimits socket_limits_;
  std::mutex sockets_mutex_;
  std::shared_ptr<WebSocket> last_socket_;
  SystemClock clock_;
  runtime::Executors executors_;
  IdSource ids_;
  observe::Metrics metrics_;
  std::unique_ptr<Server> server_;
};

}  // namespace aa::http::test
