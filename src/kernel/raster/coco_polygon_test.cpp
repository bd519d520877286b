#include "kernel/raster/coco_polygon.hpp"

#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::raster {
namespace {

using geometry::Ring;
using Rings = std::vector<Ring>;

std::vector<std::uint32_t> runs_of(const Rings& parts, std::uint32_t height, std::uint32_t width) {
  return fill_as_coco(parts, height, width).runs;
}

// Worked out by hand on the grid of fifths: the rectangle [1, 3) x [1, 4) of a 5 x 6 image has its
// left and right edges at grid columns 5 and 15; the middles between are 7 and 12, pixels 1 and 2.
TEST(CocoPolygon, a_rectangle_on_pixel_borders_is_itself) {
  EXPECT_EQ(runs_of({{{1, 1}, {3, 1}, {3, 4}, {1, 4}}}, 5, 6),
            (std::vector<std::uint32_t>{6, 3, 2, 3, 16}));
}

// Grid columns 7 to 12 at y = 2.5 to 12.5 of fifths: the middle of pixel 1, grid column 7, is
// crossed at its right side only, so pixel 1 is in; pixel 2 has its middle at 12 and is not.
TEST(CocoPolygon, what_reaches_the_middle_of_a_pixel_takes_it) {
  EXPECT_EQ(runs_of({{{1.4, 0.5}, {2.4, 0.5}, {2.4, 2.5}, {1.4, 2.5}}}, 4, 4),
            (std::vector<std::uint32_t>{5, 2, 9}));
}

TEST(CocoPolygon, both_directions_and_every_first_corner_give_the_same) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    Ring ring;
    const std::size_t corners = 3 + random() % 6;
    for (std::size_t i = 0; i < corners; ++i) {
      ring.push_back({(random() % 4000) / 100.0 - 5, (random() % 4000) / 100.0 - 5});
    }
    const Rle filled = fill_as_coco(Rings{ring}, 30, 25);
    const Ring back(ring.rbegin(), ring.rend());
    EXPECT_EQ(fill_as_coco(Rings{back}, 30, 25), filled) << round;
    std::rotate(ring.begin(), ring.begin() + 1, ring.end());
    EXPECT_EQ(fill_as_coco(Rings{ring}, 30, 25), filled) << round;
  }
}

// The two rules may differ at the border only: never by more pixels than the border is long.
TEST(CocoPolygon, differs_from_the_rule_of_centres_at_the_border_alone) {
  std::mt19937 random(6);
  for (int round = 0; round < 200; ++round) {
    Ring ring;
    for (int i = 0; i < 3; ++i) {
      ring.push_back({(random() % 8000) / 100.0, (random() % 8000) / 100.0});
    }
    const Rle ours = fill(std::vector{Part{ring, {}}}, 80, 80);
    const Rle coco = fill_as_coco(Rings{ring}, 80, 80);
    Ring closed = ring;
    closed.push_back(ring.front());
    const auto differing = area(merge(ours, coco, MergeMode::differ));
    EXPECT_LE(static_cast<double>(differing), 0.8 * geometry::length(closed) + 4) << round;
  }
}

TEST(CocoPolygon, parts_are_united_and_the_image_cuts) {
  const Ring left = {{-10, -10}, {2, -10}, {2, 50}, {-10, 50}};
  const Ring right = {{1, 0}, {3, 0}, {3, 3}, {1, 3}};
  EXPECT_EQ(area(fill_as_coco(Rings{left, right}, 3, 4)), 9U);
  EXPECT_EQ(area(fill_as_coco(Rings{Ring{{5, 5}, {9, 5}, {9, 9}}}, 3, 4)), 0U);
  EXPECT_EQ(area(fill_as_coco(Rings{}, 3, 4)), 0U);
  EXPECT_EQ(area(fill_as_coco(Rings{Ring{{1, 1}, {1, 1}, {1, 1}}}, 3, 4)), 0U);
}

TEST(CocoPolygon, endless_and_broken_edges_are_refused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(fill_as_coco(Rings{Ring{{0, 0}, {nan, 1}, {2, 2}}}, 3, 4), Error);
  EXPECT_THROW(fill_as_coco(Rings{Ring{{0, 0}, {1e9, 1}, {2, 2}}}, 3, 4), Error);
  EXPECT_THROW(fill_as_coco(Rings{Ring{{0, 0}, {1e7, 1}, {-1e7, 2}}}, 3, 4), Error);
}

}  // namespace
}  // namespace aa::raster
