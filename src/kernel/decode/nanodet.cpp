// NanoDet: one row per cell, class scores and, for each side of the box, a distribution over
// 0..reg_max strides whose mean is the distance from the cell to that side.
//
// NanoDet has strides 8, 16, 32 and cells at their centres; NanoDet-Plus a fourth stride, 64, and
// cells at their corners. Three strides look like YOLOX to the eye, so they are taken by name only.
// Parameter: reg_max (7). Source: Generalized Focal Loss, arXiv:2006.04388; the layout as NanoDet's
// exporter writes it.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/nms.hpp"

namespace aa::decode {
namespace {

constexpr std::array kStrides = {8, 16, 32, 64};
constexpr std::int64_t kBinsMax = 64;

std::int64_t bins_of(const ModelSpec& spec) {
  const auto* given = spec.parameters.if_contains("reg_max");
  const std::int64_t most = given != nullptr && given->is_int64() ? given->get_int64() : 7;
  if (most < 1 || most >= kBinsMax) {
    throw invalid("bad_parameters", "/parameters/reg_max must be 1 to 63.");
  }
  return most + 1;
}

int cells_along(int side, int stride) { return (side + stride - 1) / stride; }

// How many strides that number of rows is; 0: none.
std::size_t stride_count(std::int64_t rows, const InputSpec& input) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < kStrides.size(); ++i) {
    sum += static_cast<std::int64_t>(cells_along(input.height, kStrides[i])) *
           cells_along(input.width, kStrides[i]);
    if (i >= 2 && sum == rows) return i + 1;
  }
  return 0;
}

class CellReader {
 public:
  CellReader(const Matrix& rows, std::int64_t bins, bool corners, float score_min)
      : rows_(rows),
        bins_(bins),
        classes_(rows.columns - 4 * bins),
        offset_(corners ? 0 : 0.5),
        score_min_(score_min) {}

  void read(std::int64_t index, int column, int line, int stride) {
    const float* row = rows_.row(index);
    const float* best = std::max_element(row, row + classes_);
    if (!(*best >= score_min_)) return;
    const double x = (column + offset_) * stride;
    const double y = (line + offset_) * stride;
    const auto side = [&](std::int64_t k) { return mean(row + classes_ + k * bins_) * stride; };
    found.push_back({{x - side(0), y - side(1), x + side(2), y + side(3)},
                     *best,
                     static_cast<int>(best - row)});
  }

  Candidates found;

 private:
  double mean(const float* logits) const {
    const float most = *std::max_element(logits, logits + bins_);
    double sum = 0;
    double weighted = 0;
    for (std::int64_t i = 0; i < bins_; ++i) {
      const double share = std::exp(static_cast<double>(logits[i]) - most);
      sum += share;
      weighted += share * static_cast<double>(i);
    }
    return weighted / sum;
  }

  const Matrix& rows_;
  std::int64_t bins_;
  std::int64_t classes_;
  double offset_;
  float score_min_;
};

}  // namespace

bool recognise_nanodet(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec) || signature.outputs.size() != 1) return false;
  const auto& shape = signature.outputs.front().shape;
  const auto bins = bins_of(spec);
  if (shape.size() != 3 || shape[0] > 1 || shape[2] <= 4 * bins) return false;
  if (stride_count(shape[1], spec.input) == 0) return false;
  spec.classes = static_cast<int>(shape[2] - 4 * bins);
  spec.input.fit = Fit::stretch;
  spec.input.bgr = true;
  const std::array<float, 3> mean = {103.53F, 116.28F, 123.675F};  // in the order of the input
  const std::array<float, 3> deviation = {57.375F, 57.12F, 58.395F};
  for (std::size_t c = 0; c < 3; ++c) {
    spec.input.scale[c] = 1 / deviation[c];
    spec.input.offset[c] = -mean[c] / deviation[c];
  }
  return true;
}

Reading read_nanodet(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options) {
  const auto& output = first_output(outputs);
  const auto rows = as_matrix(output, output.shape.empty() ? 0 : output.shape.back());
  const auto strides = stride_count(rows.rows, spec.input);
  const auto bins = bins_of(spec);
  if (strides == 0 || rows.columns <= 4 * bins) {
    throw invalid("model_output", "The output has not one row for each cell of NanoDet's grids.");
  }
  CellReader reader(rows, bins, strides == kStrides.size(), static_cast<float>(options.score_min));
  std::int64_t index = 0;
  for (std::size_t i = 0; i < strides; ++i) {
    for (int y = 0; y < cells_along(spec.input.height, kStrides[i]); ++y) {
      for (int x = 0; x < cells_along(spec.input.width, kStrides[i]); ++x) {
        reader.read(index++, x, y, kStrides[i]);
      }
    }
  }
  return boxes_of(std::move(reader.found), frame, options);
}

}  // namespace aa::decode
