// Named keypoints of an answer, as skeletons of the image.
//
// A keypoint's confidence becomes its visibility: from 0.5 on 2 (visible), from 0.1 on 1 (hidden),
// below 0 (not labelled); its place is kept, clamped to the image, as COCO's evaluation code reads
// them. Thread rule: pure functions. Errors: invalid_argument "bad_parameters".
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "kernel/decode/frame.hpp"

namespace aa::decode {

inline constexpr std::size_t kKeypointsMax = 1'000;
inline constexpr double kVisibleConfidence = 0.5;
inline constexpr double kHiddenConfidence = 0.1;

inline constexpr std::array<std::string_view, 17> kCocoKeypoints = {
    "nose",           "left_eye",   "right_eye",   "left_ear",   "right_ear",   "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip",
    "right_hip",      "left_knee",  "right_knee",  "left_ankle", "right_ankle"};

struct Keypoint {
  geometry::Point at;     // in pixels of the model's input
  double confidence = 1;  // 0..1
};

// The parameter "keypoints" when it is there, COCO's 17 names for 17 of them, else "1", "2", ...
std::vector<std::string> keypoint_names(const json::Object& parameters, std::size_t count);

document::Skeleton skeleton_of(const std::vector<Keypoint>& keypoints,
                               const std::vector<std::string>& names, const Frame& frame);

}  // namespace aa::decode
