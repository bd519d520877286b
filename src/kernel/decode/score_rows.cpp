#include "kernel/decode/score_rows.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "kernel/decode/metadata.hpp"

namespace aa::decode {
namespace {

constexpr std::int64_t kQueriesMax = 10'000;

bool is_boxes(std::span<const std::int64_t> shape) { return shape.size() == 3 && shape[2] == 4; }

}  // namespace

ScoreRows::Best ScoreRows::best(std::int64_t row) const {
  const float* first = scores.row(row);
  const float* found = std::max_element(first, first + scores.columns);
  return {*found, static_cast<int>(found - first)};
}

int score_columns(const GraphSignature& signature, std::int64_t rows) {
  if (signature.outputs.size() != 2) return 0;
  const auto& a = signature.outputs[0].shape;
  const auto& b = signature.outputs[1].shape;
  const auto& boxes = is_boxes(a) ? a : b;
  const auto& scores = is_boxes(a) ? b : a;
  if (!is_boxes(boxes) || scores.size() != 3 || boxes[0] > 1 || scores[0] > 1) return 0;
  if (boxes[1] != scores[1] || (rows >= 0 && boxes[1] != rows) || boxes[1] > kQueriesMax) return 0;
  const bool classes = scores[2] >= 1 && scores[2] <= static_cast<std::int64_t>(kLabelsMax);
  return classes ? static_cast<int>(scores[2]) : 0;
}

ScoreRows score_rows(Outputs outputs) {
  if (outputs.size() != 2) throw invalid("model_output", "Boxes and scores were expected.");
  const std::size_t boxes_at = is_boxes(outputs[0].shape) ? 0 : 1;
  const auto& scores = outputs[1 - boxes_at];
  ScoreRows out{as_matrix(outputs[boxes_at], 4),
                as_matrix(scores, scores.shape.empty() ? 0 : scores.shape.back())};
  if (out.boxes.rows != out.scores.rows) {
    throw invalid("model_output", "The boxes and scores differ in number.");
  }
  return out;
}

}  // namespace aa::decode
