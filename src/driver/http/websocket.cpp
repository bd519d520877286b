#include "driver/http/websocket.hpp"

#include <algorithm>

#include <openssl/evp.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "driver/http/detail/field_text.hpp"
#include "driver/http/detail/refusal.hpp"
#include "driver/http/detail/websocket_frame.hpp"

namespace aa::http {
namespace {

constexpr std::size_t kKeyLength = 24;  // 16 bytes as base64

// Among the comma-separated members of all fields of that name.
bool lists(const Headers& headers, std::string_view name, std::string_view wanted) {
  for (const auto& [field, value] : headers) {
    if (!equal_ignoring_case(field, name)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      if (equal_ignoring_case(trimmed(rest.substr(0, comma)), wanted)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

bool is_key(std::string_view text) {
  return text.size() == kKeyLength && text.ends_with("==") &&
         std::all_of(text.begin(), text.end() - 2,
                     [](char c) { return is_alphanumeric(c) || c == '+' || c == '/'; });
}

Response upgrade_required() {
  auto response =
      problem({426, "upgrade_required", "Connect here with a WebSocket of version 13 (RFC 6455)."});
  response.headers.add("Upgrade", "websocket");
  response.headers.add("Sec-WebSocket-Version", "13");
  return response;
}

}  // namespace

std::optional<Response> websocket_refusal(const Request& request) {
  const auto& headers = request.headers;
  const auto bad = [](std::string_view what) {
    return problem({400, "bad_websocket_handshake", std::string(what)});
  };
  if (!lists(headers, "upgrade", "websocket")) return upgrade_required();
  if (request.method != "GET" || !request.http11) {
    return bad("A WebSocket is asked for by GET over HTTP/1.1.");
  }
  if (!lists(headers, "connection", "upgrade")) {
    return bad("The header Connection must name Upgrade.");
  }
  const auto version = headers.get("sec-websocket-version");
  if (headers.count("sec-websocket-version") != 1 || trimmed(*version) != "13") {
    return upgrade_required();
  }
  const auto key = headers.get("sec-websocket-key");
  if (headers.count("sec-websocket-key") != 1 || !is_key(trimmed(*key))) {
    return bad("The header Sec-WebSocket-Key must be 16 bytes in base64.");
  }
  if (request.content_length.value_or(0) > 0 || headers.get("transfer-encoding")) {
    return bad("A request for a WebSocket has no body.");
  }
  return std::nullopt;
}

std::string accept_key(std::string_view key) {
  const std::string text = std::string(trimmed(key)) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::string digest(20, '\0');
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                 EVP_sha1(), nullptr) != 1) {
    throw internal_error("SHA-1 is not there");
  }
  return to_base64(digest);
}

}  // namespace aa::http
