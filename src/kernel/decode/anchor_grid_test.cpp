#include "kernel/decode/anchor_grid.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace aa::decode {
namespace {

TEST(AnchorGrid, LayersOfOneStrideShareTheirCells) {
  const auto grid = anchor_grid({.width = 128, .height = 128, .strides = {8, 16, 16, 16}});
  ASSERT_EQ(grid.size(), 16 * 16 * 2 + 8 * 8 * 6);
  EXPECT_DOUBLE_EQ(grid[0].x, 0.5 / 16);
  EXPECT_DOUBLE_EQ(grid[1].x, 0.5 / 16);
  EXPECT_DOUBLE_EQ(grid[2].x, 1.5 / 16);
  EXPECT_DOUBLE_EQ(grid[32].y, 1.5 / 16);  // the next row
  EXPECT_DOUBLE_EQ(grid[512].x, 0.5 / 8);
  EXPECT_DOUBLE_EQ(grid[512 + 6].x, 1.5 / 8);
  EXPECT_DOUBLE_EQ(grid[5].width, 1);
}

TEST(AnchorGrid, CountsOfTheModelsThatUseIt) {
  const auto count = [](int side, std::vector<int> strides, double next = 1) {
    return anchor_grid({.width = side,
                        .height = side,
                        .strides = std::move(strides),
                        .next_scale_ratio = next})
        .size();
  };
  EXPECT_EQ(count(256, {16, 32, 32, 32}), 896);
  EXPECT_EQ(count(192, {8, 16, 16, 16}), 2016);
  EXPECT_EQ(count(224, {8, 16, 32, 32, 32}), 2254);
  EXPECT_EQ(count(192, {4}, 0), 2304);
}

TEST(AnchorGrid, ScalesRunFromTheFirstLayerToTheLast) {
  const auto grid = anchor_grid({.width = 300,
                                 .height = 300,
                                 .strides = {16, 32, 64, 128, 256, 512},
                                 .aspect_ratios = {1, 2, 0.5, 3, 0.3333},
                                 .scale_min = 0.2,
                                 .scale_max = 0.95,
                                 .reduced_lowest = true});
  ASSERT_EQ(grid.size(), 1917);
  EXPECT_NEAR(grid[0].width, 0.1, 1e-12);
  EXPECT_NEAR(grid[1].width, 0.2 * std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(grid[1].height, 0.2 / std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(grid[2].width, 0.2 * std::sqrt(0.5), 1e-12);
  // Second layer: scale 0.35; the last of a cell between 0.35 and 0.5.
  EXPECT_NEAR(grid[1083].width, 0.35, 1e-12);
  EXPECT_NEAR(grid[1083 + 5].width, std::sqrt(0.35 * 0.5), 1e-12);
  // The last cell: scale 0.95, and between 0.95 and 1.
  EXPECT_NEAR(grid[1911].height, 0.95, 1e-12);
  EXPECT_NEAR(grid[1916].height, std::sqrt(0.95), 1e-12);
  EXPECT_DOUBLE_EQ(grid[1916].x, 0.5);
}

TEST(AnchorGrid, SidesThatAStrideDoesNotDivideRoundUp) {
  EXPECT_EQ(anchor_grid({.width = 20, .height = 17, .strides = {16}, .next_scale_ratio = 0}).size(),
            4);
}

}  // namespace
}  // namespace aa::decode
