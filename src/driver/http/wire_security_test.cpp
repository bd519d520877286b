// Attacks on the wire, by raw socket. The numbers are those of the black-box catalogue.
#include <thread>

#include <gtest/gtest.h>

#include "driver/http/test_support/test_server.hpp"
#include "driver/http/test_support/wire_client.hpp"

namespace aa::http {
namespace {

using test::TestServer;
using test::WireClient;
using namespace std::chrono_literals;

const std::string kHidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

struct Attack {
  std::string name;
  std::string bytes;
  int status = 400;
};

// The attack is answered with its status, once, the connection ends, and no handler saw any of it.
void expect_refused(TestServer& server, const Attack& attack) {
  SCOPED_TRACE(attack.name);
  const int handled = server.handled;
  WireClient client(server.port());
  client.send(attack.bytes);
  const auto text = client.receive_all(3000ms);
  EXPECT_EQ(test::status_of(text), attack.status) << text;
  EXPECT_EQ(test::count_responses(text), 1) << text;
  EXPECT_TRUE(client.ended()) << "still open";
  EXPECT_NE(text.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(text.find("hidden"), std::string::npos);
  EXPECT_EQ(server.handled, handled);
}

void expect_all_refused(const std::vector<Attack>& attacks, ServerSettings settings = {}) {
  settings.linger = 200ms;
  TestServer server(settings);
  for (const auto& attack : attacks) expect_refused(server, attack);
  WireClient client(server.port());
  client.send("GET /alive HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(client.receive_response().ends_with("path /alive"));
}

std::string post(std::string_view headers, std::string_view body = "4\r\nabcd\r\n0\r\n\r\n") {
  return "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n" + std::string(body) +
         kHidden;
}

TEST(Wire140, transfer_codings_that_are_not_exactly_chunked) {
  expect_all_refused({
      {"unknown", post("Transfer-Encoding: blegh\r\n")},
      {"list", post("Transfer-Encoding: chunked, gzip\r\n")},
      {"list, chunked last", post("Transfer-Encoding: gzip, chunked\r\n")},
      {"gzip", post("Transfer-Encoding: gzip\r\n")},
      {"identity", post("Transfer-Encoding: identity\r\n")},
      {"empty", post("Transfer-Encoding:\r\n")},
      {"leading comma", post("Transfer-Encoding: ,chunked\r\n")},
      {"vertical tab", post("Transfer-Encoding: \x0b"
                            "chunked\r\n")},
      {"parameter", post("Transfer-Encoding: chunked;a=b\r\n")},
      {"quoted", post("Transfer-Encoding: \"chunked\"\r\n")},
      {"twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
      {"twice, other first", post("Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n")},
      {"folded", post("Transfer-Encoding:\r\n chunked\r\n")},
      {"folded later", post("X-A: b\r\n\tTransfer-Encoding: chunked\r\n")},
      {"space before colon", post("Transfer-Encoding : chunked\r\n")},
      {"before length", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n")},
      {"after length", post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")},
      {"gzip and length", post("Transfer-Encoding: gzip\r\nContent-Length: 4\r\n", "abcd")},
      {"HTTP/1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + kHidden},
  });
}

TEST(Wire141, content_lengths_that_are_not_one_plain_number) {
  std::vector<Attack> attacks = {
      {"twice different", post("Content-Length: 4\r\nContent-Length: 5\r\n", "abcd")},
      {"twice the same", post("Content-Length: 4\r\nContent-Length: 4\r\n", "abcd")},
  };
  for (const std::string value :
       {"1, 1", "1,1", "+1", "-1", "0x10", "1_0", "", "010", "00", "1Z", "1 1", "1.0", "1e1",
        "18446744073709551616", "18446744073709551617", "99999999999999999999999", "\t", ";1"}) {
    attacks.push_back({"'" + value + "'", post("Content-Length: " + value + "\r\n", "abcd")});
  }
  expect_all_refused(attacks);
}

TEST(Wire142, chunks_that_are_malformed) {
  TestServer server({.linger = 200ms});
  const std::vector<std::pair<std::string, std::string>> bodies = {
      {"underscore", "0_2e\r\nab\r\n0\r\n\r\n"},
      {"prefix", "0x5\r\nabcde\r\n0\r\n\r\n"},
      {"overflow", "FFFFFFFFFFFFFFFFF\r\nab\r\n0\r\n\r\n"},
      {"2^64-1", "FFFFFFFFFFFFFFFF\r\nab\r\n0\r\n\r\n"},
      {"sign", "+2\r\nab\r\n0\r\n\r\n"},
      {"minus", "-2\r\nab\r\n0\r\n\r\n"},
      {"empty size", "\r\nab\r\n0\r\n\r\n"},
      {"space", " 2\r\nab\r\n0\r\n\r\n"},
      {"space after", "2 \r\nab\r\n0\r\n\r\n"},
      {"bare LF", "2\nab\r\n0\r\n\r\n"},
      {"bare CR in extension", "2;a\rb\r\nab\r\n0\r\n\r\n"},
      {"LF in extension", "2;a\nb\r\nab\r\n0\r\n\r\n"},
      {"data too long", "2\r\nabc\r\n0\r\n\r\n"},
      {"no CR LF behind data", "2\r\nab0\r\n\r\n"},
      {"8 MB extension", "2;" + std::string(8 << 20, 'e') + "\r\nab\r\n0\r\n\r\n"},
      {"long trailer", "2\r\nab\r\n0\r\nX: " + std::string(9000, 't') + "\r\n\r\n"},
      {"control in trailer", "2\r\nab\r\n0\r\nX: \x01\r\n\r\n"},
  };
  for (const auto& [name, body] : bodies) {
    SCOPED_TRACE(name);
    WireClient client(server.port());
    client.send(post("Transfer-Encoding: chunked\r\n", body));
    const auto text = client.receive_all(3000ms);
    EXPECT_EQ(test::status_of(text), 400) << text;
    EXPECT_EQ(test::count_responses(text), 1) << text;
    EXPECT_EQ(text.find("hidden"), std::string::npos);
    EXPECT_FALSE(client.receive(1ms));
  }
}

TEST(Wire142, framing_fields_in_a_trailer_change_nothing) {
  TestServer server;
  WireClient client(server.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\nab\r\n0\r\nContent-Length: 50\r\nTransfer-Encoding: x\r\nHost: b\r\n\r\n" +
      kHidden);
  EXPECT_TRUE(client.receive_response().ends_with("\r\n\r\nab"));
  EXPECT_TRUE(client.receive_response().ends_with("path /hidden"));
}

TEST(Wire143, hosts_that_are_missing_doubled_or_odd) {
  const auto with = [](std::string_view hosts) {
    return "GET / HTTP/1.1\r\n" + std::string(hosts) + "\r\n" + kHidden;
  };
  expect_all_refused({
      {"missing", with("")},
      {"empty", with("Host:\r\n")},
      {"two", with("Host: a\r\nHost: a\r\n")},
      {"list", with("Host: a, b\r\n")},
      {"user", with("Host: a@b\r\n")},
      {"path", with("Host: a/b\r\n")},
      {"space", with("Host: a b\r\n")},
      {"port", with("Host: a:b\r\n")},
      {"long port", with("Host: a:999999\r\n")},
      {"bracket", with("Host: [::1\r\n")},
      {"high byte", with("Host: a\xff\r\n")},
  });
}

TEST(Wire143, heads_that_are_not_http) {
  const auto raw = [](std::string_view bytes) { return std::string(bytes) + kHidden; };
  using namespace std::string_view_literals;
  expect_all_refused({
      {"bare LF", raw("GET / HTTP/1.1\nHost: a\n\n")},
      {"one bare LF", raw("GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n")},
      {"bare CR", raw("GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n")},
      {"NUL", raw("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"sv)},
      {"control", raw("GET / HTTP/1.1\r\nHost: a\r\nX: a\x01z\r\n\r\n")},
      {"folded host", raw("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n")},
      {"folded first", raw("GET / HTTP/1.1\r\n Host: a\r\n\r\n")},
      {"no colon", raw("GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n")},
      {"space in name", raw("GET / HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n")},
      {"empty name", raw("GET / HTTP/1.1\r\nHost: a\r\n: z\r\n\r\n")},
      {"TLS", raw("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"sv)},
      {"two empty lines first", raw("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")},
      {"no version", raw("GET /\r\nHost: a\r\n\r\n")},
      {"two spaces", raw("GET  / HTTP/1.1\r\nHost: a\r\n\r\n")},
      {"HTTP/2 preface", raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505},
      {"HTTP/1.2", raw("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), 505},
      {"HTTP/3.0", raw("GET / HTTP/3.0\r\nHost: a\r\n\r\n"), 505},
      {"TRACE", raw("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), 405},
      {"CONNECT", raw("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"), 405},
      {"unknown method", raw("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"), 501},
      {"lower case method", raw("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 501},
      {"expectation", raw("GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n"), 417},
  });
}

TEST(Wire143, targets_that_are_not_paths) {
  std::vector<Attack> attacks;
  const std::vector<std::pair<std::string, int>> targets = {{"!", 400},
                                                            {"*", 400},
                                                            {"a", 400},
                                                            {"http://evil.test/", 400},
                                                            {"ftp://localhost/", 400},
                                                            {"http:///", 400},
                                                            {"/\xff", 400},
                                                            {"/\x80", 400},
                                                            {"/a#b", 400},
                                                            {"/a\\b", 400},
                                                            {"/%5c", 400},
                                                            {"/%00", 400},
                                                            {"/a%0d%0ab", 400},
                                                            {"/%", 400},
                                                            {"/%4", 400},
                                                            {"/%zz", 400},
                                                            {"/..", 400},
                                                            {"/a/../b", 400},
                                                            {"/%2e%2e/b", 400},
                                                            {"/.%2E/", 400},
                                                            {"/a/.", 400},
                                                            {"/./a", 400},
                                                            {"/%ff", 400},
                                                            {"/%c0%af", 400},
                                                            {"/a%2fb", 404},
                                                            {"/%2F", 404},
                                                            {"/..%2f..%2fetc", 400},
                                                            {"/?a=1&a=2", 422},
                                                            {"/?a=1&%61=2", 422},
                                                            {"/?a=%00", 400},
                                                            {"/?a=%zz", 400},
                                                            {"/?a=%ff", 400}};
  for (const auto& [target, status] : targets) {
    attacks.push_back(
        {target, "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n" + kHidden, status});
  }
  expect_all_refused(attacks);
}

TEST(Wire143, an_absolute_target_is_taken_for_an_own_host_only) {
  TestServer server({.public_hosts = {"label.example.org"}});
  WireClient client(server.port());
  client.send("GET http://Label.example.org/a?b HTTP/1.1\r\nHost: label.example.org\r\n\r\n");
  EXPECT_TRUE(client.receive_response().ends_with("path /a"));
  client.send("GET http://label.example.org/a HTTP/1.1\r\nHost: other\r\n\r\n");
  EXPECT_EQ(test::status_of(client.receive_all()), 400);
}

TEST(Wire144, heads_that_are_too_large) {
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 200; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  std::string sum = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 5; ++i)
    sum += "X-" + std::to_string(i) + ": " + std::string(4000, 'y') + "\r\n";
  expect_all_refused({
      {"9 KB in one", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'y') + "\r\n\r\n",
       431},
      {"endless header", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(200'000, 'y'), 431},
      {"200 headers", many + "\r\n", 431},
      {"20 KB together", sum + "\r\n", 431},
      {"20 KB target", "GET /" + std::string(20'000, 'u') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"endless target", "GET /" + std::string(200'000, 'u'), 414},
      {"8 KB and a bit", "GET /" + std::string(8 * 1024, 'u') + " HTTP/1.1\r\nHost: a\r\n\r\n",
       414},
  });
}

TEST(Wire144, heads_just_within_the_limits_are_served) {
  TestServer server;
  WireClient client(server.port());
  std::string head = "GET /" + std::string(7000, 'u') + " HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 98; ++i) head += "X-" + std::to_string(i) + ": y\r\n";
  client.send(head + "\r\n");
  EXPECT_EQ(test::status_of(client.receive_response()), 200);
}

TEST(Wire145, a_slow_head_is_ended_and_others_are_served_meanwhile) {
  TestServer server({.header_timeout = 400ms, .linger = 100ms});
  std::vector<std::unique_ptr<WireClient>> slow;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) slow.push_back(std::make_unique<WireClient>(server.port()));
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (std::size_t i = 0; i < 10; ++i) {
    for (auto& client : slow) client->send(head.substr(i, 1));
    WireClient quick(server.port());
    quick.send(kHidden);
    EXPECT_EQ(test::status_of(quick.receive_response()), 200);
    std::this_thread::sleep_for(50ms);
  }
  for (auto& client : slow) {
    const auto text = client->receive_all();
    EXPECT_TRUE(client->ended() || client->reset());
    if (!text.empty()) {
      EXPECT_EQ(test::status_of(text), 408);
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_NE(server.metrics().find("header_too_slow"), std::string::npos);
}

TEST(Wire145, silent_and_idle_connections_are_closed) {
  TestServer server({.header_timeout = 200ms, .keep_alive_timeout = 300ms});
  WireClient silent(server.port());
  EXPECT_EQ(silent.receive_all(2000ms), "");
  EXPECT_TRUE(silent.ended());
  WireClient idle(server.port());
  idle.send(kHidden);
  EXPECT_EQ(test::status_of(idle.receive_response()), 200);
  EXPECT_EQ(idle.receive_all(2000ms), "");
  EXPECT_TRUE(idle.ended());
}

TEST(Wire146, a_slow_body_is_408) {
  TestServer server({.body_rate_min_bytes_per_s = 1000, .body_grace = 300ms, .linger = 100ms});
  WireClient client(server.port());
  client.send("POST /drink HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100 && !client.receive(20ms); ++i) client.send("x");
  const auto text = client.receive_all();
  (void)text;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
  EXPECT_TRUE(client.ended() || client.reset());
  EXPECT_EQ(test::status_of(text), 408) << text;
}

TEST(Wire146, a_steady_body_above_the_rate_is_taken_however_long_it_takes) {
  TestServer server({.body_rate_min_bytes_per_s = 1000, .body_grace = 300ms});
  WireClient client(server.port());
  client.send("POST /drink HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n");
  for (int i = 0; i < 10; ++i) {
    client.send(std::string(1000, 'x'));
    std::this_thread::sleep_for(100ms);
  }
  EXPECT_TRUE(client.receive_response().ends_with("\r\n\r\n10000"));
}

TEST(Wire146, a_stalled_reader_is_cut_off) {
  TestServer server({.stalled_reader_timeout = 300ms});
  WireClient client(server.port(), 4096);
  client.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n");
  for (int i = 0; i < 100 && server.metrics().find("http_connections 0") == std::string::npos;
       ++i) {
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_NE(server.metrics().find("http_connections 0"), std::string::npos);
  client.receive_all(1000ms);
  EXPECT_TRUE(client.reset());
}

TEST(Wire104, a_body_beyond_the_limit_is_413_at_once) {
  TestServer server({.linger = 200ms});
  WireClient announced(server.port());
  announced.send("POST /sip HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
  const auto early = announced.receive_all();
  EXPECT_EQ(test::status_of(early), 413) << early;
  EXPECT_TRUE(announced.ended());
  WireClient expecting(server.port());
  expecting.send(
      "POST /sip HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
      "Content-Length: 1001\r\n\r\n");
  const auto refused = expecting.receive_all();
  EXPECT_EQ(test::status_of(refused), 413) << refused;
  EXPECT_EQ(refused.find("100 Continue"), std::string::npos);
  WireClient chunked(server.port());
  chunked.send("POST /sip HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n" +
               std::string(1001, 'x') + "\r\n0\r\n\r\n" + kHidden);
  const auto late = chunked.receive_all();
  EXPECT_EQ(test::status_of(late), 413) << late;
  EXPECT_EQ(test::count_responses(late), 1);
  WireClient fitting(server.port());
  fitting.send("POST /sip HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" +
               std::string(1000, 'x'));
  EXPECT_EQ(test::status_of(fitting.receive_response()), 200);
}

TEST(Wire104, a_refusal_reaches_a_client_that_goes_on_sending) {
  TestServer server;
  WireClient client(server.port());
  client.send("POST /sip HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n");
  client.send(std::string(20'000'000, 'x'));
  const auto text = client.receive_all();
  EXPECT_EQ(test::status_of(text), 413);
}

TEST(Wire104, a_length_larger_than_what_is_sent_is_400) {
  TestServer server({.half_close_grace = 5000ms});
  WireClient client(server.port());
  client.send("POST /drink HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
  client.finish_sending();
  EXPECT_EQ(test::status_of(client.receive_all()), 400);
}

TEST(Wire158, connection_caps_turn_clients_away) {
  TestServer server({.connections_max = 3, .connections_per_ip_max = 2});
  WireClient one(server.port());
  WireClient two(server.port());
  one.send(kHidden);
  two.send(kHidden);
  EXPECT_EQ(test::status_of(one.receive_response()), 200);
  EXPECT_EQ(test::status_of(two.receive_response()), 200);
  WireClient three(server.port());
  EXPECT_EQ(test::status_of(three.receive_all()), 503);
  one.close();
  for (int i = 0; i < 100; ++i) {
    WireClient again(server.port());
    again.send(kHidden);
    if (test::status_of(again.receive_response()) == 200) return;
    std::this_thread::sleep_for(20ms);
  }
  ADD_FAILURE() << "the place of a closed connection is not given again";
}

}  // namespace
}  // namespace aa::http
