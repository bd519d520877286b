// The functions behind the rows of families.cpp, one pair per family.
//
// Thread rule: pure functions. Errors: invalid_argument "model_output".
#pragma once

#include "kernel/decode/families.hpp"

namespace aa::decode {

using Candidates = std::vector<Candidate>;

bool recognise_yolox(const GraphSignature& signature, DetectorSpec& spec);
Candidates decode_yolox(Outputs outputs, const DetectorSpec& spec, float score_min);
bool recognise_yolov5(const GraphSignature& signature, DetectorSpec& spec);
Candidates decode_yolov5(Outputs outputs, const DetectorSpec& spec, float score_min);
bool recognise_yolov8(const GraphSignature& signature, DetectorSpec& spec);
Candidates decode_yolov8(Outputs outputs, const DetectorSpec& spec, float score_min);
bool recognise_yolo_rows(const GraphSignature& signature, DetectorSpec& spec);
bool recognise_centernet(const GraphSignature& signature, DetectorSpec& spec);
Candidates decode_rows(Outputs outputs, const DetectorSpec& spec, float score_min);
bool recognise_ssd(const GraphSignature& signature, DetectorSpec& spec);
Candidates decode_ssd(Outputs outputs, const DetectorSpec& spec, float score_min);

// Cells of the strides 8, 16 and 32 together.
std::int64_t cells_of(const InputSpec& input);
// Sets what the YOLO families of one origin share: RGB in 0..1, letterbox in the middle.
void use_centred_rgb(InputSpec& input);
inline geometry::Rect centred_box(double cx, double cy, double width, double height) {
  return {cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2};
}
// The first output; throws when there is none.
const TensorView& first_output(Outputs outputs);

}  // namespace aa::decode
