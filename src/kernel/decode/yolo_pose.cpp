// YOLO with keypoints: each anchor has K of them, x and y and, with three numbers, a confidence.
// v8-pose to v12-pose, and end-to-end exports. Layout as Ultralytics' exporters write it.
#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/keypoints.hpp"
#include "kernel/decode/metadata.hpp"
#include "kernel/decode/yolo_anchors.hpp"

namespace aa::decode {
namespace {

constexpr std::string_view kShape = "kpt_shape";

struct KeypointShape {
  int count = 0;
  int numbers = 0;
  int extras() const { return count * numbers; }
};

bool is_valid(const std::vector<int>& shape) {
  return shape.size() == 2 && shape[0] >= 1 && shape[0] <= static_cast<int>(kKeypointsMax) &&
         (shape[1] == 2 || shape[1] == 3);
}

// What the manifest says, else the exporter, else COCO's.
std::optional<KeypointShape> keypoint_shape(const GraphSignature& signature,
                                            const json::Object& parameters) {
  std::vector<int> shape = metadata_numbers(signature, kShape);
  if (const auto* given = parameters.if_contains(kShape); given != nullptr) {
    shape.clear();
    if (!given->is_array()) return std::nullopt;
    for (const auto& number : given->get_array()) {
      if (number.is_int64()) shape.push_back(static_cast<int>(number.get_int64()));
    }
  }
  if (shape.empty()) return KeypointShape{17, 3};
  if (!is_valid(shape)) return std::nullopt;
  return KeypointShape{shape[0], shape[1]};
}

// recognise_yolo_pose() has put it there.
KeypointShape resolved_shape(const ModelSpec& spec) {
  const auto shape = keypoint_shape({}, spec.parameters);
  if (!shape) throw invalid("bad_parameters", "/parameters/kpt_shape must be [count, 2 or 3].");
  return *shape;
}

std::vector<Keypoint> keypoints_of(const AnchorTable& table, std::int64_t anchor,
                                   const KeypointShape& shape) {
  std::vector<Keypoint> out;
  for (int k = 0; k < shape.count; ++k) {
    const int first = k * shape.numbers;
    out.push_back({{table.extra(anchor, first) * table.scale_x,
                    table.extra(anchor, first + 1) * table.scale_y},
                   shape.numbers == 3 ? table.extra(anchor, first + 2) : 1.0});
  }
  return out;
}

}  // namespace

bool recognise_yolo_pose(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec) || signature.outputs.size() != 1) return false;
  const auto keypoints = keypoint_shape(signature, spec.parameters);
  if (!keypoints || !may_do(signature, "pose")) return false;
  const auto& shape = signature.outputs.front().shape;
  const auto order = anchor_order(shape, keypoints->extras(), spec.input);
  if (!order || order == AnchorOrder::rows) return false;
  spec.parameters[kShape] = json::Array{keypoints->count, keypoints->numbers};
  spec.classes = anchor_classes(shape, *order, keypoints->extras());
  if (spec.classes == 0) spec.classes = static_cast<int>(spec.labels.size());
  use_centred_rgb(spec.input);
  return true;
}

Reading read_yolo_pose(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                       const ReadOptions& options) {
  const auto shape = resolved_shape(spec);
  const auto names = keypoint_names(spec.parameters, static_cast<std::size_t>(shape.count));
  const auto table = anchor_table(first_output(outputs), shape.extras(), spec.input);
  auto anchors = anchors_above(table, static_cast<float>(options.score_min));
  const bool final = table.order == AnchorOrder::final_rows;
  Reading reading;
  for (const auto& anchor :
       suppress_anchors(std::move(anchors), final ? 1 : options.iou_max, options.findings_max)) {
    const auto box = frame.to_image(anchor.candidate.box);
    if (box.empty()) continue;
    reading.findings.push_back(
        {.shape = skeleton_of(keypoints_of(table, anchor.index, shape), names, frame),
         .score = anchor.candidate.score,
         .class_index = anchor.candidate.class_index,
         .region = region_of(box)});
  }
  return reading;
}

}  // namespace aa::decode
