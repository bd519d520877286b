#include "kernel/decode/query_boxes.hpp"

#include "kernel/decode/probabilities.hpp"

namespace aa::decode {

geometry::Rect query_box(const float* shares, const InputSpec& input) {
  const double width = input.width;
  const double height = input.height;
  return centred_box(shares[0] * width, shares[1] * height, shares[2] * width, shares[3] * height);
}

Candidates query_boxes(const ScoreRows& rows, const InputSpec& input, float score_min) {
  Candidates found;
  for (std::int64_t i = 0; i < rows.boxes.rows; ++i) {
    const auto best = rows.best(i);
    const float score = sigmoid(best.value);
    if (score >= score_min)
      found.push_back({query_box(rows.boxes.row(i), input), score, best.column});
  }
  return found;
}

}  // namespace aa::decode
