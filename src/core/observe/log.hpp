// One JSON line per event on standard error: time, level, event, then fields.
//
// Thread rule: any thread. Secrets have no formatter, so they cannot be passed here. Text is
// escaped, so a line stays a line whatever it holds.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace aa::observe {

enum class Level { debug, info, warning, error };

// A field's value, already as JSON text.
class Field {
 public:
  Field(std::string_view k, std::string_view text);
  Field(std::string_view k, const char* text) : Field(k, std::string_view(text)) {}
  Field(std::string_view k, const std::string& text) : Field(k, std::string_view(text)) {}
  Field(std::string_view k, bool value) : key(k), json(value ? "true" : "false") {}
  Field(std::string_view k, std::integral auto value) : key(k), json(std::to_string(value)) {}
  Field(std::string_view k, double value);

  std::string_view key;
  std::string json;
};

void set_level(Level lowest);
bool enabled(Level level);
void log(Level level, std::string_view event, std::initializer_list<Field> fields = {});

inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  log(Level::info, event, fields);
}
inline void warn(std::string_view event, std::initializer_list<Field> fields = {}) {
  log(Level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  log(Level::error, event, fields);
}

}  // namespace aa::observe
