// YOLO as a classifier, [1, C]: probabilities, or logits where the exporter left them. The shorter
// side becomes the input's and the middle is cut out, as Ultralytics does.
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/metadata.hpp"

namespace aa::decode {

bool recognise_yolo_classify(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec) || signature.outputs.size() != 1) return false;
  const auto& shape = signature.outputs.front().shape;
  const bool listed = shape.size() == 2 && shape[0] <= 1 && shape[1] >= 1;
  // [1, C] is what every classifier gives: only Ultralytics' own word tells.
  if (!listed || metadata_text(signature, "task") != "classify") return false;
  spec.classes = static_cast<int>(shape[1]);
  use_centred_rgb(spec.input);
  spec.input.fit = Fit::cover;
  spec.input.resampling = Resampling::bilinear;
  return true;
}

}  // namespace aa::decode
