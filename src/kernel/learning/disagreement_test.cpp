#include "kernel/learning/disagreement.hpp"

#include <gtest/gtest.h>

namespace aa::learning {
namespace {

const geometry::Rect kHere{0, 0, 100, 100};
const geometry::Rect kThere{500, 500, 600, 600};
const geometry::Rect kAside{30, 0, 130, 100};  // IoU 0.54 with kHere

Proposal proposal(const std::string& model, const std::string& name, const geometry::Rect& box,
                  double confidence = 0.8) {
  return {model, name, box, confidence};
}

TEST(uncertainty, entropy_is_highest_in_the_middle) {
  EXPECT_EQ(binary_entropy(0), 0);
  EXPECT_EQ(binary_entropy(1), 0);
  EXPECT_NEAR(binary_entropy(0.5), 1, 1e-12);
  EXPECT_NEAR(binary_entropy(0.2), binary_entropy(0.8), 1e-12);
  EXPECT_LT(binary_entropy(0.9), binary_entropy(0.7));
}

TEST(uncertainty, of_an_image_is_that_of_its_three_least_sure_proposals) {
  EXPECT_EQ(uncertainty({}), 0);
  EXPECT_NEAR(uncertainty(std::vector{0.5}), 1.0 / 3, 1e-12);
  EXPECT_NEAR(uncertainty(std::vector{0.5, 0.5, 0.5, 0.99}), 1, 1e-12);
  EXPECT_EQ(uncertainty(std::vector{1.0, 0.0}), 0);
}

TEST(uncertainty, one_strong_sign_outweighs_a_crowd_of_weak_ones) {
  EXPECT_EQ(joined({}), 0);
  EXPECT_NEAR(joined({0.5}), 0.5, 1e-12);
  EXPECT_NEAR(joined({0.5, 0.5}), 0.75, 1e-12);
  EXPECT_LT(joined(std::vector<double>(50, 0.2)), 0.5);
  EXPECT_LE(joined({1, 1, 2}), 1);
}

TEST(disagreement, two_models_that_agree_are_no_conflict) {
  const std::vector<Proposal> same{proposal("a", "dog", kHere), proposal("b", "dog", kAside)};
  EXPECT_TRUE(find_conflicts(same, {}).empty());
  const std::vector<Proposal> alone{proposal("a", "dog", kHere), proposal("a", "cat", kHere)};
  EXPECT_TRUE(find_conflicts(alone, {}).empty()) << "nobody to disagree with";
}

TEST(disagreement, classes_and_lonely_boxes_are_told) {
  const std::vector<Proposal> proposals{proposal("a", "dog", kHere, 0.9),
                                        proposal("b", "cat", kAside, 0.6),
                                        proposal("b", "cup", kThere, 0.8)};
  const auto found = find_conflicts(proposals, {});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].kind, ConflictKind::classes_differ);
  EXPECT_NEAR(found[0].strength, 0.6, 1e-12);
  EXPECT_EQ(found[0].proposal, 0U);
  EXPECT_EQ(found[0].other, 1U);
  EXPECT_EQ(found[1].kind, ConflictKind::seen_by_one);
  EXPECT_NEAR(found[1].strength, 0.4, 1e-12);
}

TEST(disagreement, wrong_labels_of_three_kinds_are_told) {
  const std::vector<LabelledObject> labels{{"cat", kHere}};
  const auto kind_of = [&](const Proposal& one) -> std::optional<ConflictKind> {
    const auto found = find_conflicts(std::vector<Proposal>{one}, labels);
    return found.empty() ? std::nullopt : std::optional(found[0].kind);
  };
  EXPECT_EQ(kind_of(proposal("a", "cat", kHere)), std::nullopt);
  EXPECT_EQ(kind_of(proposal("a", "dog", kHere)), ConflictKind::label_swapped);
  EXPECT_EQ(kind_of(proposal("a", "cat", kAside)), ConflictKind::label_misplaced);
  EXPECT_EQ(kind_of(proposal("a", "cat", kThere)), ConflictKind::label_missing);
  EXPECT_TRUE(find_conflicts(std::vector<Proposal>{proposal("a", "dog", kHere)}, {}).empty());
}

TEST(disagreement, surer_proposals_are_stronger_signs) {
  const std::vector<LabelledObject> labels{{"cat", kThere}};
  double before = 0;
  for (const double confidence : {0.55, 0.7, 0.85, 0.99}) {
    const std::vector<Proposal> one{proposal("a", "dog", kHere, confidence)};
    const double now = find_conflicts(one, labels).at(0).strength;
    EXPECT_GT(now, before);
    before = now;
  }
  const std::vector<Proposal> unsure{proposal("a", "dog", kHere, 0.4)};
  EXPECT_EQ(find_conflicts(unsure, labels).at(0).strength, 0);
}

}  // namespace
}  // namespace aa::learning
