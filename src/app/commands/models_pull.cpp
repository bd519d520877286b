#include <cstdio>
#include <set>

#include "app/arguments.hpp"
#include "app/commands/load_config.hpp"
#include "app/commands/models_actions.hpp"
#include "app/wiring.hpp"
#include "service/modelzoo/pull.hpp"

namespace aa::app {
namespace {

void say(const std::string& line) {
  std::printf("models: %s\n", line.c_str());
  std::fflush(stdout);
}

// True when it is there now.
bool pull_one(modelzoo::Puller& puller, const modelzoo::Manifest& manifest, bool& refused) {
  try {
    const bool brought = puller.pull(manifest.id);
    say(manifest.id + (brought ? " was brought (" : " is there (") + manifest.licence + ")");
    if (modelzoo::is_demanding_licence(manifest.licence)) {
      say("note: " + manifest.licence +
          " makes demands on software and services that use this model");
    }
    return true;
  } catch (const Error& error) {
    refused |= error.code() != ErrorCode::unavailable;
    say(manifest.id + " was not brought: " + error.message());
    if (!error.cause().empty()) std::fprintf(stderr, "%s\n", error.cause().c_str());
    return false;
  }
}

// What the platform cannot do without; other tasks are offered once a model of theirs is there.
bool is_essential(std::string_view task) {
  return task == "detection" || task == "promptable_segmentation";
}

}  // namespace

// A default model that cannot be reached is told, and is no failure as long as the essential tasks
// have models; one that was named is.
int models_pull(std::span<const std::string> words) {
  const Arguments arguments(words, {{"all", false}, {"accept-agpl", false}});
  const auto config = load_config(arguments.settings());
  const auto catalogue = open_catalogue(config);
  const modelzoo::PullChoice choice{arguments.words(), arguments.has("all"),
                                    arguments.has("accept-agpl")};
  modelzoo::Puller puller(catalogue, pull_settings(config),
                          [](std::string_view line) { say(std::string(line)); });
  bool refused = false;
  bool absent = false;
  std::set<std::string> tasks;
  for (const auto& id : modelzoo::models_to_pull(catalogue, choice)) {
    const auto& manifest = catalogue.manifest(id);
    tasks.insert(manifest.task);
    absent |= !pull_one(puller, manifest, refused);
  }
  if (choice.all && !choice.demanding) {
    say("models under AGPL were left out; --accept-agpl takes them too");
  }
  for (const auto& task : tasks) {
    if (catalogue.pick(task)) continue;
    say("there is no model for " + task);
    refused |= is_essential(task);
  }
  const bool asked = !choice.ids.empty() || choice.all;
  return refused || (asked && absent) ? 1 : 0;
}

}  // namespace aa::app
