// Greedy non-maximum suppression, class by class.
//
// Of two boxes of one class that overlap by more than `iou_max`, the one with the lower score goes;
// equal scores: the one that came later. The result is ordered by falling score.
// Limits: the kCandidatesMax best are looked at. Thread rule: pure function. Errors: none; boxes
// that are empty or not finite are dropped.
#pragma once

#include <cstddef>
#include <vector>

#include "kernel/decode/detection.hpp"

namespace aa::decode {

inline constexpr std::size_t kCandidatesMax = 8'192;

std::vector<Candidate> suppress(std::vector<Candidate> candidates, double iou_max,
                                std::size_t kept_max);

}  // namespace aa::decode
