// The table of detector families: one row each, one source file each.
//
//   family      outputs                                        boxes
//   yolox       [1, N, 5 + C], N = one anchor per cell         grid offsets, log sizes
//   yolov5      [1, N, 5 + C], N = three anchors per cell      centre and size, pixels or 0..1
//   yolov8      [1, 4 + C, N] (v8, v9, v11, v12)               centre and size, pixels
//   yolo_rows   [1, N, 6] (v10, end-to-end exports)            corners, score, class
//   ssd         scores [1, N, C], boxes [1, N, 1?, 4]          y0, x0, y1, x1 in 0..1
//   centernet   [1, N, 6], input NHWC stretched                corners, score, class
//
// Sources: YOLOX arXiv:2107.08430, SSD arXiv:1512.02325, CenterNet arXiv:1904.07850; the YOLOv5 and
// YOLOv8 layouts as their exporters write them.
// Thread rule: pure functions. Errors: invalid_argument "model_output".
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kernel/decode/detector.hpp"

namespace aa::decode {

struct FamilyRow {
  Family family;
  std::string_view name;
  // Fills what the signature alone does not say; false: not this family. `spec.input` holds the
  // input's size and layout already.
  bool (*recognise)(const GraphSignature& signature, DetectorSpec& spec);
  std::vector<Candidate> (*decode)(std::span<const TensorView> outputs, const DetectorSpec& spec,
                                   float score_min);
};

std::span<const FamilyRow> families();
const FamilyRow& family_row(Family family);
std::optional<Family> family_named(std::string_view name);

// The first family whose row takes the signature. Image inputs are told by 3 channels; a free side
// becomes the metadata's "imgsz" or 640.
std::optional<DetectorSpec> recognise_detector(const GraphSignature& signature);
// When a manifest names the family: only the input is read from the signature.
std::optional<DetectorSpec> detector_of_family(Family family, const GraphSignature& signature);

// Name, size, layout and channels of the first input, when it is an image: 1, 3 or 4 channels; and
// the metadata's labels. False: it is none.
bool describe_input(const GraphSignature& signature, DetectorSpec& spec);

// What the tasks other than detection look like.
bool is_sam_encoder(const GraphSignature& signature);
bool is_sam_decoder(const GraphSignature& signature);

}  // namespace aa::decode
