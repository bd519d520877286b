#include "driver/bus/redis_url.hpp"

#include <charconv>
#include <optional>

#include "base/error.hpp"
#include "driver/http/message.hpp"

namespace aa::bus {
namespace {

Error bad_url() {
  return invalid("bad_setting",
                 "REDIS_URL must be redis://[user:password@]host[:port][/db], or rediss:// for "
                 "TLS.");
}

int read_number(std::string_view text, int max) {
  int out = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size() || out < 0 ||
      out > max) {
    throw bad_url();
  }
  return out;
}

std::string decoded(std::string_view text) {
  auto out = http::percent_decode(text);
  if (!out) throw bad_url();
  return std::move(*out);
}

void read_user(std::string_view text, RedisAddress& out) {
  const auto colon = text.find(':');
  out.user = decoded(text.substr(0, colon));
  if (colon != std::string_view::npos) out.password = Secret(decoded(text.substr(colon + 1)));
}

void read_host(std::string_view text, RedisAddress& out) {
  std::string_view port;
  if (text.starts_with('[')) {  // an IPv6 address
    const auto end = text.find(']');
    if (end == std::string_view::npos) throw bad_url();
    out.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    out.host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (out.host.empty()) throw bad_url();
  if (port.empty()) return;
  constexpr int kPortMax = 65'535;
  if (!port.starts_with(':')) throw bad_url();
  out.port = static_cast<std::uint16_t>(read_number(port.substr(1), kPortMax));
}

}  // namespace

RedisAddress read_redis_url(std::string_view url) {
  RedisAddress out;
  constexpr std::string_view kPlain = "redis://";
  constexpr std::string_view kSecure = "rediss://";
  out.tls = url.starts_with(kSecure);
  if (!out.tls && !url.starts_with(kPlain)) throw bad_url();
  url.remove_prefix(out.tls ? kSecure.size() : kPlain.size());
  if (const auto slash = url.find('/'); slash != std::string_view::npos) {
    constexpr int kDatabaseMax = 1'000'000;
    if (slash + 1 < url.size()) out.db = read_number(url.substr(slash + 1), kDatabaseMax);
    url = url.substr(0, slash);
  }
  if (const auto at = url.rfind('@'); at != std::string_view::npos) {
    read_user(url.substr(0, at), out);
    url.remove_prefix(at + 1);
  }
  read_host(url, out);
  return out;
}

}  // namespace aa::bus
