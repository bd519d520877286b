#include "kernel/ot/merge_shape.hpp"

#include <gtest/gtest.h>

#include "kernel/ot/random_changes.hpp"

namespace aa::ot {
namespace {

using namespace document;

TEST(MergeShape, EdgesThatWouldCrossAreTheLaters) {
  const Box base{0, 0, 10, 10, {}};
  const Box earlier{9, 0, 1, 10, {}};  // the left edge to 9
  const Box later{0, 0, 5, 10, {}};    // the right edge to 5
  EXPECT_EQ(std::get<Box>(*merge_shapes(base, earlier, later)), later);
}

TEST(MergeShape, RoundingOfADraggedEdgeDoesNotMoveTheOther) {
  const Box base{0.1, 0, 0.2, 10, {}};
  const Box later{0.05, 0, 0.1 + 0.2 - 0.05, 10, {}};  // the right edge differs by a rounding
  const Box earlier{0.1, 0, 3, 10, {}};
  const Box out = std::get<Box>(*merge_shapes(base, earlier, later));
  EXPECT_EQ(out.x, 0.05);
  EXPECT_NEAR(out.x + out.width, 3.1, 1e-9);
}

TEST(MergeShape, ATurnedBoxHasPlaceAndSize) {
  const Box base{0, 0, 10, 10, 45.0};
  const Box earlier{0, 0, 20, 10, 45.0};
  const Box later{3, 0, 7, 10, 45.0};
  EXPECT_EQ(std::get<Box>(*merge_shapes(base, earlier, later)), later);
}

TEST(MergeShape, OfForeignOrderOnlyPositionsMerge) {
  const auto ring = [](std::vector<Point> points, Keys keys) {
    return Shape(Polygon{{PolygonPart{std::move(points), std::move(keys), {}, {}}}});
  };
  const Shape base = ring({{0, 0}, {1, 0}, {1, 1}}, {"z", "a", "m"});
  const Shape earlier = ring({{5, 5}, {1, 0}, {1, 1}}, {"z", "a", "m"});
  const Shape later = ring({{0, 0}, {1, 0}, {7, 7}}, {"z", "a", "m"});
  EXPECT_EQ(merge_shapes(base, earlier, later), ring({{5, 5}, {1, 0}, {7, 7}}, {"z", "a", "m"}));
  const Shape grown = ring({{0, 0}, {3, 3}, {1, 0}, {1, 1}}, {"z", "n", "a", "m"});
  EXPECT_EQ(merge_shapes(base, earlier, grown), std::nullopt);
}

TEST(MergeShape, TooFewVerticesMakeTheLaterAWriteOfTheWhole) {
  const auto line = [](std::vector<Point> points, Keys keys) {
    return Shape(Polyline{std::move(points), std::move(keys)});
  };
  const Shape base = line({{0, 0}, {1, 1}, {2, 2}}, {"A", "B", "C"});
  const Shape earlier = line({{0, 0}, {1, 1}}, {"A", "B"});
  const Shape later = line({{1, 1}, {2, 2}}, {"B", "C"});
  EXPECT_EQ(merge_shapes(base, earlier, later), std::nullopt);
}

TEST(MergeShapeProperty, WhatOnlyOneChangedIsTheWholeResult) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    RandomChanges random(seed);
    const Shape base = random.annotation().shape;
    const Shape changed = random.edited(base);
    ASSERT_EQ(merge_shapes(base, base, changed), changed) << seed;
    ASSERT_EQ(merge_shapes(base, changed, base), changed) << seed;
  }
}

}  // namespace
}  // namespace aa::ot
