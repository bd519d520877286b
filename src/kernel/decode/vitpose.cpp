// ViTPose and other top-down pose models with heatmaps: of one person cut out of the image, for
// each keypoint a map of a quarter of the input's sides. The place is the highest cell, moved by
// the parabola through its neighbours; cell i lies at i * (side - 1) / (cells - 1), as UDP trains.
//
// The region keeps its aspect in the input; around is black, before normalising as ImageNet.
// Parameter: keypoints. Its input is a third higher than wide, up to 384 x 288.
// Source: arXiv:2204.12484; UDP, arXiv:1911.07524.
#include <algorithm>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/keypoints.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode {
namespace {

constexpr int kStride = 4;

bool are_heatmaps(std::span<const std::int64_t> shape, const InputSpec& input) {
  return shape.size() == 4 && shape[0] <= 1 && shape[1] >= 1 &&
         shape[1] <= static_cast<std::int64_t>(kKeypointsMax) &&
         shape[2] == input.height / kStride && shape[3] == input.width / kStride && shape[2] > 1 &&
         shape[3] > 1;
}

// How far the top of the parabola through three values lies from the middle one.
double peak_shift(double before, double middle, double after) {
  const double bend = before - 2 * middle + after;
  if (!(bend < 0)) return 0;
  return std::clamp((before - after) / (2 * bend), -0.5, 0.5);
}

class Heatmap {
 public:
  Heatmap(const float* values, int width, int height)
      : values_(values), width_(width), height_(height) {}

  Keypoint keypoint(const InputSpec& input) const {
    const float* best = std::max_element(values_, values_ + width_ * height_);
    const int x = static_cast<int>(best - values_) % width_;
    const int y = static_cast<int>(best - values_) / width_;
    const bool inside = x > 0 && y > 0 && x + 1 < width_ && y + 1 < height_;
    const double dx = inside ? peak_shift(at(x - 1, y), *best, at(x + 1, y)) : 0;
    const double dy = inside ? peak_shift(at(x, y - 1), *best, at(x, y + 1)) : 0;
    return {{(x + dx) * (input.width - 1) / (width_ - 1),
             (y + dy) * (input.height - 1) / (height_ - 1)},
            std::clamp(static_cast<double>(*best), 0.0, 1.0)};
  }

 private:
  double at(int x, int y) const { return values_[y * width_ + x]; }

  const float* values_;
  int width_;
  int height_;
};

}  // namespace

bool recognise_vitpose(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec) || signature.outputs.size() != 1) return false;
  const auto& shape = signature.outputs.front().shape;
  // Maps of classes have the same shape: a person's input is a third higher than wide.
  const bool person = spec.input.height * 3 == spec.input.width * 4;
  if (!person || spec.input.height > 384 || !are_heatmaps(shape, spec.input)) return false;
  use_imagenet(spec.input);
  spec.input.fit = Fit::centred;
  spec.input.pad_level = 0;
  return true;
}

Reading read_vitpose(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options) {
  const auto& output = first_output(outputs);
  const auto& shape = output.shape;
  if (!are_heatmaps(shape, spec.input) ||
      output.values.size() != static_cast<std::size_t>(shape[1] * shape[2] * shape[3])) {
    throw invalid("model_output", "The heatmaps have not a quarter of the input's sides.");
  }
  const auto cells = static_cast<std::size_t>(shape[2] * shape[3]);
  std::vector<Keypoint> keypoints;
  for (std::size_t k = 0; k < static_cast<std::size_t>(shape[1]); ++k) {
    const Heatmap map(output.values.data() + k * cells, static_cast<int>(shape[3]),
                      static_cast<int>(shape[2]));
    keypoints.push_back(map.keypoint(spec.input));
  }
  return pose_of(keypoints, spec, frame, options);
}

}  // namespace aa::decode
