#include "kernel/decode/nms.hpp"

#include <algorithm>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace aa::decode {
namespace {

std::vector<Candidate> random_candidates(unsigned seed, int count) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> at(0, 100);
  std::uniform_real_distribution<double> size(1, 40);
  std::uniform_real_distribution<float> score(0, 1);
  std::vector<Candidate> out;
  for (int i = 0; i < count; ++i) {
    const double x = at(random);
    const double y = at(random);
    out.push_back({{x, y, x + size(random), y + size(random)}, score(random), i % 3});
  }
  return out;
}

TEST(Suppress, keeps_the_best_of_overlapping_boxes_of_a_class) {
  const std::vector<Candidate> in = {{{0, 0, 10, 10}, 0.5F, 1},
                                     {{1, 0, 11, 10}, 0.9F, 1},
                                     {{0, 0, 10, 10}, 0.4F, 2},
                                     {{50, 50, 60, 60}, 0.1F, 1}};
  const auto out = suppress(in, 0.5, 100);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out[0].score, 0.9F);
  EXPECT_EQ(out[1].class_index, 2);
  EXPECT_EQ(out[2].box.x0, 50);
}

TEST(Suppress, an_overlap_of_exactly_the_limit_stays) {
  const std::vector<Candidate> in = {{{0, 0, 10, 10}, 0.9F, 0}, {{0, 0, 10, 5}, 0.8F, 0}};
  EXPECT_EQ(suppress(in, 0.5, 100).size(), 2U);
  EXPECT_EQ(suppress(in, 0.499, 100).size(), 1U);
}

TEST(Suppress, drops_boxes_that_are_none) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  const std::vector<Candidate> in = {{{0, 0, 0, 10}, 0.9F, 0},
                                     {{nan, 0, 10, 10}, 0.9F, 0},
                                     {{0, 0, infinite, 10}, 0.9F, 0},
                                     {{10, 0, 5, 10}, 0.9F, 0}};
  EXPECT_TRUE(suppress(in, 0.5, 100).empty());
}

TEST(Suppress, holds_what_it_promises_on_random_boxes) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const auto in = random_candidates(seed, 200);
    const auto out = suppress(in, 0.4, 1000);
    for (std::size_t i = 1; i < out.size(); ++i) ASSERT_LE(out[i].score, out[i - 1].score);
    const auto covers = [](const Candidate& a, const Candidate& b) {
      return a.class_index == b.class_index && geometry::iou(a.box, b.box) > 0.4;
    };
    for (std::size_t i = 0; i < out.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) ASSERT_FALSE(covers(out[k], out[i]));
    }
    // Each that went is covered by a kept one that scores at least as well.
    for (const auto& candidate : in) {
      ASSERT_TRUE(std::ranges::any_of(out, [&](const Candidate& kept) {
        return kept.box == candidate.box ||
               (covers(kept, candidate) && kept.score >= candidate.score);
      }));
    }
  }
}

TEST(Suppress, keeps_no_more_than_asked) {
  EXPECT_EQ(suppress(random_candidates(1, 500), 1.0, 7).size(), 7U);
}

}  // namespace
}  // namespace aa::decode
