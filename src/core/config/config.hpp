// Settings: one row each. From a row come the flag (--listen), the variable (ANNOTATEAI_LISTEN),
// the line of the config file (listen = "..."), the check, and docs/configuration.md.
//
// Order, the later wins: default, file, variable, flag. An unknown key or a value that does not fit
// stops the start and names the setting.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace aa::config {

enum class Kind { text, integer, boolean, list };  // list: comma-separated

struct Setting {
  std::string_view key;  // UPPER_SNAKE, as in DATABASE_URL
  Kind kind = Kind::text;
  std::string_view initial;  // default, as text
  std::int64_t min = 0;      // of integers
  std::int64_t max = 0;
  std::string_view one_of = {};  // "open|invite|off" for closed sets
  bool secret = false;           // never printed
  std::string_view doc;
};

std::span<const Setting> all_settings();

class Config {
 public:
  // `flags` as given after the command ("--listen", "127.0.0.1:0"); `environment` gives a
  // variable's value. Throws Error(invalid_argument, "bad_setting").
  static Config load(std::span<const std::string> flags,
                     const std::function<std::optional<std::string>(std::string_view)>& environment,
                     std::span<const std::string> environment_names);

  const std::string& text(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  bool boolean(std::string_view key) const;
  std::vector<std::string> list(std::string_view key) const;
  Secret secret(std::string_view key) const { return Secret(text(key)); }

 private:
  void set(std::string_view key, std::string value, std::string_view from);
  void read_file(const std::filesystem::path& file);
  std::map<std::string, std::string, std::less<>> values_;
};

// docs/configuration.md, generated; a test compares it with the file.
std::string configuration_page();

}  // namespace aa::config
