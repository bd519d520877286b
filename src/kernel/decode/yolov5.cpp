#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "kernel/decode/family_rows.hpp"

namespace aa::decode {
namespace {

// Boxes in 0..1 never reach this far out; boxes in pixels of any grid do.
constexpr float kNormalisedMax = 4;

bool is_normalised(const Matrix& rows) {
  for (std::int64_t i = 0; i < rows.rows; ++i) {
    if (rows.row(i)[0] > kNormalisedMax || rows.row(i)[1] > kNormalisedMax) return false;
  }
  return true;
}

}  // namespace

bool recognise_yolov5(const GraphSignature& signature, DetectorSpec& spec) {
  const auto& shape = signature.outputs.front().shape;
  const std::int64_t anchors = 3 * cells_of(spec.input);
  if (shape.size() != 3 || shape[2] < 6 || shape[1] != anchors) return false;
  spec.classes = static_cast<int>(shape[2] - 5);
  use_centred_rgb(spec.input);
  return true;
}

Candidates decode_yolov5(Outputs outputs, const DetectorSpec& spec, float score_min) {
  const auto& output = first_output(outputs);
  const auto rows = as_matrix(output, output.shape.empty() ? 0 : output.shape.back());
  if (rows.columns < 6 || rows.rows != 3 * cells_of(spec.input)) {
    throw invalid("model_output", "The output has not three rows for each cell of YOLOv5's grids.");
  }
  const bool normalised = is_normalised(rows);
  const double sx = normalised ? spec.input.width : 1;
  const double sy = normalised ? spec.input.height : 1;
  Candidates found;
  for (std::int64_t i = 0; i < rows.rows; ++i) {
    const float* row = rows.row(i);
    if (!(row[4] >= score_min)) continue;
    const float* best = std::max_element(row + 5, row + rows.columns);
    const float score = row[4] * *best;
    if (!(score >= score_min)) continue;
    found.push_back({centred_box(row[0] * sx, row[1] * sy, row[2] * sx, row[3] * sy), score,
                     static_cast<int>(best - row - 5)});
  }
  return found;
}

}  // namespace aa::decode
