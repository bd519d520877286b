// What a well-behaved client sees.
#include "driver/http/server.hpp"

#include <gtest/gtest.h>

#include "driver/http/test_support/test_server.hpp"
#include "driver/http/test_support/wire_client.hpp"

namespace aa::http {
namespace {

using test::TestServer;
using test::WireClient;
using namespace std::chrono_literals;
using ::testing::Test;

std::string get(std::string_view path, std::string_view more = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more) +
         "\r\n";
}

TEST(Server, keeps_the_connection_and_answers_each_request) {
  TestServer server;
  WireClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.send(get("/a%20b"));
    const auto response = client.receive_response();
    EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << response;
    EXPECT_TRUE(response.ends_with("\r\n\r\npath /a b")) << response;
    EXPECT_EQ(response.find("Connection: close"), std::string::npos);
  }
}

TEST(Server, answers_pipelined_requests_in_order) {
  TestServer server;
  WireClient client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) all += get(i % 7 == 0 ? "/nap?x" : "/" + std::to_string(i));
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    const auto response = client.receive_response();
    const auto expected = i % 7 == 0 ? "awake" : "path /" + std::to_string(i);
    ASSERT_TRUE(response.ends_with("\r\n\r\n" + expected)) << i << response;
  }
}

TEST(Server, a_body_of_known_length_and_a_chunked_one_reach_the_handler) {
  TestServer server;
  WireClient client(server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_TRUE(client.receive_response().ends_with("\r\n\r\nhello"));
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\nA;name=\"v\"\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n");
  EXPECT_TRUE(client.receive_response().ends_with("\r\n\r\nabc0123456789"));
  client.send(get("/after"));
  EXPECT_TRUE(client.receive_response().ends_with("path /after"));
}

TEST(Server, an_unread_small_body_is_skipped_and_a_large_one_ends_the_connection) {
  TestServer server;
  WireClient client(server.port());
  client.send("POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n");
  EXPECT_EQ(test::status_of(client.receive_response()), 204);
  client.send("GET /evil HTTP/1.1\r\n" + get("/next"));
  const auto next = client.receive_response();
  EXPECT_TRUE(next.ends_with("path /next")) << next;
  client.send("POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
  const auto last = client.receive_all();
  EXPECT_NE(last.find("Connection: close"), std::string::npos);
}

TEST(Server, head_has_headers_and_no_body) {
  TestServer server;
  WireClient client(server.port());
  client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get("/y"));
  client.receive_until("path /y");
  EXPECT_NE(client.received().find("Content-Length: 7\r\n"), std::string::npos);
  EXPECT_EQ(client.received().find("path /x"), std::string::npos);
}

