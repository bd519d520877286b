#include "kernel/learning/calibration.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "kernel/learning/discovery.hpp"

namespace aa::learning {
namespace {

// Proposals of a detector whose score s is right with chance `truth(s)`.
template <class Truth>
std::vector<Decision> decisions_of(std::size_t count, unsigned seed, Truth truth) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> even(0, 1);
  std::vector<Decision> out;
  for (std::size_t i = 0; i < count; ++i) {
    const double score = even(random);
    out.push_back({score, even(random) < truth(score)});
  }
  return out;
}
double overconfident(double s) { return s * s * s; }

TEST(calibration, without_decisions_the_curve_is_the_prior) {
  const auto curve = fit_curve({}, {}, 2);
  for (const double s : {0.01, 0.3, 0.5, 0.99}) EXPECT_NEAR(curve(s), s, 1e-9);
}

TEST(calibration, one_decision_moves_little_and_many_move_all) {
  const std::vector<Decision> one{{0.9, false}};
  const double little = fit_curve(one, {}, 4)(0.9);
  EXPECT_LT(little, 0.9);
  EXPECT_GT(little, 0.6);
  const std::vector<Decision> many(500, Decision{0.9, false});
  EXPECT_LT(fit_curve(many, {}, 4)(0.9), 0.05);
}

TEST(calibration, a_curve_never_falls) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const auto decisions = decisions_of(40, seed, [](double s) { return 1 - s; });
    const auto curve = fit_curve(decisions, {}, 1);
    EXPECT_GE(curve.slope, 0);
    double before = 0;
    for (double s = 0; s <= 1.0; s += 0.01) {
      const double now = curve(s);
      EXPECT_TRUE(now > 0 && now < 1) << now;
      EXPECT_GE(now, before - 1e-12);
      before = now;
    }
  }
}

TEST(calibration, the_truth_is_found_from_many) {
  const auto curve = fit_curve(decisions_of(20'000, 3, overconfident), {}, 2);
  for (const double s : {0.3, 0.5, 0.7, 0.9}) EXPECT_NEAR(curve(s), overconfident(s), 0.06) << s;
}

TEST(calibration, certain_scores_do_no_harm) {
  const std::vector<Decision> decisions{{0, true}, {1, false}, {1, true}, {0, false}};
  const auto curve = fit_curve(decisions, {}, 1);
  EXPECT_TRUE(std::isfinite(curve.slope) && std::isfinite(curve.shift));
}

TEST(calibration, the_error_is_as_defined) {
  EXPECT_EQ(expected_calibration_error({}), 0);
  const std::vector<Decision> sure{{0.95, true}, {0.95, true}, {0.95, false}, {0.95, false}};
  EXPECT_NEAR(expected_calibration_error(sure), 0.45, 1e-12);
  const std::vector<Decision> honest{{0.5, true}, {0.5, false}};
  EXPECT_NEAR(expected_calibration_error(honest), 0, 1e-12);
  EXPECT_NEAR(expected_calibration_error(std::vector<Decision>{{1.0, true}}), 0, 1e-12);
}

TEST(calibration, the_report_is_out_of_sample_and_lower_where_scores_lie) {
  std::vector<JudgedProposal> proposals;
  for (const auto& decision : decisions_of(400, 5, overconfident)) {
    proposals.push_back({"yolo@1", proposals.size() % 3 == 0 ? "cat" : "dog", decision});
  }
  proposals.push_back({"rare@1", "cat", {0.5, true}});
  const auto report = calibration_report(proposals);
  ASSERT_EQ(report.size(), 3U) << "one of the model, one of each class, none of the rare model";
  EXPECT_EQ(report[0].class_name, "");
  EXPECT_EQ(report[0].decided, 400U);
  for (const auto& row : report) EXPECT_LT(row.ece_after, row.ece_before) << row.class_name;
  // Coins tell nothing: a curve fitted to them must not look better than it is.
  std::vector<JudgedProposal> coins;
  for (const auto& decision : decisions_of(60, 6, [](double) { return 0.5; })) {
    coins.push_back({"coin@1", "side", decision});
  }
  const Calibration fitted(coins);
  std::vector<Decision> in_sample;
  for (const auto& one : coins) {
    in_sample.push_back(
        {*fitted.confidence("coin@1", "side", one.decision.score), one.decision.accepted});
  }
  EXPECT_LE(expected_calibration_error(in_sample), calibration_report(coins)[0].ece_after);
}

TEST(calibration, a_class_of_few_decisions_follows_its_detector) {
  std::vector<JudgedProposal> proposals;
  for (const auto& decision : decisions_of(300, 9, overconfident)) {
    proposals.push_back({"yolo@1", "dog", decision});
  }
  proposals.push_back({"yolo@1", "cat", {0.8, true}});
  const Calibration calibration(proposals);
  const double dog = *calibration.confidence("yolo@1", "dog", 0.8);
  EXPECT_NEAR(*calibration.confidence("yolo@1", "cat", 0.8), dog, 0.1);
  EXPECT_NEAR(*calibration.confidence("yolo@1", "unseen", 0.8), dog, 0.1);
  EXPECT_EQ(calibration.decided("yolo@1", "cat"), 1U);
  EXPECT_EQ(calibration.decided("yolo@1", "unseen"), 0U);
  EXPECT_EQ(calibration.confidence("other@1", "dog", 0.8), std::nullopt);
}

TEST(discovery, the_area_is_half_for_chance_and_more_for_a_good_order) {
  EXPECT_NEAR(discovery_area({true, true, false, false}), 0.75, 1e-12);
  EXPECT_NEAR(discovery_area({false, false, true, true}), 0.25, 1e-12);
  EXPECT_EQ(discovery_area({}), 0.5);
  EXPECT_EQ(discovery_area({false, false}), 0.5);
  EXPECT_EQ(discovery_area({true, true}), 0.5);
  std::mt19937 random(1);
  std::vector<bool> hits(100);
  for (std::size_t i = 0; i < 20; ++i) hits[i] = true;
  double total = 0;
  for (int i = 0; i < 2000; ++i) {
    std::shuffle(hits.begin(), hits.end(), random);
    total += discovery_area(hits);
  }
  EXPECT_NEAR(total / 2000, 0.5, 0.01);
}

}  // namespace
}  // namespace aa::learning
