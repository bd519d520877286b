// What a WebSocket does to those who break the protocol or its limits (case 153 and part of 156).
#include <fstream>
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
using namespace std::chrono_literals;

template <class Condition>
bool comes_true(Condition condition, std::chrono::milliseconds limit = 5000ms) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(2ms);
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

// What the offender is closed with, and that nobody else notices.
int closed_with(TestServer& server, std::string_view bytes) {
  WebSocketClient witness(server.port());
  const int closed = server.sockets_closed;
  WebSocketClient offender(server.port());
  offender.send(bytes);
  const int code = offender.receive_close();
  EXPECT_TRUE(comes_true([&] { return server.sockets_closed == closed + 1; }));
  EXPECT_EQ(server.last_close_code, code);
  offender.wire().close();
  witness.send(client_text("still here"));
  EXPECT_EQ(witness.receive_text(), "still here");
  witness.send(client_frame(0x88, ""));
  EXPECT_EQ(witness.receive_close(), 1000);
  return code;
}

TEST(WebSocket153, offenders_are_closed_and_others_do_not_notice) {
  TestServer server;
  const std::string huge = std::string("\x81\xFF\0\0\0\0\x01\x10\0\0", 10) + "mask";
  const std::string high_bit = std::string("\x81\xFF\x80\0\0\0\0\0\0\1", 10) + "mask";
  const std::string compressed = client_frame(0xC1, std::string(1000, '\0'));
  EXPECT_EQ(closed_with(server, huge), 1009);
  EXPECT_EQ(closed_with(server, high_bit), 1002);
  EXPECT_EQ(closed_with(server, compressed), 1002);
  EXPECT_EQ(closed_with(server, "\x81\x02hi"), 1002);
  EXPECT_EQ(closed_with(server, client_frame(0xA1, "a")), 1002);
  EXPECT_EQ(closed_with(server, client_frame(0x89, std::string(126, 'p'))), 1002);
  EXPECT_EQ(closed_with(server, client_frame(0x82, "b")), 1003);
  EXPECT_EQ(closed_with(server, client_text("\xff")), 1007);
  EXPECT_EQ(closed_with(server, client_frame(0x01, "\xe2\x82") + client_frame(0x80, "x")), 1007);
  EXPECT_EQ(closed_with(server, client_frame(0x88, "\x03\xed")), 1002);  // 1005
  EXPECT_EQ(closed_with(server, client_frame(0x88, "\x03")), 1002);
  EXPECT_EQ(closed_with(server, client_frame(0x88, "\x03\xe8\xff")), 1007);
}

TEST(WebSocket153, of_10000_fragments_a_tenth_is_taken) {
  TestServer server;
  std::string bytes = client_frame(0x01, "x");
  for (int i = 0; i < 10'000; ++i) bytes += client_frame(0x00, "x");
  EXPECT_EQ(closed_with(server, bytes), 1009);
}

TEST(WebSocket153, a_frame_of_17_MiB_costs_no_memory) {
  TestServer server;
  WebSocketClient client(server.port());
  const long before = resident_kib();
  client.send(std::string("\x81\xFF\0\0\0\0\x01\x10\0\0", 10) + "mask");
  const std::string piece(64 * 1024, 'x');
  for (int i = 0; i < 17 * 16 && client.send(piece); ++i) {
  }
  EXPECT_EQ(client.receive_close(), 1009);
  EXPECT_LT(resident_kib() - before, 4096);
}

TEST(WebSocket153, one_that_only_announces_much_reserves_nothing) {
  TestServer server;
  WebSocketClient first(server.port());
  const long before = resident_kib();
  std::vector<std::unique_ptr<WebSocketClient>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<WebSocketClient>(server.port()));
    clients.back()->send(std::string("\x81\xFF\0\0\0\0\0\x10\0\0", 10) + "mask");
  }
  first.send(client_text("x"));
  EXPECT_EQ(first.receive_text(), "x");
  EXPECT_LT(resident_kib() - before, 20 * 1024);
}

TEST(WebSocket153, a_message_without_end_is_cut) {
  TestServer server;
  server.set_socket_limits({.message_time = 200ms});
  for (const auto& begin : {client_frame(0x01, "a"), client_text("abcdef").substr(0, 8),
                            client_text("x").substr(0, 1)}) {
    WebSocketClient client(server.port());
    client.send(client_text("whole") + begin);
    EXPECT_EQ(client.receive_text(), "whole");
    EXPECT_EQ(client.receive_close(), 1008);
  }
}

