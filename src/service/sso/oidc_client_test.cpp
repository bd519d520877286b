#include "service/sso/oidc_client.hpp"

#include <atomic>
#include <map>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace aa::sso {
namespace {

// A provider that answers each path as it is told, one request after another.
class Told {
 public:
  Told() {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(socket_, plain, size), 0);
    EXPECT_EQ(::listen(socket_, 16), 0);
    EXPECT_EQ(::getsockname(socket_, plain, &size), 0);
    issuer = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~Told() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  Told(const Told&) = delete;
  Told& operator=(const Told&) = delete;

  std::string issuer;
  std::map<std::string, std::pair<int, std::string>> answers;  // by path
  std::string last;                                            // request
  std::atomic<int> asked = 0;

 private:
  void serve() {
    for (;;) {
      const int peer = ::accept(socket_, nullptr, nullptr);
      if (peer < 0) return;
      std::string head;
      std::array<char, 4096> some{};
      while (!whole(head)) {
        const auto count = ::read(peer, some.data(), some.size());
        if (count <= 0) break;
        head.append(some.data(), static_cast<std::size_t>(count));
      }
      const auto begin = head.find(' ') + 1;
      const auto path = head.substr(begin, head.find(' ', begin) - begin);
      const auto found = answers.find(path);
      const auto [status, body] =
          found == answers.end() ? std::pair<int, std::string>(404, "") : found->second;
      last = head;
      ++asked;
      const std::string answer =
          "HTTP/1.1 " + std::to_string(status) +
          " X\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
          body;
      (void)::write(peer, answer.data(), answer.size());
      ::close(peer);
    }
  }
  static bool whole(const std::string& text) {
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const auto at = text.find("Content-Length: ");
    if (at == std::string::npos || at > end) return true;
    return text.size() >= end + 4 + std::stoul(text.substr(at + 16));
  }

  int socket_ = -1;
  std::thread thread_;
};

class OidcClientTest : public testing::Test {
 protected:
  OidcClientTest() {
    told_.answers["/.well-known/openid-configuration"] = {
        200, R"({"issuer":")" + told_.issuer + R"(","authorization_endpoint":")" + told_.issuer +
                 R"(/authorize","token_endpoint":")" + told_.issuer + R"(/token","jwks_uri":")" +
                 told_.issuer + R"(/jwks","userinfo_endpoint":")" + told_.issuer + R"(/me"})"};
    told_.answers["/jwks"] = {200, R"({"keys":[]})"};
  }
  static http::OutboundSettings settings() {
    http::OutboundSettings out;
    out.allow = {"127.0.0.1"};
    return out;
  }
  static CodeExchange code(TokenAuth how) {
    CodeExchange out;
    out.settings.client_id = "a client";
    out.settings.token_auth = how;
    out.client_secret = Secret("s&t");
    out.code = "c";
    out.verifier = "v";
    out.redirect_uri = "https://us.example/back";
    return out;
  }
  template <class F>
  static std::string slug_of(F work) {
    try {
      work();
      return "";
    } catch (const Error& error) {
      return error.slug();
    }
  }

  Told told_;
  http::Outbound outbound_{settings()};
  SystemClock clock_;
  OidcClient client_{outbound_, clock_};
};

TEST_F(OidcClientTest, what_was_told_is_kept_until_it_is_asked_anew) {
  const auto described = client_.discovery(told_.issuer);
  EXPECT_EQ(described->token_endpoint, told_.issuer + "/token");
  EXPECT_FALSE(described->names_itself);
  EXPECT_EQ(client_.discovery(told_.issuer), described);
  EXPECT_EQ(told_.asked, 1);
  EXPECT_NE(client_.discovery(told_.issuer, true), described);
  const auto keys = client_.keys(*described);
  EXPECT_TRUE(keys->empty());
  EXPECT_EQ(client_.keys(*described), keys);
  EXPECT_EQ(told_.asked, 3);
  told_.answers["/jwks"] = {200, "no keys"};
  EXPECT_EQ(slug_of([&] { client_.keys(*described, true); }), "bad_jwks");
  told_.answers.clear();
  EXPECT_EQ(slug_of([&] { client_.discovery(told_.issuer, true); }), "provider_unreachable");
}

TEST_F(OidcClientTest, a_key_that_is_not_known_is_not_asked_for_at_once) {
  const auto described = client_.discovery(told_.issuer);
  const IdToken token(to_base64url(R"({"alg":"RS256","kid":"k"})") + "." + to_base64url("{}") +
                      "." + to_base64url("signature"));
  EXPECT_TRUE(client_.keys_for(*described, token)->empty());
  EXPECT_TRUE(client_.keys_for(*described, token)->empty());
  EXPECT_EQ(told_.asked, 2) << "the description and the keys, once";
}

TEST_F(OidcClientTest, a_code_is_traded_as_the_provider_wants_it) {
  const auto described = client_.discovery(told_.issuer);
  told_.answers["/token"] = {200, R"({"id_token":"i","access_token":"a"})"};
  const auto answer = client_.exchange(*described, code(TokenAuth::client_secret_basic));
  EXPECT_EQ(answer.id_token, "i");
  EXPECT_EQ(answer.access_token, "a");
  EXPECT_NE(told_.last.find("Authorization: Basic "), std::string::npos);
  EXPECT_EQ(told_.last.find("client_secret"), std::string::npos);
  client_.exchange(*described, code(TokenAuth::client_secret_post));
  EXPECT_NE(told_.last.find("client_secret=s%26t"), std::string::npos);
  client_.exchange(*described, code(TokenAuth::none));
  EXPECT_EQ(told_.last.find("client_secret"), std::string::npos);
  EXPECT_NE(told_.last.find("code_verifier=v"), std::string::npos);
}

TEST_F(OidcClientTest, answers_that_are_none_are_refused) {
  const auto described = client_.discovery(told_.issuer);
  for (const auto& [status, body, slug] : std::vector<std::tuple<int, std::string, std::string>>{
           {400, "{}", "code_refused"},
           {500, "{}", "provider_unreachable"},
           {200, "no JSON", "code_refused"},
           {200, "[]", "code_refused"},
           {200, R"({"access_token":"a"})", "code_refused"}}) {
    told_.answers["/token"] = {status, body};
    EXPECT_EQ(slug_of([&] { client_.exchange(*described, code(TokenAuth::none)); }), slug) << body;
  }
}

TEST_F(OidcClientTest, userinfo_is_of_the_same_person) {
  const auto described = client_.discovery(told_.issuer);
  told_.answers["/me"] = {200, R"({"sub":"s","email":"a@b.example"})"};
  EXPECT_EQ(client_.userinfo(*described, "token", "s").at("email").as_string(), "a@b.example");
  EXPECT_EQ(slug_of([&] { client_.userinfo(*described, "token", "t"); }), "userinfo_refused");
  EXPECT_TRUE(client_.userinfo(*described, "no bearer\r\n", "s").empty());
  told_.answers["/me"] = {200, "no JSON"};
  EXPECT_EQ(slug_of([&] { client_.userinfo(*described, "token", "s"); }), "userinfo_refused");
}

}  // namespace
}  // namespace aa::sso
