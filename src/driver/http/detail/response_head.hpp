// The head of a response as text. Framing headers are the server's own; names that are no token
// are left out and control characters in values become spaces, so no value can add a line.
// Thread rule: pure but for a cached date per thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "driver/http/message.hpp"

namespace aa::http {

struct HeadOptions {
  bool keep_alive = true;
  bool upgrade = false;  // of status 101
  bool chunked = false;
  std::optional<std::uint64_t> length;
  Timestamp now;
  std::string_view request_id;
  std::span<const std::pair<std::string, std::string>> defaults;
};

std::string_view reason_phrase(int status);
std::string imf_date(Timestamp time);  // RFC 9110 section 5.6.7
void append_response_head(std::string& out, const Response& response, const HeadOptions& options);

}  // namespace aa::http
