#include "kernel/learning/disagreement.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace aa::learning {
namespace {

constexpr double kSameThing = 0.5;  // IoU from which two boxes mean one object
constexpr double kWellPlaced = 0.7;
constexpr double kTouches = 0.1;  // less than this is no cover at all
constexpr double kSeenByOne = 0.5;
constexpr double kMisplaced = 0.6;
constexpr double kMissing = 0.8;
constexpr std::size_t kJoined = 3;

struct Overlap {
  double iou = 0;
  std::size_t a = 0;
  std::size_t b = 0;
};

using Indices = std::vector<std::size_t>;

Indices of_model(std::span<const Proposal> proposals, const std::string& model) {
  Indices out;
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    if (proposals[i].model == model) out.push_back(i);
  }
  return out;
}

// One to one, largest overlap first.
std::vector<Overlap> matched(std::span<const Proposal> all, const Indices& ours,
                             const Indices& theirs) {
  std::vector<Overlap> pairs;
  for (const auto a : ours) {
    for (const auto b : theirs) {
      const double iou = geometry::iou(all[a].box, all[b].box);
      if (iou >= kSameThing) pairs.push_back({iou, a, b});
    }
  }
  std::ranges::stable_sort(pairs, std::ranges::greater{}, &Overlap::iou);
  std::set<std::size_t> taken;
  std::erase_if(pairs, [&](const Overlap& pair) {
    if (taken.contains(pair.a) || taken.contains(pair.b)) return true;
    taken.insert({pair.a, pair.b});
    return false;
  });
  return pairs;
}

void compare_models(std::span<const Proposal> all, const Indices& ours, const Indices& theirs,
                    std::vector<Conflict>& out) {
  std::set<std::size_t> seen_by_both;
  for (const auto& pair : matched(all, ours, theirs)) {
    seen_by_both.insert({pair.a, pair.b});
    if (all[pair.a].class_name == all[pair.b].class_name) continue;
    out.push_back({ConflictKind::classes_differ,
                   std::min(all[pair.a].confidence, all[pair.b].confidence), pair.a, pair.b});
  }
  for (const auto& side : {ours, theirs}) {
    for (const auto i : side) {
      if (seen_by_both.contains(i)) continue;
      out.push_back({ConflictKind::seen_by_one, kSeenByOne * all[i].confidence, i, std::nullopt});
    }
  }
}

std::optional<Conflict> against_labels(std::span<const Proposal> proposals, std::size_t i,
                                       std::span<const LabelledObject> labels) {
  const auto& proposal = proposals[i];
  std::optional<std::size_t> nearest;
  std::optional<std::size_t> same;
  double nearest_iou = 0;
  double same_iou = 0;
  for (std::size_t j = 0; j < labels.size(); ++j) {
    const double iou = geometry::iou(proposal.box, labels[j].box);
    if (iou > nearest_iou) nearest = j, nearest_iou = iou;
    if (labels[j].class_name == proposal.class_name && iou > same_iou) same = j, same_iou = iou;
  }
  const double p = proposal.confidence;
  if (same_iou >= kWellPlaced) return std::nullopt;
  if (same_iou >= kTouches) {
    const double worse = (kWellPlaced - same_iou) / (kWellPlaced - kTouches);
    return Conflict{ConflictKind::label_misplaced, kMisplaced * p * worse, i, same};
  }
  if (nearest_iou >= kSameThing) return Conflict{ConflictKind::label_swapped, p, i, nearest};
  // Detectors see more than was asked to be labelled: only what they are sure of is missed.
  return Conflict{ConflictKind::label_missing, kMissing * std::max(0.0, 2 * p - 1), i,
                  std::nullopt};
}

}  // namespace

double binary_entropy(double p) {
  if (!(p > 0) || !(p < 1)) return 0;
  return -p * std::log2(p) - (1 - p) * std::log2(1 - p);
}

double uncertainty(std::span<const double> confidences) {
  std::vector<double> entropies(confidences.size());
  std::ranges::transform(confidences, entropies.begin(), binary_entropy);
  std::ranges::sort(entropies, std::ranges::greater{});
  entropies.resize(kJoined);
  return std::accumulate(entropies.begin(), entropies.end(), 0.0) / kJoined;
}

double joined(std::vector<double> strengths) {
  std::ranges::sort(strengths, std::ranges::greater{});
  double none = 1;
  for (std::size_t i = 0; i < std::min(kJoined, strengths.size()); ++i) {
    none *= 1 - std::clamp(strengths[i], 0.0, 1.0);
  }
  return 1 - none;
}

std::vector<Conflict> find_conflicts(std::span<const Proposal> proposals,
                                     std::span<const LabelledObject> labels) {
  std::set<std::string> models;
  for (const auto& proposal : proposals) models.insert(proposal.model);
  std::vector<Conflict> out;
  for (auto a = models.begin(); a != models.end(); ++a) {
    for (auto b = std::next(a); b != models.end(); ++b) {
      compare_models(proposals, of_model(proposals, *a), of_model(proposals, *b), out);
    }
  }
  for (std::size_t i = 0; !labels.empty() && i < proposals.size(); ++i) {
    if (auto conflict = against_labels(proposals, i, labels)) out.push_back(*conflict);
  }
  std::ranges::stable_sort(out, std::ranges::greater{}, &Conflict::strength);
  return out;
}

}  // namespace aa::learning
