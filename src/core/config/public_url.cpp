#include "core/config/public_url.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace aa::config {
namespace {

bool is_origin(std::string_view url) {
  const bool tls = url.starts_with("https://");
  if (!tls && !url.starts_with("http://")) return false;
  const auto host = url.substr(tls ? 8 : 7);
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view(".-:[]").find(c) != std::string_view::npos;
  });
}

}  // namespace

PublicUrl::PublicUrl(std::string_view setting) {
  while (setting.ends_with('/')) setting.remove_suffix(1);
  if (setting.empty()) return;
  if (!is_origin(setting)) {
    throw invalid("bad_setting", "PUBLIC_URL must be http://HOST or https://HOST, without a path.");
  }
  url_ = setting;
  told_ = true;
}

void PublicUrl::set_fallback(std::string url) {
  if (!told_) url_ = std::move(url);
}

}  // namespace aa::config
