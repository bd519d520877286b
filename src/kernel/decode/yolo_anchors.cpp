#include "kernel/decode/yolo_anchors.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/nms.hpp"

namespace aa::decode {
namespace {

// Boxes in 0..1 never reach this far out; boxes in pixels of any grid do.
constexpr float kNormalisedMax = 4;
constexpr float kClassMax = 100'000;

bool is_normalised(const AnchorTable& table) {
  for (std::int64_t i = 0; i < table.count(); ++i) {
    if (table.number(i, 0) > kNormalisedMax || table.number(i, 1) > kNormalisedMax) return false;
  }
  return true;
}

// One anchor per cell of the strides that heads have: usual, with a finer or a coarser one, tiny.
bool is_grid(std::int64_t anchors, const InputSpec& input) {
  const auto cells = [&](int stride) {
    return static_cast<std::int64_t>(input.height / stride) * (input.width / stride);
  };
  const auto usual = cells(8) + cells(16) + cells(32);
  return anchors == usual || anchors == usual + cells(4) || anchors == usual + cells(64) ||
         anchors == usual - cells(8);
}

// Column-wise: values of one anchor lie `count` apart, so the best class of all anchors is found
// row by row of the tensor.
void best_of_planes(const AnchorTable& table, std::vector<float>& score, std::vector<int>& index) {
  const auto count = static_cast<std::size_t>(table.count());
  score.assign(table.matrix.row(4), table.matrix.row(4) + count);
  index.assign(count, 0);
  for (std::int64_t k = 5; k < table.columns() - table.extras; ++k) {
    const float* row = table.matrix.row(k);
    for (std::size_t i = 0; i < count; ++i) {
      if (row[i] > score[i]) {
        score[i] = row[i];
        index[i] = static_cast<int>(k - 4);
      }
    }
  }
}

geometry::Rect box_of(const AnchorTable& table, std::int64_t i) {
  const double a = table.number(i, 0) * table.scale_x;
  const double b = table.number(i, 1) * table.scale_y;
  const double c = table.number(i, 2) * table.scale_x;
  const double d = table.number(i, 3) * table.scale_y;
  if (table.order == AnchorOrder::final_rows) return {a, b, c, d};
  return centred_box(a, b, c, d);
}

// Grows to twice what is looked at and is then cut to the best.
class Collector {
 public:
  Collector(const AnchorTable& table, float score_min) : table_(table), score_min_(score_min) {}

  void offer(std::int64_t i, float score, int class_index) {
    if (!(score >= score_min_)) return;
    found_.push_back({{box_of(table_, i), score, class_index}, i});
    if (found_.size() >= 2 * kCandidatesMax) cut();
  }
  std::vector<YoloAnchor> finish() {
    if (found_.size() > kCandidatesMax) cut();
    return std::move(found_);
  }

 private:
  void cut() {
    std::ranges::stable_sort(found_, std::ranges::greater{},
                             [](const YoloAnchor& anchor) { return anchor.candidate.score; });
    found_.resize(kCandidatesMax);
  }

  const AnchorTable& table_;
  float score_min_;
  std::vector<YoloAnchor> found_;
};

void offer_row(const AnchorTable& table, std::int64_t i, float score_min, Collector& collector) {
  const float* row = table.matrix.row(i);
  if (table.order == AnchorOrder::final_rows) {
    if (row[5] >= 0 && row[5] < kClassMax) {
      collector.offer(i, row[4], static_cast<int>(std::lround(row[5])));
    }
    return;
  }
  if (!(row[4] >= score_min)) return;  // a class score is at most 1
  const float* best = std::max_element(row + 5, row + table.columns() - table.extras);
  collector.offer(i, row[4] * *best, static_cast<int>(best - row - 5));
}

}  // namespace

std::optional<AnchorOrder> anchor_order(const std::vector<std::int64_t>& shape, int extras,
                                        const InputSpec& input) {
  if (shape.size() != 3 || shape[0] > 1) return std::nullopt;
  if (shape[1] == 3 * cells_of(input) && shape[2] >= 6 + extras) return AnchorOrder::rows;
  const bool grid = shape[2] < 0 || is_grid(shape[2], input);
  if (shape[1] >= 5 + extras && grid) return AnchorOrder::planes;
  if (shape[2] == 6 + extras) return AnchorOrder::final_rows;
  return std::nullopt;
}

int anchor_classes(const std::vector<std::int64_t>& shape, AnchorOrder order, int extras) {
  if (order == AnchorOrder::planes) return static_cast<int>(shape[1]) - 4 - extras;
  if (order == AnchorOrder::rows) return static_cast<int>(shape[2]) - 5 - extras;
  return 0;
}

AnchorTable anchor_table(const TensorView& tensor, int extras, const InputSpec& input) {
  const std::vector<std::int64_t> shape(tensor.shape.begin(), tensor.shape.end());
  const auto order = anchor_order(shape, extras, input);
  if (!order) {
    throw invalid("model_output",
                  fmt::format("Output '{}' has shape [{}], which is no layout of YOLO anchors with "
                              "{} numbers besides box and classes.",
                              tensor.name, fmt::join(shape, ", "), extras));
  }
  AnchorTable table{*order, as_matrix(tensor, shape[2]), extras, 1, 1};
  if (*order != AnchorOrder::final_rows && is_normalised(table)) {
    table.scale_x = input.width;
    table.scale_y = input.height;
  }
  return table;
}

std::vector<YoloAnchor> anchors_above(const AnchorTable& table, float score_min) {
  Collector collector(table, score_min);
  if (table.order == AnchorOrder::planes) {
    std::vector<float> score;
    std::vector<int> index;
    best_of_planes(table, score, index);
    for (std::size_t i = 0; i < score.size(); ++i) {
      collector.offer(static_cast<std::int64_t>(i), score[i], index[i]);
    }
  } else {
    for (std::int64_t i = 0; i < table.count(); ++i) offer_row(table, i, score_min, collector);
  }
  return collector.finish();
}

std::vector<Candidate> decode_anchors(const TensorView& tensor, AnchorOrder order,
                                      const DetectorSpec& spec, float score_min) {
  const auto table = anchor_table(tensor, 0, spec.input);
  if (table.order != order) {
    throw invalid("model_output", "The output has another layout than the family's.");
  }
  std::vector<Candidate> out;
  for (const auto& anchor : anchors_above(table, score_min)) out.push_back(anchor.candidate);
  return out;
}

std::vector<YoloAnchor> suppress_anchors(std::vector<YoloAnchor> anchors, double iou_max,
                                         std::size_t kept_max) {
  std::erase_if(anchors, [](const YoloAnchor& anchor) {
    return !geometry::is_finite(anchor.candidate.box) || anchor.candidate.box.empty();
  });
  std::vector<float> scores;
  for (const auto& anchor : anchors) scores.push_back(anchor.candidate.score);
  const auto overlap = [&](std::size_t better, std::size_t other) {
    const auto& a = anchors[better].candidate;
    const auto& b = anchors[other].candidate;
    return a.class_index == b.class_index && geometry::iou(a.box, b.box) > iou_max;
  };
  std::vector<YoloAnchor> kept;
  for (const auto i : suppress_by(scores, overlap, kept_max)) kept.push_back(anchors[i]);
  return kept;
}

}  // namespace aa::decode
