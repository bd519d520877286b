// The commands, each with the arguments after its name; the return value is the exit code.
#pragma once

#include <span>
#include <string>

namespace aa::app {

// Done, but something was left out and named on stderr.
inline constexpr int kSomeSkipped = 3;

int serve(std::span<const std::string> arguments);
int annotate(std::span<const std::string> arguments);
int convert(std::span<const std::string> arguments);
int evaluate(std::span<const std::string> arguments);
int models(std::span<const std::string> arguments);
int admin(std::span<const std::string> arguments);
// One of admin's: what a load test needs, prepared in the database.
int seed_load(std::span<const std::string> arguments);
int rotate_keys(std::span<const std::string> arguments);
int backup(std::span<const std::string> arguments);
int restore(std::span<const std::string> arguments);
int seed_assets(std::span<const std::string> arguments);

}  // namespace aa::app
