#include "service/webhooks/event_pattern.hpp"

#include <algorithm>

namespace aa::webhooks {
namespace {

constexpr std::size_t kPatternBytes = 100;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

bool is_pattern(std::string_view text) {
  if (text.size() > kPatternBytes) return false;
  if (text == "*") return true;
  while (true) {
    const auto dot = text.find('.');
    if (!is_name(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
    if (text == "*") return true;
  }
}

bool fits(std::string_view pattern, std::string_view event) {
  if (pattern == "*") return true;
  if (!pattern.ends_with(".*")) return pattern == event;
  pattern.remove_suffix(1);
  return event.starts_with(pattern);
}

}  // namespace aa::webhooks
