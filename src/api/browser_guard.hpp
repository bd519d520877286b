// What browsers need: the session cookie, the CSRF rule, CORS, security headers.
//
// The cookie is __Host-aa_session (Secure, HttpOnly, SameSite=Lax). On a plain-HTTP name other than
// localhost a browser would drop it; with INSECURE_HTTP it is aa_session without Secure. A request
// that is signed in by cookie and changes something needs an X-CSRF header, which no foreign page
// can send without a CORS permission, and an Origin that is ours when there is one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/http/message.hpp"

namespace aa::api {

struct BrowserSettings {
  std::vector<std::string> cors_origins;
  bool insecure_http = false;
  std::vector<std::string> script_hashes;  // "sha256-..." of inline scripts of the web UI
};

// What browsers are told with every answer, and with those that no handler sees, since the request
// was refused as it was read.
std::vector<std::pair<std::string, std::string>> headers_for_all();
std::vector<std::pair<std::string, std::string>> headers_of_refusals(bool secure);

class BrowserGuard {
 public:
  explicit BrowserGuard(BrowserSettings settings);

  // A browser asks by sending X-CSRF with its login.
  bool wants_cookie(const http::Request& request) const;
  std::optional<std::string> session_cookie(const http::Request& request) const;
  void set_cookie(const http::Request& request, http::Response& response, const std::string& value,
                  std::chrono::seconds max_age) const;
  void clear_cookie(const http::Request& request, http::Response& response) const;
  // What binds a sign-in at a provider to the browser that began it: __Host-aa_sso, ten minutes.
  std::optional<std::string> sign_in_cookie(const http::Request& request) const;
  void set_sign_in_cookie(const http::Request& request, http::Response& response,
                          const std::string& value, std::chrono::seconds max_age) const;
  // Throws Error(permission_denied, "csrf").
  void check_csrf(const http::Request& request) const;

  // A socket is opened by the right pages only: browsers send Origin with it and send cookies
  // whoever asks. Throws Error(permission_denied, "origin").
  void check_socket(const http::Request& request) const;

  // Answers a preflight of an allowed origin.
  std::optional<http::Response> preflight(const http::Request& request) const;
  void add_headers(const http::Request& request, http::Response& response) const;

 private:
  bool origin_is_ours(const http::Request& request, std::string_view origin) const;
  bool is_trusted(const http::Request& request) const;
  std::optional<std::string> cookie(const http::Request& request, std::string_view name) const;
  void put_cookie(const http::Request& request, http::Response& response, std::string_view name,
                  const std::string& value, std::chrono::seconds max_age) const;

  BrowserSettings settings_;
  std::string csp_;
};

}  // namespace aa::api
