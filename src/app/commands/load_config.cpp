#include "app/commands/load_config.hpp"

#include <cstdlib>
#include <unistd.h>
#include <vector>

namespace aa::app {

config::Config load_config(std::span<const std::string> flags) {
  std::vector<std::string> names;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    names.push_back(text.substr(0, text.find('=')));
  }
  return config::Config::load(
      flags,
      [](std::string_view name) -> std::optional<std::string> {
        const char* value = std::getenv(std::string(name).c_str());
        if (value == nullptr) return std::nullopt;
        return std::string(value);
      },
      names);
}

}  // namespace aa::app
