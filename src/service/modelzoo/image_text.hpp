// Pairs of image and text encoders (kernel/decode/clip.hpp): vectors of texts and images in one
// space, and what labels a picture has by their names alone.
//
// A manifest of task "image_text" has graphs `image` and `text` and, among its files, the
// tokenizer: tokenizer.json, or vocab.json with merges.txt, or bpe_simple_vocab_16e6.txt, the
// latter two also as .gz. The vocabulary is read once per model.
//
// Thread rule: shared by all coroutines. Images are prepared and texts tokenised on the executor of
// the lane. Errors: those of Catalogue, Engine, clip.hpp and bpe.hpp; invalid_argument
// "wrong_model"; unavailable "model_not_installed" when no such model is there.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "driver/inference/engine.hpp"
#include "kernel/decode/bpe.hpp"
#include "kernel/decode/clip.hpp"
#include "kernel/decode/frame.hpp"
#include "service/modelzoo/catalogue.hpp"
#include "service/modelzoo/vision.hpp"

namespace aa::modelzoo {

inline constexpr std::string_view kImageTextTask = "image_text";
inline constexpr std::size_t kZeroShotLabelsMax = 1'000;
inline constexpr std::size_t kLabelVectorsMax = 10'000;  // kept

struct ZeroShotLabel {
  std::string name;
  float score = 0;  // 0..1; of all labels together 1, unless the family judges each for itself
};

struct ZeroShot {
  std::vector<float> image;  // of length 1
  std::vector<ZeroShotLabel> labels;
};

// Of which part of an image, and which names it may have. Templates as prompts_for() takes them.
struct ZeroShotRequest {
  std::string model;
  std::vector<std::string> labels;
  std::vector<std::string> templates = {};
  std::optional<decode::Region> region = std::nullopt;
};

class ImageText {
 public:
  ImageText(const Catalogue& catalogue, inference::Engine& engine, runtime::Executors& executors)
      : catalogue_(catalogue), engine_(engine), executors_(executors) {}

  // The model that a call without a name takes; nullopt: none is installed.
  std::optional<std::string> pick() const { return catalogue_.pick(std::string(kImageTextTask)); }

  // Of length 1; comparable by cosine with those of images by the same model.
  Task<std::vector<float>> text_embedding(std::string model, std::string text,
                                          inference::Lane lane);
  Task<std::vector<float>> image_embedding(std::string model, Pixels image, inference::Lane lane,
                                           std::optional<decode::Region> region = std::nullopt);
  // The labels in their order. A label's vector is kept for the next image.
  Task<ZeroShot> zero_shot(Pixels image, ZeroShotRequest request, inference::Lane lane);

 private:
  struct Loaded;
  Task<std::shared_ptr<const Loaded>> load(std::string id, inference::Lane lane);
  Task<std::vector<float>> embed_text(std::shared_ptr<const Loaded> loaded, std::string text,
                                      inference::Lane lane);
  Task<std::vector<float>> embed_label(std::shared_ptr<const Loaded> loaded, std::string label,
                                       ZeroShotRequest request, inference::Lane lane);

  const Catalogue& catalogue_;
  inference::Engine& engine_;
  runtime::Executors& executors_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Loaded>> loaded_;
  std::map<std::vector<std::string>, std::vector<float>> label_vectors_;  // kLabelVectorsMax
};

}  // namespace aa::modelzoo
