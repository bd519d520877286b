#include "api/browser_guard.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::api {
namespace {

http::Request request(std::string method, std::string host,
                      std::vector<std::pair<std::string, std::string>> headers = {},
                      bool secure = false) {
  http::Request out;
  out.method = std::move(method);
  out.path = "/api/v1/projects";
  out.secure = secure;
  out.headers.add("Host", std::move(host));
  for (auto& [name, value] : headers) out.headers.add(std::move(name), std::move(value));
  return out;
}

std::string cookie_of(const BrowserGuard& guard, const http::Request& from) {
  auto response = http::Response::empty(204);
  guard.set_cookie(from, response, "secret", std::chrono::hours(1));
  return std::string(response.headers.get("Set-Cookie").value());
}

bool refused(const BrowserGuard& guard, const http::Request& what) {
  try {
    guard.check_csrf(what);
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "csrf");
    EXPECT_EQ(error.code(), ErrorCode::permission_denied);
    return true;
  }
  return false;
}

std::string answered(const BrowserGuard& guard, const http::Request& to, std::string_view name) {
  auto response = http::Response::empty(200);
  guard.add_headers(to, response);
  return std::string(response.headers.get(name).value_or(""));
}

const BrowserGuard kPlain{BrowserSettings{}};
const BrowserGuard kInsecure{BrowserSettings{.insecure_http = true}};
const BrowserGuard kOpen{BrowserSettings{.cors_origins = {"https://app.example"}}};

TEST(SessionCookie, is_locked_down) {
  const auto cookie = cookie_of(kPlain, request("POST", "example.org", {}, true));
  EXPECT_EQ(cookie,
            "__Host-aa_session=secret; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=3600");
  EXPECT_EQ(cookie_of(kPlain, request("POST", "localhost:8080")), cookie);
  EXPECT_EQ(cookie_of(kPlain, request("POST", "127.0.0.1:8080")), cookie);
  EXPECT_EQ(cookie_of(kPlain, request("POST", "[::1]:8080")), cookie);
  EXPECT_EQ(cookie_of(kInsecure, request("POST", "lab.example")),
            "aa_session=secret; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600");
}

TEST(SessionCookie, is_given_only_to_browsers_that_can_keep_it) {
  const std::vector<std::pair<std::string, std::string>> browser = {{"X-CSRF", "1"}};
  EXPECT_FALSE(kPlain.wants_cookie(request("POST", "localhost")));
  EXPECT_TRUE(kPlain.wants_cookie(request("POST", "localhost:80", browser)));
  EXPECT_TRUE(kPlain.wants_cookie(request("POST", "lab.example", browser, true)));
  EXPECT_FALSE(kPlain.wants_cookie(request("POST", "lab.example", browser)));
  EXPECT_FALSE(kPlain.wants_cookie(request("POST", "localhost.evil.example", browser)));
  EXPECT_TRUE(kInsecure.wants_cookie(request("POST", "lab.example", browser)));
}

TEST(SessionCookie, is_found_among_others_by_its_whole_name) {
  const auto found = [](const BrowserGuard& guard, const std::string& header,
                        const std::string& host = "localhost") {
    return guard.session_cookie(request("GET", host, {{"Cookie", header}}));
  };
  EXPECT_EQ(found(kPlain, "a=1; __Host-aa_session=s=x; b=2"), "s=x");
  EXPECT_EQ(found(kPlain, "x__Host-aa_session=s"), std::nullopt);
  EXPECT_EQ(found(kPlain, "__Host-aa_sessions=s"), std::nullopt);
  EXPECT_EQ(found(kPlain, "aa_session=s"), std::nullopt);
  EXPECT_EQ(found(kPlain, ""), std::nullopt);
  EXPECT_EQ(found(kPlain, ";;; ="), std::nullopt);
  EXPECT_EQ(found(kPlain, "aa_session=s", "lab.example"), std::nullopt)
      << "without INSECURE_HTTP there is no cookie on plain HTTP";
  EXPECT_EQ(found(kInsecure, "aa_session=s", "lab.example"), "s");
  EXPECT_EQ(kPlain.session_cookie(request("GET", "localhost")), std::nullopt);
}

TEST(SessionCookie, is_cleared_as_it_was_set) {
  auto response = http::Response::empty(204);
  kPlain.clear_cookie(request("POST", "localhost"), response);
  const std::string cookie(response.headers.get("Set-Cookie").value());
  EXPECT_TRUE(cookie.starts_with("__Host-aa_session=;"));
  EXPECT_TRUE(cookie.ends_with("Max-Age=0"));
}

