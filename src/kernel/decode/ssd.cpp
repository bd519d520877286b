#include "base/error.hpp"
#include "kernel/decode/coco_labels.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/nms.hpp"

namespace aa::decode {
namespace {

bool is_boxes(const std::vector<std::int64_t>& shape) {
  return shape.size() >= 3 && shape.back() == 4;
}

}  // namespace

bool recognise_ssd(const GraphSignature& signature, DetectorSpec& spec) {
  if (signature.outputs.size() != 2 || spec.input.layout != Layout::nhwc) return false;
  const auto& a = signature.outputs[0].shape;
  const auto& b = signature.outputs[1].shape;
  const bool boxes_last = is_boxes(b);
  const auto& scores = boxes_last ? a : b;
  if (!is_boxes(boxes_last ? b : a) || scores.size() != 3) return false;
  spec.classes = static_cast<int>(scores[2]);
  if (scores[2] == kCocoIdMax) {
    spec.class_map = coco_class_map();
    spec.classes = kCocoClasses;
  }
  spec.input.fit = Fit::stretch;
  spec.input.scale.fill(2.0F / 255.0F);  // levels to -1..1
  spec.input.offset.fill(-1);
  return true;
}

Candidates decode_ssd(Outputs outputs, const DetectorSpec& spec, float score_min) {
  if (outputs.size() != 2) throw invalid("model_output", "An SSD has two outputs.");
  const bool boxes_last = !outputs[1].shape.empty() && outputs[1].shape.back() == 4;
  const auto boxes = as_matrix(outputs[boxes_last ? 1 : 0], 4);
  const auto& output = outputs[boxes_last ? 0 : 1];
  const auto scores = as_matrix(output, output.shape.empty() ? 0 : output.shape.back());
  if (boxes.rows != scores.rows) {
    throw invalid("model_output", "The SSD's boxes and scores differ in number.");
  }
  const double width = spec.input.width;
  const double height = spec.input.height;
  Candidates found;
  for (std::int64_t i = 0; i < scores.rows; ++i) {
    const float* box = boxes.row(i);
    for (std::int64_t k = 0; k < scores.columns; ++k) {
      const float score = scores.row(i)[k];
      if (!(score >= score_min)) continue;
      found.push_back({{box[1] * width, box[0] * height, box[3] * width, box[2] * height},
                       score,
                       static_cast<int>(k)});
      if (found.size() >= 2 * kCandidatesMax) keep_best(found, kCandidatesMax);
    }
  }
  return found;
}

}  // namespace aa::decode
