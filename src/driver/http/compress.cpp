#include "driver/http/compress.hpp"

#include <algorithm>
#include <zlib.h>

#include "base/error.hpp"
#include "driver/http/detail/field_text.hpp"

namespace aa::http {
namespace {

constexpr std::size_t kWorthIt = 1024;
constexpr int kLevel = 5;
// From here on whoever waits for it loses more by the finer levels than the wire gains.
constexpr std::size_t kLarge = std::size_t{1} << 20;
constexpr int kLargeLevel = 1;
constexpr int kGzipWindow = 15 + 16;

bool is_textual(std::string_view type) {
  type = trimmed(type.substr(0, std::min(type.find(';'), type.size())));
  static constexpr std::array<std::string_view, 7> kTypes = {
      "application/json",         "application/problem+json", "application/javascript",
      "application/xml",          "application/geo+json",     "image/svg+xml",
      "application/manifest+json"};
  if (type.size() > 5 && equal_ignoring_case(type.substr(0, 5), "text/")) {
    return !equal_ignoring_case(type, "text/event-stream");
  }
  return std::any_of(kTypes.begin(), kTypes.end(),
                     [&](std::string_view known) { return equal_ignoring_case(type, known); });
}

// A weight of zero in any spelling: "0", "0.0", "0.000".
bool is_refused(std::string_view parameters) {
  const auto equals = parameters.find('=');
  if (equals == parameters.npos || !equal_ignoring_case(trimmed(parameters.substr(0, equals)), "q"))
    return false;
  return trimmed(parameters.substr(equals + 1)).find_first_not_of("0.") == parameters.npos;
}

}  // namespace

bool accepts_encoding(std::optional<std::string_view> header, std::string_view coding) {
  if (!header) return false;
  std::optional<bool> any;
  std::string_view rest = *header;
  while (!rest.empty()) {
    const auto item = rest.substr(0, std::min(rest.find(','), rest.size()));
    rest.remove_prefix(std::min(item.size() + 1, rest.size()));
    const auto semicolon = std::min(item.find(';'), item.size());
    const auto name = trimmed(item.substr(0, semicolon));
    const auto weight = item.substr(std::min(semicolon + 1, item.size()));
    if (equal_ignoring_case(name, coding)) return !is_refused(weight);
    if (name == "*") any = !is_refused(weight);
  }
  return any.value_or(false);
}

void add_vary(Headers& headers, std::string_view name) {
  const auto present = headers.get("vary");
  if (!present || present->empty()) {
    headers.set("Vary", std::string(name));
    return;
  }
  std::string all(*present);
  std::string_view rest = all;
  while (!rest.empty()) {
    const auto item = rest.substr(0, std::min(rest.find(','), rest.size()));
    rest.remove_prefix(std::min(item.size() + 1, rest.size()));
    if (equal_ignoring_case(trimmed(item), name) || trimmed(item) == "*") return;
  }
  headers.set("Vary", all + ", " + std::string(name));
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  const int level = bytes.size() < kLarge ? kLevel : kLargeLevel;
  if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw internal_error("deflateInit2 failed");
  }
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw internal_error("deflate did not end");
  return out;
}

void maybe_gzip(const Request& request, Response& response) {
  auto* text = std::get_if<std::string>(&response.body);
  if (text == nullptr || text->size() <= kWorthIt || response.status == 206 ||
      response.headers.count("content-encoding") > 0 || response.headers.count("set-cookie") > 0 ||
      !is_textual(response.headers.get("content-type").value_or(""))) {
    return;
  }
  add_vary(response.headers, "Accept-Encoding");
  if (!accepts_encoding(request.headers.get("accept-encoding"), "gzip")) return;
  *text = gzip(*text);
  response.headers.set("Content-Encoding", "gzip");
}

}  // namespace aa::http
