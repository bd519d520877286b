// RT-DETR: each query gives one object, so nothing is suppressed. Boxes are centre and size in
// shares of the input, which the image fills, RGB in 0..1.
//
//   logits [1, Q, C], boxes [1, Q, 4]   Hugging Face's exporter (RT-DETR, D-FINE): sigmoid
//   [1, Q, 4 + C]                       Ultralytics' exporter: scores, no logits
//
// A query's best class counts. Source: arXiv:2304.08069; D-FINE: arXiv:2410.13842.
#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/metadata.hpp"
#include "kernel/decode/query_boxes.hpp"
#include "kernel/decode/score_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::int64_t kQueriesMax = 1'000;
constexpr int kBox = 4;

bool is_named_rtdetr(const GraphSignature& signature) {
  std::string text(metadata_text(signature, "description"));
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text.find("rtdetr") != std::string::npos || text.find("rt-detr") != std::string::npos;
}

// Columns of the one output that are classes; 0: it is not Ultralytics' layout. Its own words or
// the number of its labels tell, since end-to-end YOLOs have as many rows.
int joined_classes(const GraphSignature& signature, const ModelSpec& spec) {
  if (signature.outputs.size() != 1 || !may_do(signature, "detect")) return 0;
  const auto& shape = signature.outputs.front().shape;
  if (shape.size() != 3 || shape[0] > 1 || shape[1] > kQueriesMax || shape[2] <= kBox) return 0;
  const bool labelled =
      shape[2] != 6 && static_cast<std::size_t>(shape[2] - kBox) == spec.labels.size();
  const bool usual = shape[1] == 300 && shape[2] == kBox + 80;
  if (!labelled && !usual && !is_named_rtdetr(signature)) return 0;
  return static_cast<int>(shape[2]) - kBox;
}

Candidates read_joined(const TensorView& output, const InputSpec& input, float score_min) {
  const auto rows = as_matrix(output, output.shape.empty() ? 0 : output.shape.back());
  if (rows.columns <= kBox) throw invalid("model_output", "A query has a box and class scores.");
  Candidates found;
  for (std::int64_t i = 0; i < rows.rows; ++i) {
    const float* row = rows.row(i);
    const float* best = std::max_element(row + kBox, row + rows.columns);
    if (!(*best >= score_min)) continue;
    found.push_back({query_box(row, input), *best, static_cast<int>(best - row - kBox)});
  }
  return found;
}

}  // namespace

bool recognise_rtdetr(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec) || spec.input.layout != Layout::nchw) return false;
  const int joined = joined_classes(signature, spec);
  spec.classes = joined > 0 ? joined : score_columns(signature, -1);
  if (spec.classes == 0) return false;
  spec.input.fit = Fit::stretch;
  spec.input.scale.fill(1.0F / 255.0F);
  return true;
}

Reading read_rtdetr(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                    const ReadOptions& options) {
  const auto score_min = static_cast<float>(options.score_min);
  auto found = outputs.size() == 1 ? read_joined(outputs.front(), spec.input, score_min)
                                   : query_boxes(score_rows(outputs), spec.input, score_min);
  return boxes_as_they_are(std::move(found), frame, options);
}

}  // namespace aa::decode
