#include "service/modelzoo/vision.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kernel/decode/families.hpp"
#include "kernel/decode/sound_outputs.hpp"
#include "service/modelzoo/promptable.hpp"
#include "service/modelzoo/sample_inputs.hpp"

namespace aa::modelzoo {
namespace {

constexpr std::string_view kDetection = "detection";
constexpr std::string_view kSegmentation = "promptable_segmentation";

double milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

std::string pick_model(const Catalogue& catalogue, const std::optional<std::string>& name,
                       std::string_view task) {
  if (name) {
    if (catalogue.manifest(*name).task != task) {
      throw invalid("wrong_model",
                    "The model " + *name + " does not do " + std::string(task) + ".");
    }
    return *name;
  }
  auto picked = catalogue.pick(std::string(task));
  if (!picked) {
    throw unavailable("model_not_installed", "No model for " + std::string(task) +
                                                 " is installed. Bring one with: annotateai "
                                                 "models pull");
  }
  return *picked;
}

// The image as it is told to the decoder, and what is told of it on the way there and back.
struct Reduction {
  Reduction(int image_width, int image_height, std::optional<int> side)
      : width(image_width), height(image_height) {
    const int longest = std::max(width, height);
    if (!side || longest <= *side) return;
    const double share = static_cast<double>(*side) / longest;
    width = std::max(1, static_cast<int>(std::lround(image_width * share)));
    height = std::max(1, static_cast<int>(std::lround(image_height * share)));
    sx = static_cast<double>(width) / image_width;
    sy = static_cast<double>(height) / image_height;
  }
  bool none() const { return sx == 1 && sy == 1; }

  void apply(decode::sam::Prompt& prompt) const {
    if (none()) return;
    for (auto& point : prompt.points) point.at = {point.at.x * sx, point.at.y * sy};
    if (prompt.box) prompt.box = scaled(*prompt.box, sx, sy);
    if (!prompt.previous_mask) return;
    auto parts = raster::trace(*prompt.previous_mask);
    scale(parts, sx, sy);
    prompt.previous_mask =
        raster::fill(parts, static_cast<std::uint32_t>(height), static_cast<std::uint32_t>(width));
  }

  void undo(decode::sam::MaskResult& mask) const {
    if (none()) return;
    scale(mask.polygon, 1 / sx, 1 / sy);
    mask.bounds = scaled(mask.bounds, 1 / sx, 1 / sy);
  }

  int width;
  int height;
  double sx = 1;
  double sy = 1;

