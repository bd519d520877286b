#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/metadata.hpp"

namespace aa::decode {
namespace {

// Raw centres are offsets from their cell of a few units; decoded ones spread over the image.
constexpr double kDecodedMean = 16;

bool is_decoded(const Matrix& rows) {
  double sum = 0;
  for (std::int64_t i = 0; i < rows.rows; ++i) {
    sum += std::abs(rows.row(i)[0]) + std::abs(rows.row(i)[1]);
  }
  return sum / (2.0 * static_cast<double>(std::max<std::int64_t>(rows.rows, 1))) > kDecodedMean;
}

class Reader {
 public:
  Reader(const Matrix& rows, float score_min)
      : rows_(rows), decoded_(is_decoded(rows)), score_min_(score_min) {}

  void read(std::int64_t index, int cell_x, int cell_y, int stride) {
    const float* row = rows_.row(index);
    if (!(row[4] >= score_min_)) return;  // a class score is at most 1
    const float* best = std::max_element(row + 5, row + rows_.columns);
    const float score = row[4] * *best;
    if (!(score >= score_min_)) return;
    const auto box = decoded_ ? centred_box(row[0], row[1], row[2], row[3])
                              : centred_box((row[0] + static_cast<double>(cell_x)) * stride,
                                            (row[1] + static_cast<double>(cell_y)) * stride,
                                            std::exp(static_cast<double>(row[2])) * stride,
                                            std::exp(static_cast<double>(row[3])) * stride);
    found.push_back({box, score, static_cast<int>(best - row - 5)});
  }

  Candidates found;

 private:
  const Matrix& rows_;
  bool decoded_;
  float score_min_;
};

}  // namespace

bool recognise_yolox(const GraphSignature& signature, DetectorSpec& spec) {
  const auto& shape = signature.outputs.front().shape;
  if (spec.input.layout != Layout::nchw || shape.size() != 3 || shape[2] < 6) return false;
  if (shape[1] != cells_of(spec.input) || !may_do(signature, "detect")) return false;
  spec.classes = static_cast<int>(shape[2] - 5);
  spec.input.fit = Fit::top_left;
  spec.input.rounding = Rounding::down;
  spec.input.bgr = true;
  return true;
}

Candidates decode_yolox(Outputs outputs, const DetectorSpec& spec, float score_min) {
  const auto& output = first_output(outputs);
  const auto rows = as_matrix(output, output.shape.empty() ? 0 : output.shape.back());
  if (rows.columns < 6 || rows.rows != cells_of(spec.input)) {
    throw invalid("model_output", "The output has not one row for each cell of the YOLOX grids.");
  }
  Reader reader(rows, score_min);
  std::int64_t index = 0;
  for (const int stride : {8, 16, 32}) {
    for (int y = 0; y < spec.input.height / stride; ++y) {
      for (int x = 0; x < spec.input.width / stride; ++x) reader.read(index++, x, y, stride);
    }
  }
  return std::move(reader.found);
}

}  // namespace aa::decode
