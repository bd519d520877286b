#include "kernel/geometry/oriented_box.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace aa::geometry {
namespace {

TEST(ConvexHull, IsClockwiseAndWithoutInnerPoints) {
  const Ring points = {{0, 0}, {4, 0}, {2, 1}, {4, 4}, {2, 0}, {0, 4}, {2, 2}, {0, 0}};
  const Ring hull = convex_hull(points);
  EXPECT_EQ(hull.size(), 4);
  EXPECT_EQ(signed_area(hull), 16);
}

TEST(ConvexHull, OfALineHasItsTwoEnds) {
  EXPECT_EQ(convex_hull(Ring{{0, 0}, {1, 1}, {3, 3}, {2, 2}}), (Ring{{0, 0}, {3, 3}}));
  EXPECT_EQ(convex_hull(Ring{{5, 6}, {5, 6}}), (Ring{{5, 6}}));
  EXPECT_TRUE(convex_hull({}).empty());
}

TEST(MinAreaBox, OfATurnedSquareIsThatSquare) {
  // Around (10, 10), its corners on the axes: sides of sqrt(18).
  const auto box = min_area_box(Ring{{10, 7}, {13, 10}, {10, 13}, {7, 10}, {10, 10}});
  EXPECT_NEAR(box.center.x, 10, 1e-12);
  EXPECT_NEAR(box.center.y, 10, 1e-12);
  EXPECT_NEAR(box.width, std::sqrt(18.0), 1e-12);
  EXPECT_NEAR(box.height, std::sqrt(18.0), 1e-12);
  EXPECT_NEAR(std::abs(box.along.x), std::sqrt(0.5), 1e-12);
}

TEST(MinAreaBox, CornersGoClockwiseFromTheTopLeft) {
  const OrientedBox box{{5, 5}, {1, 0}, 4, 2};
  EXPECT_EQ(box.corners(), (Ring{{3, 4}, {7, 4}, {7, 6}, {3, 6}}));
  EXPECT_GT(signed_area(box.corners()), 0);
}

TEST(MinAreaBox, OfFewPointsHasNoArea) {
  EXPECT_EQ(min_area_box({}), OrientedBox{});
  const auto one = min_area_box(Ring{{3, 4}});
  EXPECT_EQ(one.center, (Point{3, 4}));
  EXPECT_EQ(one.width, 0);
  const auto line = min_area_box(Ring{{0, 0}, {3, 4}});
  EXPECT_NEAR(line.width, 5, 1e-12);
  EXPECT_NEAR(line.height, 0, 1e-12);
}

}  // namespace
}  // namespace aa::geometry
