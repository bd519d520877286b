#include <cstdio>

#include "app/arguments.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/load_config.hpp"
#include "app/commands/models_actions.hpp"
#include "app/wiring.hpp"
#include "core/observe/log.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/media/image_codec.hpp"
#include "service/modelzoo/model_bench.hpp"

namespace aa::app {
namespace {

constexpr std::uint64_t kImageBytes = 512ULL << 20;
constexpr std::size_t kEmbeddingMemory = 64ULL << 20;
constexpr int kGradientWidth = 1280;
constexpr int kGradientHeight = 720;

modelzoo::Pixels image_for(const std::optional<std::string>& file) {
  if (!file) return modelzoo::gradient_image(kGradientWidth, kGradientHeight);
  const auto bytes = host::read_file(*file, kImageBytes);
  return std::make_shared<const raster::Image>(media::decode(std::as_bytes(std::span(bytes))));
}

std::vector<std::string> models_for(const modelzoo::Catalogue& catalogue,
                                    const std::vector<std::string>& named) {
  if (!named.empty()) return named;
  std::vector<std::string> out;
  for (const auto& manifest : catalogue.manifests()) {
    if (!manifest.steps && catalogue.installed(manifest)) out.push_back(manifest.id);
  }
  return out;
}

void print_head(const std::string& what, const raster::Image& image, std::size_t runs) {
  std::printf("%s\n%s, %d x %d, medians of %zu runs\n", modelzoo::machine_name().c_str(),
              what.c_str(), image.width(), image.height(), runs);
  std::printf("%-20s %-12s %5s %9s %11s %9s %8s %9s\n", "model", "graph", "batch", "load ms",
              "latency ms", "per s", "outside", "memory");
}

void print_rows(const modelzoo::Benchmark& benchmark) {
  for (const auto& row : benchmark.rows) {
    std::printf("%-20s %-12s %5lld %9.0f %11.1f %9.1f %7.0f%% %5lld MiB\n", benchmark.model.c_str(),
                row.role.c_str(), static_cast<long long>(row.batch), row.load_ms, row.latency_ms,
                row.per_second, 100 * row.outside_share,
                static_cast<long long>(row.memory_bytes >> 20));
  }
  std::fflush(stdout);
}

}  // namespace

// One model that cannot be measured is told and does not keep the others from it.
int models_bench(std::span<const std::string> words) {
  const Arguments arguments(words, {{"image"}, {"runs"}, {"json", false}});
  const auto config = load_config(arguments.settings());
  const auto runs = static_cast<std::size_t>(arguments.number("runs", 20, 1, 10'000));
  const auto image = image_for(arguments.text("image"));
  observe::set_level(observe::Level::warning);
  ModelParts parts(config, kEmbeddingMemory);
  const auto ids = models_for(parts.catalogue, arguments.words());
  if (!arguments.has("json")) {
    print_head(arguments.text("image").value_or("a gradient"), *image, runs);
  }
  std::vector<modelzoo::Benchmark> all;
  bool failed = false;
  for (const auto& id : ids) {
    try {
      all.push_back(modelzoo::bench_model({parts.catalogue, parts.engine, parts.vision,
                                           parts.analyzer, parts.executors, parts.clock},
                                          id, image, runs));
      modelzoo::save_benchmark(parts.catalogue.own_folder(), all.back());
      if (!arguments.has("json")) print_rows(all.back());
    } catch (const Error& error) {
      if (ids.size() == 1) throw;
      failed = true;
      std::fprintf(stderr, "%s: %s\n", id.c_str(), error.message().c_str());
    }
  }
  if (arguments.has("json")) std::printf("%s\n", json::write(all).c_str());
  return failed ? kSomeSkipped : 0;
}

}  // namespace aa::app
