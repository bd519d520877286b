#include <algorithm>
#include <cmath>

#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/metadata.hpp"

namespace aa::decode {
namespace {

constexpr float kClassMax = 100'000;

bool is_rows_of_six(std::span<const std::int64_t> shape) {
  return shape.size() >= 2 && shape.size() <= 3 && shape.back() == 6;
}

bool has_rows_of_six(const GraphSignature& signature) {
  return std::ranges::count_if(signature.outputs,
                               [](const Port& port) { return is_rows_of_six(port.shape); }) == 1;
}

// Maps that a graph gives out beside its rows are passed over.
const TensorView& rows_of(Outputs outputs) {
  const auto found = std::ranges::find_if(
      outputs, [](const TensorView& output) { return is_rows_of_six(output.shape); });
  return found == outputs.end() ? first_output(outputs) : *found;
}

}  // namespace

bool recognise_centernet(const GraphSignature& signature, DetectorSpec& spec) {
  if (!has_rows_of_six(signature) || spec.input.layout != Layout::nhwc) return false;
  spec.input.fit = Fit::stretch;  // levels 0..255, RGB
  return true;
}

bool recognise_yolo_rows(const GraphSignature& signature, DetectorSpec& spec) {
  if (signature.outputs.size() != 1 || !has_rows_of_six(signature)) return false;
  if (spec.input.layout != Layout::nchw) return false;
  if (!may_do(signature, "detect")) return false;
  use_centred_rgb(spec.input);
  spec.classes = static_cast<int>(spec.labels.size());
  return true;
}

Candidates decode_rows(Outputs outputs, const DetectorSpec&, float score_min) {
  const auto rows = as_matrix(rows_of(outputs), 6);
  Candidates found;
  for (std::int64_t i = 0; i < rows.rows; ++i) {
    const float* row = rows.row(i);
    if (!(row[4] >= score_min) || !(row[5] >= 0 && row[5] < kClassMax)) continue;
    found.push_back(
        {{row[0], row[1], row[2], row[3]}, row[4], static_cast<int>(std::lround(row[5]))});
  }
  return found;
}

}  // namespace aa::decode
