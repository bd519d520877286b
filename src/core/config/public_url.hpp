// Where people reach this server: the start of links in letters and of addresses that others are
// told. It comes from the settings and never from a request, whose headers anyone can write.
//
// Thread rule: set_fallback() before requests are served; then immutable.
#pragma once

#include <string>
#include <string_view>

#include "core/config/config.hpp"

namespace aa::config {

class PublicUrl {
 public:
  // Error(invalid_argument, "bad_setting") unless empty or http(s)://HOST[:PORT], which may end
  // with a slash.
  explicit PublicUrl(std::string_view setting);

  // Where the server listens, for when the setting says nothing.
  void set_fallback(std::string url);
  const std::string& str() const { return url_; }  // without a slash at its end
  // `path` begins with a slash.
  std::string link(std::string_view path) const { return url_ + std::string(path); }

 private:
  std::string url_;
  bool told_ = false;
};

}  // namespace aa::config
