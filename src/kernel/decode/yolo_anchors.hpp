// How the exports of the YOLO families lay out what every anchor says: a box, class scores and,
// by task, further numbers (mask coefficients, keypoints, an angle).
//
//   order       shape                        box                          scores
//   planes      [1, 4 + C + E, N]  v8 to v12 centre and size              C, the best counts
//   rows        [1, N, 5 + C + E]  v5        centre and size              objectness times the best
//   final_rows  [1, n, 6 + E]      v10, v26  corners (obb: centre, size)  score, class
//
// Boxes are pixels of the input, or its shares when no centre lies beyond 4.
// Limits: the kCandidatesMax best anchors are given. Thread rule: pure functions; a table must not
// outlive its tensor. Errors: invalid_argument "model_output".
#pragma once

#include <optional>
#include <vector>

#include "kernel/decode/detector.hpp"
#include "kernel/decode/tensor_view.hpp"

namespace aa::decode {

enum class AnchorOrder { planes, rows, final_rows };

struct AnchorTable {
  AnchorOrder order = AnchorOrder::planes;
  Matrix matrix;
  int extras = 0;      // E
  double scale_x = 1;  // pixels for one unit of its coordinates
  double scale_y = 1;

  std::int64_t count() const { return order == AnchorOrder::planes ? matrix.columns : matrix.rows; }
  std::int64_t columns() const {
    return order == AnchorOrder::planes ? matrix.rows : matrix.columns;
  }
  float number(std::int64_t anchor, std::int64_t column) const {
    return order == AnchorOrder::planes ? matrix.row(column)[anchor] : matrix.row(anchor)[column];
  }
  float extra(std::int64_t anchor, std::int64_t i) const {
    return number(anchor, columns() - extras + i);
  }
};

struct YoloAnchor {
  Candidate candidate;
  std::int64_t index = 0;
};

// What a shape is, where -1 is free; nullopt: none of the three.
std::optional<AnchorOrder> anchor_order(const std::vector<std::int64_t>& shape, int extras,
                                        const InputSpec& input);
// Columns that are classes; 0: the shape does not tell.
int anchor_classes(const std::vector<std::int64_t>& shape, AnchorOrder order, int extras);

// Throws unless the tensor is of one of the three orders.
AnchorTable anchor_table(const TensorView& tensor, int extras, const InputSpec& input);
std::vector<YoloAnchor> anchors_above(const AnchorTable& table, float score_min);

// The boxes alone, of a detector whose anchors are in this order and no other.
std::vector<Candidate> decode_anchors(const TensorView& tensor, AnchorOrder order,
                                      const DetectorSpec& spec, float score_min);

// Anchors whose boxes no better one of the same class covers, best first.
std::vector<YoloAnchor> suppress_anchors(std::vector<YoloAnchor> anchors, double iou_max,
                                         std::size_t kept_max);

}  // namespace aa::decode
