#include <cmath>

#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/metadata.hpp"

namespace aa::decode {
namespace {

constexpr float kClassMax = 100'000;

bool has_rows_of_six(const GraphSignature& signature) {
  const auto& shape = signature.outputs.front().shape;
  return signature.outputs.size() == 1 && shape.size() >= 2 && shape.size() <= 3 &&
         shape.back() == 6;
}

}  // namespace

bool recognise_centernet(const GraphSignature& signature, DetectorSpec& spec) {
  if (!has_rows_of_six(signature) || spec.input.layout != Layout::nhwc) return false;
  spec.input.fit = Fit::stretch;  // levels 0..255, RGB
  return true;
}

bool recognise_yolo_rows(const GraphSignature& signature, DetectorSpec& spec) {
  if (!has_rows_of_six(signature) || spec.input.layout != Layout::nchw) return false;
  if (!may_do(signature, "detect")) return false;
  use_centred_rgb(spec.input);
  spec.classes = static_cast<int>(spec.labels.size());
  return true;
}

Candidates decode_rows(Outputs outputs, const DetectorSpec&, float score_min) {
  const auto rows = as_matrix(first_output(outputs), 6);
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
