// YOLO-NAS without its suppression: boxes [1, N, 4], corners in pixels, and scores [1, N, C], one
// row per cell of the strides 8, 16 and 32. RGB in 0..1, in the middle of the input.
// The layout as SuperGradients' exporter writes it.
#include <algorithm>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/score_rows.hpp"

namespace aa::decode {

bool recognise_yolo_nas(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec) || spec.input.layout != Layout::nchw) return false;
  const auto classes = score_columns(signature, cells_of(spec.input));
  if (classes == 0) return false;
  spec.classes = classes;
  use_centred_rgb(spec.input);
  return true;
}

Reading read_yolo_nas(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                      const ReadOptions& options) {
  const auto rows = score_rows(outputs);
  if (rows.boxes.rows != cells_of(spec.input)) {
    throw invalid("model_output", "The output has not one row for each cell of YOLO-NAS' grids.");
  }
  Candidates found;
  for (std::int64_t i = 0; i < rows.boxes.rows; ++i) {
    const auto best = rows.best(i);
    if (!(best.value >= options.score_min)) continue;
    const float* box = rows.boxes.row(i);
    found.push_back({{box[0], box[1], box[2], box[3]}, best.value, best.column});
  }
  return boxes_of(std::move(found), frame, options);
}

}  // namespace aa::decode
