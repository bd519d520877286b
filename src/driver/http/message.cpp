#include "driver/http/message.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "driver/http/detail/field_text.hpp"

namespace aa::http {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

void append_escaped(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

int hex_digit(char c) {
  const char small = lower(c);
  if (is_digit(c)) return c - '0';
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// What a file name may not carry into a header, or into the folder of whoever saves it.
std::string safe_filename(std::string_view filename) {
  std::string name = label_text(filename, filename.size() * 3);
  std::ranges::replace_if(
      name, [](char c) { return c == '/' || c == '\\'; }, '_');
  if (name.find_first_not_of('.') == name.npos) name = "file";
  return name;
}

}  // namespace

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
}

void Headers::set(std::string name, std::string value) {
  remove(name);
  add(std::move(name), std::move(value));
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (equal_ignoring_case(field, name)) return value;
  }
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(fields_.begin(), fields_.end(),
                    [&](const auto& field) { return equal_ignoring_case(field.first, name); }));
}

std::optional<std::string_view> Request::query_value(std::string_view key) const {
  for (const auto& [name, value] : query) {
    if (name == key) return value;
  }
  return std::nullopt;
}

Task<std::string> Request::read_body(std::uint64_t limit) {
  body_limit = body_limit == 0 ? limit : std::min(body_limit, limit);
  std::string text;
  const std::uint64_t expected = std::min(content_length.value_or(0), body_limit);
  text.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(expected, 1 << 20)));
  std::vector<std::byte> buffer(std::clamp<std::size_t>(expected, 4096, 64 * 1024));
  for (;;) {
    const std::size_t count = co_await body->read(buffer);
    if (count == 0) co_return text;
    text.append(reinterpret_cast<const char*>(buffer.data()), count);
  }
}

Response Response::text(int status, std::string content_type, std::string body) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", std::move(content_type));
  response.body = std::move(body);
  return response;
}

Response Response::empty(int status) {
  Response response;
  response.status = status;
  return response;
}

Response Response::upgrade_to(std::shared_ptr<WebSocketHandler> handler) {
  Response response = empty(101);
  response.upgrade = std::move(handler);
  return response;
}

std::pair<RangeKind, ByteRange> parse_range(std::string_view header, std::uint64_t size) {
  const auto none = std::pair{RangeKind::none, ByteRange{}};
  header = trimmed(header);
  if (header.size() < 6 || !equal_ignoring_case(header.substr(0, 6), "bytes=")) return none;
  const auto spec = trimmed(header.substr(6));
  const auto dash = spec.find('-');
  if (dash == spec.npos || spec.find(',') != spec.npos) return none;
  const auto first = parse_number(spec.substr(0, dash));
  const auto last = parse_number(spec.substr(dash + 1));
  const auto refused = std::pair{RangeKind::unsatisfiable, ByteRange{}};
  if (dash == 0) {
    if (!last) return none;
    if (*last == 0 || size == 0) return refused;
    return {RangeKind::satisfiable, {size - std::min(*last, size), size - 1}};
  }
  if (!first || (!last && dash + 1 != spec.size())) return none;
  if (last && *last < *first) return none;
  if (*first >= size) return refused;
  return {RangeKind::satisfiable, {*first, std::min(last.value_or(size - 1), size - 1)}};
}

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 3);
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      append_escaped(out, c);
    }
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string content_disposition(std::string_view kind, std::string_view filename) {
  const std::string name = safe_filename(filename);
  std::string ascii;
  bool plain = true;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      plain = false;
      if (byte >= 0xC0) ascii += '_';
    } else if (c == '"' || c == '%') {  // '%': some browsers decode it here
      plain = false;
      ascii += '_';
    } else {
      ascii += c;
    }
  }
  std::string out = std::string(kind) + "; filename=\"" + ascii + "\"";
  if (!plain) out += "; filename*=UTF-8''" + percent_encode(name);
  return out;
}

}  // namespace aa::http
