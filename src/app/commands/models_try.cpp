#include <cstdio>

#include "app/arguments.hpp"
#include "app/commands/load_config.hpp"
#include "app/commands/models_actions.hpp"
#include "app/wiring.hpp"
#include "base/hash.hpp"
#include "core/observe/log.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/media/image_codec.hpp"
#include "service/modelzoo/analysis_json.hpp"

namespace aa::app {
namespace {

constexpr std::uint64_t kImageBytes = 512ULL << 20;
constexpr std::size_t kEmbeddingMemory = 64ULL << 20;

// One line of JSON per image.
std::string line_for(const std::string& image, const modelzoo::Analysis& analysis) {
  std::string out = R"({"image":)";
  json::append(out, image);
  out += R"(,"model":)";
  json::append(out, analysis.model);
  out += R"(,"findings":)";
  modelzoo::append_findings(out, analysis.reading);
  if (const auto& features = analysis.reading.embedding; !features.empty()) {
    out += R"(,"embedding":)";
    json::append(out, std::vector<double>(features.begin(), features.end()));
  }
  if (const auto& map = analysis.reading.map; map) {
    const auto [low, high] = std::ranges::minmax(map->values);
    out += R"(,"map":{"width":)" + std::to_string(map->width) + R"(,"height":)" +
           std::to_string(map->height) + R"(,"low":)";
    json::append(out, static_cast<double>(low));
    out += R"(,"high":)";
    json::append(out, static_cast<double>(high));
    out += '}';
  }
  out += R"(,"timing_ms":)";
  json::append(out, analysis.timing);
  return out + "}";
}

}  // namespace

int models_try(std::span<const std::string> words) {
  const Arguments arguments(words, {{"min-score"}});
  const auto config = load_config(arguments.settings());
  if (arguments.words().size() < 2) {
    throw invalid("bad_argument", "models try takes a model's id and one image or more.");
  }
  observe::set_level(observe::Level::warning);
  ModelParts parts(config, kEmbeddingMemory);
  const double min_score = arguments.number("min-score", 0.35, 0, 1);
  const auto images = std::span(arguments.words()).subspan(1);
  for (const auto& image : images) {
    const auto file = host::read_file(image, kImageBytes);
    modelzoo::AnalyzeOptions options{.model = arguments.words().front(), .min_score = min_score};
    options.image.emplace(std::nullopt, to_hex(sha256(file)));
    auto pixels =
        std::make_shared<const raster::Image>(media::decode(std::as_bytes(std::span(file))));
    const auto analysis = runtime::block_on(
        parts.executors, parts.analyzer.analyze(std::move(pixels), std::move(options)));
    std::printf("%s\n", line_for(image, analysis).c_str());
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace aa::app
