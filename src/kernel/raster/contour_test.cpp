#include "kernel/raster/contour.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::raster {
namespace {

using geometry::Point;
using geometry::Ring;

// The rule of the header, pixel by pixel: parity of the edges at or above the centre.
bool covers(const Part& part, double cx, double cy) {
  std::vector<Ring> rings = part.holes;
  rings.push_back(part.outer);
  bool inside = false;
  for (const Ring& ring : rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      Point a = ring[i], b = ring[(i + 1) % ring.size()];
      if (b.x < a.x) std::swap(a, b);
      if (cx < a.x || cx >= b.x) continue;
      if (a.y + (cx - a.x) * (b.y - a.y) / (b.x - a.x) <= cy) inside = !inside;
    }
  }
  return inside;
}

Mask brute_force(const std::vector<Part>& parts, std::uint32_t height, std::uint32_t width) {
  Mask out{height, width, std::vector<std::uint8_t>(static_cast<std::size_t>(height) * width)};
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      for (const Part& part : parts) {
        if (covers(part, static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5)) {
          out.bytes[y * width + x] = 1;
        }
      }
    }
  }
  return out;
}

TEST(Fill, CoversTheCentresInside) {
  const Part box{{{1, 1}, {4, 1}, {4, 3}, {1, 3}}, {}};
  const Rle rle = fill(std::vector{box}, 5, 6);
  EXPECT_EQ(area(rle), 6U);
  EXPECT_EQ(bounds(rle), (geometry::Rect{1, 1, 4, 3}));
  const Part thin{{{1.4, 1}, {1.6, 1}, {1.6, 3}, {1.4, 3}}, {}};
  EXPECT_EQ(area(fill(std::vector{thin}, 5, 6)), 2U);
  const Part missed{{{1.6, 1}, {2.4, 1}, {2.4, 3}, {1.6, 3}}, {}};
  EXPECT_EQ(area(fill(std::vector{missed}, 5, 6)), 0U);
}

TEST(Fill, CutsHolesAndUnitesParts) {
  const Part ring{{{0, 0}, {10, 0}, {10, 10}, {0, 10}}, {{{3, 3}, {7, 3}, {7, 7}, {3, 7}}}};
  EXPECT_EQ(area(fill(std::vector{ring}, 10, 10)), 84U);
  const Part plug{{{2, 2}, {8, 2}, {8, 8}, {2, 8}}, {}};
  EXPECT_EQ(area(fill(std::vector{ring, plug}, 10, 10)), 100U) << "parts unite, they do not cancel";
  EXPECT_EQ(area(fill({}, 10, 10)), 0U);
}

TEST(Fill, EqualsTheRulePixelByPixel) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    const auto height = static_cast<std::uint32_t>(1 + random() % 30);
    const auto width = static_cast<std::uint32_t>(1 + random() % 30);
    const bool whole = seed % 2 == 0;  // half steps: edges through the centres
    std::uniform_real_distribution<double> any(-10, 40);
    const auto coordinate = [&] {
      return whole ? static_cast<double>(random() % 80) / 2 - 5 : any(random);
    };
    std::vector<Part> parts(1 + random() % 3);
    for (Part& part : parts) {
      part.outer.resize(3 + random() % 9);
      for (Point& p : part.outer) p = {coordinate(), coordinate()};
      part.holes.resize(random() % 2, Ring(3 + random() % 5));
      for (Ring& hole : part.holes) {
        for (Point& p : hole) p = {coordinate(), coordinate()};
      }
    }
    ASSERT_EQ(decode(fill(parts, height, width)), brute_force(parts, height, width))
        << "seed " << seed;
  }
}

TEST(Fill, NeighboursShareNoPixelAndLeaveNoGap) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> any(0, 40);
    const Point a{any(random), 0}, b{any(random), 40};
    const Part left{{{0, 0}, a, b, {0, 40}}, {}};
    const Part right{{b, a, {40, 0}, {40, 40}}, {}};
    const Rle l = fill(std::vector{left}, 40, 40), r = fill(std::vector{right}, 40, 40);
    ASSERT_EQ(intersection_area(l, r), 0U) << "seed " << seed;
    ASSERT_EQ(area(l) + area(r), 1600U) << "seed " << seed;
  }
}

