#include "base/error.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/metadata.hpp"
#include "kernel/decode/yolo_anchors.hpp"

namespace aa::decode {

bool recognise_yolov8(const GraphSignature& signature, DetectorSpec& spec) {
  const auto& shape = signature.outputs.front().shape;
  if (signature.outputs.size() != 1 || !may_do(signature, "detect")) return false;
  if (anchor_order(shape, 0, spec.input) != AnchorOrder::planes) return false;
  spec.classes = anchor_classes(shape, AnchorOrder::planes, 0);
  use_centred_rgb(spec.input);
  return true;
}

Candidates decode_yolov8(Outputs outputs, const DetectorSpec& spec, float score_min) {
  return decode_anchors(first_output(outputs), AnchorOrder::planes, spec, score_min);
}

}  // namespace aa::decode
