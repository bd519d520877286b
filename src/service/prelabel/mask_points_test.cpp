#include "service/prelabel/mask_points.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "kernel/decode/sam_variants.hpp"

namespace aa::prelabel {
namespace {

// 400 x 200, a rectangle from (40, 50) to (240, 150).
raster::Rle rectangle() {
  raster::Mask mask{.height = 200, .width = 400, .bytes = std::vector<std::uint8_t>(80'000)};
  for (std::size_t y = 50; y < 150; ++y) std::fill_n(mask.bytes.begin() + y * 400 + 40, 200, 1);
  return raster::encode(mask);
}

decode::Frame frame() { return decode::sam::frame_of(decode::sam::Variant::sam, 400, 200); }

TEST(MaskPoints, AMaskHoldsItsPixelsOnly) {
  const auto mask = rectangle();
  EXPECT_TRUE(holds(mask, {40, 50}) && holds(mask, {239.9, 149.9}));
  EXPECT_FALSE(holds(mask, {39.9, 60}) || holds(mask, {240, 60}) || holds(mask, {60, 49.9}));
  EXPECT_FALSE(holds(mask, {-1, 60}) || holds(mask, {400, 60}) || holds(mask, {60, 200}));
  EXPECT_FALSE(holds(mask, {std::nan(""), 60}));
}

TEST(MaskPoints, TheInsideIsFarFromTheRimAndFromWhatIsShunned) {
  const auto mask = rectangle();
  const auto middle = interior_points(mask, frame(), 1, {});
  ASSERT_EQ(middle.size(), 1U);
  EXPECT_NEAR(middle[0].y, 100, 5);
  EXPECT_GT(middle[0].x, 80);
  EXPECT_LT(middle[0].x, 200);
  const std::vector<geometry::Point> away = {{70, 100}};
  const auto right = interior_points(mask, frame(), 1, away);
  ASSERT_EQ(right.size(), 1U);
  EXPECT_GT(right[0].x, 140);
  const auto three = interior_points(mask, frame(), 3, {});
  ASSERT_EQ(three.size(), 3U);
  for (const auto& point : three) EXPECT_TRUE(holds(mask, point));
  EXPECT_GT(std::hypot(three[0].x - three[1].x, three[0].y - three[1].y), 30);
}

TEST(MaskPoints, AnEmptyMaskHasNoInside) {
  EXPECT_TRUE(interior_points(raster::empty_rle(200, 400), frame(), 3, {}).empty());
}

}  // namespace
}  // namespace aa::prelabel
