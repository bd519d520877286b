// Detectors of MediaPipe's kind: boxes with a few keypoints, one class, anchors of unit size.
//
// Each row of the coordinates is the box's centre, width and height, then x and y of each point, in
// pixels of the input and relative to the anchor's centre; scores are logits, clipped at +-100. The
// two may come whole or split by grid, finer grid first.
// Overlapping boxes are blended: box and points of the best become the mean of all that overlap it
// by more than iou_max, weighted by score (BlazeFace, arXiv:1907.05047, section 3.3); the parameter
// "overlap": "suppress" drops them instead. iou_max is 0.3, or the parameter "iou_max".
// A finding is the box of the family, or with the parameter "shape": "skeleton" its points, and the
// region where a model of landmarks should look.
// Thread rule: pure functions. Errors: invalid_argument "model_output", "bad_parameters".
#pragma once

#include <vector>

#include "kernel/decode/anchor_grid.hpp"
#include "kernel/decode/landmarks.hpp"

namespace aa::decode {

struct PointedBox {
  geometry::Rect box;  // pixels of the input
  float score = 0;
  std::vector<Point> points;  // pixels of the input
};

struct PointedFamily {
  std::string_view class_name;
  Names points;
  // The input's sides decide the strides; empty: not a size of this family.
  std::vector<int> (*strides)(const InputSpec& input);
  double next_scale_ratio = 1;  // 0: one anchor per layer and cell
  // The rectangle that a person would draw, and the next model's region; both in the image.
  geometry::Rect (*box)(const PointedBox& found, const Frame& frame);
  Region (*region)(const PointedBox& found, const Frame& frame);
};

bool recognise_pointed(const GraphSignature& signature, const ModelSpec& spec,
                       const PointedFamily& family);
std::vector<PointedBox> read_pointed_boxes(Outputs outputs, const std::vector<Anchor>& anchors,
                                           const Frame& frame, std::size_t points,
                                           double score_min);
// Ordered by falling score.
std::vector<PointedBox> blended(std::vector<PointedBox> boxes, double iou_max);
std::vector<PointedBox> suppressed(std::vector<PointedBox> boxes, double iou_max);

Reading read_pointed(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options, const PointedFamily& family);

// The common choice for `box`: the box itself.
geometry::Rect box_in_image(const PointedBox& found, const Frame& frame);

}  // namespace aa::decode
