#include "service/search/embedder.hpp"

#include <algorithm>
#include <cmath>

#include "driver/media/image_codec.hpp"
#include "kernel/decode/sam.hpp"
#include "kernel/learning/similarity.hpp"

namespace aa::search {
namespace {

using modelzoo::Embedding;

constexpr std::string_view kSegmentation = "promptable_segmentation";
constexpr std::string_view kEmbedding = "embedding";
constexpr double kVectorSameScene = 0.9;
constexpr double kVectorSameObject = 0.85;
constexpr std::uint32_t kPartSide = 256;
constexpr double kSideMin = 4;  // pixels; what is smaller tells nothing
// A SAM's features are all much alike: photos that have nothing in common reach 0.9895.
constexpr double kSamSameScene = 0.993;
constexpr double kSamSameObject = 0.9;

struct MapSize {
  std::size_t channels = 0;
  int side = 0;
};

MapSize size_of(const Embedding& map) {
  if (map.shape.size() != 4 || map.shape[2] != map.shape[3] || map.shape[2] <= 0) {
    throw invalid("model_output", "The encoder's features are no square map.");
  }
  return {static_cast<std::size_t>(map.shape[1]), static_cast<int>(map.shape[2])};
}

// Share of each cell that a rectangle, in cells, covers.
std::vector<float> cover_of(const geometry::Rect& cells, int side) {
  std::vector<float> out(static_cast<std::size_t>(side * side));
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const geometry::Rect cell{static_cast<double>(x), static_cast<double>(y), x + 1.0, y + 1.0};
      out[static_cast<std::size_t>(y * side + x)] =
          static_cast<float>(geometry::intersection(cell, cells).area());
    }
  }
  return out;
}

geometry::Rect in_cells(const geometry::Rect& image, const decode::Letterbox& frame, int side) {
  const double x = frame.scale_x * side / decode::sam::kSide;
  const double y = frame.scale_y * side / decode::sam::kSide;
  return {image.x0 * x, image.y0 * y, image.x1 * x, image.y1 * y};
}

// logits_of() tells the share of each cell of a finer grid, scaled.
std::vector<float> cover_of(const raster::Rle& mask, const decode::Letterbox& frame, int side) {
  const auto fine = decode::sam::logits_of(mask, frame);
  const int step = decode::sam::kMaskSide / side;
  std::vector<float> out(static_cast<std::size_t>(side * side));
  if (step < 1) return out;
  for (int y = 0; y < side * step; ++y) {
    for (int x = 0; x < side * step; ++x) {
      const float share = (fine[static_cast<std::size_t>(y * decode::sam::kMaskSide + x)] /
                               decode::sam::kMaskLogit +
                           1) /
                          2;
      out[static_cast<std::size_t>(y / step * side + x / step)] += share;
    }
  }
  return out;
}

struct Pooled {
  std::vector<float> mean;
  std::vector<float> deviation;
  double weight = 0;
};

Pooled pool(const Embedding& map, const std::vector<float>& weights) {
  const auto [channels, side] = size_of(map);
  const std::size_t cells = weights.size();
  Pooled out{std::vector<float>(channels), std::vector<float>(channels)};
  for (const float weight : weights) out.weight += weight;
  if (!(out.weight > 0)) return out;
  for (std::size_t c = 0; c < channels; ++c) {
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < cells; ++i) {
      const double value = map.values[c * cells + i];
      sum += weights[i] * value;
      squares += weights[i] * value * value;
    }
    const double mean = sum / out.weight;
    out.mean[c] = static_cast<float>(mean);
    out.deviation[c] =
        static_cast<float>(std::sqrt(std::max(0.0, squares / out.weight - mean * mean)));
  }
  return out;
}

std::vector<float> unit_of(std::vector<float> values) {
  if (!learning::normalise(values)) values.clear();
  return values;
}

}  // namespace

Task<std::vector<float>> Embedder::embed_text(std::string, inference::Lane) {
  throw invalid("no_text_model",
                "Words cannot be searched for: no model that joins images and text is installed. "
                "Bring one (CLIP, SigLIP) on the page of models.");
  co_return std::vector<float>{};
}

namespace {

// A model whose answer is a vector: of the whole image, or of a part of it.
class VectorEmbedder final : public Embedder {
 public:
  VectorEmbedder(modelzoo::ModelZoo& models, std::string id, runtime::Executors& executors)
      : models_(models), id_(std::move(id)), executors_(executors) {}

  std::string id() const override { return id_; }
  std::string version() const override { return models_.catalogue().card(id_).version; }
  double same_scene() const override { return kVectorSameScene; }
  double same_object() const override { return kVectorSameObject; }
  Basis basis() const override {
    const auto name = models_.catalogue().card(id_).name;
    if (knows_words()) {
      return {id_, BasisKind::clip, "Likeness is by meaning, as " + name + " sees it."};
    }
    return {
        id_, BasisKind::image_features,
        "No model that joins images and words is installed: likeness is that of the features of " +
            name + ", which tell how things look."};
  }

  Task<std::vector<float>> embed_text(std::string text, inference::Lane lane) override {
    if (!knows_words()) co_return co_await Embedder::embed_text(std::move(text), lane);
    auto& pairs = models_.analyzer().image_text();
    co_return unit_of(co_await pairs.text_embedding(id_, std::move(text), lane));
  }