TEST(Csrf, reading_is_free_and_changing_needs_our_header_and_our_origin) {
  for (const auto* method : {"GET", "HEAD", "OPTIONS"}) {
    EXPECT_FALSE(refused(kPlain, request(method, "h", {{"Origin", "https://evil.example"}})));
  }
  for (const auto* method : {"POST", "PATCH", "PUT", "DELETE", "get"}) {
    EXPECT_TRUE(refused(kPlain, request(method, "h"))) << method;
    EXPECT_FALSE(refused(kPlain, request(method, "h", {{"X-CSRF", "1"}}))) << method;
  }
  const auto from = [](const std::string& origin, bool secure = false) {
    return request("POST", "h:8080", {{"X-CSRF", "1"}, {"Origin", origin}}, secure);
  };
  EXPECT_FALSE(refused(kPlain, from("http://h:8080")));
  EXPECT_FALSE(refused(kPlain, from("https://h:8080", true)));
  EXPECT_TRUE(refused(kPlain, from("http://h:8080", true)));
  EXPECT_TRUE(refused(kPlain, from("http://h:80801")));
  EXPECT_TRUE(refused(kPlain, from("http://h")));
  EXPECT_TRUE(refused(kPlain, from("null")));
  EXPECT_TRUE(refused(kPlain, from("https://app.example")));
  EXPECT_FALSE(refused(kOpen, from("https://app.example")));
}

TEST(Cors, only_listed_origins_are_let_in) {
  const auto ask = [](const BrowserGuard& guard, const std::string& origin) {
    return guard.preflight(
        request("OPTIONS", "h", {{"Origin", origin}, {"Access-Control-Request-Method", "POST"}}));
  };
  const auto good = ask(kOpen, "https://app.example");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->status, 204);
  EXPECT_TRUE(good->headers.get("Access-Control-Allow-Methods"));
  const auto bad = ask(kOpen, "https://app.example.evil");
  ASSERT_TRUE(bad);
  EXPECT_FALSE(bad->headers.get("Access-Control-Allow-Methods"));
  EXPECT_FALSE(kOpen.preflight(request("OPTIONS", "h", {{"Origin", "https://app.example"}})));
  EXPECT_FALSE(kOpen.preflight(request(
      "POST", "h", {{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "GET"}})));

  const auto allowed = [](const BrowserGuard& guard, const std::string& origin) {
    return answered(guard, request("GET", "h", {{"Origin", origin}}),
                    "Access-Control-Allow-Origin");
  };
  EXPECT_EQ(allowed(kOpen, "https://app.example"), "https://app.example");
  EXPECT_EQ(allowed(kOpen, "https://evil.example"), "");
  EXPECT_EQ(allowed(kPlain, "https://app.example"), "");
  EXPECT_EQ(answered(kOpen, request("GET", "h"), "Vary"), "Origin") << "for caches";
}

TEST(SecurityHeaders, are_on_every_answer) {
  const auto plain = request("GET", "h");
  const auto csp = answered(kPlain, plain, "Content-Security-Policy");
  EXPECT_NE(csp.find("script-src 'self' 'wasm-unsafe-eval';"), std::string::npos) << csp;
  EXPECT_EQ(csp.find("unsafe-inline"), std::string::npos);
  EXPECT_EQ(csp.find("'unsafe-eval'"), std::string::npos);
  EXPECT_NE(csp.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(answered(kPlain, plain, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answered(kPlain, plain, "Referrer-Policy"), "same-origin");
  EXPECT_EQ(answered(kPlain, plain, "Strict-Transport-Security"), "");
  EXPECT_NE(answered(kPlain, request("GET", "h", {}, true), "Strict-Transport-Security"), "");
  const BrowserGuard hashed{BrowserSettings{.script_hashes = {"sha256-abc"}}};
  EXPECT_NE(answered(hashed, plain, "Content-Security-Policy")
                .find("script-src 'self' 'wasm-unsafe-eval' 'sha256-abc';"),
            std::string::npos);
}

TEST(SecurityHeaders, a_stricter_policy_of_the_answer_stays) {
  auto response = http::Response::empty(200);
  response.headers.set("Content-Security-Policy", "sandbox");
  kPlain.add_headers(request("GET", "h"), response);
  EXPECT_EQ(response.headers.get("Content-Security-Policy"), "sandbox");
  EXPECT_EQ(response.headers.count("Content-Security-Policy"), 1U);
}

}  // namespace
}  // namespace aa::api
