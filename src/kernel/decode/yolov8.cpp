#include "base/error.hpp"
#include "kernel/decode/family_rows.hpp"

namespace aa::decode {
namespace {

// Column-wise: values of one anchor lie `count` apart, so the best class of all anchors is found
// row by row of the tensor.
struct Best {
  std::vector<float> score;
  std::vector<int> index;
};

Best best_classes(const Matrix& planes) {
  const auto count = static_cast<std::size_t>(planes.columns);
  Best best{std::vector<float>(planes.row(4), planes.row(4) + count), std::vector<int>(count, 0)};
  for (std::int64_t k = 5; k < planes.rows; ++k) {
    const float* row = planes.row(k);
    for (std::size_t i = 0; i < count; ++i) {
      if (row[i] > best.score[i]) {
        best.score[i] = row[i];
        best.index[i] = static_cast<int>(k - 4);
      }
    }
  }
  return best;
}

}  // namespace

bool recognise_yolov8(const GraphSignature& signature, DetectorSpec& spec) {
  const auto& shape = signature.outputs.front().shape;
  if (signature.outputs.size() != 1 || shape.size() != 3 || shape[1] < 5) return false;
  if (shape[2] >= 0 && shape[2] != cells_of(spec.input)) return false;
  spec.classes = static_cast<int>(shape[1] - 4);
  use_centred_rgb(spec.input);
  return true;
}

Candidates decode_yolov8(Outputs outputs, const DetectorSpec&, float score_min) {
  const auto planes = as_matrix(first_output(outputs));
  if (planes.rows < 5) throw invalid("model_output", "YOLOv8 columns have at least 5 numbers.");
  const auto best = best_classes(planes);
  Candidates found;
  for (std::size_t i = 0; i < best.score.size(); ++i) {
    if (!(best.score[i] >= score_min)) continue;
    found.push_back(
        {centred_box(planes.row(0)[i], planes.row(1)[i], planes.row(2)[i], planes.row(3)[i]),
         best.score[i], best.index[i]});
  }
  return found;
}

}  // namespace aa::decode
