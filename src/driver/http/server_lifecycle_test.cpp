// Clients that leave, bodies of all sizes, streams that fail, and the end of the server.
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/http/test_support/test_server.hpp"
#include "driver/http/test_support/wire_client.hpp"

namespace aa::http {
namespace {

using test::TestServer;
using test::WireClient;
using namespace std::chrono_literals;

std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

template <class Condition>
bool comes_true(Condition condition, std::chrono::milliseconds limit = 3000ms) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

long resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  }
  return 0;
}

TEST(ClientGone, a_reset_cancels_the_handler) {
  TestServer server({.half_close_grace = 60'000ms});
  WireClient client(server.port());
  client.send(get("/sleep"));
  ASSERT_TRUE(comes_true([&] { return server.handled == 1; }));
  client.reset_connection();
  EXPECT_TRUE(comes_true([&] { return server.cancelled == 1; }));
  EXPECT_EQ(server.finished, 0);
}

TEST(ClientGone, a_close_cancels_the_handler_after_the_grace) {
  TestServer server({.half_close_grace = 100ms});
  WireClient client(server.port());
  client.send(get("/sleep"));
  ASSERT_TRUE(comes_true([&] { return server.handled == 1; }));
  client.close();
  EXPECT_TRUE(comes_true([&] { return server.cancelled == 1; }));
}

TEST(ClientGone, a_client_that_only_finished_sending_is_answered) {
  TestServer server({.half_close_grace = 2000ms});
  WireClient client(server.port());
  client.send(get("/nap"));
  client.finish_sending();
  EXPECT_EQ(test::status_of(client.receive_all()), 200);
}

TEST(ClientGone, all_that_was_sent_before_is_answered) {
  TestServer server;
  WireClient client(server.port());
  client.send(get("/nap") + get("/a") + get("/b"));
  client.finish_sending();
  const auto text = client.receive_all();
  EXPECT_EQ(test::count_responses(text), 3);
  EXPECT_TRUE(text.ends_with("path /b"));
  EXPECT_TRUE(client.ended());
}

TEST(ClientGone, an_event_stream_ends_when_its_client_leaves) {
  TestServer server({.half_close_grace = 100ms});
  WireClient client(server.port());
  client.send(get("/forever"));
  ASSERT_TRUE(client.receive_until("data: x"));
  client.close();
  EXPECT_TRUE(
      comes_true([&] { return server.metrics().find("http_connections 0") != std::string::npos; }));
}

TEST(BrokenStream, never_ends_properly) {
  TestServer server;
  for (const std::string path : {"/broken", "/broken_sized", "/short"}) {
    SCOPED_TRACE(path);
    WireClient client(server.port());
    client.send(get(path));
    const auto text = client.receive_all();
    EXPECT_TRUE(client.reset());
    EXPECT_FALSE(client.ended());
    EXPECT_FALSE(text.ends_with("0\r\n\r\n"));
  }
  WireClient old(server.port());
  old.send("GET /broken HTTP/1.0\r\n\r\n");
  old.receive_all();
  EXPECT_TRUE(old.reset());
}

TEST(LargeBody, of_100_MB_passes_through_bounded_memory) {
  TestServer server;
  const std::string piece(1 << 20, 'x');
  for (const bool chunked : {false, true}) {
    SCOPED_TRACE(chunked);
    WireClient client(server.port());
    const std::uint64_t before = server.body_bytes;
    const long resident = resident_kib();
    long grown = 0;
    client.send("POST /drink HTTP/1.1\r\nHost: a\r\n" +
                std::string(chunked ? "Transfer-Encoding: chunked\r\n\r\n"
                                    : "Content-Length: 104857600\r\n\r\n"));
    for (int i = 0; i < 100; ++i) {
      if (chunked) client.send("100000\r\n");
      ASSERT_TRUE(client.send(piece));
      if (chunked) client.send("\r\n");
      grown = std::max(grown, resident_kib() - resident);
    }
    if (chunked) client.send("0\r\n\r\n");
    EXPECT_TRUE(client.receive_response().ends_with("\r\n\r\n104857600"));
    EXPECT_EQ(server.body_bytes - before, 104'857'600U);
    EXPECT_LT(grown, 32 * 1024) << "KiB";
  }
}

TEST(LargeBody, that_nobody_reads_is_not_taken_in) {
  TestServer server({.linger = 100ms});
  WireClient client(server.port());
  client.send("POST /sleep HTTP/1.1\r\nHost: a\r\nContent-Length: 500000000\r\n\r\n");
  ASSERT_TRUE(comes_true([&] { return server.handled == 1; }));
  const long resident = resident_kib();
  std::thread sender([&] { client.send(std::string(100'000'000, 'x')); });
  std::this_thread::sleep_for(300ms);
#if !defined(__SANITIZE_THREAD__)  // whose own memory grows with what is touched
  EXPECT_LT(resident_kib() - resident, (100'000'000 >> 10) + 8 * 1024);
#endif
  server.stop();
  sender.join();
}

TEST(Drain, lets_requests_end_and_closes_idle_connections_at_once) {
  TestServer server;
  WireClient idle(server.port());
  idle.send(get("/"));
  EXPECT_EQ(test::status_of(idle.receive_response()), 200);
  WireClient busy(server.port());
  busy.send(get("/nap"));
  ASSERT_TRUE(comes_true([&] { return server.handled == 2; }));
  const auto begin = std::chrono::steady_clock::now();
  std::thread draining([&] { server.server().drain(5000ms); });
  EXPECT_EQ(idle.receive_all(2000ms), "");
  EXPECT_TRUE(idle.ended());
  const auto response = busy.receive_all();
  draining.join();
  EXPECT_EQ(test::status_of(response), 200);
  EXPECT_NE(response.find("Connection: close"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
  EXPECT_THROW(WireClient(server.port()), std::runtime_error);
}

TEST(Drain, cancels_what_outlives_the_grace) {
  TestServer server;
  WireClient client(server.port());
  client.send(get("/sleep"));
  ASSERT_TRUE(comes_true([&] { return server.handled == 1; }));
  const auto begin = std::chrono::steady_clock::now();
  server.server().drain(100ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
  EXPECT_EQ(server.cancelled, 1);
}

TEST(Start, says_when_the_port_is_taken) {
  TestServer first;
  SystemClock clock;
  IdSource ids(clock);
  observe::Metrics metrics;
  runtime::Executors executors({.io_threads = 1, .compute_threads = 1, .blocking_threads = 1});
  const auto handler = [](std::shared_ptr<Request>) -> Task<Response> {
    co_return Response::empty(204);
  };
  Server second({.port = first.port()}, executors, clock, ids, metrics, handler);
  try {
    second.start();
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.slug(), "cannot_listen");
    EXPECT_NE(e.message().find(std::to_string(first.port())), std::string::npos);
  }
}

}  // namespace
}  // namespace aa::http
