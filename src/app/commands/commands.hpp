// The commands, each with the arguments after its name; the return value is the exit code.
#pragma once

#include <span>
#include <string>

namespace aa::app {

int serve(std::span<const std::string> arguments);
int annotate(std::span<const std::string> arguments);
int models(std::span<const std::string> arguments);
int admin(std::span<const std::string> arguments);

}  // namespace aa::app
