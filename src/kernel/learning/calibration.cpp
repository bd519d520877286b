#include "kernel/learning/calibration.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace aa::learning {
namespace {

constexpr double kEdge = 1e-4;  // scores of 0 and 1 have no log-odds
constexpr double kModelWeight = 2;
constexpr double kClassWeight = 4;
constexpr int kSteps = 60;
constexpr std::size_t kRanges = 10;
constexpr std::size_t kFolds = 5;

double log_odds(double score) {
  const double s = std::clamp(score, kEdge, 1 - kEdge);
  return std::log(s / (1 - s));
}
double sigmoid(double z) {
  return z >= 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
}
// log(1 + e^z) without overflow
double softplus(double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))); }

double loss(std::span<const Decision> decisions, const ScoreCurve& prior, double weight,
            const ScoreCurve& curve) {
  const double ds = curve.slope - prior.slope;
  const double dh = curve.shift - prior.shift;
  double total = weight / 2 * (ds * ds + dh * dh);
  for (const auto& decision : decisions) {
    const double z = curve.slope * log_odds(decision.score) + curve.shift;
    total += softplus(decision.accepted ? -z : z);
  }
  return total;
}

// Newton's step of the penalised likelihood; `fixed`: the slope stays.
ScoreCurve newton_step(std::span<const Decision> decisions, const ScoreCurve& prior, double weight,
                       const ScoreCurve& at, bool fixed) {
  double gs = weight * (at.slope - prior.slope);
  double gh = weight * (at.shift - prior.shift);
  double hss = weight;
  double hsh = 0;
  double hhh = weight;
  for (const auto& decision : decisions) {
    const double x = log_odds(decision.score);
    const double p = sigmoid(at.slope * x + at.shift);
    const double error = p - (decision.accepted ? 1 : 0);
    const double curvature = p * (1 - p);
    gs += error * x;
    gh += error;
    hss += curvature * x * x;
    hsh += curvature * x;
    hhh += curvature;
  }
  if (fixed) return {0, -gh / hhh};
  const double determinant = hss * hhh - hsh * hsh;  // positive: the prior adds to both
  return {-(hhh * gs - hsh * gh) / determinant, -(hss * gh - hsh * gs) / determinant};
}

ScoreCurve descend(std::span<const Decision> decisions, const ScoreCurve& prior, double weight,
                   ScoreCurve at, bool fixed) {
  double now = loss(decisions, prior, weight, at);
  for (int i = 0; i < kSteps; ++i) {
    const auto step = newton_step(decisions, prior, weight, at, fixed);
    double share = 1;
    ScoreCurve next;
    double then = 0;
    do {
      next = {at.slope + share * step.slope, at.shift + share * step.shift};
      then = loss(decisions, prior, weight, next);
      share /= 2;
    } while (then > now && share > 1e-6);
    if (then >= now) break;
    const bool settled = now - then < 1e-12 * (1 + std::abs(now));
    at = next;
    now = then;
    if (settled) break;
  }
  return at;
}

using Groups = std::map<std::pair<std::string, std::string>, std::vector<Decision>>;

Groups by_class(std::span<const JudgedProposal> proposals) {
  Groups out;
  for (const auto& one : proposals) out[{one.model, one.class_name}].push_back(one.decision);
  return out;
}

}  // namespace

double ScoreCurve::operator()(double score) const {
  return sigmoid(slope * log_odds(score) + shift);
}

ScoreCurve fit_curve(std::span<const Decision> decisions, const ScoreCurve& prior, double weight) {
  auto curve = descend(decisions, prior, weight, prior, false);
  // The loss is convex: where the best slope is negative, the best that is allowed is 0.
  if (curve.slope < 0) curve = descend(decisions, prior, weight, {0, prior.shift}, true);
  return curve;
}

double expected_calibration_error(std::span<const Decision> decisions) {
  if (decisions.empty()) return 0;
  std::array<double, kRanges> accepted{};
  std::array<double, kRanges> confidence{};
  for (const auto& decision : decisions) {
    const double s = std::clamp(decision.score, 0.0, 1.0);
    const auto range = std::min(kRanges - 1, static_cast<std::size_t>(s * kRanges));
    accepted[range] += decision.accepted ? 1 : 0;
    confidence[range] += s;
  }
  double total = 0;
  for (std::size_t i = 0; i < kRanges; ++i) total += std::abs(accepted[i] - confidence[i]);
  return total / static_cast<double>(decisions.size());
}

Calibration::Calibration(std::span<const JudgedProposal> proposals) {
  std::map<std::string, std::vector<Decision>> pooled;
  for (const auto& one : proposals) pooled[one.model].push_back(one.decision);
  for (const auto& [model, decisions] : pooled) {
    if (decisions.size() < kDecisionsMin) continue;
    models_[model] = fit_curve(decisions, {}, kModelWeight);
  }
  for (const auto& [name, decisions] : by_class(proposals)) {
    const auto model = models_.find(name.first);
    if (model == models_.end()) continue;
    classes_[name] = {fit_curve(decisions, model->second, kClassWeight), decisions.size()};
  }
}

std::optional<double> Calibration::confidence(const std::string& model,
                                              const std::string& class_name, double score) const {
  if (const auto it = classes_.find({model, class_name}); it != classes_.end()) {
    return it->second.first(score);
  }
  const auto it = models_.find(model);
  return it == models_.end() ? std::nullopt : std::optional(it->second(score));
}

std::size_t Calibration::decided(const std::string& model, const std::string& class_name) const {
  const auto it = classes_.find({model, class_name});
  return it == classes_.end() ? 0 : it->second.second;
}

namespace {

// Each proposal with the confidence of a curve that has not seen it.
std::vector<JudgedProposal> held_out(std::span<const JudgedProposal> proposals) {
  std::vector<JudgedProposal> out;
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<JudgedProposal> seen;
    for (std::size_t i = 0; i < proposals.size(); ++i) {
      if (i % kFolds != fold) seen.push_back(proposals[i]);
    }
    const Calibration calibration(seen);
    for (std::size_t i = fold; i < proposals.size(); i += kFolds) {
      auto one = proposals[i];
      one.decision.score = calibration.confidence(one.model, one.class_name, one.decision.score)
                               .value_or(one.decision.score);
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace

std::vector<CalibrationRow> calibration_report(std::span<const JudgedProposal> proposals) {
  const auto after = held_out(proposals);
  std::map<std::string, std::vector<Decision>> before_of;
  std::map<std::string, std::vector<Decision>> after_of;
  for (const auto& one : proposals) before_of[one.model].push_back(one.decision);
  for (const auto& one : after) after_of[one.model].push_back(one.decision);
  const auto before_groups = by_class(proposals);
  auto after_groups = by_class(after);
  std::vector<CalibrationRow> out;
  for (const auto& [model, decisions] : before_of) {
    if (decisions.size() < Calibration::kDecisionsMin) continue;
    out.push_back({"", model, decisions.size(), expected_calibration_error(decisions),
                   expected_calibration_error(after_of[model])});
    for (const auto& [name, of_class] : before_groups) {
      if (name.first != model) continue;
      out.push_back({name.second, model, of_class.size(), expected_calibration_error(of_class),
                     expected_calibration_error(after_groups[name])});
    }
  }
  return out;
}

}  // namespace aa::learning
