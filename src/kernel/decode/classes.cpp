// What a whole picture is (classifiers) and how it can be compared (embedders).
//
// Scores of classes are probabilities when they add up to 1, independent scores when they all lie
// in 0..1, and otherwise logits that softmax turns into probabilities.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "base/error.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/metadata.hpp"
#include "kernel/decode/parameters.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::int64_t kFeaturesMax = 65'536;

// C of [1, C], [1, C, 1, 1] or [1, 1, 1, C]; 0: something else. A free batch counts as 1.
std::int64_t vector_size(std::span<const std::int64_t> shape) {
  if (shape.size() < 2 || shape[0] > 1) return 0;
  std::int64_t size = 1;
  for (const auto side : shape.subspan(1)) {
    if (side < 1 || (side > 1 && size > 1)) return 0;
    size *= side;
  }
  return size;
}

bool looks_like_features(const Port& port, std::int64_t size, const ModelSpec& spec) {
  if (!spec.labels.empty()) return false;
  if (name_has(port.name, {"embed", "feature", "pool", "flatten"})) return true;
  constexpr std::array<std::int64_t, 8> kSizes = {128, 256, 384, 512, 768, 1024, 1280, 2048};
  return std::ranges::find(kSizes, size) != kSizes.end();
}

std::span<const float> vector_of(Outputs outputs, std::int64_t most) {
  const auto& output = first_output(outputs);
  const auto size = vector_size(output.shape);
  if (size < 1 || size > most || std::cmp_not_equal(size, output.values.size())) {
    throw invalid("model_output",
                  fmt::format("Output '{}' has shape [{}]; one vector was expected.", output.name,
                              fmt::join(output.shape, ", ")));
  }
  return output.values;
}

std::vector<float> probabilities(std::span<const float> scores) {
  std::vector<float> out(scores.begin(), scores.end());
  if (std::ranges::all_of(out, [](float s) { return s >= 0 && s <= 1.0001F; })) return out;
  const float most = std::ranges::max(out);
  double sum = 0;
  for (auto& value : out) {
    value = std::exp(value - most);
    sum += value;
  }
  for (auto& value : out) value = static_cast<float>(value / sum);
  return out;
}

}  // namespace

bool recognise_classifier(const GraphSignature& signature, ModelSpec& spec) {
  if (signature.inputs.size() != 1 || signature.outputs.size() != 1) return false;
  if (spec.input.channels != 3) return false;
  const auto size = vector_size(signature.outputs[0].shape);
  if (size < 2 || looks_like_features(signature.outputs[0], size, spec)) return false;
  spec.classes = static_cast<int>(size);
  use_imagenet(spec.input);
  return true;
}

Reading read_classes(Outputs outputs, const ModelSpec& spec, const Frame&,
                     const ReadOptions& options) {
  const auto scores = probabilities(vector_of(outputs, kLabelsMax));
  const auto top =
      std::min(scores.size(), static_cast<std::size_t>(number_parameter(spec, "top", 5, 1, 100)));
  std::vector<int> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(top),
                            std::ranges::greater{},
                            [&](int i) { return scores[static_cast<std::size_t>(i)]; });
  order.resize(top);
  Reading reading;
  for (const int i : order) {
    const float score = std::min(scores[static_cast<std::size_t>(i)], 1.0F);
    if (score < options.score_min) break;
    reading.findings.push_back({.shape = document::Tag{}, .score = score, .class_index = i});
  }
  return reading;
}

bool recognise_embedder(const GraphSignature& signature, ModelSpec& spec) {
  if (signature.inputs.size() != 1 || signature.outputs.empty()) return false;
  if (spec.input.channels != 3 || vector_size(signature.outputs[0].shape) < 2) return false;
  use_imagenet(spec.input);
  return true;
}

Reading read_embedding(Outputs outputs, const ModelSpec&, const Frame&, const ReadOptions&) {
  const auto values = vector_of(outputs, kFeaturesMax);
  const double squares = std::accumulate(values.begin(), values.end(), 0.0,
                                         [](double sum, float v) { return sum + double{v} * v; });
  if (!(squares > 0)) throw invalid("model_output", "The vector of features is all zero.");
  const double length = std::sqrt(squares);
  Reading reading;
  for (const float value : values) {
    reading.embedding.push_back(static_cast<float>(value / length));
  }
  return reading;
}

}  // namespace aa::decode
