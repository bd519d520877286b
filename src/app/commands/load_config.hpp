// Settings from the command line and this process's environment.
#pragma once

#include <span>
#include <string>

#include "core/config/config.hpp"

namespace aa::app {

config::Config load_config(std::span<const std::string> flags);

}  // namespace aa::app
