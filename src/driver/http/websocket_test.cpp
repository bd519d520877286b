// A real server and sockets that send exactly what they are told.
#include "driver/http/websocket.hpp"

#include <thread>

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
  WebSocketClient client(server.port(), client_text("early") + client_text("bird"));
  EXPECT_EQ(client.receive_text(), "early");
  EXPECT_EQ(client.receive_text(), "bird");
}

}  // namespace
}  // namespace aa::http
