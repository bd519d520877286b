// The guarded door: addresses (161), names that change their mind (164), hostile receivers (166).
#include "driver/http/outbound.hpp"

#include <atomic>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/http/test_support/test_server.hpp"

namespace aa::http {
namespace {

using test::TestServer;
using namespace std::chrono_literals;

std::string_view kind_of(const char* text) {
  return refused_kind(boost::asio::ip::make_address(text));
}

TEST(AddressRules161, everything_but_public_unicast_is_refused) {
  for (const auto* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.254",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::7f00:1",
                           "::ffff:127.0.0.1",
                           "::ffff:8.8.8.8",
                           "64:ff9b::7f00:1",
                           "64:ff9b::808:808",
                           "64:ff9b:1::1",
                           "100::1",
                           "2001::1",
                           "2001:0:7f00:1::",
                           "2001:10::1",
                           "2001:20::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "2002:808:808::1",
                           "3fff::1",
                           "4000::1",
                           "5f00::1",
                           "fc00::1",
                           "fd00::1",
                           "fdff:ffff::1",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "ff02::1",
                           "ff0e::1",
                           "2606:4700::5efe:7f00:1",
                           "2606:4700::200:5efe:a00:1"}) {
    EXPECT_FALSE(kind_of(text).empty()) << text;
  }
}

TEST(AddressRules, public_addresses_pass) {
  for (const auto* text :
       {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
        "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450:4001::1"}) {
    EXPECT_EQ(kind_of(text), "") << text;
  }
}

TEST(AddressBlock, parses_and_contains) {
  const auto in = [](const char* block, const char* address) {
    return AddressBlock::parse(block)->contains(boost::asio::ip::make_address(address));
  };
  EXPECT_TRUE(in("10.0.0.0/8", "10.9.9.9"));
  EXPECT_FALSE(in("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(in("10.0.0.0/8", "::ffff:10.1.1.1"));
  EXPECT_TRUE(in("172.16.0.0/12", "172.31.0.1"));
  EXPECT_FALSE(in("172.16.0.0/12", "172.32.0.1"));
  EXPECT_TRUE(in("0.0.0.0/0", "1.2.3.4"));
  EXPECT_FALSE(in("0.0.0.0/0", "::1"));
  EXPECT_TRUE(in("fd00::/8", "fdab::1"));
  EXPECT_TRUE(in("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(in("127.0.0.1", "127.0.0.2"));
  for (const auto* bad :
       {"", "a", "10.0.0.0/33", "10.0.0.0/", "::/129", "10.0.0.0/-1", "1.2.3/8"}) {
    EXPECT_FALSE(AddressBlock::parse(bad)) << bad;
  }
}

std::string slug_of(const Outbound& outbound, OutboundRequest request) {
  try {
    outbound.fetch(request);
  } catch (const Error& e) {
    EXPECT_EQ(e.message().find("secret upstream"), std::string::npos);
    return e.slug();
  }
  return "";
}

// A listener that counts who connects; what it answers is up to the test.
class Canary {
 public:
  explicit Canary(std::string answer = "", std::chrono::milliseconds pause = 0ms) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0) throw std::bad_alloc();
    ::listen(socket_, 16);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, answer = std::move(answer), pause] { serve(answer, pause); });
  }
  ~Canary() {
    stopping_ = true;
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  int hits() const { return hits_; }
  std::string port() const { return std::to_string(port_); }

 private:
  void serve(const std::string& answer, std::chrono::milliseconds pause) {
    for (;;) {
      const int peer = ::accept(socket_, nullptr, nullptr);
      if (peer < 0) return;
      ++hits_;
      char buffer[4096];
      (void)!::recv(peer, buffer, sizeof buffer, 0);
      for (std::size_t i = 0; i < answer.size() && !stopping_;) {
        const auto count =
            ::send(peer, answer.data() + i, pause > 0ms ? 1 : answer.size() - i, MSG_NOSIGNAL);
        if (count <= 0) break;
        i += static_cast<std::size_t>(count);
        if (pause > 0ms) std::this_thread::sleep_for(pause);
      }
      ::close(peer);
    }
  }

  int socket_;
  std::uint16_t port_ = 0;
  std::atomic<int> hits_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

TEST(Outbound161, no_spelling_of_this_machine_is_reached) {
  const Canary canary("HTTP/1.1 200 OK\r\n\r\nsecret upstream");
  const Outbound outbound({});
  for (const std::string host : {"127.0.0.1",       "localhost",
                                 "LOCALHOST",       "localhost.",
                                 "[::1]",           "[::ffff:127.0.0.1]",
                                 "[::ffff:7f00:1]", "[::127.0.0.1]",
                                 "0.0.0.0",         "0",
                                 "127.1",           "127.0.1",
                                 "2130706433",      "0x7f000001",
                                 "0x7f.1",          "0177.0.0.1",
                                 "017700000001",    "[64:ff9b::7f00:1]",
                                 "[2002:7f00:1::]", "127.0.0.1.",
                                 "%31%32%37.0.0.1", "[::]"}) {
    for (const std::string scheme : {"http", "https"}) {
      const auto slug = slug_of(
          outbound, {.url = scheme + "://" + host + ":" + canary.port() + "/", .timeout = 2000ms});
      EXPECT_TRUE(slug == "outbound_refused" || slug == "outbound_failed") << host << " " << slug;
    }
  }
  EXPECT_EQ(canary.hits(), 0);
}

TEST(Outbound161, other_refused_urls) {
  const Outbound outbound({.refuse_hosts = {"label.example.org"}});
  for (const std::string url : {"http://10.0.0.1/",
                                "http://172.16.0.1/",
                                "http://192.168.1.1/",
                                "http://100.64.0.1/",
                                "http://169.254.169.254/latest/meta-data/",
                                "http://[fd00::1]/",
                                "http://[fe80::1]/",
                                "http://[fe80::1%25eth0]/",
                                "ftp://8.8.8.8/",
                                "file:///etc/passwd",
                                "gopher://8.8.8.8/",
                                "dict://8.8.8.8/",
                                "http://user:pass@8.8.8.8/",
                                "http://8.8.8.8\\@x/",
                                "http://",
                                "http://8.8.8.8/\r\nX: y",
                                "http://8.8.8.8/ x",
                                "",
                                "8.8.8.8",
                                "//8.8.8.8/",
                                "http://label.example.org/",
                                "https://LABEL.example.org.:8443/x",
                                "javascript:alert(1)"}) {
    EXPECT_EQ(slug_of(outbound, {.url = url, .timeout = 2000ms}), "outbound_refused") << url;
  }
}

TEST(Outbound164, a_name_is_judged_by_the_address_it_leads_to) {
  const Canary canary("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  const std::string at = "name.test:" + canary.port();
  const OutboundRequest request{.url = "http://" + at + "/", .timeout = 2000ms};
  const Outbound refusing({.pins = {at + ":127.0.0.1"}});
  EXPECT_EQ(slug_of(refusing, request), "outbound_refused");
  const Outbound both({.pins = {at + ":[::1],127.0.0.1"}});
  EXPECT_EQ(slug_of(both, request), "outbound_refused");
  EXPECT_EQ(canary.hits(), 0);
  // The address that is not listed is passed over, the listed one is taken.
  const Outbound half({.allow = {"127.0.0.1"}, .pins = {at + ":[::1],127.0.0.1"}});
  EXPECT_EQ(half.fetch(request).body, "hi");
  EXPECT_EQ(canary.hits(), 1);
}

TEST(Outbound, what_the_operator_lists_is_reached) {
  TestServer server;
  const auto port = std::to_string(server.port());
  for (const std::string entry : {"127.0.0.1", "127.0.0.0/8", "localhost"}) {
    const Outbound outbound({.allow = {entry}});
    const auto host = entry == "localhost" ? "LocalHost" : "127.0.0.1";
    const auto response =
        outbound.fetch({.method = "POST",
                        .url = std::string("http://") + host + ":" + port + "/echo",
                        .headers = {"X-A: b"},
                        .body = "hello"});
    EXPECT_EQ(response.status, 200) << entry;
    EXPECT_EQ(response.body, "hello");
  }
  EXPECT_THROW(Outbound({.allow = {"not/a/name"}}), Error);
  EXPECT_THROW(Outbound({.allow = {""}}), Error);
}

TEST(Outbound, proxies_of_the_environment_are_not_used) {
  const Canary proxy;
  TestServer server;
  ::setenv("http_proxy", ("http://127.0.0.1:" + proxy.port()).c_str(), 1);
  const Outbound outbound({.allow = {"127.0.0.1"}});
  const auto response =
      outbound.fetch({.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/x"});
  ::unsetenv("http_proxy");
  EXPECT_EQ(response.body, "path /x");
  EXPECT_EQ(proxy.hits(), 0);
}

TEST(Outbound166, hostile_receivers_are_bounded) {
  const auto slug = [](const std::string& answer, std::chrono::milliseconds pause = 0ms) {
    const Canary canary(answer, pause);
    const Outbound outbound({.allow = {"127.0.0.1"}});
    return slug_of(
        outbound,
        {.url = "http://127.0.0.1:" + canary.port() + "/", .timeout = 700ms, .max_bytes = 1000});
  };
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 1000; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(slug("HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x')), "outbound_too_large");
  EXPECT_EQ(slug("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n"), "outbound_too_large");
  EXPECT_EQ(slug(many + "\r\n"), "outbound_failed");
  EXPECT_EQ(slug("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n" + std::string(50, 's'), 100ms),
            "outbound_timeout");
  EXPECT_EQ(slug("secret upstream is not HTTP\r\n\r\n"), "outbound_failed");
  EXPECT_EQ(slug(""), "outbound_failed");
  EXPECT_EQ(slug("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), "");
}

TEST(Outbound, a_redirect_is_an_answer_and_is_not_followed) {
  const Canary inner;
  const Canary outer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + inner.port() +
                     "/\r\nContent-Length: 0\r\n\r\n");
  const Outbound outbound({.allow = {"127.0.0.1"}});
  EXPECT_EQ(outbound.fetch({.url = "http://127.0.0.1:" + outer.port() + "/"}).status, 302);
  EXPECT_EQ(inner.hits(), 0);
}

TEST(Outbound, allowed_redirects_are_followed_under_the_same_rules) {
  const auto to = [](const std::string& url) {
    return "HTTP/1.1 302 Found\r\nLocation: " + url + "\r\nContent-Length: 4\r\n\r\nhere";
  };
  const Canary inner("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  const Canary outer(to("http://127.0.0.1:" + inner.port() + "/"));
  const Outbound outbound({.allow = {"127.0.0.1"}});
  const auto ask = [&](const Canary& canary, int redirects) {
    return OutboundRequest{.url = "http://127.0.0.1:" + canary.port() + "/",
                           .timeout = 2000ms,
                           .redirects_max = redirects};
  };
  const auto response = outbound.fetch(ask(outer, 1));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hi") << "the redirect's own body is nobody's";
  const Canary twice(to("http://127.0.0.1:" + outer.port() + "/"));
  EXPECT_EQ(outbound.fetch(ask(twice, 1)).status, 302);
  EXPECT_EQ(outbound.fetch(ask(twice, 2)).body, "hi");
  const Canary inwards(to("http://127.0.0.2:" + inner.port() + "/"));
  const int before = inner.hits();
  EXPECT_EQ(slug_of(outbound, ask(inwards, 5)), "outbound_refused");
  EXPECT_EQ(inner.hits(), before);
}

TEST(Outbound, headers_cannot_be_split_or_reframed) {
  const Outbound outbound({.allow = {"127.0.0.1"}});
  for (const std::string header : {"X: a\r\nY: b", "X: a\nb", "nonsense", ": x", "Host: evil",
                                   "Content-Length: 5", "transfer-encoding: chunked"}) {
    EXPECT_EQ(slug_of(outbound, {.url = "http://127.0.0.1:1/", .headers = {header}}),
              "bad_outbound_header")
        << header;
  }
}

TEST(Outbound, a_download_is_streamed_and_the_sink_may_stop_it) {
  TestServer server;
  const Outbound outbound({.allow = {"127.0.0.1"}});
  const OutboundRequest request{
      .url = "http://127.0.0.1:" + std::to_string(server.port()) + "/shared", .max_bytes = 1 << 20};
  std::size_t total = 0;
  const auto count = [&](std::span<const std::byte> bytes) { total += bytes.size(); };
  EXPECT_EQ(outbound.download(request, count), 200);
  EXPECT_EQ(total, 300'000U);
  const auto full = [](std::span<const std::byte>) { throw std::length_error("full"); };
  EXPECT_THROW(outbound.download(request, full), std::length_error);
}

}  // namespace
}  // namespace aa::http
