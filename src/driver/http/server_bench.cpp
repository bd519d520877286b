// Requests per second over keep-alive connections, a trivial handler, against the barest Beast
// server that one can write: what our checks, timeouts, ids and dates cost. Both in this process,
// both with two threads. Run with --benchmark_enable_random_interleaving=true
// --benchmark_repetitions=5 where others use the machine too.
#include <thread>

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "driver/http/server.hpp"
#include "driver/http/test_support/wire_client.hpp"

namespace aa::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

class BareBeast {
 public:
  BareBeast() : io_(2), acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
    asio::co_spawn(io_, accept_all(), asio::detached);
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
  }
  ~BareBeast() {
    io_.stop();
    for (auto& thread : threads_) thread.join();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  Task<> accept_all() {
    for (;;) {
      auto strand = asio::make_strand(io_);
      auto socket = co_await acceptor_.async_accept(strand, asio::use_awaitable);
      asio::co_spawn(strand, serve(tcp::socket(std::move(socket))), asio::detached);
    }
  }
  static Task<> serve(tcp::socket socket) {
    socket.set_option(tcp::no_delay(true));
    beast::flat_buffer buffer;
    for (;;) {
      beast::http::request<beast::http::string_body> request;
      co_await beast::http::async_read(socket, buffer, request, asio::use_awaitable);
      beast::http::response<beast::http::string_body> response(beast::http::status::ok, 11);
      response.set(beast::http::field::content_type, "text/plain");
      response.body() = "hello";
      response.prepare_payload();
      co_await beast::http::async_write(socket, response, asio::use_awaitable);
    }
  }

  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::vector<std::thread> threads_;
};

class Ours {
 public:
  Ours()
      : executors_({.io_threads = 2, .compute_threads = 1, .blocking_threads = 1}),
        ids_(clock_),
        server_({.port = 0}, executors_, clock_, ids_, metrics_, handle) {
    server_.start();
  }
  std::uint16_t port() const { return server_.port(); }

 private:
  static Task<Response> handle(std::shared_ptr<Request>) {
    co_return Response::text(200, "text/plain", "hello");
  }

  SystemClock clock_;
  runtime::Executors executors_;
  IdSource ids_;
  observe::Metrics metrics_;
  Server server_;
};

template <class Served>
void requests(benchmark::State& state) {
  static Served server;
  test::WireClient client(server.port());
  for (auto _ : state) {
    client.send(
        "GET /x?a=1 HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n");
    if (!client.receive_response().ends_with("hello")) state.SkipWithError("bad answer");
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(requests<BareBeast>)->Threads(16)->UseRealTime();
BENCHMARK(requests<Ours>)->Threads(16)->UseRealTime();

}  // namespace
}  // namespace aa::http

BENCHMARK_MAIN();
