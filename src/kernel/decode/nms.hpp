// Greedy non-maximum suppression, class by class.
//
// Of two boxes of one class that overlap by more than `iou_max`, the one with the lower score goes;
// equal scores: the one that came later. The result is ordered by falling score.
// Limits: the kCandidatesMax best are looked at. Thread rule: pure function. Errors: none; boxes
// that are empty or not finite are dropped.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "kernel/decode/detection.hpp"

namespace aa::decode {

inline constexpr std::size_t kCandidatesMax = 8'192;

// Keeps the `count` candidates of highest score, in the order they stand in.
void keep_best(std::vector<Candidate>& candidates, std::size_t count);

// Does the better one make the other go? Both are indices.
using Overlap = std::function<bool(std::size_t better, std::size_t other)>;
// The same suppression over anything with scores: indices of what stays.
std::vector<std::size_t> suppress_by(std::span<const float> scores, const Overlap& overlap,
                                     std::size_t kept_max);

std::vector<Candidate> suppress(std::vector<Candidate> candidates, double iou_max,
                                std::size_t kept_max);

}  // namespace aa::decode
