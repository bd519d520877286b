#include <cstdio>

#include "app/arguments.hpp"
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
    if (catalogue.installed(manifest)) out.push_back(manifest.id);
  }
  return out;
}

double share(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

}  // namespace

int models_bench(std::span<const std::string> words) {
  const Arguments arguments(words, {{"image"}, {"runs"}});
  const auto config = load_config(arguments.settings());
  const auto runs = static_cast<std::size_t>(arguments.number("runs", 20, 1, 10'000));
  const auto image = image_for(arguments.text("image"));
  observe::set_level(observe::Level::warning);
  ModelParts parts(config, kEmbeddingMemory);
  std::printf("%s, %d x %d, median of %zu runs, batch 1, %u threads\n",
              arguments.text("image").value_or("a gradient").c_str(), image->width(),
              image->height(), runs, parts.executors.compute_threads());
  std::printf("%-16s %-9s %9s %9s %8s %6s %7s %9s\n", "model", "graph", "load ms", "total ms",
              "prepare", "run", "decode", "memory");
  for (const auto& id : models_for(parts.catalogue, arguments.words())) {
    const auto rows = modelzoo::bench_model(
        {parts.catalogue, parts.engine, parts.vision, parts.executors, parts.clock}, id, image,
        runs);
    for (const auto& row : rows) {
      std::printf("%-16s %-9s %9.0f %9.1f %7.0f%% %5.0f%% %6.0f%% %5lld MiB\n", row.model.c_str(),
                  row.role.c_str(), row.load, row.total, share(row.prepare, row.total),
                  share(row.run, row.total), share(row.decode, row.total),
                  static_cast<long long>(row.memory >> 20));
      std::fflush(stdout);
    }
    parts.engine.unload_all();
  }
  return 0;
}

}  // namespace aa::app
