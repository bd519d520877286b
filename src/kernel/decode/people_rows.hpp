// The functions behind the rows of people_readers.cpp: faces, hands, bodies, boxes in space.
//
//   family                outputs, by how many numbers they hold; N anchors
//   blazeface             [1, N, 16], [1, N, 1], whole or by grid: 512 and 384, or 2304
//   face_mesh             1404, 1: points, flag
//   iris                  228, or 213 and 15: eye and iris
//   faceres               1, 100, 1024: gender, ages, embedding
//   emotion               7, input grey
//   antispoof, liveness   1; 2
//   handtrack             [1, N, 7], [1, N, 1, 4]: scores, boxes, as SSD's
//   palm_detector         [1, 2016, 18], [1, 2016, 1]
//   hand_landmarks        63, 1, 1, 63: points, presence, handedness, points in metres
//   movenet               [1, 1, 17, 3], [1, 6, 56]
//   blazepose_detector    [1, 2254, 12], [1, 2254, 1]
//   blazepose_landmarks   195, 1, 65536, 159744, 117: points, presence, mask, heat maps, metres
//   selfie_segmentation   [1, h, w, 1] as large as the input
//   objectron_detector    [1, 1917, 4], [1, 1917, 24]
//   objectron             18, 1: corners, presence
//
// Thread rule: pure functions. Errors: invalid_argument "model_output", "bad_parameters".
#pragma once

#include <array>

#include "kernel/decode/reader.hpp"

namespace aa::decode {

bool recognise_blazeface(const GraphSignature& signature, ModelSpec& spec);
Reading read_blazeface(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                       const ReadOptions& options);
bool recognise_face_mesh(const GraphSignature& signature, ModelSpec& spec);
Reading read_face_mesh(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                       const ReadOptions& options);
bool recognise_iris(const GraphSignature& signature, ModelSpec& spec);
Reading read_iris(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                  const ReadOptions& options);
bool recognise_faceres(const GraphSignature& signature, ModelSpec& spec);
Reading read_faceres(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options);
bool recognise_emotion(const GraphSignature& signature, ModelSpec& spec);
Reading read_emotion(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options);
bool recognise_antispoof(const GraphSignature& signature, ModelSpec& spec);
Reading read_antispoof(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                       const ReadOptions& options);
bool recognise_liveness(const GraphSignature& signature, ModelSpec& spec);
Reading read_liveness(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                      const ReadOptions& options);
bool recognise_handtrack(const GraphSignature& signature, ModelSpec& spec);
Reading read_handtrack(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                       const ReadOptions& options);
bool recognise_palm_detector(const GraphSignature& signature, ModelSpec& spec);
Reading read_palm_detector(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                           const ReadOptions& options);
bool recognise_hand_landmarks(const GraphSignature& signature, ModelSpec& spec);
Reading read_hand_landmarks(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                            const ReadOptions& options);
bool recognise_movenet(const GraphSignature& signature, ModelSpec& spec);
Reading read_movenet(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options);
bool recognise_blazepose_detector(const GraphSignature& signature, ModelSpec& spec);
Reading read_blazepose_detector(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                                const ReadOptions& options);
bool recognise_blazepose_landmarks(const GraphSignature& signature, ModelSpec& spec);
Reading read_blazepose_landmarks(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                                 const ReadOptions& options);
bool recognise_selfie_segmentation(const GraphSignature& signature, ModelSpec& spec);
Reading read_selfie_segmentation(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                                 const ReadOptions& options);
bool recognise_objectron_detector(const GraphSignature& signature, ModelSpec& spec);
Reading read_objectron_detector(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                                const ReadOptions& options);
bool recognise_objectron(const GraphSignature& signature, ModelSpec& spec);
Reading read_objectron(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                       const ReadOptions& options);

}  // namespace aa::decode