TEST(WebSocketLimits, a_message_that_ends_in_time_is_taken_however_many_come) {
  TestServer server;
  server.set_socket_limits({.message_time = 400ms});
  WebSocketClient client(server.port());
  const auto text = client_text("steady");
  for (int i = 0; i < 8; ++i) {
    client.send(i == 0 ? text.substr(0, 5) : text.substr(5) + text.substr(0, 5));
    std::this_thread::sleep_for(100ms);
  }
  for (int i = 0; i < 7; ++i) EXPECT_EQ(client.receive_text(), "steady");
}

TEST(WebSocketLimits, the_silent_are_pinged_and_then_cut) {
  TestServer server;
  server.set_socket_limits({.ping_every = 60ms, .silence_max = 300ms});
  WebSocketClient silent(server.port());
  WebSocketClient alive(server.port());
  std::thread answering([&] {
    for (int i = 0; i < 10; ++i) {
      const auto frame = alive.receive();
      ASSERT_TRUE(frame);
      EXPECT_EQ(frame->first, 0x89);
      alive.send(client_frame(0x8A, frame->payload));
    }
    alive.send(client_text("alive"));
    EXPECT_EQ(alive.receive_text(), "alive");
  });
  const auto ping = silent.receive();
  ASSERT_TRUE(ping);
  EXPECT_EQ(ping->first, 0x89);
  EXPECT_EQ(silent.receive_close(), 1008);
  answering.join();
}

TEST(WebSocketLimits, a_slow_reader_is_cut_156) {
  TestServer server;
  WebSocketClient reader(server.port(), "", 4096);
  const auto socket = server.last_socket();
  const long before = resident_kib();
  reader.send(client_text("flood"));
  EXPECT_TRUE(comes_true([&] { return server.sockets_closed == 1; }));
  EXPECT_EQ(server.last_close_code, 1008);
  EXPECT_LT(socket->queued_bytes(), 20'000U);
  EXPECT_LT(resident_kib() - before, 8 * 1024);
  EXPECT_EQ(reader.receive_close(), 1008);  // whole frames, then the reason
}

TEST(WebSocketLimits, one_who_never_reads_holds_the_server_no_longer_than_the_farewell) {
  TestServer server;
  WebSocketClient reader(server.port(), "", 4096);
  reader.send(client_text("flood"));
  EXPECT_TRUE(
      comes_true([&] { return server.metrics().find("http_connections 0") != std::string::npos; }));
}

TEST(WebSocketLimits, one_frame_beyond_the_queue_passes_and_what_fits_behind_it) {
  TestServer server;
  server.set_socket_limits({.queue_bytes_max = 10'000});
  WebSocketClient client(server.port());
  const auto socket = server.last_socket();
  const std::string large(9'000'000, 'w');
  EXPECT_TRUE(socket->send(text_frame(large)));
  EXPECT_TRUE(socket->send(text_frame(std::string(9'000, 'b'))));
  EXPECT_FALSE(socket->send_if_idle(text_frame("presence")));
  EXPECT_EQ(client.receive_text(), large);
  EXPECT_EQ(client.receive_text(), std::string(9'000, 'b'));
  EXPECT_TRUE(comes_true([&] { return socket->send_if_idle(text_frame("presence")); }));
  EXPECT_EQ(client.receive_text(), "presence");
}

TEST(WebSocketLimits, a_flood_of_pings_is_answered_in_bounded_memory) {
  TestServer server;
  WebSocketClient client(server.port());
  std::string pings;
  for (int i = 0; i < 500; ++i) pings += client_frame(0x89, std::string(100, 'p'));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(client.send(pings));
  client.send(client_text("done"));
  int pongs = 0;
  for (auto frame = client.receive(); frame && frame->first == 0x8A; frame = client.receive()) {
    ++pongs;
  }
  EXPECT_GT(pongs, 100);
  EXPECT_EQ(server.sockets_closed, 0);
}

TEST(WebSocketLimits, idle_sockets_are_small) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr long kBytesMax = 80 * 1024;  // sanitizers keep notes of all memory
#else
  constexpr long kBytesMax = 10 * 1024;
#endif
  constexpr int kSockets = 500;
  TestServer server;
  { const WebSocketClient warm(server.port()); }
  const long before = resident_kib();
  std::vector<std::unique_ptr<WebSocketClient>> clients;
  for (int i = 0; i < kSockets; ++i) {
    clients.push_back(std::make_unique<WebSocketClient>(server.port()));
    clients.back()->send(client_text(std::string(200, 'x')));
    EXPECT_EQ(clients.back()->receive_text().size(), 200U);
  }
  // The clients' own strings are in it.
  EXPECT_LT((resident_kib() - before) * 1024 / kSockets, kBytesMax);
}

}  // namespace
}  // namespace aa::http
