// Vision: detection and prompted segmentation on images, over the engine and the catalogue.
//
// An image's SAM embedding is computed once and shared: by all who wait for it, by later clicks
// (memory), and after a restart (the cache given, compressed). Boxes and masks come back in pixels
// of the upright original.
//
// Thread rule: shared by all coroutines. Pixels are prepared and outputs decoded where the
// engine says for the lane. Errors: those of Catalogue, Engine and kernel/decode.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/executors.hpp"
#include "driver/inference/engine.hpp"
#include "kernel/decode/detector.hpp"
#include "kernel/decode/frame.hpp"
#include "kernel/decode/sam.hpp"
#include "kernel/decode/tiles.hpp"
#include "kernel/raster/image.hpp"
#include "service/modelzoo/catalogue.hpp"
#include "service/modelzoo/embedding_cache.hpp"

namespace aa::modelzoo {

using runtime::Task;
using Pixels = std::shared_ptr<const raster::Image>;
using PixelSource = std::function<Task<Pixels>()>;

// Milliseconds of the parts of one answer.
struct Timing {
  double prepare = 0;
  double queue = 0;
  double run = 0;
  double decode = 0;
  double total = 0;
};
BOOST_DESCRIBE_STRUCT(Timing, (), (prepare, queue, run, decode, total))

struct FoundObject {
  decode::Detection detection;
  std::string class_name;
};

struct DetectOutcome {
  std::string model;
  std::string model_version;
  std::vector<FoundObject> objects;
  Timing timing;
};

struct DetectOptions {
  DetectOptions(std::optional<std::string> id, double score, inference::Lane where)
      : model(std::move(id)), min_score(score), lane(where) {}
  std::optional<std::string> model;
  double min_score = 0.35;
  inference::Lane lane = inference::Lane::interactive;
  // Along the longer side of the image, which is looked at as a whole besides; 0: as many as the
  // image needs (kernel/decode/tiles.hpp).
  int tiles = 1;
};
// "auto", "off" or a number, as requests and commands say it. Error "invalid_tiles".
int read_tiles(const std::string& text);

struct SegmentOutcome {
  std::string model;
  std::string model_version;
  std::vector<decode::sam::MaskResult> masks;
  bool embedding_was_ready = false;
  Timing timing;
};

struct SegmentOptions {
  std::optional<std::string> model;
  inference::Lane lane = inference::Lane::interactive;
  decode::sam::MaskOptions masks;
  // Masks are made for the image reduced to this longest side; polygons and bounds are of the
  // image as ever. A decoder that gives masks as large as the image is the faster for it.
  std::optional<int> mask_side = {};
};

class Vision {
 public:
  Vision(const Catalogue& catalogue, inference::Engine& engine, EmbeddingCache& embeddings,
         runtime::Executors& executors, const Clock& clock);

  // Whose image an encoder has read, and how long it ran in milliseconds; called on any thread.
  // What the embedding cache has costs nothing.
  using EncodeMeter = std::function<void(OrganizationId organization, double milliseconds)>;
  void set_encode_meter(EncodeMeter meter) { meter_ = std::move(meter); }  // before anything begins

  Task<DetectOutcome> detect(Pixels image, DetectOptions options);
  // `key` names the image's content for the embedding cache; `pixels` is only asked on a miss.
  Task<SegmentOutcome> segment(EmbeddingKey key, PixelSource pixels, int width, int height,
                               std::vector<decode::sam::Prompt> prompts, SegmentOptions options);
  // Loads a model's graphs and runs them once, so that the first who asks does not wait for it.
  Task<> warm(std::string id);
  // Computes the embedding ahead of the first click, or for who wants its features.
  Task<SharedEmbedding> prepare(EmbeddingKey key, PixelSource pixels,
                                std::optional<std::string> model, inference::Lane lane);
  // How the segmenter sees an image of this size.
  Task<decode::Frame> frame_for(std::optional<std::string> model, int width, int height,
                                inference::Lane lane);
  // Where to do what a person waits for, such as reading a click's prompts.
  runtime::Executor urgent() { return engine_.executor(inference::Lane::interactive); }
  // The model that a call without a name would take.
  std::string detector(const std::optional<std::string>& name) const;
  std::string segmenter(const std::optional<std::string>& name) const;

 private:
  struct Loaded {
    std::filesystem::path path;
    decode::DetectorSpec spec;
  };
  Task<std::shared_ptr<const Loaded>> load_detector(std::string id, inference::Lane lane);
  Task<DetectOutcome> detect_in(Pixels image, DetectOptions options,
                                std::shared_ptr<const Loaded> loaded);
  Task<DetectOutcome> detect_tiles(Pixels image, DetectOptions options,
                                   std::shared_ptr<const Loaded> loaded,
                                   std::vector<decode::Tile> tiles);
  Task<SharedEmbedding> embed(std::string id, std::optional<OrganizationId> organization,
                              PixelSource pixels, inference::Lane lane);
  EmbeddingCache::Compute encoder(std::string id, const EmbeddingKey& key, PixelSource pixels,
                                  inference::Lane lane);

  const Catalogue& catalogue_;
  inference::Engine& engine_;
  EmbeddingCache& embeddings_;
  runtime::Executors& executors_;
  const Clock& clock_;
  EncodeMeter meter_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Loaded>> detectors_;
  std::uint64_t revision_ = 0;  // of the catalogue that they were loaded from
};

}  // namespace aa::modelzoo
