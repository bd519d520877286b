#include <cstdio>

#include "app/arguments.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/load_config.hpp"
#include "app/wiring.hpp"
#include "service/backup/backup.hpp"

namespace aa::app {
namespace {

backup::Installation installation_of(const config::Config& config) {
  return {blob_settings(config), database_settings(config).url};
}

void tell(const char* what, const backup::Manifest& manifest) {
  std::printf("%s: %s, %llu files, %llu bytes, taken at %s\n", what, manifest.engine.c_str(),
              static_cast<unsigned long long>(manifest.files),
              static_cast<unsigned long long>(manifest.bytes), manifest.created_at.str().c_str());
}

}  // namespace

int backup(std::span<const std::string> words) {
  const Arguments arguments(words, {{"without-master-key", false}});
  const auto folder = arguments.only_word("folder");
  const auto config = load_config(arguments.settings());
  const auto manifest = backup::take(installation_of(config), folder, SystemClock().now(),
                                     !arguments.has("without-master-key"));
  tell("backed up", manifest);
  std::fprintf(stderr, manifest.master_key
                           ? "The master key is in it: whoever has the backup can read it all.\n"
                           : "The master key is not in it: keep that safe, it is needed.\n");
  return 0;
}

int restore(std::span<const std::string> words) {
  const Arguments arguments(words, {});
  const auto folder = arguments.only_word("folder");
  const auto config = load_config(arguments.settings());
  tell("restored", backup::restore(folder, installation_of(config)));
  return 0;
}

}  // namespace aa::app