TEST(Server, expect_continue_is_answered_when_the_handler_reads) {
  TestServer server;
  WireClient client(server.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  ASSERT_TRUE(client.receive_until("HTTP/1.1 100 Continue\r\n\r\n"));
  client.send("hi");
  EXPECT_TRUE(client.receive_until("\r\n\r\nhi"));
}

TEST(Server, expect_continue_is_not_answered_when_nobody_reads) {
  TestServer server;
  WireClient client(server.port());
  client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  const auto response = client.receive_all();
  EXPECT_EQ(test::status_of(response), 200);
  EXPECT_EQ(response.find("100 Continue"), std::string::npos);
  EXPECT_NE(response.find("Connection: close"), std::string::npos);
}

TEST(Server, streams_are_chunked_or_sized) {
  TestServer server;
  WireClient client(server.port());
  client.send(get("/sized"));
  EXPECT_TRUE(client.receive_response().ends_with("\r\n\r\n12345123451234512345"));
  client.send(get("/events"));
  ASSERT_TRUE(client.receive_until("0\r\n\r\n"));
  EXPECT_NE(client.received().find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_NE(client.received().find("9\r\ndata: x\n\n\r\n"), std::string::npos);
  EXPECT_EQ(client.received().find("Content-Length"), std::string::npos);
}

TEST(Server, events_are_sent_as_they_come) {
  TestServer server;
  WireClient client(server.port());
  const auto begin = std::chrono::steady_clock::now();
  client.send(get("/events"));
  ASSERT_TRUE(client.receive_until("data: x\n\n"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 250ms);
  ASSERT_TRUE(client.receive_until("0\r\n\r\n"));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 290ms);
}

TEST(Server, large_shared_bytes_arrive_whole) {
  TestServer server;
  WireClient client(server.port());
  client.send(get("/shared"));
  const auto response = client.receive_response();
  EXPECT_EQ(response.size() - response.find("\r\n\r\n") - 4, 300'000U);
}

TEST(Server, request_ids_are_taken_when_harmless_and_made_otherwise) {
  TestServer server;
  WireClient client(server.port());
  client.send(get("/", "X-Request-Id: abc-1.2_Z\r\n"));
  EXPECT_NE(client.receive_response().find("X-Request-Id: abc-1.2_Z\r\n"), std::string::npos);
  client.send(get("/", "X-Request-Id: a b\r\n"));
  const auto response = client.receive_response();
  EXPECT_EQ(response.find("a b"), std::string::npos);
  EXPECT_NE(response.find("X-Request-Id: "), std::string::npos);
}

TEST(Server, response_headers_cannot_split_the_response) {
  TestServer server;
  WireClient client(server.port());
  client.send(get("/headers"));
  const auto response = client.receive_response();
  EXPECT_NE(response.find("X-Split: a  X-Evil: 1  body\r\n"), std::string::npos) << response;
  EXPECT_EQ(response.find("Bad Name"), std::string::npos);
  EXPECT_EQ(response.find("7777"), std::string::npos);
  EXPECT_EQ(response.find("Transfer-Encoding"), std::string::npos);
}

TEST(Server, default_headers_stand_on_every_answer) {
  TestServer server({.default_headers = {{"X-Content-Type-Options", "nosniff"}}});
  WireClient client(server.port());
  client.send(get("/") + "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto text = client.receive_all();
  EXPECT_EQ(test::count_responses(text), 2);
  const auto first = text.find("nosniff");
  EXPECT_NE(first, std::string::npos);
  EXPECT_NE(text.find("nosniff", first + 1), std::string::npos);
}

TEST(Server, a_handler_that_throws_is_an_empty_500_and_the_end) {
  TestServer server;
  WireClient client(server.port());
  client.send(get("/throw") + get("/next"));
  const auto text = client.receive_all();
  EXPECT_EQ(test::count_responses(text), 1);
  EXPECT_EQ(test::status_of(text), 500);
  EXPECT_EQ(text.find("defect"), std::string::npos);
}

TEST(Server, http10_gets_no_chunks_and_the_connection_ends) {
  TestServer server;
  WireClient client(server.port());
  client.send("GET /events HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto text = client.receive_all();
  EXPECT_TRUE(text.ends_with("\r\n\r\ndata: x\n\ndata: x\n\ndata: x\n\n")) << text;
  EXPECT_EQ(text.find("Transfer-Encoding"), std::string::npos);
  EXPECT_TRUE(client.ended());
}

TEST(Server, connection_close_is_honoured_both_ways) {
  TestServer server;
  WireClient asks(server.port());
  asks.send(get("/", "Connection: foo, Close\r\n") + get("/x"));
  EXPECT_EQ(test::count_responses(asks.receive_all()), 1);
  WireClient told(server.port());
  told.send(get("/close") + get("/x"));
  EXPECT_EQ(test::count_responses(told.receive_all()), 1);
}

TEST(Server, a_trusted_proxy_tells_who_the_client_is) {
  TestServer trusting({.trusted_proxies = {"127.0.0.0/8", "10.0.0.9"}});
  WireClient client(trusting.port());
  client.send(get("/who",
                  "X-Forwarded-For: 9.9.9.9, 1.2.3.4\r\nX-Forwarded-For: 10.0.0.9\r\n"
                  "X-Forwarded-Proto: https\r\n"));
  EXPECT_TRUE(client.receive_response().ends_with("\r\n\r\n1.2.3.4 secure"));
  TestServer wary;
  WireClient other(wary.port());
  other.send(get("/who", "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n"));
  EXPECT_TRUE(other.receive_response().ends_with("\r\n\r\n127.0.0.1"));
}

}  // namespace
}  // namespace aa::http
