// What exporters write into a model's metadata: label names, image size, task, keypoints.
//
// "names" is a Python dictionary as text, {0: 'person', 1: "traffic light"}; "imgsz" is [h, w],
// "kpt_shape" is [keypoints, 2 or 3], "task" one of detect, segment, pose, obb, classify.
// Limits: kLabelsMax labels. Thread rule: pure functions. Errors: none; text that does not have
// the form gives nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/decode/tensor_view.hpp"

namespace aa::decode {

inline constexpr std::size_t kLabelsMax = 10'000;

// The value as it stands; empty: there is no such key.
std::string_view metadata_text(const GraphSignature& signature, std::string_view key);
// A list of at most 8 whole numbers, "[17, 3]"; empty: none.
std::vector<int> metadata_numbers(const GraphSignature& signature, std::string_view key);
// False only when the metadata names another task.
bool may_do(const GraphSignature& signature, std::string_view task);
std::vector<std::string> metadata_labels(const GraphSignature& signature);
std::optional<std::pair<int, int>> metadata_image_size(const GraphSignature& signature);  // h, w

}  // namespace aa::decode
