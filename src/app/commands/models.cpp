#include <cstdio>

#include "app/commands/commands.hpp"
#include "app/paths.hpp"
#include "service/modelzoo/catalogue.hpp"

namespace aa::app {
namespace {

int list(const modelzoo::Catalogue& catalogue) {
  std::printf("%-14s %-26s %-12s %-14s %s\n", "id", "task", "licence", "state", "name");
  for (const auto& card : catalogue.cards()) {
    std::printf("%-14s %-26s %-12s %-14s %s\n", card.id.c_str(), card.task.c_str(),
                card.licence.c_str(),
                card.state == modelzoo::ModelState::ready ? "ready" : "not installed",
                card.name.c_str());
  }
  return 0;
}

int convert(const modelzoo::Catalogue& catalogue, std::span<const std::string> ids) {
  for (const auto& id : ids) {
    catalogue.convert(id);
    std::printf("%s: converted\n", id.c_str());
  }
  return 0;
}

int verify(const modelzoo::Catalogue& catalogue, std::span<const std::string> ids) {
  int bad = 0;
  for (const auto& manifest : catalogue.manifests()) {
    const bool asked = std::ranges::find(ids, manifest.id) != ids.end();
    if (!asked && (!ids.empty() || !catalogue.installed(manifest))) continue;
    const auto problems = catalogue.verify(manifest.id);
    std::printf("%s: %s\n", manifest.id.c_str(), problems.empty() ? "ok" : "damaged");
    for (const auto& problem : problems) std::printf("  %s\n", problem.c_str());
    bad += problems.empty() ? 0 : 1;
  }
  return bad == 0 ? 0 : 1;
}

}  // namespace

int models(std::span<const std::string> arguments) {
  const modelzoo::Catalogue catalogue(models_folder(""));
  const std::string action = arguments.empty() ? "list" : arguments[0];
  const auto rest = arguments.empty() ? arguments : arguments.subspan(1);
  if (action == "list") return list(catalogue);
  if (action == "convert") return convert(catalogue, rest);
  if (action == "verify") return verify(catalogue, rest);
  throw invalid("bad_argument", "models takes list, convert or verify.");
}

}  // namespace aa::app
