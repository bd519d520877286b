// BlazeFace: faces with six keypoints.
// Source: arXiv:1907.05047; anchors and the region (the box's longer side times 1.5, turned until
// the eyes are level) as MediaPipe's face detection graphs set them.
#include "kernel/decode/people_rows.hpp"
#include "kernel/decode/pointed_boxes.hpp"

namespace aa::decode {
namespace {

constexpr std::array<std::string_view, 6> kPoints = {
    "right_eye", "left_eye", "nose_tip", "mouth_center", "right_ear_tragion", "left_ear_tragion"};

// The front camera's model (128), the back camera's (256).
std::vector<int> strides(const InputSpec& input) {
  if (input.width != input.height) return {};
  if (input.width == 128) return {8, 16, 16, 16};
  if (input.width == 256) return {16, 32, 32, 32};
  return {};
}

// The full range model: one grid, one anchor in each cell.
std::vector<int> full_range_strides(const InputSpec& input) {
  if (input.width != 192 || input.height != 192) return {};
  return {4};
}

Region region(const PointedBox& found, const Frame& frame) {
  Region out = region_in_image(found.box, frame);
  out.rotation =
      upright_rotation(frame.to_image(found.points[0]), frame.to_image(found.points[1]), 0);
  return grown(out, 1.5);
}

constexpr PointedFamily kFamily = {"face", kPoints, strides, 1, box_in_image, region};
constexpr PointedFamily kFullRange = {"face", kPoints, full_range_strides, 0, box_in_image, region};

const PointedFamily& family_of(const InputSpec& input) {
  return strides(input).empty() ? kFullRange : kFamily;
}

}  // namespace

bool recognise_blazeface(const GraphSignature& signature, ModelSpec& spec) {
  if (!recognise_pointed(signature, spec, family_of(spec.input))) return false;
  use_black_square(spec.input);
  use_signed_levels(spec.input);
  spec.classes = 1;
  return true;
}

Reading read_blazeface(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                       const ReadOptions& options) {
  return read_pointed(outputs, spec, frame, options, family_of(spec.input));
}

}  // namespace aa::decode
