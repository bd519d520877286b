#include <filesystem>
#include <unistd.h>

#include "app/arguments.hpp"
#include "app/commands/load_config.hpp"
#include "app/commands/models_actions.hpp"
#include "app/wiring.hpp"
#include "core/observe/log.hpp"
#include "driver/host/confinement.hpp"
#include "service/modelzoo/model_probe.hpp"

namespace aa::app {
namespace {

constexpr unsigned kThreads = 2;

}  // namespace

int models_probe(std::span<const std::string> words) {
  const Arguments arguments(words, {});
  const std::filesystem::path folder = arguments.only_word("folder");
  const auto config = load_config(arguments.settings());
  observe::set_level(observe::Level::error);
  const auto time_max = std::chrono::seconds(config.integer("MODEL_PROBE_SECONDS"));
  host::confine_this_process(
      {.address_space_bytes = modelzoo::probe_memory(folder), .cpu_time = kThreads * time_max});
  observe::Metrics metrics;
  runtime::Executors executors(
      {.io_threads = 1, .compute_threads = kThreads, .blocking_threads = 1});
  auto settings = engine_settings(config);
  settings.run_time_max = time_max;
  inference::Engine engine(settings, executors, metrics);
  const SystemClock clock;
  modelzoo::answer_probe(folder, {engine, executors, clock});
  // The answer is written; taking down what a stranger's graph set up could only spoil it.
  ::_exit(0);
}

}  // namespace aa::app