TEST(Fill, RefusesWhatCannotBeFilled) {
  const Part bad{{{0, 0}, {1, std::nan("")}, {1, 1}}, {}};
  EXPECT_THROW(fill(std::vector{bad}, 4, 4), Error);
  const Part huge{{{0, 0}, {1e300, 0}, {1, 1}}, {}};
  EXPECT_THROW(fill(std::vector{huge}, 4, 4), Error);
  Part zigzag;
  for (int i = 0; i < 50'000; ++i) zigzag.outer.push_back({i % 2 == 0 ? 0.0 : 4000.0, i * 0.01});
  EXPECT_THROW(fill(std::vector{zigzag}, 4000, 4000), Error);
}

TEST(Trace, GivesTheCornersOfABox) {
  const Rle rle = fill(std::vector{Part{{{1, 1}, {4, 1}, {4, 3}, {1, 3}}, {}}}, 5, 6);
  const auto parts = trace(rle);
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].outer, (Ring{{1, 1}, {4, 1}, {4, 3}, {1, 3}}));
  EXPECT_TRUE(parts[0].holes.empty());
}

TEST(Trace, DiagonalPixelsAreSeparateParts) {
  const auto parts = trace(encode(Mask{2, 2, {1, 0, 0, 1}}));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(geometry::signed_area(parts[0].outer), 1);
  EXPECT_EQ(parts[1].outer, (Ring{{1, 1}, {2, 1}, {2, 2}, {1, 2}}));
}

TEST(Trace, HolesBelongToTheirPart) {
  // A ring with an island in it, which has a hole of its own.
  Mask mask{9, 9, std::vector<std::uint8_t>(81, 1)};
  const auto set = [&](int from, int to, std::uint8_t value) {
    for (int y = from; y < to; ++y) {
      for (int x = from; x < to; ++x) mask.bytes[static_cast<std::size_t>(y * 9 + x)] = value;
    }
  };
  set(1, 8, 0);
  set(3, 6, 1);
  set(4, 5, 0);
  const auto parts = trace(encode(mask));
  ASSERT_EQ(parts.size(), 2U);
  ASSERT_EQ(parts[0].holes.size(), 1U);
  ASSERT_EQ(parts[1].holes.size(), 1U);
  EXPECT_EQ(geometry::signed_area(parts[0].holes[0]), -49);
  EXPECT_EQ(geometry::signed_area(parts[1].outer), 9);
  EXPECT_EQ(geometry::signed_area(parts[1].holes[0]), -1);
}

TEST(Trace, FilledAgainGivesTheSameMask) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    std::mt19937_64 random(seed);
    Mask mask;
    mask.height = static_cast<std::uint32_t>(1 + random() % 24);
    mask.width = static_cast<std::uint32_t>(1 + random() % 24);
    mask.bytes.resize(static_cast<std::size_t>(mask.height) * mask.width);
    const auto density = 1 + random() % 9;
    for (auto& byte : mask.bytes) byte = random() % 10 < density ? 1 : 0;
    const Rle rle = encode(mask);
    const auto parts = trace(rle);
    ASSERT_EQ(fill(parts, mask.height, mask.width), rle) << "seed " << seed;
    double covered = 0;
    for (const Part& part : parts) {
      ASSERT_GT(geometry::signed_area(part.outer), 0) << "seed " << seed;
      covered += geometry::signed_area(part.outer);
      for (const Ring& hole : part.holes) {
        ASSERT_LT(geometry::signed_area(hole), 0) << "seed " << seed;
        covered += geometry::signed_area(hole);
      }
    }
    ASSERT_EQ(covered, static_cast<double>(area(rle))) << "seed " << seed;
  }
}

TEST(Trace, ToleranceShortensTheOutline) {
  Part disc;
  for (int i = 0; i < 360; ++i) {
    const auto [s, c] = geometry::sine_cosine(i);
    disc.outer.push_back({100 + 80 * c, 100 + 80 * s});
  }
  const Rle rle = fill(std::vector{disc}, 200, 200);
  const auto exact = trace(rle), simple = trace(rle, 1.5);
  ASSERT_EQ(simple.size(), 1U);
  EXPECT_LT(simple[0].outer.size() * 5, exact[0].outer.size());
  EXPECT_GT(iou(fill(simple, 200, 200), rle), 0.97);
}

}  // namespace
}  // namespace aa::raster
