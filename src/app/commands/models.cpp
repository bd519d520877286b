#include <cstdio>

#include "app/arguments.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/load_config.hpp"
#include "app/commands/models_actions.hpp"
#include "app/wiring.hpp"
#include "core/observe/log.hpp"
#include "service/modelzoo/model_import.hpp"

namespace aa::app {
namespace {

int list(std::span<const std::string> words) {
  const Arguments arguments(words, {});
  arguments.no_words();
  const auto catalogue = open_catalogue(load_config(arguments.settings()));
  std::printf("%-16s %-24s %-10s %-13s %-14s %s\n", "id", "task", "family", "licence", "state",
              "name");
  for (const auto& card : catalogue.cards()) {
    std::printf("%-16s %-24s %-10s %-13s %-14s %s\n", card.id.c_str(), card.task.c_str(),
                card.family.c_str(), card.licence.c_str(),
                card.state == modelzoo::ModelState::ready ? "ready" : "not installed",
                card.name.c_str());
  }
  return 0;
}

int verify(std::span<const std::string> words) {
  const Arguments arguments(words, {});
  const auto catalogue = open_catalogue(load_config(arguments.settings()));
  const auto& ids = arguments.words();
  for (const auto& id : ids) catalogue.folder_of(id);
  int bad = 0;
  for (const auto& manifest : catalogue.manifests()) {
    const bool asked = std::ranges::find(ids, manifest.id) != ids.end();
    if (!asked && (!ids.empty() || !catalogue.installed(manifest))) continue;
    const auto problems = catalogue.verify(manifest.key());
    std::printf("%s: %s\n", manifest.id.c_str(), problems.empty() ? "ok" : "damaged");
    for (const auto& problem : problems) std::printf("  %s\n", problem.c_str());
    bad += problems.empty() ? 0 : 1;
  }
  return bad == 0 ? 0 : 1;
}

graph::ImportOptions tfjs_options(const Arguments& arguments) {
  graph::ImportOptions out;
  if (const auto cut = arguments.text("cut")) graph::add_cut(out, *cut);
  auto names = arguments.text("outputs").value_or("");
  for (std::size_t comma = 0; !names.empty(); names.erase(0, comma + 1)) {
    comma = std::min(names.find(','), names.size());
    out.outputs.push_back(names.substr(0, comma));
    if (comma == names.size()) break;
  }
  return out;
}

int import(std::span<const std::string> words) {
  const Arguments arguments(
      words,
      {{"id"}, {"name"}, {"family"}, {"licence"}, {"labels"}, {"decoder"}, {"outputs"}, {"cut"}});
  const auto config = load_config(arguments.settings());
  const modelzoo::ImportRequest request{.file = arguments.only_word("model file"),
                                        .decoder = arguments.text("decoder"),
                                        .id = arguments.text("id"),
                                        .name = arguments.text("name"),
                                        .family = arguments.text("family"),
                                        .licence = arguments.text("licence"),
                                        .labels = arguments.text("labels"),
                                        .tfjs = tfjs_options(arguments)};
  observe::set_level(observe::Level::warning);
  auto catalogue = open_catalogue(config);
  modelzoo::Importer importer(catalogue, open_probe(config));
  const auto model = importer.import(request);
  std::printf("%s: family %s, %zu labels, in %s\n", model.id.c_str(), model.family.c_str(),
              model.labels.size(), model.folder.string().c_str());
  std::printf("use it with --%s %s; a running server on the same data folder lists it too\n",
              request.decoder ? "segmenter" : "detector", model.id.c_str());
  return 0;
}

}  // namespace

int models(std::span<const std::string> words) {
  const std::string action = words.empty() ? "list" : words[0];
  const auto rest = words.empty() ? words : words.subspan(1);
  if (action == "list") return list(rest);
  if (action == "pull") return models_pull(rest);
  if (action == "import") return import(rest);
  if (action == "verify") return verify(rest);
  if (action == "bench") return models_bench(rest);
  if (action == "probe") return models_probe(rest);
  if (action == "try") return models_try(rest);
  throw invalid("bad_argument", "models takes list, pull, import, verify, bench or try.");
}

}  // namespace aa::app
