#include "driver/host/npm_package.hpp"

#include <regex>

#include "base/error.hpp"
#include "driver/host/child_process.hpp"

namespace aa::host {
namespace {

constexpr std::size_t kPackageMax = 300;

}  // namespace

bool is_package(const std::string& text) {
  static const std::regex kForm(
      R"((@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*@[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*)");
  return text.size() <= kPackageMax && std::regex_match(text, kForm);
}

std::filesystem::path npm_pack(const std::string& package, const std::filesystem::path& folder,
                               const NpmSettings& settings) {
  if (!is_package(package)) {
    throw invalid("bad_package", "\"" + package + "\" is not NAME@VERSION of an npm package.");
  }
  Command command{{settings.program, "pack", "--ignore-scripts", package},
                  folder,
                  std::chrono::milliseconds(settings.time_max)};
  Exit exit;
  try {
    exit = run_to_end(command);
  } catch (const Error& error) {
    if (error.slug() != "program_missing") throw;
    throw unavailable("npm_missing", "npm is needed to bring " + package +
                                         "; install Node.js with npm. " + error.message());
  }
  if (exit.code != 0) {
    throw unavailable("npm_failed", "npm could not bring " + package + " (exit code " +
                                        std::to_string(exit.code) + ").")
        .with_cause(exit.last_said);
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".tgz") return entry.path();
  }
  throw unavailable("npm_failed", "npm said it brought " + package + ", but there is no tarball.");
}

}  // namespace aa::host
