#include <charconv>

#include "core/runtime/event.hpp"
#include "service/modelzoo/vision.hpp"

namespace aa::modelzoo {
namespace {

Pixels cut_out(const Pixels& image, const decode::Tile& tile) {
  auto out = std::make_shared<raster::Image>(tile.width, tile.height, image->channels());
  const auto part = image->view().crop(tile.x, tile.y, tile.width, tile.height);
  for (int y = 0; y < tile.height; ++y) std::copy_n(part.row(y), out->stride(), out->row(y));
  return out;
}

void add_timing(Timing& sum, const Timing& part) {
  sum.prepare += part.prepare;
  sum.queue += part.queue;
  sum.run += part.run;
  sum.decode += part.decode;
}

geometry::Rect shifted(const geometry::Rect& box, const decode::Tile& by) {
  return {box.x0 + by.x, box.y0 + by.y, box.x1 + by.x, box.y1 + by.y};
}

DetectOutcome merged(const std::vector<DetectOutcome>& outcomes,
                     const std::vector<decode::Tile>& tiles, const Pixels& image) {
  DetectOutcome out{.model = outcomes.front().model,
                    .model_version = outcomes.front().model_version};
  std::map<int, std::string> names;
  std::vector<decode::TileDetections> parts;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    auto& part = parts.emplace_back();
    part.tile = tiles[i];
    add_timing(out.timing, outcomes[i].timing);
    for (const auto& object : outcomes[i].objects) {
      auto detection = object.detection;
      detection.box = shifted(detection.box, tiles[i]);
      names[detection.class_index] = object.class_name;
      part.detections.push_back(detection);
    }
  }
  for (const auto& detection : decode::merge_tiles(parts, image->width(), image->height())) {
    out.objects.push_back({detection, names[detection.class_index]});
  }
  return out;
}

}  // namespace

int read_tiles(const std::string& text) {
  if (text == "auto") return 0;
  if (text == "off") return 1;
  int across = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, across);
  if (read.ec == std::errc() && read.ptr == end && across >= 1 &&
      across <= decode::kTilesAcrossMax) {
    return across;
  }
  throw invalid("invalid_tiles",
                "tiles is auto, off, or how many along the longer side, at most " +
                    std::to_string(decode::kTilesAcrossMax) + ".",
                {{"/tiles", "is auto, off or a number"}});
}

// The whole image first, then the tiles; as many at once as there are threads to run them.
Task<DetectOutcome> Vision::detect_tiles(Pixels image, DetectOptions options,
                                         std::shared_ptr<const Loaded> loaded,
                                         std::vector<decode::Tile> tiles) {
  const auto started = clock_.steady();
  tiles.insert(tiles.begin(), decode::Tile{0, 0, image->width(), image->height()});
  std::vector<DetectOutcome> outcomes(tiles.size());
  const std::function<Task<>(std::size_t)> work = [&](std::size_t i) -> Task<> {
    auto cut = [&image, tile = tiles[i]] { return cut_out(image, tile); };
    auto part = image;
    if (i > 0) part = co_await runtime::run_on(engine_.executor(options.lane), cut);
    outcomes[i] = co_await detect_in(std::move(part), options, loaded);
  };
  co_await runtime::for_each_limited(executors_.io(), tiles.size(),
                                     1 + executors_.compute_threads(), work);
  auto merge = [&] { return merged(outcomes, tiles, image); };
  auto out = co_await runtime::run_on(engine_.executor(options.lane), merge);
  out.timing.total = std::chrono::duration<double, std::milli>(clock_.steady() - started).count();
  co_return out;
}

}  // namespace aa::modelzoo
