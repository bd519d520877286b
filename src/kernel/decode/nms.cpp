#include "kernel/decode/nms.hpp"

#include <algorithm>
#include <functional>

namespace aa::decode {

std::vector<Candidate> suppress(std::vector<Candidate> candidates, double iou_max,
                                std::size_t kept_max) {
  std::erase_if(candidates,
                [](const Candidate& c) { return !geometry::is_finite(c.box) || c.box.empty(); });
  std::ranges::stable_sort(candidates, std::greater<>{}, &Candidate::score);
  if (candidates.size() > kCandidatesMax) candidates.resize(kCandidatesMax);
  std::vector<Candidate> kept;
  for (const auto& candidate : candidates) {
    if (kept.size() >= kept_max) break;
    const bool covered = std::ranges::any_of(kept, [&](const Candidate& better) {
      return better.class_index == candidate.class_index &&
             geometry::iou(better.box, candidate.box) > iou_max;
    });
    if (!covered) kept.push_back(candidate);
  }
  return kept;
}

}  // namespace aa::decode
