#include "kernel/learning/coverage.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "kernel/learning/similarity.hpp"

namespace aa::learning {
namespace {

UnitVectors around(std::size_t count, std::size_t dimensions, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  UnitVectors out;
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<float> one(dimensions);
    for (auto& value : one) value = normal(random);
    normalise(one);
    out.push_back(std::move(one));
  }
  return out;
}

TEST(similarity, dot_adds_up_whatever_the_length) {
  for (std::size_t count = 0; count < 100; ++count) {
    std::vector<float> a(count);
    std::vector<float> b(count);
    float expected = 0;
    for (std::size_t i = 0; i < count; ++i) {
      a[i] = static_cast<float>(i % 7) - 3;
      b[i] = static_cast<float>(i % 5) - 2;
      expected += a[i] * b[i];
    }
    EXPECT_EQ(dot(a.data(), b.data(), count), expected) << count;
  }
}

TEST(similarity, only_what_has_a_length_is_normalised) {
  std::vector<float> v{3, 4};
  EXPECT_TRUE(normalise(v));
  EXPECT_FLOAT_EQ(v[0], 0.6F);
  std::vector<float> none{0, 0};
  EXPECT_FALSE(normalise(none));
  std::vector<float> broken{1, std::nanf("")};
  EXPECT_FALSE(normalise(broken));
}

TEST(similarity, groups_are_what_hangs_together) {
  const std::vector<std::pair<std::size_t, std::size_t>> pairs{{5, 1}, {1, 3}, {6, 7}, {2, 2}};
  const auto groups = connected(8, pairs);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0], (std::vector<std::size_t>{1, 3, 5}));
  EXPECT_EQ(groups[1], (std::vector<std::size_t>{6, 7}));
  EXPECT_TRUE(connected(3, {}).empty());
}

TEST(coverage, what_is_unlike_the_covered_comes_first_and_no_two_are_alike) {
  const UnitVectors points{{1, 0}, {0.999F, 0.0447F}, {0, 1}, {-1, 0}};
  const auto picks = farthest_first(points, {{1, 0}}, 4);
  ASSERT_EQ(picks.size(), 4U);
  EXPECT_EQ(picks[0].index, 3U);
  EXPECT_NEAR(picks[0].distance, 2, 1e-6);
  EXPECT_EQ(picks[1].index, 2U);
  EXPECT_NEAR(picks[1].distance, 1, 1e-6);
  EXPECT_NEAR(picks[3].distance, 0, 1e-6);
}

TEST(coverage, distances_fall_and_every_point_is_picked_once) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto points = around(30, 8, seed);
    const auto picks = farthest_first(points, around(3, 8, seed + 100), 30);
    ASSERT_EQ(picks.size(), 30U);
    std::vector<bool> seen(30);
    for (std::size_t i = 0; i < picks.size(); ++i) {
      EXPECT_FALSE(seen[picks[i].index]);
      seen[picks[i].index] = true;
      if (i == 0) continue;
      EXPECT_LE(picks[i].distance, picks[i - 1].distance + 1e-6);
    }
  }
  EXPECT_TRUE(farthest_first({}, {}, 3).empty());
}

TEST(coverage, with_nothing_covered_the_most_usual_comes_first) {
  const UnitVectors points{{0, 1}, {0.6F, 0.8F}, {0.8F, 0.6F}, {0.707F, 0.707F}, {1, 0}};
  const auto picks = farthest_first(points, {}, 2);
  EXPECT_EQ(picks[0].index, 3U);
  EXPECT_EQ(picks[1].index, 0U);
}

}  // namespace
}  // namespace aa::learning
