#include "kernel/decode/nms.hpp"

#include <algorithm>
#include <numeric>

namespace aa::decode {

void keep_best(std::vector<Candidate>& candidates, std::size_t count) {
  if (candidates.size() <= count) return;
  std::vector<float> scores(candidates.size());
  std::ranges::transform(candidates, scores.begin(), &Candidate::score);
  const auto least = scores.begin() + static_cast<std::ptrdiff_t>(count) - 1;
  std::ranges::nth_element(scores, least, std::ranges::greater{});
  std::size_t equal = static_cast<std::size_t>(std::count(scores.begin(), least + 1, *least));
  std::erase_if(candidates, [least = *least, &equal](const Candidate& candidate) {
    if (candidate.score != least) return candidate.score < least;
    if (equal == 0) return true;
    --equal;
    return false;
  });
}

std::vector<std::size_t> suppress_by(std::span<const float> scores, const Overlap& overlap,
                                     std::size_t kept_max) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return scores[i]; });
  if (order.size() > kCandidatesMax) order.resize(kCandidatesMax);
  std::vector<std::size_t> kept;
  for (const auto i : order) {
    if (kept.size() >= kept_max) break;
    const auto covers = [&](std::size_t better) { return overlap(better, i); };
    if (std::ranges::none_of(kept, covers)) kept.push_back(i);
  }
  return kept;
}

std::vector<Candidate> suppress(std::vector<Candidate> candidates, double iou_max,
                                std::size_t kept_max) {
  std::erase_if(candidates,
                [](const Candidate& c) { return !geometry::is_finite(c.box) || c.box.empty(); });
  std::vector<float> scores(candidates.size());
  std::ranges::transform(candidates, scores.begin(), &Candidate::score);
  const auto overlap = [&](std::size_t better, std::size_t other) {
    return candidates[better].class_index == candidates[other].class_index &&
           geometry::iou(candidates[better].box, candidates[other].box) > iou_max;
  };
  std::vector<Candidate> kept;
  for (const auto i : suppress_by(scores, overlap, kept_max)) kept.push_back(candidates[i]);
  return kept;
}

}  // namespace aa::decode
