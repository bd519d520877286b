// The order of images, from what is known of each. Pure.
//
// Uncertainty and disagreement are those of kernel/learning/disagreement.hpp, with calibrated
// confidences; novelty is the distance of kernel/learning/coverage.hpp as a share of the largest.
// Mixed adds them by kUncertaintyShare and so on; of an image with labels it is the disagreement
// alone. Equal priorities keep the order of ranks. An
// image without labels and without any sign comes last; one with labels and no sign is left out.
// Thread rule: pure functions. Errors: none.
#pragma once

#include <span>
#include <vector>

#include "kernel/learning/disagreement.hpp"
#include "service/ranking/ranking_types.hpp"

namespace aa::ranking {

inline constexpr double kUncertaintyShare = 0.25;
inline constexpr double kDisagreementShare = 0.5;
inline constexpr double kNoveltyShare = 0.25;

struct Knowledge {
  assets::Asset asset;
  std::vector<learning::Proposal> proposals;
  std::vector<learning::LabelledObject> labels;
  std::optional<double> novelty;  // 0 to 1
};

QueueItem judge(const Knowledge& known, Strategy strategy);
// Sorted, at most `limit`.
std::vector<QueueItem> order(std::span<const Knowledge> images, Strategy strategy,
                             std::size_t limit);

}  // namespace aa::ranking
