// A real server and sockets that send exactly what they are told.
#include "driver/http/websocket.hpp"

#include <algorithm>
#include <thread>
#include <tuple>

#include <gtest/gtest.h>

#include "driver/http/test_support/test_server.hpp"
#include "driver/http/test_support/websocket_client.hpp"

namespace aa::http {
namespace {

using test::client_frame;
using test::client_text;
using test::TestServer;
using test::WebSocketClient;
using test::WireClient;
using namespace std::chrono_literals;

template <class Condition>
bool comes_true(Condition condition, std::chrono::milliseconds limit = 3000ms) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

TEST(WebSocketUpgrade, answers_101_with_the_key_of_the_rfc) {
  TestServer server;
  WebSocketClient client(server.port());
  EXPECT_TRUE(client.head().starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
  EXPECT_NE(client.head().find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            std::string::npos);
  EXPECT_NE(client.head().find("\r\nConnection: Upgrade"), std::string::npos);
  EXPECT_NE(client.head().find("\r\nUpgrade: websocket"), std::string::npos);
  EXPECT_EQ(client.head().find("Content-Length"), std::string::npos);
}

TEST(WebSocketUpgrade, carries_messages_both_ways) {
  TestServer server;
  WebSocketClient client(server.port());
  for (const std::size_t size : {1, 7, 125, 126, 200, 65535, 65536, 1 << 20}) {
    const std::string text(size, 'm');
    ASSERT_TRUE(client.send(client_text(text)));
    EXPECT_EQ(client.receive_text(), text) << size;
  }
  client.send(client_text("close"));
  EXPECT_EQ(client.receive_close(), 4000);
  EXPECT_EQ(server.last_close_code, 4000);
}

TEST(WebSocketUpgrade, keeps_what_was_sent_behind_the_request) {
  TestServer server;
  WebSocketClient client(server.port(), client_text("early") + client_text("bird").substr(0, 3));
  EXPECT_EQ(client.receive_text(), "early");
  client.send(client_text("bird").substr(3));
  EXPECT_EQ(client.receive_text(), "bird");
}

TEST(WebSocketUpgrade, follows_requests_on_one_connection) {
  TestServer server;
  WireClient client(server.port());
  client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n" + test::handshake() + client_text("x"));
  EXPECT_TRUE(client.receive_response().ends_with("path /a"));
  EXPECT_TRUE(client.receive_until("\x81\x01x"));
}

TEST(WebSocketUpgrade, refuses_a_request_that_is_none) {
  TestServer server;
  const auto refused = [&](std::string_view from, std::string_view to) {
    std::string request = test::handshake();
    request.replace(request.find(from), from.size(), to);
    WireClient client(server.port());
    client.send(request);
    return client.receive_response();
  };
  const auto status = [&](std::string_view from, std::string_view to) {
    return test::status_of(refused(from, to));
  };
  EXPECT_EQ(status("GET", "POST"), 400);
  EXPECT_EQ(status("HTTP/1.1", "HTTP/1.0"), 400);
  EXPECT_EQ(status("keep-alive, Upgrade", "keep-alive"), 400);
  EXPECT_EQ(status("Upgrade: websocket", "Upgrade: h2c"), 426);
  EXPECT_EQ(status("Upgrade: websocket\r\n", ""), 426);
  EXPECT_EQ(status("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="), 400);
  EXPECT_EQ(status("dGhlIHNhbXBsZSBub25jZQ==", "dGhl*HNhbXBsZSBub25jZQ=="), 400);
  EXPECT_EQ(status("Sec-WebSocket-Version", "Sec-WebSocket-Key: x\r\nSec-WebSocket-Version"), 400);
  EXPECT_EQ(status("Host: a", "Host: a\r\nContent-Length: 1"), 400);
  EXPECT_EQ(status("Version: 13\r\n", "Version: 8\r\n"), 426);
  const auto old = refused("Version: 13\r\n", "Version: 14\r\n");
  EXPECT_NE(old.find("Sec-WebSocket-Version: 13\r\n"), std::string::npos);
  EXPECT_NE(old.find("application/problem+json"), std::string::npos);
  EXPECT_EQ(server.sockets_opened, 0);
}

TEST(WebSocket, answers_pings_also_between_fragments) {
  TestServer server;
  WebSocketClient client(server.port());
  client.send(client_frame(0x01, "a") + client_frame(0x89, "first") + client_frame(0x89, "") +
              client_frame(0x80, "b"));
  std::vector<std::string> seen;
  for (int i = 0; i < 3; ++i) {
    const auto frame = client.receive();
    ASSERT_TRUE(frame);
    seen.push_back(static_cast<char>('0' + (frame->first & 15)) + frame->payload);
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen, (std::vector<std::string>{"1ab", ":", ":first"}));
}

TEST(WebSocket, returns_the_peers_close_code) {
  for (const auto& [payload, told, echoed] :
       {std::tuple<std::string, int, int>{"\x03\xe9", 1001, 1001},
        {"\x0f\xa0 done", 4000, 4000},
        {"", 1005, 1000}}) {
    TestServer server;
    WebSocketClient client(server.port());
    client.send(client_frame(0x88, payload) + client_text("not read"));
    EXPECT_EQ(client.receive_close(), echoed);
    EXPECT_FALSE(client.receive());
    EXPECT_TRUE(comes_true([&] { return server.sockets_closed == 1; }));
    EXPECT_EQ(server.last_close_code, told);
  }
}

TEST(WebSocket, sends_what_was_given_before_its_close) {
  TestServer server;
  WebSocketClient client(server.port());
  const auto socket = server.last_socket();
  const std::string large(3'000'000, 'l');
  EXPECT_TRUE(socket->send(text_frame(large)));
  socket->close(4001, std::string(122, 'x') + "\xc3\xa9");
  EXPECT_FALSE(socket->send(text_frame("late")));
  EXPECT_FALSE(socket->send_if_idle(text_frame("late")));
  EXPECT_EQ(client.receive_text(), large);
  const auto close = client.receive();
  ASSERT_TRUE(close);
  EXPECT_EQ(test::close_code_of(*close), 4001);
  EXPECT_EQ(close->payload.size(), 124U) << "a character was cut in two";
  client.send(client_frame(0x88, "\x0f\xa1"));
  EXPECT_FALSE(client.receive());
  EXPECT_TRUE(client.wire().ended());
}

TEST(WebSocket, a_client_that_leaves_is_told_to_the_handler) {
  TestServer server;
  {
    WebSocketClient client(server.port());
    client.wire().finish_sending();
    EXPECT_FALSE(client.receive());
    EXPECT_TRUE(comes_true([&] { return server.sockets_closed == 1; }));
    EXPECT_EQ(server.last_close_code, 1006);
  }
  WebSocketClient client(server.port());
  client.wire().reset_connection();
  EXPECT_TRUE(comes_true([&] { return server.sockets_closed == 2; }));
  EXPECT_TRUE(
      comes_true([&] { return server.metrics().find("http_connections 0") != std::string::npos; }));
}

TEST(WebSocket, hands_over_no_message_once_its_handler_closed_it) {
  TestServer server;
  WebSocketClient client(server.port());
  client.send(client_text("close") + client_text("a") + client_text("b"));
  EXPECT_EQ(client.receive_close(), 4000);
  client.send(client_text("c") + client_frame(0x88, "\x0f\xa0"));
  EXPECT_FALSE(client.receive());
  EXPECT_EQ(server.texts, 1);
}

TEST(WebSocket, a_handler_that_throws_closes_with_1011) {
  TestServer server;
  WebSocketClient client(server.port());
  client.send(client_text("throw") + client_text("not read"));
  EXPECT_EQ(client.receive_close(), 1011);
  EXPECT_EQ(server.last_close_code, 1011);
}

TEST(WebSocket, drain_closes_with_1001_and_waits_for_the_answer) {
  TestServer server;
  WebSocketClient polite(server.port());
  WebSocketClient silent(server.port());
  std::thread client([&] {
    EXPECT_EQ(polite.receive_close(), 1001);
    polite.send(client_frame(0x88, "\x03\xe9"));
    EXPECT_FALSE(polite.receive());
    EXPECT_TRUE(polite.wire().ended());
  });
  const auto began = std::chrono::steady_clock::now();
  server.server().drain(10'000ms);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
  client.join();
  EXPECT_EQ(silent.receive_close(), 1001);
  EXPECT_EQ(server.sockets_closed, 2);
  EXPECT_EQ(server.last_close_code, 1001);
}

TEST(WebSocket, counts_as_a_connection) {
  TestServer server({.connections_max = 2});
  WebSocketClient one(server.port());
  WebSocketClient two(server.port());
  WireClient third(server.port());
  EXPECT_EQ(test::status_of(third.receive_all(1000ms)), 503);
  one.wire().close();
  EXPECT_TRUE(
      comes_true([&] { return server.metrics().find("http_connections 1") != std::string::npos; }));
  EXPECT_TRUE(WebSocketClient(server.port()).head().starts_with("HTTP/1.1 101"));
}

// Frames of all sizes, from several threads at once: none is torn, none overtakes another of its
// thread.
TEST(WebSocket, frames_of_many_threads_keep_whole_and_in_order) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kFrames = 400;
  TestServer server;
  server.set_socket_limits({.queue_bytes_max = 1 << 28});
  WebSocketClient client(server.port(), "", 16 * 1024);
  const auto socket = server.last_socket();
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&socket, t] {
      for (std::size_t i = 0; i < kFrames; ++i) {
        const std::string head = std::to_string(t) + " " + std::to_string(i) + " ";
        const std::size_t size = i % 10 == 0 ? 70'000 : 100 + i;
        EXPECT_TRUE(socket->send(text_frame(head + std::string(size, static_cast<char>('a' + t)))));
      }
    });
  }
  std::vector<std::size_t> next(kThreads, 0);
  for (std::size_t i = 0; i < kThreads * kFrames; ++i) {
    const auto text = client.receive_text();
    ASSERT_FALSE(text.empty());
    const auto thread = static_cast<std::size_t>(text[0] - '0');
    ASSERT_EQ(text.substr(2, text.find(' ', 2) - 2), std::to_string(next[thread]++));
    ASSERT_EQ(text.find_first_not_of(static_cast<char>('a' + thread), text.find(' ', 2) + 1),
              std::string::npos);
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(socket->queued_bytes(), 0U);
}

// Sockets end in every way while other threads send to them.
TEST(WebSocket, may_end_while_others_send_to_it) {
  constexpr std::size_t kSockets = 30;
  TestServer server;
  std::vector<std::unique_ptr<WebSocketClient>> clients;
  std::vector<std::shared_ptr<WebSocket>> sockets;
  for (std::size_t i = 0; i < kSockets; ++i) {
    clients.push_back(std::make_unique<WebSocketClient>(server.port()));
    clients.back()->send(client_text("opened"));
    EXPECT_EQ(clients.back()->receive_text(), "opened");
    sockets.push_back(server.last_socket());
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      const auto frame = text_frame(std::string(300, 't'));
      for (std::size_t open = 1; open > 0;) {
        open = 0;
        for (const auto& socket : sockets) open += socket->send(frame) ? 1 : 0;
      }
    });
  }
  for (std::size_t i = 0; i < kSockets; ++i) {
    if (i % 4 == 0) clients[i]->wire().reset_connection();
    if (i % 4 == 1) sockets[i]->close(4000, "");
    if (i % 4 == 2) clients[i]->send(client_frame(0x88, "") + client_text("late"));
    if (i % 4 == 3) clients[i]->wire().close();
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(comes_true([&] { return server.sockets_closed == kSockets; }));
}

}  // namespace
}  // namespace aa::http
