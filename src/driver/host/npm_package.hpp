// A package of the npm registry, brought by the user's own npm with the user's own configuration
// (registry, proxy, certificates, logins), without running anything that the package holds.
//
// Only NAME@VERSION is taken: no path, address or range that npm would read as something else.
// Thread rule: any thread; blocks. Errors: invalid_argument "bad_package"; unavailable
// "npm_missing" and "npm_failed" with npm's last words as cause; deadline_exceeded.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace aa::host {

struct NpmSettings {
  std::string program = "npm";
  std::chrono::seconds time_max{600};
};

// Runs `npm pack --ignore-scripts PACKAGE` in `folder`, which is empty and the caller's own;
// returns the tarball.
std::filesystem::path npm_pack(const std::string& package, const std::filesystem::path& folder,
                               const NpmSettings& settings = {});
// Is it NAME@VERSION or @SCOPE/NAME@VERSION?
bool is_package(const std::string& text);

}  // namespace aa::host
