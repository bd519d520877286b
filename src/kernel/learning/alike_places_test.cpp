#include "kernel/learning/alike_places.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::learning {
namespace {

constexpr std::size_t kSide = 8;
constexpr std::size_t kCells = kSide * kSide;

// Three channels: the first says "thing" in the cells given, the second "other thing", the third
// the same everywhere.
std::vector<float> map_with(std::initializer_list<std::size_t> things,
                            std::initializer_list<std::size_t> others) {
  std::vector<float> out(3 * kCells);
  for (const auto i : things) out[i] = 1;
  for (const auto i : others) out[kCells + i] = 1;
  std::fill_n(out.begin() + 2 * kCells, kCells, 40.0F);
  return out;
}

FeatureGrid grid_of(const std::vector<float>& values, double columns = kSide, double rows = kSide) {
  return {.values = values, .channels = 3, .side = kSide, .columns = columns, .rows = rows};
}

std::vector<float> part_of(std::initializer_list<std::size_t> cells) {
  std::vector<float> out(kCells);
  for (const auto i : cells) out[i] = 1;
  return out;
}

TEST(AlikePlaces, FindsWhatIsAlikeAndNotThePartItself) {
  const auto values = map_with({9, 22, 50}, {12, 36});
  const AlikePlaces places(grid_of(values), part_of({9}));
  const auto peaks = places.peaks(0.5F, 10);
  ASSERT_EQ(peaks.size(), 2U);
  EXPECT_EQ(peaks[0].cell, (geometry::Point{6.5, 2.5}));
  EXPECT_EQ(peaks[1].cell, (geometry::Point{2.5, 6.5}));
  EXPECT_NEAR(peaks[0].likeness, 1, 1e-5);
  EXPECT_EQ(places.peaks(0.5F, 1).size(), 1U);
  EXPECT_NEAR(places.likeness(part_of({22, 50})), 1, 1e-5);
  EXPECT_LT(places.likeness(part_of({12, 36})), 0.1F);
}

TEST(AlikePlaces, PaddingIsNoPlace) {
  const auto values = map_with({9, 50}, {12});
  const AlikePlaces places(grid_of(values, kSide, 5.2), part_of({9}));
  EXPECT_TRUE(places.peaks(0.5F, 10).empty());
}

TEST(AlikePlaces, NothingIsLikeNothing) {
  const auto values = map_with({9, 50}, {12});
  const AlikePlaces places(grid_of(values), part_of({}));
  EXPECT_TRUE(places.peaks(0.0F, 10).empty());
  EXPECT_EQ(places.likeness(part_of({9})), 0);
}

TEST(AlikePlaces, OtherSizesAreRefused) {
  auto values = map_with({9}, {12});
  const std::vector<float> few(3);
  EXPECT_THROW(AlikePlaces(grid_of(values), few), Error);
  const AlikePlaces places(grid_of(values), part_of({9}));
  EXPECT_THROW(places.likeness(few), Error);
  values.pop_back();
  EXPECT_THROW(AlikePlaces(grid_of(values), part_of({9})), Error);
}

}  // namespace
}  // namespace aa::learning