  Task<Features> embed(Picture picture, std::vector<ObjectRegion> regions,
                       inference::Lane lane) override {
    const auto pixels = co_await picture.pixels();
    const geometry::Rect whole{0, 0, static_cast<double>(picture.width),
                               static_cast<double>(picture.height)};
    Features out;
    out.image = co_await vector_of(pixels, whole, lane, out.milliseconds);
    for (const auto& region : regions) {
      const auto& box = region.bounds;
      if (std::min(box.width(), box.height()) < kSideMin) {
        out.objects.emplace_back();
        continue;
      }
      out.objects.push_back(co_await vector_of(pixels, box, lane, out.milliseconds));
    }
    co_return out;
  }

 private:
  bool knows_words() const {
    return models_.catalogue().manifest(id_).task == modelzoo::kImageTextTask;
  }

  // A model's own resampling skips pixels of large images, which its features would tell.
  static modelzoo::Pixels small_part(const raster::Image& image, const geometry::Rect& box) {
    const int x = std::clamp(static_cast<int>(box.x0), 0, image.width() - 1);
    const int y = std::clamp(static_cast<int>(box.y0), 0, image.height() - 1);
    const int width = std::clamp(static_cast<int>(std::ceil(box.x1)), x + 1, image.width()) - x;
    const int height = std::clamp(static_cast<int>(std::ceil(box.y1)), y + 1, image.height()) - y;
    const auto part = image.view().crop(x, y, width, height);
    return std::make_shared<const raster::Image>(media::thumbnail(part, kPartSide));
  }

  // Adds to `milliseconds` how long the model ran.
  Task<std::vector<float>> vector_of(modelzoo::Pixels pixels, geometry::Rect box,
                                     inference::Lane lane, double& milliseconds) {
    auto shrink = [&pixels, &box] { return small_part(*pixels, box); };
    auto part = co_await runtime::run_on(executors_.compute(), shrink);
    modelzoo::AnalyzeOptions how{.model = id_};
    how.lane = lane;
    auto analysis = co_await models_.analyzer().analyze(std::move(part), std::move(how));
    milliseconds += analysis.timing.run;
    co_return unit_of(std::move(analysis.reading.embedding));
  }

  modelzoo::ModelZoo& models_;
  std::string id_;
  runtime::Executors& executors_;
};

class SamEmbedder final : public Embedder {
 public:
  SamEmbedder(modelzoo::ModelZoo& models, std::string id, runtime::Executors& executors)
      : models_(models), id_(std::move(id)), executors_(executors) {}

  std::string id() const override { return id_; }
  std::string version() const override { return models_.catalogue().card(id_).version; }
  double same_scene() const override { return kSamSameScene; }
  double same_object() const override { return kSamSameObject; }
  Basis basis() const override {
    return {
        id_, BasisKind::image_features,
        "No model that joins images and words is installed: likeness is that of the features of "
        "the segmentation model, which tell how things look rather than what they are."};
  }

  Task<Features> embed(Picture picture, std::vector<ObjectRegion> regions,
                       inference::Lane lane) override {
    const auto map = co_await models_.vision().prepare(picture.key, picture.pixels, id_, lane);
    auto work = [&map, &picture, &regions] {
      Features out;
      out.image = pool_image(*map, picture.width, picture.height);
      for (const auto& region : regions) {
        out.objects.push_back(pool_object(*map, picture.width, picture.height, region));
      }
      return out;
    };
    co_return co_await runtime::run_on(executors_.compute(), work);
  }

 private:
  modelzoo::ModelZoo& models_;
  std::string id_;
  runtime::Executors& executors_;
};

}  // namespace

std::vector<float> pool_image(const Embedding& map, int width, int height) {
  const auto frame = decode::sam::frame_of(width, height);
  const int side = size_of(map).side;
  const geometry::Rect whole{0, 0, static_cast<double>(width), static_cast<double>(height)};
  auto pooled = pool(map, cover_of(in_cells(whole, frame, side), side));
  auto values = unit_of(std::move(pooled.mean));
  const auto deviation = unit_of(std::move(pooled.deviation));
  values.insert(values.end(), deviation.begin(), deviation.end());
  return unit_of(std::move(values));
}

std::vector<float> pool_object(const Embedding& map, int width, int height,
                               const ObjectRegion& region) {
  const auto frame = decode::sam::frame_of(width, height);
  const int side = size_of(map).side;
  const auto weights = region.mask ? cover_of(*region.mask, frame, side)
                                   : cover_of(in_cells(region.bounds, frame, side), side);
  return unit_of(pool(map, weights).mean);
}

std::shared_ptr<Embedder> pick_embedder(modelzoo::ModelZoo& models,
                                        const std::optional<std::string>& id,
                                        runtime::Executors& executors) {
  const auto& catalogue = models.catalogue();
  auto chosen = id;
  if (!chosen) chosen = catalogue.pick(std::string(modelzoo::kImageTextTask));
  if (!chosen) chosen = catalogue.pick(std::string(kEmbedding));
  if (!chosen) chosen = catalogue.pick(std::string(kSegmentation));
  if (!chosen) {
    throw unavailable("no_embedder",
                      "No installed model gives features of images. Bring one with: annotateai "
                      "models pull");
  }
  const auto card = catalogue.card(*chosen);
  const bool vectors = card.task == kEmbedding || card.task == modelzoo::kImageTextTask;
  if (!vectors && card.task != kSegmentation) {
    throw invalid("wrong_model", "The model " + *chosen + " gives no features of images.");
  }
  if (card.state != modelzoo::ModelState::ready) {
    throw unavailable("model_not_installed", "The model " + card.name +
                                                 " is not installed. Bring it with: annotateai "
                                                 "models pull " +
                                                 card.id);
  }
  if (vectors) return std::make_shared<VectorEmbedder>(models, *chosen, executors);
  return std::make_shared<SamEmbedder>(models, *chosen, executors);
}

}  // namespace aa::search
