// What exporters write into a model's metadata: label names and image size.
//
// "names" is a Python dictionary as text, {0: 'person', 1: "traffic light"}; "imgsz" is [h, w].
// Limits: kLabelsMax labels. Thread rule: pure functions. Errors: none; text that does not have
// the form gives nothing.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernel/decode/tensor_view.hpp"

namespace aa::decode {

inline constexpr std::size_t kLabelsMax = 10'000;

std::vector<std::string> metadata_labels(const GraphSignature& signature);
std::optional<std::pair<int, int>> metadata_image_size(const GraphSignature& signature);  // h, w

}  // namespace aa::decode
