// The request target (RFC 9112 section 3.2, origin-form) taken apart.
//
// Decoded once. Refused: anything but visible ASCII, '\' and '#', broken escapes, encoded controls
// and backslash, "." and ".." segments however written, invalid UTF-8 (400); an encoded slash (404:
// no resource has one in its name, and decoding it would give two spellings of one path); a
// repeated query key (422). In the query '+' is a space, as browsers write forms.
// Errors: values, nothing is thrown. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "driver/http/detail/refusal.hpp"

namespace aa::http {

struct Target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
};

inline constexpr std::size_t kQueryPairs = 100;

std::variant<Target, Refusal> parse_target(std::string_view raw);

}  // namespace aa::http
