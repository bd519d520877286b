// The head of a request: found in the byte stream, checked, and parsed.
//
// Boost.Beast parses; before it, the raw bytes are checked (CRLF only, no obs-fold, no control
// bytes, limits on line, total and count), and after it, all that Beast lets through: transfer
// codings, lengths, Host, target forms, versions, methods (RFC 9112 sections 2 to 6).
// Errors: values, nothing is thrown. Thread rule: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "driver/http/detail/refusal.hpp"
#include "driver/http/detail/request_target.hpp"
#include "driver/http/message.hpp"

namespace aa::http {

inline constexpr std::size_t kFieldLineBytes = 8 * 1024;

enum class Framing { none, length, chunked };

struct Head {
  std::string method;
  std::string raw_target;
  Target target;
  Headers headers;
  bool http11 = true;
  bool keep_alive = true;  // what the client wants; false for HTTP/1.0
  bool expect_continue = false;
  Framing framing = Framing::none;
  std::uint64_t length = 0;  // with Framing::length
};

// Finds the end of a head in bytes that arrive piece by piece: scan() is called with all bytes so
// far. Says nothing until the empty line is there, except for what is already wrong.
class HeadScanner {
 public:
  struct Progress {
    std::size_t begin = 0;  // of the request line, behind one tolerated empty line
    std::size_t end = 0;    // past the empty line; 0 when more bytes are needed
    std::optional<Refusal> refusal;
  };
  Progress scan(std::string_view data);

 private:
  std::optional<Refusal> check_line(std::size_t length) const;

  std::size_t begin_ = 0;
  std::size_t line_ = 0;   // where the present line begins
  std::size_t count_ = 0;  // lines complete
};

// `raw` is a whole head as HeadScanner delimits it. `own_hosts` are the "host" and "host:port"
// for which a target in absolute-form is taken; all else in that form is refused.
std::variant<Head, Refusal> parse_head(std::string_view raw,
                                       std::span<const std::string> own_hosts);

}  // namespace aa::http
