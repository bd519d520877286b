// From a detector's score to the chance that a person accepts the proposal.
//
// Each detector has a curve p = sigmoid(slope * logit(score) + shift), fitted to the decisions of
// people; each of its classes has one of its own, held to the detector's curve by a prior that
// gives way as decisions come in: a class with three decisions hardly differs from its detector,
// one with three hundred follows them. The detector's own curve is held to the identity likewise.
// The slope is never negative, so a higher score never means less.
//
// The expected calibration error is the mean over ten equal ranges of confidence, weighted by how
// many fall into each, of |share accepted - mean confidence|. The report gives it before (scores as
// they are) and after, the latter out of sample: each decision is judged by a curve that was fitted
// without it (five folds).
//
// Sources: Platt, "Probabilistic Outputs for Support Vector Machines", 1999; Kull et al., "Beyond
// temperature scaling / Beta calibration", AISTATS 2017 (log-odds as input); Guo et al.,
// arXiv:1706.04599 (ECE). Code is our own.
// Thread rule: values and pure functions. Errors: none.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace aa::learning {

struct Decision {
  double score = 0;  // 0 to 1
  bool accepted = false;
};

struct ScoreCurve {
  double slope = 1;
  double shift = 0;
  double operator()(double score) const;  // strictly between 0 and 1
};

// The most probable curve given the decisions and a normal prior around `prior`, `weight` being its
// inverse variance.
ScoreCurve fit_curve(std::span<const Decision> decisions, const ScoreCurve& prior, double weight);

double expected_calibration_error(std::span<const Decision> decisions);

struct JudgedProposal {
  std::string model;
  std::string class_name;
  Decision decision;
};

struct CalibrationRow {
  std::string class_name;  // "" in the row of a model as a whole
  std::string model;
  std::size_t decided = 0;
  double ece_before = 0;
  double ece_after = 0;
};

class Calibration {
 public:
  // A detector with fewer decisions has no curve: its scores stay what they are.
  static constexpr std::size_t kDecisionsMin = 10;

  Calibration() = default;
  explicit Calibration(std::span<const JudgedProposal> proposals);

  // nullopt for a model that too little is known of.
  std::optional<double> confidence(const std::string& model, const std::string& class_name,
                                   double score) const;
  // How many decisions stand behind the curve of a class.
  std::size_t decided(const std::string& model, const std::string& class_name) const;

 private:
  using Name = std::pair<std::string, std::string>;  // model, class
  std::map<std::string, ScoreCurve> models_;
  std::map<Name, std::pair<ScoreCurve, std::size_t>> classes_;
};

// By model, then class; the row of the model first. Only models of kDecisionsMin decisions or more.
std::vector<CalibrationRow> calibration_report(std::span<const JudgedProposal> proposals);

}  // namespace aa::learning
