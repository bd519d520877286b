#include "service/ranking/placement.hpp"

#include <gtest/gtest.h>

namespace aa::ranking {
namespace {

const geometry::Rect kFrom{10, 20, 30, 40};
const geometry::Rect kTo{100, 200, 140, 220};  // twice as wide, as high

geometry::Rect bounds_of(const document::Shape& shape) {
  return *document::shape_bounds(*placed(shape, kFrom, kTo));
}

TEST(placement, every_shape_with_a_place_is_moved_with_its_box) {
  EXPECT_EQ(bounds_of(document::Box{10, 20, 20, 20, std::nullopt}), kTo);
  EXPECT_EQ(bounds_of(document::Box{15, 20, 10, 10, std::nullopt}),
            (geometry::Rect{110, 200, 130, 210}));
  document::Polygon polygon;
  polygon.parts.push_back({{{10, 20}, {30, 20}, {30, 40}}, {"a", "b", "c"}, {}, {}});
  EXPECT_EQ(bounds_of(polygon), kTo);
  EXPECT_EQ(bounds_of(document::Polyline{{{10, 20}, {30, 40}}, {"a", "b"}}), kTo);
  EXPECT_EQ(bounds_of(document::PointSet{{{10, 20}, {30, 40}}, {"a", "b"}}), kTo);
  EXPECT_EQ(bounds_of(document::Skeleton{{{"nose", 10, 20, 2}, {"tail", 30, 40, 2}}}), kTo);
  EXPECT_EQ(bounds_of(document::Ellipse{20, 30, 10, 10, std::nullopt}), kTo);
}

TEST(placement, a_mask_becomes_a_polygon) {
  const document::Box box{10, 20, 20, 20, std::nullopt};
  const document::MaskShape mask{*document::to_rle(box, 60, 60)};
  const auto moved = placed(mask, kFrom, kTo);
  ASSERT_TRUE(moved && std::holds_alternative<document::Polygon>(*moved));
  EXPECT_EQ(*document::shape_bounds(*moved), kTo);
  EXPECT_FALSE(placed(document::MaskShape{raster::empty_rle(60, 60)}, kFrom, kTo));
}

TEST(placement, what_has_no_place_is_not_moved) {
  EXPECT_FALSE(placed(document::Tag{}, kFrom, kTo));
  EXPECT_FALSE(placed(document::Cuboid{}, kFrom, kTo));
  EXPECT_FALSE(placed(document::Box{1, 1, 1, 1, std::nullopt}, {}, kTo));
}

}  // namespace
}  // namespace aa::ranking
