// Where an image wants a person: unsure proposals, detectors that contradict each other, proposals
// that contradict the labels there are.
//
// uncertainty(): from the chance p of each proposal to be right, its binary entropy in bits; of an
// image the mean of the three highest.
// find_conflicts(): boxes of two detectors are matched by IoU, best first; a pair of different
// classes is a conflict as strong as the less sure of the two, a box that the other detector lacks
// one of half its confidence. Against labels: a confident proposal over a label of another class
// (swapped), a sure one with no label under it (missing), one that a label of its class covers
// badly (misplaced). The strengths of an image are joined as 1 - (1-a)(1-b)(1-c) of its three
// strongest, so that a crowd of weak signs does not outweigh one strong sign. Sources: Settles,
// "Active Learning Literature Survey", 2009 (entropy, query by committee); Tkachenko, Thyagarajan,
// Mueller, "ObjectLab", arXiv:2309.00832 (kinds of wrong labels). Thread rule: pure functions.
// Errors: none.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernel/geometry/geometry.hpp"

namespace aa::learning {

struct Proposal {
  std::string model;
  std::string class_name;
  geometry::Rect box;
  double confidence = 0;  // 0 to 1
};

struct LabelledObject {
  std::string class_name;
  geometry::Rect box;
};

enum class ConflictKind {
  classes_differ,
  seen_by_one,
  label_swapped,
  label_missing,
  label_misplaced
};

struct Conflict {
  ConflictKind kind = ConflictKind::classes_differ;
  double strength = 0;               // 0 to 1
  std::size_t proposal = 0;          // index
  std::optional<std::size_t> other;  // proposal or label it stands against
};

double binary_entropy(double p);  // bits, 0 to 1
// Mean entropy of the three proposals that are least sure; those that lack count as sure.
double uncertainty(std::span<const double> confidences);
double joined(std::vector<double> strengths);  // of an image

// Strongest first. Labels are looked at only when there are any: an image without has nothing to
// contradict.
std::vector<Conflict> find_conflicts(std::span<const Proposal> proposals,
                                     std::span<const LabelledObject> labels);

}  // namespace aa::learning
