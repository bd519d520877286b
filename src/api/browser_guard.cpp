#include "api/browser_guard.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace aa::api {
namespace {

constexpr std::string_view kHostPrefix = "__Host-";
constexpr std::string_view kSessionCookie = "__Host-aa_session";
constexpr std::string_view kSignInCookie = "__Host-aa_sso";
constexpr std::string_view kStrictTransport = "max-age=31536000";

std::string_view host_of(const http::Request& request) {
  return request.headers.get("Host").value_or("");
}

bool is_local_name(std::string_view host) {
  if (const auto colon = host.rfind(':'); colon != std::string_view::npos && host.back() != ']') {
    host = host.substr(0, colon);
  }
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]" ||
         host.ends_with(".localhost");
}

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

std::string make_csp(const std::vector<std::string>& hashes) {
  std::string out = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
  for (const auto& hash : hashes) out += " '" + hash + "'";
  out +=
      "; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self';"
      " worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self';"
      " frame-ancestors 'none'";
  return out;
}

}  // namespace

BrowserGuard::BrowserGuard(BrowserSettings settings)
    : settings_(std::move(settings)), csp_(make_csp(settings_.script_hashes)) {}

bool BrowserGuard::is_trusted(const http::Request& request) const {
  return request.secure || is_local_name(host_of(request));
}

bool BrowserGuard::wants_cookie(const http::Request& request) const {
  return request.headers.get("X-CSRF").has_value() &&
         (is_trusted(request) || settings_.insecure_http);
}

// The name without its prefix, where a browser would drop what the prefix promises.
std::optional<std::string> BrowserGuard::cookie(const http::Request& request,
                                                std::string_view name) const {
  const auto header = request.headers.get("Cookie");
  if (!header) return std::nullopt;
  if (!is_trusted(request)) {
    if (!settings_.insecure_http) return std::nullopt;
    name.remove_prefix(kHostPrefix.size());
  }
  std::string_view rest = *header;
  while (!rest.empty()) {
    const auto end = rest.find(';');
    std::string_view pair = rest.substr(0, end);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return std::string(pair.substr(name.size() + 1));
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return std::nullopt;
}

void BrowserGuard::put_cookie(const http::Request& request, http::Response& response,
                              std::string_view name, const std::string& value,
                              std::chrono::seconds max_age) const {
  const bool trusted = is_trusted(request);
  if (!trusted) name.remove_prefix(kHostPrefix.size());
  std::string cookie = std::string(name) + "=" + value + "; Path=/; HttpOnly; SameSite=Lax";
  if (trusted) cookie += "; Secure";
  cookie += "; Max-Age=" + std::to_string(max_age.count());
  response.headers.add("Set-Cookie", std::move(cookie));
}

std::optional<std::string> BrowserGuard::session_cookie(const http::Request& request) const {
  return cookie(request, kSessionCookie);
}

void BrowserGuard::set_cookie(const http::Request& request, http::Response& response,
                              const std::string& value, std::chrono::seconds max_age) const {
  put_cookie(request, response, kSessionCookie, value, max_age);
}

std::optional<std::string> BrowserGuard::sign_in_cookie(const http::Request& request) const {
  return cookie(request, kSignInCookie);
}

void BrowserGuard::set_sign_in_cookie(const http::Request& request, http::Response& response,
                                      const std::string& value,
                                      std::chrono::seconds max_age) const {
  put_cookie(request, response, kSignInCookie, value, max_age);
}

void BrowserGuard::clear_cookie(const http::Request& request, http::Response& response) const {
  set_cookie(request, response, "", std::chrono::seconds(0));
}

bool BrowserGuard::origin_is_ours(const http::Request& request, std::string_view origin) const {
  const std::string ours =
      (request.secure ? "https://" : "http://") + std::string(host_of(request));
  return origin == ours ||
         std::ranges::find(settings_.cors_origins, origin) != settings_.cors_origins.end();
}

void BrowserGuard::check_csrf(const http::Request& request) const {
  if (is_safe(request.method)) return;
  const auto origin = request.headers.get("Origin");
  if (!request.headers.get("X-CSRF") || (origin && !origin_is_ours(request, *origin))) {
    throw Error(
        ErrorCode::permission_denied, "csrf",
        "A change that is signed in by cookie needs the header X-CSRF, from our own pages.");
  }
}

void BrowserGuard::check_socket(const http::Request& request) const {
  const auto origin = request.headers.get("Origin");
  const bool right = origin ? origin_is_ours(request, *origin) : !session_cookie(request);
  if (right) return;
  throw Error(ErrorCode::permission_denied, "origin",
              "A live connection must come from our own pages, or from a program without a "
              "session cookie.");
}

std::optional<http::Response> BrowserGuard::preflight(const http::Request& request) const {
  const auto origin = request.headers.get("Origin");
  if (request.method != "OPTIONS" || !origin ||
      !request.headers.get("Access-Control-Request-Method")) {
    return std::nullopt;
  }
  auto response = http::Response::empty(204);
  if (std::ranges::find(settings_.cors_origins, *origin) != settings_.cors_origins.end()) {
    response.headers.set("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
    response.headers.set("Access-Control-Allow-Headers",
                         "Authorization, Content-Type, If-Match, Idempotency-Key, X-CSRF");
    response.headers.set("Access-Control-Max-Age", "600");
  }
  return response;
}

std::vector<std::pair<std::string, std::string>> headers_for_all() {
  return {{"X-Content-Type-Options", "nosniff"},
          {"Referrer-Policy", "same-origin"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"}};
}

std::vector<std::pair<std::string, std::string>> headers_of_refusals(bool secure) {
  auto out = headers_for_all();
  out.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  if (secure) out.emplace_back("Strict-Transport-Security", kStrictTransport);
  return out;
}

void BrowserGuard::add_headers(const http::Request& request, http::Response& response) const {
  auto& headers = response.headers;
  for (const auto& [name, value] : headers_for_all()) headers.set(name, value);
  if (!headers.get("Content-Security-Policy")) headers.set("Content-Security-Policy", csp_);
  if (request.secure) headers.set("Strict-Transport-Security", std::string(kStrictTransport));
  const auto origin = request.headers.get("Origin");
  if (!settings_.cors_origins.empty()) headers.add("Vary", "Origin");
  if (origin &&
      std::ranges::find(settings_.cors_origins, *origin) != settings_.cors_origins.end()) {
    headers.set("Access-Control-Allow-Origin", std::string(*origin));
    headers.set("Access-Control-Allow-Credentials", "true");
    headers.set("Access-Control-Expose-Headers", "ETag, X-Request-Id, Retry-After");
  }
}

}  // namespace aa::api
