// The words after a command's name: flags that a command knows, words, and settings.
//
//   Arguments arguments(words, {{"out"}, {"json", false}});
//   arguments.needed("out"); arguments.has("json"); arguments.words(); arguments.settings();
//
// "--name value", "--name=value" and, without a value, "--name"; after "--" all are words. A flag
// that the command does not know is a setting with its value (docs/configuration.md), which
// load_config() takes or refuses.
// Thread rule: values. Errors: invalid_argument "bad_argument", for which the exit code is 2.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aa::app {

struct Flag {
  std::string_view name;
  bool takes_value = true;
};

class Arguments {
 public:
  Arguments(std::span<const std::string> words, std::initializer_list<Flag> flags);

  const std::vector<std::string>& words() const { return words_; }
  const std::vector<std::string>& settings() const { return settings_; }
  bool has(std::string_view name) const { return values_.contains(name); }
  std::optional<std::string> text(std::string_view name) const;
  std::string needed(std::string_view name) const;
  // Within the range, else an error that says it.
  double number(std::string_view name, double initial, double min, double max) const;
  // The only word; `what` names it in the error.
  std::string only_word(std::string_view what) const;
  void no_words() const;

 private:
  std::vector<std::string> words_;
  std::vector<std::string> settings_;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace aa::app
