#include "driver/http/test_support/test_server.hpp"

#include <cstring>
#include <thread>

#include <boost/asio/steady_timer.hpp>

#include "base/error.hpp"

namespace aa::http::test {
namespace {

// `count` pieces, one every `pause`; then an end, or an exception.
class Ticker final : public BodySource {
 public:
  Ticker(std::string piece, int count, std::chrono::milliseconds pause, bool fails = false)
      : piece_(std::move(piece)), left_(count), pause_(pause), fails_(fails) {}

  Task<std::size_t> read(std::span<std::byte> buffer) override {
    if (left_-- == 0) {
      if (fails_) throw std::runtime_error("the disk broke");
      co_return 0;
    }
    if (pause_.count() > 0) {
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, pause_);
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    const auto count = std::min(buffer.size(), piece_.size());
    std::memcpy(buffer.data(), piece_.data(), count);
    co_return count;
  }

 private:
  std::string piece_;
  int left_;
  std::chrono::milliseconds pause_;
  bool fails_;
};

Task<Response> sleep(std::chrono::milliseconds duration) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, duration);
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_return Response::text(200, "text/plain", "awake");
}

Response stream(std::shared_ptr<BodySource> source, std::optional<std::uint64_t> length = {}) {
  Response response;
  response.headers.add("Content-Type", "text/event-stream");
  response.body = std::move(source);
  response.stream_length = length;
  return response;
}

}  // namespace

// Sends back what it gets, but for a few words.
class TestServer::Echo final : public WebSocketHandler {
 public:
  explicit Echo(TestServer& server) : server_(server) {}

  void on_open(std::shared_ptr<WebSocket> socket) override {
    socket_ = std::move(socket);
    ++server_.sockets_opened;
    const std::lock_guard lock(server_.sockets_mutex_);
    server_.last_socket_ = socket_;
  }
  void on_text(std::string message) override {
    ++server_.texts;
    if (message == "throw") throw std::logic_error("a defect");
    if (message == "close") return socket_->close(4000, "as asked");
    if (message == "flood") {
      const auto frame = text_frame(std::string(10'000, 'x'));
      while (socket_->send(frame)) {
      }
      return;
    }
    socket_->send(text_frame(message));
  }
  void on_close(std::uint16_t code) override {
    server_.last_close_code = code;
    ++server_.sockets_closed;
    socket_ = nullptr;
    const std::lock_guard lock(server_.sockets_mutex_);
    server_.last_socket_ = nullptr;
  }
  WebSocketLimits limits() const override { return server_.socket_limits_; }

 private:
  TestServer& server_;
  std::shared_ptr<WebSocket> socket_;
};

std::shared_ptr<WebSocket> TestServer::last_socket() {
  for (;;) {
    {
      const std::lock_guard lock(sockets_mutex_);
      if (last_socket_) return last_socket_;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TestServer::TestServer(ServerSettings settings)
    : executors_({.io_threads = 2, .compute_threads = 1, .blocking_threads = 1}), ids_(clock_) {
  settings.port = 0;
  server_ = std::make_unique<Server>(std::move(settings), executors_, clock_, ids_, metrics_,
                                     [this](std::shared_ptr<Request> r) { return handle(r); });
  server_->start();
}

Task<Response> TestServer::handle(std::shared_ptr<Request> request) {
  ++handled;
  try {
    auto response = co_await route(request);
    ++finished;
    co_return response;
  } catch (const Error& e) {
    const int status = e.code() == ErrorCode::too_large ? 413 : 400;
    co_return Response::text(status, "text/plain", e.slug());
  } catch (const boost::system::system_error&) {
    ++cancelled;
    throw;
  }
}

// Reads the body away, counting.
Task<Response> TestServer::drink(std::shared_ptr<Request> request, std::uint64_t limit) {
  request->body_limit = limit;
  std::vector<std::byte> buffer(64 * 1024);
  std::uint64_t total = 0;
  for (;;) {
    const auto count = co_await request->body->read(buffer);
    if (count == 0) break;
    total += count;
    body_bytes += count;
  }
  co_return Response::text(200, "text/plain", std::to_string(total));
}

Task<Response> TestServer::route(std::shared_ptr<Request> request) {
  using std::chrono::milliseconds;
  const auto& path = request->path;
  if (path == "/echo") {
    auto text = co_await request->read_body(1 << 20);
    co_return Response::text(200, "text/plain", std::move(text));
  }
  if (path == "/ws") co_return Response::upgrade_to(std::make_shared<Echo>(*this));
  if (path == "/drink") co_return co_await drink(request, 1ULL << 30);
  if (path == "/sip") co_return co_await drink(request, 1000);
  if (path == "/sleep") co_return co_await sleep(milliseconds(60'000));
  if (path == "/nap") co_return co_await sleep(milliseconds(300));
  if (path == "/throw") throw std::logic_error("a defect");
  if (path == "/close") {
    auto response = Response::text(200, "text/plain", "bye");
    response.close = true;
    co_return response;
  }
  if (path == "/events") {
    co_return stream(std::make_shared<Ticker>("data: x\n\n", 3, milliseconds(100)));
  }
  if (path == "/forever") {
    co_return stream(std::make_shared<Ticker>("data: x\n\n", 1'000'000, milliseconds(20)));
  }
  if (path == "/flood") {
    const std::string piece(64 * 1024, 'x');
    co_return stream(std::make_shared<Ticker>(piece, 1600, milliseconds(0)));
  }
  if (path == "/sized") {
    co_return stream(std::make_shared<Ticker>("12345", 4, milliseconds(0)), 20);
  }
  if (path == "/broken") {
    co_return stream(std::make_shared<Ticker>("12345", 2, milliseconds(0), true));
  }
  if (path == "/broken_sized") {
    co_return stream(std::make_shared<Ticker>("12345", 2, milliseconds(0), true), 20);
  }
  if (path == "/short") {
    co_return stream(std::make_shared<Ticker>("12345", 2, milliseconds(0)), 20);
  }
  if (path == "/headers") {
    auto response = Response::text(200, "text/plain", "ok");
    response.headers.add("X-Split", "a\r\nX-Evil: 1\n\nbody");
    response.headers.add("Bad Name", "x");
    response.headers.add("Content-Length", "7777");
    response.headers.add("Transfer-Encoding", "chunked");
    co_return response;
  }
  if (path == "/who") {
    co_return Response::text(200, "text/plain",
                             request->remote.to_string() + (request->secure ? " secure" : ""));
  }
  if (path == "/none") co_return Response::empty(204);
  if (path == "/shared") {
    Response response;
    response.body = std::make_shared<const std::string>(300'000, 's');
    co_return response;
  }
  co_return Response::text(200, "text/plain", "path " + path);
}

}  // namespace aa::http::test
