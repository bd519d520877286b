#include "core/observe/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace aa::observe {
namespace {

spdlog::logger& sink() {
  static const auto logger = [] {
    auto made = spdlog::stderr_logger_mt("annotateai");
    made->set_pattern("%v");
    made->set_level(spdlog::level::info);
    return made;
  }();
  return *logger;
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

Field::Field(std::string_view k, std::string_view text) : key(k) {
  json::append_string(json, text);
}

Field::Field(std::string_view k, double value) : key(k) { json::append_number(json, value); }

void set_level(Level lowest) { sink().set_level(spdlog_level(lowest)); }
bool enabled(Level level) { return sink().should_log(spdlog_level(level)); }

void log(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (!enabled(level)) return;
  std::string line = R"({"time":")" + SystemClock().now().str() + R"(","level":")";
  line += spdlog::level::to_string_view(spdlog_level(level)).data();
  line += R"(","event":)";
  json::append_string(line, event);
  for (const auto& field : fields) {
    line += ',';
    json::append_string(line, field.key);
    line += ':';
    line += field.json;
  }
  line += '}';
  sink().log(spdlog_level(level), line);
}

}  // namespace aa::observe
