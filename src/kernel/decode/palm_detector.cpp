// MediaPipe's palm detector: palms with seven keypoints, from which hands follow.
// Source: MediaPipe Hands, arXiv:2006.10214; the region (the square around the palm, moved by half
// a palm towards the fingers, times 2.6, wrist down) as its graph sets it.
#include "kernel/decode/people_rows.hpp"
#include "kernel/decode/pointed_boxes.hpp"

namespace aa::decode {
namespace {

constexpr std::array<std::string_view, 7> kPoints = {
    "wrist",     "index_finger_mcp", "middle_finger_mcp", "ring_finger_mcp",
    "pinky_mcp", "thumb_cmc",        "thumb_mcp"};

std::vector<int> strides(const InputSpec& input) {
  if (input.width != 192 || input.height != 192) return {};
  return {8, 16, 16, 16};
}

Region region(const PointedBox& found, const Frame& frame) {
  Region out = region_in_image(found.box, frame);
  out.rotation =
      upright_rotation(frame.to_image(found.points[0]), frame.to_image(found.points[2]), 90);
  return grown(out, 2.6, -0.5);
}

constexpr PointedFamily kFamily = {"palm", kPoints, strides, 1, box_in_image, region};

}  // namespace

bool recognise_palm_detector(const GraphSignature& signature, ModelSpec& spec) {
  if (!recognise_pointed(signature, spec, kFamily)) return false;
  use_black_square(spec.input);
  use_unit_levels(spec.input);
  spec.classes = 1;
  return true;
}

Reading read_palm_detector(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                           const ReadOptions& options) {
  return read_pointed(outputs, spec, frame, options, kFamily);
}

}  // namespace aa::decode
