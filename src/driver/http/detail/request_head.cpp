#include "driver/http/detail/request_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "base/limits.hpp"
#include "driver/http/detail/field_text.hpp"

namespace aa::http {
namespace {

namespace beast = boost::beast::http;

Refusal bad(std::string_view code, std::string detail) { return {400, code, std::move(detail)}; }

std::optional<Refusal> check_raw(std::string_view raw) {
  while (!raw.empty()) {
    const auto end = raw.find("\r\n");
    const auto line = raw.substr(0, end);
    raw.remove_prefix(end + 2);
    if (!line.empty() && (line.front() == ' ' || line.front() == '\t')) {
      return bad("folded_header", "A header continues on the next line.");
    }
    for (const char c : line) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte < 0x20 && c != '\t') || byte == 0x7F) {
        return bad("malformed_request", "The head holds a control character.");
      }
    }
  }
  return std::nullopt;
}

std::optional<Refusal> check_method(const std::string& method) {
  static constexpr std::array<std::string_view, 7> kKnown = {"GET",   "HEAD",   "POST",   "PUT",
                                                             "PATCH", "DELETE", "OPTIONS"};
  if (std::find(kKnown.begin(), kKnown.end(), method) != kKnown.end()) return std::nullopt;
  if (method == "TRACE" || method == "CONNECT") {
    return Refusal{405, "method_not_allowed", "This method is not served."};
  }
  return Refusal{501, "method_unknown", "This method is not known."};
}

bool is_host(std::string_view text) {
  std::string_view port;
  const auto bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) return false;
  const auto colon = text.find(':', bracket);
  if (colon != std::string_view::npos) {
    port = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  if (port.size() > 5 || port.find_first_not_of("0123456789") != port.npos) return false;
  if (text.starts_with('[')) {
    return text.size() > 3 && text.back() == ']' &&
           text.substr(1, text.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") ==
               text.npos;
  }
  return !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
  });
}

std::optional<Refusal> check_host(const Head& head) {
  const auto count = head.headers.count("host");
  if (count == 0 && !head.http11) return std::nullopt;
  if (count != 1) return bad("bad_host", "There must be exactly one Host header.");
  if (!is_host(*head.headers.get("host"))) {
    return bad("bad_host", "The Host header is not a host name with an optional port.");
  }
  return std::nullopt;
}

std::optional<Refusal> read_length(Head& head) {
  const auto value = *head.headers.get("content-length");
  const bool digits = !value.empty() && value.find_first_not_of("0123456789") == value.npos;
  if (head.headers.count("content-length") != 1 || !digits ||
      (value.size() > 1 && value.front() == '0')) {
    return bad("bad_content_length", "Content-Length must be one plain decimal number.");
  }
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), head.length);
  if (error != std::errc() || end != value.data() + value.size()) {
    return bad("bad_content_length", "Content-Length is beyond all measure.");
  }
  head.framing = Framing::length;
  return std::nullopt;
}

// RFC 9112 section 6.1 lets a server answer 400 to every one of these.
std::optional<Refusal> read_framing(Head& head) {
  const auto codings = head.headers.count("transfer-encoding");
  const bool length = head.headers.count("content-length") > 0;
  if (codings > 0) {
    if (codings > 1 || length || !head.http11 ||
        !equal_ignoring_case(*head.headers.get("transfer-encoding"), "chunked")) {
      return bad("bad_transfer_encoding",
                 "Transfer-Encoding must be 'chunked', once, without Content-Length, on HTTP/1.1.");
    }
    head.framing = Framing::chunked;
    return std::nullopt;
  }
  return length ? read_length(head) : std::nullopt;
}

std::optional<Refusal> read_expect(Head& head) {
  const auto value = head.headers.get("expect");
  if (!value || !head.http11) return std::nullopt;
  if (head.headers.count("expect") > 1 || !equal_ignoring_case(*value, "100-continue")) {
    return Refusal{417, "bad_expectation", "Only 'Expect: 100-continue' is known."};
  }
  head.expect_continue = head.framing != Framing::none;
  return std::nullopt;
}

