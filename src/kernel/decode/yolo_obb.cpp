// YOLO with oriented boxes: each anchor has an angle in radians, clockwise on the screen, after its
// classes. v8-obb to v12-obb, and end-to-end exports, whose boxes are centre and size as well.
// Layout as Ultralytics' exporters write it; boxes of one class are suppressed by ProbIoU.
#include <cmath>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/metadata.hpp"
#include "kernel/decode/nms.hpp"
#include "kernel/decode/rotated_box.hpp"
#include "kernel/decode/yolo_anchors.hpp"

namespace aa::decode {
namespace {

constexpr int kExtras = 1;  // the angle

RotatedBox rotated_of(const AnchorTable& table, std::int64_t anchor) {
  return {table.number(anchor, 0) * table.scale_x, table.number(anchor, 1) * table.scale_y,
          table.number(anchor, 2) * table.scale_x, table.number(anchor, 3) * table.scale_y,
          table.extra(anchor, 0)};
}

bool is_inside(const document::Box& box, const Frame& frame) {
  const auto center = box.rect().center();
  return box.width > 0 && box.height > 0 && center.x >= 0 && center.y >= 0 &&
         center.x <= frame.image_width && center.y <= frame.image_height;
}

}  // namespace

bool recognise_yolo_obb(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec) || signature.outputs.size() != 1) return false;
  const auto& shape = signature.outputs.front().shape;
  const auto order = anchor_order(shape, kExtras, spec.input);
  if (!order || order == AnchorOrder::rows || !may_do(signature, "obb")) return false;
  spec.classes = anchor_classes(shape, *order, kExtras);
  if (spec.classes == 0) spec.classes = static_cast<int>(spec.labels.size());
  use_centred_rgb(spec.input);
  return true;
}

Reading read_yolo_obb(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                      const ReadOptions& options) {
  const auto table = anchor_table(first_output(outputs), kExtras, spec.input);
  const auto anchors = anchors_above(table, static_cast<float>(options.score_min));
  std::vector<RotatedBox> boxes;
  std::vector<float> scores;
  for (const auto& anchor : anchors) {
    boxes.push_back(rotated_of(table, anchor.index));
    scores.push_back(anchor.candidate.score);
  }
  const bool final = table.order == AnchorOrder::final_rows;
  const auto overlap = [&](std::size_t better, std::size_t other) {
    return !final &&
           anchors[better].candidate.class_index == anchors[other].candidate.class_index &&
           prob_iou(boxes[better], boxes[other]) > options.iou_max;
  };
  Reading reading;
  for (const auto i : suppress_by(scores, overlap, options.findings_max)) {
    const auto box = box_of(boxes[i], frame);
    if (!is_inside(box, frame)) continue;
    reading.findings.push_back(
        {.shape = box, .score = scores[i], .class_index = anchors[i].candidate.class_index});
  }
  return reading;
}

}  // namespace aa::decode
