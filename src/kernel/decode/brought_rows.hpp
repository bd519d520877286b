// The functions behind the rows of brought_readers.cpp, one pair per family, and what they share.
//
// Thread rule: pure functions. Errors: invalid_argument "model_output".
#pragma once

#include <span>

#include "kernel/decode/keypoints.hpp"
#include "kernel/decode/reader_rows.hpp"

namespace aa::decode {

// yolo_segment.cpp: anchors with M mask coefficients, and prototypes [1, M, h, w].
bool recognise_yolo_segment(const GraphSignature& signature, ModelSpec& spec);
Reading read_yolo_segment(Outputs, const ModelSpec&, const Frame&, const ReadOptions&);
// yolo_pose.cpp: anchors with K keypoints of 2 or 3 numbers.
bool recognise_yolo_pose(const GraphSignature& signature, ModelSpec& spec);
Reading read_yolo_pose(Outputs, const ModelSpec&, const Frame&, const ReadOptions&);
// yolo_obb.cpp: anchors with an angle.
bool recognise_yolo_obb(const GraphSignature& signature, ModelSpec& spec);
Reading read_yolo_obb(Outputs, const ModelSpec&, const Frame&, const ReadOptions&);
// yolo_classify.cpp: [1, C], read as any classifier (scene_rows.hpp).
bool recognise_yolo_classify(const GraphSignature& signature, ModelSpec& spec);
// yolo_nas.cpp: boxes [1, N, 4] and scores [1, N, C].
bool recognise_yolo_nas(const GraphSignature& signature, ModelSpec& spec);
Reading read_yolo_nas(Outputs, const ModelSpec&, const Frame&, const ReadOptions&);
// nanodet.cpp: [1, N, C + 4 * (reg_max + 1)].
bool recognise_nanodet(const GraphSignature& signature, ModelSpec& spec);
Reading read_nanodet(Outputs, const ModelSpec&, const Frame&, const ReadOptions&);
// rtdetr.cpp: logits [1, Q, C] and boxes [1, Q, 4], or [1, Q, 4 + C].
bool recognise_rtdetr(const GraphSignature& signature, ModelSpec& spec);
Reading read_rtdetr(Outputs, const ModelSpec&, const Frame&, const ReadOptions&);
// rfdetr.cpp: dets [1, Q, 4] and labels [1, Q, C].
bool recognise_rfdetr(const GraphSignature& signature, ModelSpec& spec);
Reading read_rfdetr(Outputs, const ModelSpec&, const Frame&, const ReadOptions&);
// dfine.cpp: labels [1, Q], boxes [1, Q, 4], scores [1, Q].
bool recognise_dfine(const GraphSignature& signature, ModelSpec& spec);
Reading read_dfine(Outputs, const ModelSpec&, const Frame&, const ReadOptions&);
// rtmpose.cpp: simcc_x [1, K, 2 W] and simcc_y [1, K, 2 H].
bool recognise_rtmpose(const GraphSignature& signature, ModelSpec& spec);
Reading read_rtmpose(Outputs, const ModelSpec&, const Frame&, const ReadOptions&);
// vitpose.cpp: heatmaps [1, K, H / 4, W / 4].
bool recognise_vitpose(const GraphSignature& signature, ModelSpec& spec);
Reading read_vitpose(Outputs, const ModelSpec&, const Frame&, const ReadOptions&);
// osnet.cpp: [1, D] of a person, twice as high as wide, read as any embedder (scene_rows.hpp).
bool recognise_osnet(const GraphSignature& signature, ModelSpec& spec);
// dino.cpp: [1, 1 + patches, D], the first row is the image's.
bool recognise_dino(const GraphSignature& signature, ModelSpec& spec);
Reading read_dino(Outputs, const ModelSpec&, const Frame&, const ReadOptions&);

// One input of three channels, set by describe_input().
bool is_colour_image(const GraphSignature& signature, const ModelSpec& spec);
// [1, D] or [D]: its numbers, divided by their length.
std::vector<float> unit_vector(std::span<const float> values);
// Suppresses, brings to the image and drops what lies outside it.
Reading boxes_of(std::vector<Candidate> candidates, const Frame& frame, const ReadOptions& options);
// The same for models that find each object once.
Reading boxes_as_they_are(std::vector<Candidate> candidates, const Frame& frame,
                          const ReadOptions& options);

// One person's skeleton; its score is the mean confidence of the keypoints that count (0.1).
Reading pose_of(const std::vector<Keypoint>& keypoints, const ModelSpec& spec, const Frame& frame,
                const ReadOptions& options);

}  // namespace aa::decode