 private:
  static geometry::Rect scaled(const geometry::Rect& b, double x, double y) {
    return {b.x0 * x, b.y0 * y, b.x1 * x, b.y1 * y};
  }
  static void scale(std::vector<raster::Part>& parts, double x, double y) {
    const auto scale_ring = [x, y](geometry::Ring& ring) {
      for (auto& point : ring) point = {point.x * x, point.y * y};
    };
    for (auto& part : parts) {
      scale_ring(part.outer);
      std::ranges::for_each(part.holes, scale_ring);
    }
  }
};

// Under what an image's embedding is kept. Of one's own models it is their weights: another model
// may get the id of one that was removed.
std::string embedding_name(const Card& card) {
  return card.kind == ModelKind::own ? "own-" + card.version : card.id;
}

}  // namespace

Vision::Vision(const Catalogue& catalogue, inference::Engine& engine, EmbeddingCache& embeddings,
               runtime::Executors& executors, const Clock& clock)
    : catalogue_(catalogue),
      engine_(engine),
      embeddings_(embeddings),
      executors_(executors),
      clock_(clock) {}

std::string Vision::detector(const std::optional<std::string>& name) const {
  return pick_model(catalogue_, name, kDetection);
}
std::string Vision::segmenter(const std::optional<std::string>& name) const {
  return pick_model(catalogue_, name, kSegmentation);
}

Task<std::shared_ptr<const Vision::Loaded>> Vision::load_detector(std::string id,
                                                                  inference::Lane lane) {
  const auto revision = catalogue_.revision();
  {
    const std::lock_guard lock(mutex_);
    // What was loaded may have been removed, and its id be another's by now.
    if (std::exchange(revision_, revision) != revision) detectors_.clear();
    if (const auto it = detectors_.find(id); it != detectors_.end()) co_return it->second;
  }
  auto locate = [this, id] { return catalogue_.graph(id, "detector"); };
  auto loaded = std::make_shared<Loaded>();
  loaded->path = co_await runtime::run_on(executors_.blocking(), locate);
  const auto info = co_await engine_.info(loaded->path, lane);
  const auto signature = decode::signature_of(info);
  const auto manifest = catalogue_.manifest(id);
  const auto family = decode::family_named(manifest.family);
  auto spec = family ? decode::detector_of_family(*family, signature)
                     : decode::recognise_detector(signature);
  if (!spec) {
    throw invalid("model_invalid",
                  "The inputs and outputs of " + manifest.name + " are not those of its family.");
  }
  // What the manifest says stands before what the exporter wrote: a user may have renamed classes.
  if (const auto labels = catalogue_.labels(manifest); !labels.empty()) spec->labels = labels;
  loaded->spec = std::move(*spec);
  const std::lock_guard lock(mutex_);
  if (revision_ == revision) detectors_[id] = loaded;
  co_return loaded;
}

Task<DetectOutcome> Vision::detect(Pixels image, DetectOptions options) {
  options.model = detector(options.model);
  const auto loaded = co_await load_detector(*options.model, options.lane);
  const auto& input = loaded->spec.input;
  const int across = options.tiles > 0
                         ? options.tiles
                         : decode::tiles_wanted(image->width(), image->height(), input);
  auto tiles = decode::plan_tiles(image->width(), image->height(), input, across);
  if (tiles.empty()) co_return co_await detect_in(image, options, loaded);
  co_return co_await detect_tiles(image, options, loaded, std::move(tiles));
}

Task<DetectOutcome> Vision::detect_in(Pixels image, DetectOptions options,
                                      std::shared_ptr<const Loaded> loaded) {
  const auto started = clock_.steady();
  const auto card = catalogue_.card(*options.model);
  DetectOutcome outcome{.model = card.id, .model_version = card.version};
  auto prepare = [image, loaded] {
    auto tensor = inference::Tensor::of_floats(loaded->spec.input_name, loaded->spec.input_shape());
    auto letterbox = decode::prepare_detector_input(image->view(), loaded->spec, tensor.floats());
    return std::pair{std::move(tensor), letterbox};
  };
  auto [tensor, letterbox] = co_await runtime::run_on(engine_.executor(options.lane), prepare);
  outcome.timing.prepare = milliseconds(clock_.steady() - started);
  std::vector<inference::Tensor> inputs;
  inputs.push_back(std::move(tensor));
  const auto result = co_await engine_.run(loaded->path, std::move(inputs), options.lane);
  outcome.timing.queue = milliseconds(result.timing.queued);
  outcome.timing.run = milliseconds(result.timing.run);
  const auto decode_from = clock_.steady();
  auto read = [&result, loaded, box = letterbox, score_min = options.min_score] {
    const auto views = decode::views_of(result.outputs);
    decode::require_sound(views);
    auto out = decode::decode_detections(views, loaded->spec, box, {.score_min = score_min});
    decode::require_sound(out, loaded->spec.labels.size());
    return out;
  };
  const auto detections = co_await runtime::run_on(engine_.executor(options.lane), read);
  const auto& labels = loaded->spec.labels;
  for (const auto& detection : detections) {
    const auto index = static_cast<std::size_t>(detection.class_index);
    outcome.objects.push_back(
        {detection, index < labels.size() ? labels[index] : "class " + std::to_string(index)});
  }
  outcome.timing.decode = milliseconds(clock_.steady() - decode_from);
  outcome.timing.total = milliseconds(clock_.steady() - started);
  co_return outcome;
}

EmbeddingCache::Compute Vision::encoder(std::string id, const EmbeddingKey& key, PixelSource pixels,
                                        inference::Lane lane) {
  return [this, id = std::move(id), whose = key.organization, pixels = std::move(pixels), lane] {
    return embed(id, whose, pixels, lane);
  };
}

Task<SharedEmbedding> Vision::embed(std::string id, std::optional<OrganizationId> organization,
                                    PixelSource pixels, inference::Lane lane) {
  auto locate = [this, id] { return catalogue_.graph(id, "encoder"); };
  const auto path = co_await runtime::run_on(executors_.blocking(), locate);
  const auto image = co_await pixels();
  const auto info = co_await engine_.info(path, lane);
  auto prepare = [image, info] { return encoder_input(info, image->view()); };
  std::vector<inference::Tensor> inputs;
  inputs.push_back(co_await runtime::run_on(engine_.executor(lane), prepare));
  auto result = co_await engine_.run(path, std::move(inputs), lane);
  if (meter_ && organization) meter_(*organization, milliseconds(result.timing.run));
  co_return std::make_shared<const Embedding>(embedding_of(std::move(result.outputs)));
}

Task<> Vision::warm(std::string id) {
  const auto manifest = catalogue_.manifest(id);
  for (const auto& [role, file] : manifest.graphs) {
    auto locate = [this, id, role = role] { return catalogue_.graph(id, role); };
    const auto path = co_await runtime::run_on(executors_.blocking(), locate);
    const auto info = co_await engine_.info(path);
    auto inputs = sample_inputs(info, input_shapes(manifest, role));
    co_await engine_.run(path, std::move(inputs), inference::Lane::interactive);
  }
}

Task<SharedEmbedding> Vision::prepare(EmbeddingKey key, PixelSource pixels,
                                      std::optional<std::string> model, inference::Lane lane) {
  const std::string id = segmenter(model);
  auto compute = encoder(id, key, std::move(pixels), lane);
  co_return co_await embeddings_.get(std::move(key), embedding_name(catalogue_.card(id)), compute);
}

Task<decode::Frame> Vision::frame_for(std::optional<std::string> model, int width, int height,
                                      inference::Lane lane) {
  const std::string id = segmenter(model);
  auto locate = [this, id] { return catalogue_.graph(id, "decoder"); };
  const auto path = co_await runtime::run_on(executors_.blocking(), locate);
  const auto info = co_await engine_.info(path, lane);
  co_return decode::sam::frame_of(decoder_variant(info), width, height);
}

Task<SegmentOutcome> Vision::segment(EmbeddingKey key, PixelSource pixels, int width, int height,
                                     std::vector<decode::sam::Prompt> prompts,
                                     SegmentOptions options) {
  const auto started = clock_.steady();
  const std::string id = segmenter(options.model);
  const auto card = catalogue_.card(id);
  SegmentOutcome outcome{.model = card.id, .model_version = card.version};
  const auto name = embedding_name(card);
  outcome.embedding_was_ready = embeddings_.holds(key, name);
  const auto lane = options.lane;
  auto compute = encoder(id, key, std::move(pixels), lane);
  const auto embedding = co_await embeddings_.get(std::move(key), name, compute);
  outcome.timing.prepare = milliseconds(clock_.steady() - started);
  auto locate = [this, id] { return catalogue_.graph(id, "decoder"); };
  const auto path = co_await runtime::run_on(executors_.blocking(), locate);
  const auto info = co_await engine_.info(path, lane);
  const auto variant = decoder_variant(info);
  const Reduction reduction(width, height, options.mask_side);
  const auto frame = decode::sam::frame_of(variant, reduction.width, reduction.height);
  for (auto& prompt : prompts) {
    reduction.apply(prompt);
    auto inputs = decoder_inputs(info, *embedding, prompt, frame);
    const auto result = co_await engine_.run(path, std::move(inputs), lane);
    outcome.timing.queue += milliseconds(result.timing.queued);
    outcome.timing.run += milliseconds(result.timing.run);
    const auto decode_from = clock_.steady();
    auto read = [&result, variant, frame, masks = options.masks] {
      const auto views = decode::views_of(result.outputs);
      decode::require_sound(views);
      return decode::sam::read_masks(variant, views, frame, masks);
    };
    auto masks = co_await runtime::run_on(engine_.executor(lane), read);
    for (auto& mask : masks) {
      reduction.undo(mask);
      outcome.masks.push_back(std::move(mask));
    }
    outcome.timing.decode += milliseconds(clock_.steady() - decode_from);
  }
  outcome.timing.total = milliseconds(clock_.steady() - started);
  co_return outcome;
}

}  // namespace aa::modelzoo
