#include "core/config/config.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "base/error.hpp"

namespace aa::config {
namespace {

constexpr std::string_view kPrefix = "ANNOTATEAI_";
// Variables of the scripts and tests around the program, which are no settings of it.
constexpr std::string_view kForeign[] = {"ANNOTATEAI_TEST_", "ANNOTATEAI_BENCH_",
                                         "ANNOTATEAI_SETUP_"};

const Setting* find_setting(std::string_view key) {
  const auto rows = all_settings();
  const auto it = std::ranges::find(rows, key, &Setting::key);
  return it == rows.end() ? nullptr : &*it;
}

std::string upper_key(std::string_view flag) {
  std::string out;
  for (const char c : flag) {
    out += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string_view unquote(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

[[noreturn]] void refuse(std::string_view from, std::string_view what) {
  throw invalid("bad_setting", std::string(from) + ": " + std::string(what) + ".");
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = text.find(separator);
    const auto part = trim(text.substr(0, end));
    if (!part.empty()) out.emplace_back(part);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<bool> parse_boolean(std::string_view text) {
  if (text == "true" || text == "1" || text == "yes" || text == "on") return true;
  if (text == "false" || text == "0" || text == "no" || text == "off") return false;
  return std::nullopt;
}

void check(const Setting& row, const std::string& value, std::string_view from) {
  if (row.kind == Kind::integer) {
    const auto number = parse_integer(value);
    if (!number || *number < row.min || *number > row.max) {
      refuse(from, "must be a whole number from " + std::to_string(row.min) + " to " +
                       std::to_string(row.max));
    }
  }
  if (row.kind == Kind::boolean && !parse_boolean(value)) refuse(from, "must be true or false");
  if (!row.one_of.empty()) {
    const auto names = split(row.one_of, '|');
    if (std::ranges::find(names, value) == names.end()) {
      refuse(from, "must be one of " + std::string(row.one_of));
    }
  }
}

}  // namespace

void Config::set(std::string_view key, std::string value, std::string_view from) {
  const Setting* row = find_setting(key);
  if (row == nullptr) refuse(from, "is not a known setting");
  check(*row, value, from);
  values_[std::string(key)] = std::move(value);
}

void Config::read_file(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) refuse(file.string(), "cannot be read");
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const auto text = trim(line);
    if (text.empty() || text.front() == '#') continue;
    const auto equals = text.find('=');
    const std::string where = file.string() + ":" + std::to_string(number);
    if (equals == std::string_view::npos) refuse(where, "must be KEY = VALUE");
    const std::string key = upper_key(trim(text.substr(0, equals)));
    set(key, std::string(unquote(trim(text.substr(equals + 1)))), where + " " + key);
  }
}

Config Config::load(std::span<const std::string> flags,
                    const std::function<std::optional<std::string>(std::string_view)>& environment,
                    std::span<const std::string> environment_names) {
  Config config;
  for (const auto& row : all_settings()) config.values_.emplace(row.key, row.initial);

  std::map<std::string, std::string> from_flags;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    std::string_view flag = flags[i];
    if (!flag.starts_with("--")) refuse(flag, "is not a known argument");
    flag.remove_prefix(2);
    const auto equals = flag.find('=');
    const std::string key = upper_key(flag.substr(0, equals));
    if (equals != std::string_view::npos) {
      from_flags[key] = flag.substr(equals + 1);
    } else {
      if (i + 1 >= flags.size()) refuse(flags[i], "needs a value");
      from_flags[key] = flags[++i];
    }
  }
  std::map<std::string, std::string> from_environment;
  for (const auto& name : environment_names) {
    const auto begins = [&name](std::string_view prefix) { return name.starts_with(prefix); };
    if (!begins(kPrefix) || std::ranges::any_of(kForeign, begins)) continue;
    from_environment[name.substr(kPrefix.size())] = environment(name).value_or("");
  }

  if (const auto it = from_environment.find("CONFIG"); it != from_environment.end()) {
    config.read_file(it->second);
  }
  if (const auto it = from_flags.find("CONFIG"); it != from_flags.end()) {
    config.read_file(it->second);
  }
  for (auto& [key, value] : from_environment) {
    config.set(key, value, std::string(kPrefix) + key);
  }
  for (auto& [key, value] : from_flags) config.set(key, value, "--" + key);
  return config;
}

const std::string& Config::text(std::string_view key) const {
  const auto it = values_.find(key);
  if (it == values_.end()) throw internal_error("no setting " + std::string(key));
  return it->second;
}
std::int64_t Config::integer(std::string_view key) const { return *parse_integer(text(key)); }
bool Config::boolean(std::string_view key) const { return *parse_boolean(text(key)); }
std::vector<std::string> Config::list(std::string_view key) const { return split(text(key), ','); }

std::string configuration_page() {
  std::string out =
      "# Configuration\n\nGenerated from the rows in src/core/config/settings.cpp. Every setting "
      "is a flag, an environment\nvariable and a line of the file that `--config` names; the later "
      "wins: default, file, variable, flag.\nAn unknown key stops the start.\n\n"
      "| setting | flag | variable | default | meaning |\n|---|---|---|---|---|\n";
  for (const auto& row : all_settings()) {
    std::string flag;
    for (const char c : row.key) {
      flag += c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    out += "| `" + std::string(row.key) + "` | `--" + flag + "` | `" + std::string(kPrefix) +
           std::string(row.key) + "` | " +
           (row.initial.empty() ? std::string("none") : "`" + std::string(row.initial) + "`") +
           " | " + std::string(row.doc);
    if (!row.one_of.empty()) {
      std::string names(row.one_of);
      std::ranges::replace(names, '|', ',');
      out += " One of: " + names + ".";
    }
    if (row.secret) out += " Secret.";
    out += " |\n";
  }
  return out;
}

}  // namespace aa::config
