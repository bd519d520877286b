#include "driver/http/detail/request_target.hpp"

#include <algorithm>
#include <optional>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "driver/http/message.hpp"

namespace aa::http {
namespace {

Refusal bad(std::string detail) { return {400, "malformed_target", std::move(detail)}; }

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, end);
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(end);
  }
  return false;
}

bool has_encoded_slash(std::string_view raw) {
  for (std::size_t i = 0; i + 2 < raw.size(); ++i) {
    if (raw[i] == '%' && raw[i + 1] == '2' && (raw[i + 2] == 'f' || raw[i + 2] == 'F')) {
      return true;
    }
  }
  return false;
}

std::optional<Refusal> parse_path(std::string_view raw, std::string& path) {
  auto decoded = percent_decode(raw);
  if (!decoded) return bad("The path holds a broken percent escape.");
  if (has_control(*decoded)) return bad("The path holds an encoded control character.");
  if (decoded->find('\\') != std::string::npos) return bad("The path holds a backslash.");
  if (!is_utf8(*decoded)) return bad("The path is not UTF-8.");
  if (has_dot_segment(*decoded)) return bad("The path holds a '.' or '..' segment.");
  if (has_encoded_slash(raw)) {
    return Refusal{404, "not_found", "No path here holds an encoded slash."};
  }
  path = std::move(*decoded);
  return std::nullopt;
}

std::optional<std::string> decode_form(std::string_view raw) {
  std::string spaced(raw);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  auto decoded = percent_decode(spaced);
  if (!decoded || decoded->find('\0') != std::string::npos || !is_utf8(*decoded)) {
    return std::nullopt;
  }
  return decoded;
}

std::optional<Refusal> parse_query(std::string_view raw, decltype(Target::query)& query) {
  while (!raw.empty()) {
    const auto end = std::min(raw.find('&'), raw.size());
    const auto pair = raw.substr(0, end);
    raw.remove_prefix(std::min(end + 1, raw.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto key = decode_form(pair.substr(0, equals));
    auto value = decode_form(pair.substr(std::min(equals + 1, pair.size())));
    if (!key || !value) return bad("The query holds a broken escape, NUL or invalid UTF-8.");
    const bool known = std::any_of(query.begin(), query.end(),
                                   [&](const auto& other) { return other.first == *key; });
    if (known) {
      return Refusal{422, "repeated_query_key", "A key stands twice in the query."};
    }
    if (query.size() == kQueryPairs) return bad("The query has too many keys.");
    query.emplace_back(std::move(*key), std::move(*value));
  }
  return std::nullopt;
}

}  // namespace

std::variant<Target, Refusal> parse_target(std::string_view raw) {
  if (raw.size() > limits::kHttpTargetBytes) {
    return Refusal{414, "target_too_long", "The request target is too long."};
  }
  if (raw.empty() || raw.front() != '/') return bad("The request target must begin with '/'.");
  for (const char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '#' || c == '\\') {
      return bad("The request target holds a byte that must be percent-encoded.");
    }
  }
  Target target;
  const auto question = std::min(raw.find('?'), raw.size());
  if (auto refusal = parse_path(raw.substr(0, question), target.path)) return *refusal;
  const auto rest = raw.substr(std::min(question + 1, raw.size()));
  if (auto refusal = parse_query(rest, target.query)) return *refusal;
  return target;
}

}  // namespace aa::http
