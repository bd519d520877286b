// What turns images, and objects in them, into vectors of length 1 that can be compared.
//
// A pair of encoders (task "image_text", CLIP and its kind) looks at the image and at each object's
// bounds, and at words; so does, but for words, a model of task "embedding".
// A SAM encoder, where there is no such model: its map of features [1, C, S, S] averaged over the
// image (mean and deviation of each channel) or over an object's pixels (mean), cells weighted by
// how much of them is covered; padding counts for nothing.
//
// Thread rule: shared by all coroutines. Errors: those of Vision and Catalogue; unavailable
// "no_embedder" when no installed model gives features.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "driver/inference/engine.hpp"
#include "kernel/geometry/geometry.hpp"
#include "kernel/raster/rle.hpp"
#include "service/modelzoo/model_zoo.hpp"
#include "service/search/search_types.hpp"

namespace aa::search {

using runtime::Task;

struct Picture {
  Picture(modelzoo::EmbeddingKey k, modelzoo::PixelSource source, int w, int h)
      : key(std::move(k)), pixels(std::move(source)), width(w), height(h) {}
  modelzoo::EmbeddingKey key;
  modelzoo::PixelSource pixels;
  int width = 0;
  int height = 0;
};

struct ObjectRegion {
  geometry::Rect bounds;
  std::optional<raster::Rle> mask;  // as large as the image
};

struct Features {
  std::vector<float> image;
  std::vector<std::vector<float>> objects;  // as many as regions; empty where there is nothing
  // For which the model ran, unless the encoder's meter of modelzoo::Vision told it already.
  double milliseconds = 0;
};

class Embedder {
 public:
  virtual ~Embedder() = default;
  virtual std::string id() const = 0;
  virtual std::string version() const = 0;
  virtual Basis basis() const = 0;
  // From this similarity on two images are taken to show the same.
  virtual double same_scene() const = 0;
  virtual double same_object() const = 0;
  virtual Task<Features> embed(Picture picture, std::vector<ObjectRegion> regions,
                               inference::Lane lane) = 0;
  // In the space of the images' vectors. Error invalid "no_text_model" where words have no place.
  virtual Task<std::vector<float>> embed_text(std::string text, inference::Lane lane);
  std::string model_version() const { return id() + "@" + version(); }
};

// Pure: features of a SAM encoder's map.
std::vector<float> pool_image(const modelzoo::Embedding& map, int width, int height);
std::vector<float> pool_object(const modelzoo::Embedding& map, int width, int height,
                               const ObjectRegion& region);

// The embedder asked for by a model's id, or else the best that is installed.
std::shared_ptr<Embedder> pick_embedder(modelzoo::ModelZoo& models,
                                        const std::optional<std::string>& id,
                                        runtime::Executors& executors);

}  // namespace aa::search
