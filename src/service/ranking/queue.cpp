#include "service/ranking/queue.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace aa::ranking {
namespace {

using learning::Conflict;
using learning::ConflictKind;

constexpr std::size_t kConflictsTold = 3;
constexpr double kWorthTelling = 0.05;

// "yolox-nano", of "yolox-nano@1".
std::string name_of(const std::string& model) { return model.substr(0, model.find('@')); }

std::string tell(const Conflict& conflict, const Knowledge& known) {
  const auto& one = known.proposals[conflict.proposal];
  const auto who = name_of(one.model);
  switch (conflict.kind) {
    case ConflictKind::classes_differ: {
      const auto& other = known.proposals[*conflict.other];
      return fmt::format("{} sees {} where {} sees {}.", who, one.class_name, name_of(other.model),
                         other.class_name);
    }
    case ConflictKind::seen_by_one:
      return fmt::format("Only {} sees a {} here ({:.0f} % sure).", who, one.class_name,
                         one.confidence * 100);
    case ConflictKind::label_swapped:
      return fmt::format("Labelled {}, but {} sees {} there ({:.0f} % sure).",
                         known.labels[*conflict.other].class_name, who, one.class_name,
                         one.confidence * 100);
    case ConflictKind::label_missing:
      return fmt::format("{} sees a {} that has no label ({:.0f} % sure).", who, one.class_name,
                         one.confidence * 100);
    case ConflictKind::label_misplaced:
      return fmt::format("The label {} covers badly what {} sees.", one.class_name, who);
  }
  return "";
}

std::string tell_uncertainty(const Knowledge& known) {
  const auto closest = std::ranges::min_element(known.proposals, {}, [](const auto& proposal) {
    return std::abs(proposal.confidence - 0.5);
  });
  return fmt::format("{} is only {:.0f} % sure of a {}.", name_of(closest->model),
                     closest->confidence * 100, closest->class_name);
}

// What is labelled is looked at again only for what contradicts its labels.
double mixed(bool labelled, double uncertainty, double disagreement, double novelty) {
  if (labelled) return disagreement;
  return kUncertaintyShare * uncertainty + kDisagreementShare * disagreement +
         kNoveltyShare * novelty;
}

double priority_of(Strategy strategy, bool labelled, double uncertainty, double disagreement,
                   double novelty) {
  switch (strategy) {
    case Strategy::uncertainty:
      return uncertainty;
    case Strategy::disagreement:
      return disagreement;
    case Strategy::novelty:
      return novelty;
    case Strategy::mixed:
      break;
  }
  return mixed(labelled, uncertainty, disagreement, novelty);
}

}  // namespace

QueueItem judge(const Knowledge& known, Strategy strategy) {
  std::vector<double> confidences;
  for (const auto& proposal : known.proposals) confidences.push_back(proposal.confidence);
  const double uncertainty = learning::uncertainty(confidences);
  const auto conflicts = learning::find_conflicts(known.proposals, known.labels);
  std::vector<double> strengths;
  for (const auto& conflict : conflicts) strengths.push_back(conflict.strength);
  const double disagreement = learning::joined(strengths);
  const double novelty = known.novelty.value_or(0);
  const bool labelled = known.asset.annotation_count > 0;
  QueueItem item{
      known.asset, priority_of(strategy, labelled, uncertainty, disagreement, novelty), {}};
  const bool is_mixed = strategy == Strategy::mixed;
  if (is_mixed || strategy == Strategy::disagreement) {
    for (const auto& conflict : conflicts) {
      if (item.reasons.size() == kConflictsTold || conflict.strength < kWorthTelling) break;
      item.reasons.push_back({ReasonKind::disagreement, conflict.strength, tell(conflict, known)});
    }
  }
  if (((is_mixed && !labelled) || strategy == Strategy::uncertainty) &&
      uncertainty >= kWorthTelling) {
    item.reasons.push_back({ReasonKind::uncertainty, uncertainty, tell_uncertainty(known)});
  }
  if ((is_mixed || strategy == Strategy::novelty) && novelty >= kWorthTelling) {
    item.reasons.push_back({ReasonKind::novelty, novelty,
                            "Little that is labelled, or stands before it here, looks like this."});
  }
  if (!labelled && item.reasons.empty()) {
    item.reasons.push_back({ReasonKind::unlabelled, 0, "It has no labels yet."});
  }
  return item;
}

std::vector<QueueItem> order(std::span<const Knowledge> images, Strategy strategy,
                             std::size_t limit) {
  std::vector<QueueItem> out;
  for (const auto& known : images) {
    auto item = judge(known, strategy);
    const bool nothing = item.reasons.empty() && known.asset.annotation_count > 0;
    if (!nothing) out.push_back(std::move(item));
  }
  const auto before = [](const QueueItem& a, const QueueItem& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.asset.rank < b.asset.rank;
  };
  std::ranges::sort(out, before);
  if (out.size() > limit) out.resize(limit);
  return out;
}

}  // namespace aa::ranking
