#include "base/error.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/metadata.hpp"
#include "kernel/decode/yolo_anchors.hpp"

namespace aa::decode {

bool recognise_yolov5(const GraphSignature& signature, DetectorSpec& spec) {
  const auto& shape = signature.outputs.front().shape;
  const bool masks = signature.outputs.size() == 2 && signature.outputs[1].shape.size() == 4;
  if (masks || !may_do(signature, "detect")) return false;
  if (anchor_order(shape, 0, spec.input) != AnchorOrder::rows) return false;
  spec.classes = anchor_classes(shape, AnchorOrder::rows, 0);
  use_centred_rgb(spec.input);
  return true;
}

Candidates decode_yolov5(Outputs outputs, const DetectorSpec& spec, float score_min) {
  return decode_anchors(first_output(outputs), AnchorOrder::rows, spec, score_min);
}

}  // namespace aa::decode
