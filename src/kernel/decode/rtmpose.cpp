// RTMPose: of one person cut out of the image, for each keypoint a row of scores over x and one
// over y, in steps of a half pixel (simcc_split_ratio 2). The place is the highest of each; its
// confidence the smaller of both, cut to 0..1.
//
// The region keeps its aspect in the input; around is black, before normalising as ImageNet.
// Parameter: keypoints. Source: SimCC, arXiv:2107.03332; RTMPose, arXiv:2303.07399.
#include <algorithm>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/keypoints.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode {
namespace {

constexpr int kRatio = 2;  // steps to a pixel

bool is_axis(std::span<const std::int64_t> shape, int side) {
  return shape.size() == 3 && shape[0] <= 1 && shape[1] >= 1 &&
         shape[1] <= static_cast<std::int64_t>(kKeypointsMax) && shape[2] == kRatio * side;
}

// The only output of this many steps. Of a square input x comes first.
const TensorView& axis_of(Outputs outputs, int side, std::size_t place, std::string_view name) {
  const auto named = std::ranges::find(outputs, name, &TensorView::name);
  const auto at = static_cast<std::size_t>(named - outputs.begin());
  const auto& output = outputs[named == outputs.end() ? place : at];
  if (!is_axis(output.shape, side)) {
    throw invalid("model_output", "A keypoint has not two scores for each pixel of an axis.");
  }
  return output;
}

struct Peak {
  double at = 0;
  double value = 0;
};

Peak peak_of(const Matrix& rows, std::int64_t keypoint) {
  const float* first = rows.row(keypoint);
  const float* best = std::max_element(first, first + rows.columns);
  return {static_cast<double>(best - first) / kRatio, *best};
}

}  // namespace

bool recognise_rtmpose(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec) || signature.outputs.size() != 2) return false;
  const auto& x = signature.outputs[0].shape;
  const auto& y = signature.outputs[1].shape;
  if (!is_axis(x, spec.input.width) || !is_axis(y, spec.input.height) || x[1] != y[1]) return false;
  use_imagenet(spec.input);
  spec.input.fit = Fit::centred;
  spec.input.pad_level = 0;
  return true;
}

Reading read_rtmpose(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options) {
  if (outputs.size() != 2) throw invalid("model_output", "Scores over x and over y were expected.");
  const auto& over_x = axis_of(outputs, spec.input.width, 0, "simcc_x");
  const auto& over_y = axis_of(outputs, spec.input.height, 1, "simcc_y");
  const auto x = as_matrix(over_x, over_x.shape[2]);
  const auto y = as_matrix(over_y, over_y.shape[2]);
  if (x.rows != y.rows) throw invalid("model_output", "x and y have other numbers of keypoints.");
  std::vector<Keypoint> keypoints;
  for (std::int64_t k = 0; k < x.rows; ++k) {
    const auto px = peak_of(x, k);
    const auto py = peak_of(y, k);
    keypoints.push_back({{px.at, py.at}, std::clamp(std::min(px.value, py.value), 0.0, 1.0)});
  }
  return pose_of(keypoints, spec, frame, options);
}

}  // namespace aa::decode
