#include "app/arguments.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/error.hpp"

namespace aa::app {
namespace {

[[noreturn]] void refuse(std::string message) { throw invalid("bad_argument", std::move(message)); }

}  // namespace

Arguments::Arguments(std::span<const std::string> words, std::initializer_list<Flag> flags) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") {
      words_.insert(words_.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      return;
    }
    if (!word.starts_with("--")) {
      words_.push_back(word);
      continue;
    }
    const auto equals = word.find('=');
    const std::string name = word.substr(2, equals == word.npos ? word.npos : equals - 2);
    const auto* flag = std::ranges::find(flags, std::string_view(name), &Flag::name);
    const bool known = flag != flags.end();
    std::string value;
    if (known && !flag->takes_value) {
      if (equals != word.npos) refuse("--" + name + " takes no value.");
    } else if (equals != word.npos) {
      value = word.substr(equals + 1);
    } else if (i + 1 < words.size()) {
      value = words[++i];
    } else {
      refuse("--" + name + (known ? " needs a value." : " is unknown here."));
    }
    if (!known) {
      settings_.insert(settings_.end(), {"--" + name, value});
    } else if (!values_.emplace(name, std::move(value)).second) {
      refuse("--" + name + " stands twice.");
    }
  }
}

std::optional<std::string> Arguments::text(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::string Arguments::needed(std::string_view name) const {
  auto value = text(name);
  if (!value || value->empty()) refuse("--" + std::string(name) + " is needed.");
  return *value;
}

double Arguments::number(std::string_view name, double initial, double min, double max) const {
  const auto value = text(name);
  if (!value) return initial;
  double out = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), out);
  if (error != std::errc{} || end != value->data() + value->size() || !(out >= min && out <= max)) {
    refuse(fmt::format("--{} must be a number from {} to {}.", name, min, max));
  }
  return out;
}

std::string Arguments::only_word(std::string_view what) const {
  if (words_.size() != 1) {
    refuse(fmt::format("Name {} {}.", words_.empty() ? "a" : "exactly one", what));
  }
  return words_.front();
}

void Arguments::no_words() const {
  if (!words_.empty()) refuse("\"" + words_.front() + "\" is not expected here.");
}

}  // namespace aa::app
