// A look into JSON text without reading it whole: where the members of an object and the elements
// of a list begin and end. For what comes thousands of times a second from a server that writes
// sound JSON; on anything else the walk just ends early.
//
// Thread rule: pure functions. Errors: none.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

namespace aa::live {

// One past the value that begins at `at`; text.size() when it does not end.
inline std::size_t end_of_value(std::string_view text, std::size_t at) {
  int depth = 0;
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') ++at;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth < 0 || (depth == 0 && c == ',')) return at;
  }
  return text.size();
}

// visit(key, value), both as they stand in the text, the key without its quotes.
template <class Visit>
void each_member(std::string_view object, Visit visit) {
  for (std::size_t at = 1; at + 1 < object.size();) {
    const std::size_t key = object.find('"', at);
    if (key == std::string_view::npos) return;
    const std::size_t colon = object.find("\":", key + 1);
    if (colon == std::string_view::npos) return;
    const std::size_t end = end_of_value(object, colon + 2);
    visit(object.substr(key + 1, colon - key - 1), object.substr(colon + 2, end - colon - 2));
    at = end + 1;
  }
}

template <class Visit>
void each_element(std::string_view list, Visit visit) {
  for (std::size_t at = 1; at + 1 < list.size();) {
    const std::size_t end = end_of_value(list, at);
    visit(list.substr(at, end - at));
    at = end + 1;
  }
}

inline std::string_view member(std::string_view object, std::string_view name) {
  std::string_view out;
  each_member(object, [&](std::string_view key, std::string_view value) {
    if (key == name) out = value;
  });
  return out;
}

inline std::int64_t raw_integer(std::string_view text) {
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

inline std::string_view unquoted(std::string_view text) {
  return text.size() < 2 ? std::string_view{} : text.substr(1, text.size() - 2);
}

}  // namespace aa::live