// Absolute-form is what proxies send. It is taken only for a host of ours that the Host header
// names too, so that nobody in front can be of another opinion.
std::optional<Refusal> reduce_absolute(const Head& head, std::span<const std::string> own_hosts,
                                       std::string_view& target) {
  const auto scheme = target.find("://");
  if (target.starts_with('/') || scheme == target.npos) return std::nullopt;
  const auto name = target.substr(0, scheme);
  if (!equal_ignoring_case(name, "http") && !equal_ignoring_case(name, "https")) {
    return bad("malformed_target", "The request target has a foreign scheme.");
  }
  auto rest = target.substr(scheme + 3);
  const auto slash = std::min(rest.find_first_of("/?#"), rest.size());
  const auto authority = rest.substr(0, slash);
  const auto is_own = [&](const std::string& own) { return equal_ignoring_case(own, authority); };
  if (!std::any_of(own_hosts.begin(), own_hosts.end(), is_own) ||
      !equal_ignoring_case(head.headers.get("host").value_or(""), authority)) {
    return bad("malformed_target", "The request target names a host that is not this one.");
  }
  target = slash < rest.size() && rest[slash] == '/' ? rest.substr(slash) : "/";
  return std::nullopt;
}

bool lists_token(const Headers& headers, std::string_view name, std::string_view token) {
  for (const auto& [field, value] : headers) {
    if (!equal_ignoring_case(field, name)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(','), rest.size());
      if (equal_ignoring_case(trimmed(rest.substr(0, end)), token)) return true;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return false;
}

std::optional<Refusal> check_head(Head& head, std::span<const std::string> own_hosts) {
  if (auto refusal = check_method(head.method)) return refusal;
  if (auto refusal = check_host(head)) return refusal;
  if (auto refusal = read_framing(head)) return refusal;
  if (auto refusal = read_expect(head)) return refusal;
  head.keep_alive = head.http11 && !lists_token(head.headers, "connection", "close");
  std::string_view target = head.raw_target;
  if (auto refusal = reduce_absolute(head, own_hosts, target)) return refusal;
  auto parsed = parse_target(target);
  if (auto* refusal = std::get_if<Refusal>(&parsed)) return std::move(*refusal);
  head.target = std::move(std::get<Target>(parsed));
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> HeadScanner::check_line(std::size_t length) const {
  if (count_ == 0 && length > limits::kHttpTargetBytes + 32) {
    return Refusal{414, "target_too_long", "The request target is too long."};
  }
  if (count_ > 0 && length > kFieldLineBytes) {
    return Refusal{431, "header_too_large", "A header is too large."};
  }
  if (line_ + length - begin_ > limits::kHttpHeaderBytes) {
    return Refusal{431, "headers_too_large", "The headers are too large together."};
  }
  if (count_ > limits::kHttpHeaderCount + 1) {
    return Refusal{431, "too_many_headers", "There are too many headers."};
  }
  return std::nullopt;
}

HeadScanner::Progress HeadScanner::scan(std::string_view data) {
  if (begin_ == 0 && data.starts_with("\r\n")) begin_ = line_ = 2;
  if (data.size() > begin_ && !is_token_char(data[begin_]) && data[begin_] != '\r') {
    return {begin_, 0, bad("malformed_request", "This is not an HTTP request.")};
  }
  for (;;) {
    const auto newline = data.find('\n', line_);
    const auto line_end = newline == data.npos ? data.size() : newline;
    if (auto refusal = check_line(line_end - std::min(line_, line_end))) {
      return {begin_, 0, std::move(refusal)};
    }
    if (newline == data.npos) return {begin_, 0, std::nullopt};
    if (newline == line_ || data[newline - 1] != '\r') {
      return {begin_, 0, bad("malformed_request", "A line of the head does not end in CR LF.")};
    }
    const bool empty = newline == line_ + 1;
    line_ = newline + 1;
    ++count_;
    if (empty && count_ == 1) {
      return {begin_, 0, bad("malformed_request", "This is not an HTTP request.")};
    }
    if (empty) return {begin_, line_, std::nullopt};
  }
}

std::variant<Head, Refusal> parse_head(std::string_view raw,
                                       std::span<const std::string> own_hosts) {
  if (auto refusal = check_raw(raw)) return *refusal;
  beast::request_parser<beast::empty_body> parser;
  parser.header_limit(limits::kHttpHeaderBytes + 1024);
  parser.body_limit(boost::none);
  boost::system::error_code error;
  const auto used = parser.put(boost::asio::buffer(raw.data(), raw.size()), error);
  if (error == beast::error::bad_version) {
    return Refusal{505, "version_not_supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  }
  if (error || !parser.is_header_done() || used != raw.size()) {
    return bad("malformed_request", "The head of the request cannot be parsed.");
  }
  const auto& message = parser.get();
  if (message.version() != 11 && message.version() != 10) {
    return Refusal{505, "version_not_supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  }
  Head head;
  head.http11 = message.version() == 11;
  head.method = std::string(message.method_string());
  head.raw_target = std::string(message.target());
  for (const auto& field : message) {
    head.headers.add(std::string(field.name_string()), std::string(field.value()));
  }
  if (auto refusal = check_head(head, own_hosts)) return *refusal;
  return head;
}

}  // namespace aa::http
