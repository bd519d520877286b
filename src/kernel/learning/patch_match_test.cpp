#include "kernel/learning/patch_match.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace aa::learning {
namespace {

// A scene seen through a window: `x`, `y` shift it, `zoom` enlarges it.
raster::Image scene(int width, int height, double x, double y, double zoom, double light = 1) {
  raster::Image image(width, height, 3);
  for (int j = 0; j < height; ++j) {
    for (int i = 0; i < width; ++i) {
      const double u = (i - x) / zoom;
      const double v = (j - y) / zoom;
      const double value = 100 + 40 * std::sin(u / 17 + std::sin(v / 23) * 2) +
                           40 * std::cos(v / 13 + u * v / 9000) + 10 * std::sin(u / 5);
      for (int c = 0; c < 3; ++c) {
        image.row(j)[i * 3 + c] = static_cast<std::uint8_t>(std::clamp(value * light, 0.0, 255.0));
      }
    }
  }
  return image;
}
const geometry::Rect kPart{150, 120, 250, 220};

TEST(patch_match, the_same_image_gives_the_same_place) {
  const auto image = scene(400, 300, 0, 0, 1);
  const auto match = find_patch(image.view(), kPart, image.view());
  ASSERT_TRUE(match);
  EXPECT_GT(match->correlation, 0.995);
  EXPECT_GT(geometry::iou(match->box, kPart), 0.97);
}

TEST(patch_match, a_shifted_brighter_and_larger_view_is_followed) {
  const auto from = scene(400, 300, 0, 0, 1);
  struct Case {
    double x, y, zoom, light;
  };
  for (const auto& one : {Case{20, -13, 1, 1}, Case{0, 0, 1, 0.7}, Case{-25, 10, 1.1, 1.2}}) {
    const auto to = scene(400, 300, one.x, one.y, one.zoom, one.light);
    const auto match = find_patch(from.view(), kPart, to.view());
    ASSERT_TRUE(match);
    const geometry::Rect truth{kPart.x0 * one.zoom + one.x, kPart.y0 * one.zoom + one.y,
                               kPart.x1 * one.zoom + one.x, kPart.y1 * one.zoom + one.y};
    EXPECT_GT(match->correlation, 0.95);
    EXPECT_GT(geometry::iou(match->box, truth), 0.85) << one.x << " " << one.zoom;
  }
}

TEST(patch_match, another_size_of_the_image_is_no_matter) {
  const auto from = scene(400, 300, 0, 0, 1);
  const auto to = scene(200, 150, 0, 0, 0.5);
  const auto match = find_patch(from.view(), kPart, to.view());
  ASSERT_TRUE(match);
  EXPECT_GT(geometry::iou(match->box, {75, 60, 125, 110}), 0.9);
}

TEST(patch_match, another_scene_correlates_less) {
  const auto from = scene(400, 300, 0, 0, 1);
  const auto same = find_patch(from.view(), kPart, scene(400, 300, 9, 9, 1).view());
  raster::Image stripes(400, 300, 1);
  for (int j = 0; j < 300; ++j) {
    for (int i = 0; i < 400; ++i) stripes.row(j)[i] = (i + 2 * j) / 40 % 2 == 0 ? 30 : 220;
  }
  const auto other = find_patch(from.view(), kPart, stripes.view());
  ASSERT_TRUE(same && other);
  EXPECT_LT(other->correlation, same->correlation - 0.2);
}

TEST(patch_match, nothing_is_made_of_a_plain_area_or_of_nothing) {
  const raster::Image plain(400, 300, 3);
  EXPECT_FALSE(find_patch(plain.view(), kPart, plain.view()));
  EXPECT_FALSE(find_patch(scene(400, 300, 0, 0, 1).view(), {900, 900, 950, 950}, plain.view()));
  EXPECT_FALSE(find_patch({}, kPart, plain.view()));
}

}  // namespace
}  // namespace aa::learning
