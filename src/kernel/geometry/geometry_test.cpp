#include "kernel/geometry/geometry.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace aa::geometry {
namespace {

const Ring kSquare{{0, 0}, {10, 0}, {10, 10}, {0, 10}};

TEST(Geometry, AreaIsPositiveClockwiseOnScreen) {
  EXPECT_EQ(signed_area(kSquare), 100);
  EXPECT_EQ(signed_area(Ring{{0, 0}, {0, 10}, {10, 0}}), -50);
  EXPECT_EQ(signed_area(Ring{{0, 0}, {1, 1}}), 0);
}

TEST(Geometry, AreaSurvivesDistanceFromTheOrigin) {
  Ring far = kSquare;
  for (Point& p : far) p = {p.x + 9e6, p.y - 9e6};
  EXPECT_EQ(signed_area(far), 100);
}

TEST(Geometry, IouOfRectangles) {
  EXPECT_DOUBLE_EQ(iou({0, 0, 2, 2}, {1, 1, 3, 3}), 1.0 / 7.0);
  EXPECT_EQ(iou({0, 0, 2, 2}, {2, 0, 4, 2}), 0);
  EXPECT_EQ(iou({0, 0, 2, 2}, {0, 0, 2, 2}), 1);
  EXPECT_EQ(iou({1, 1, 1, 1}, {1, 1, 1, 1}), 0);
}

TEST(Geometry, ContainsFollowsEvenOdd) {
  const Ring star{{0, 0}, {10, 0}, {10, 10}, {4, 10}, {4, 4}, {6, 4}, {6, 9}, {0, 9}};
  EXPECT_TRUE(contains(star, {1, 1}));
  EXPECT_FALSE(contains(star, {5, 5}));
  EXPECT_FALSE(contains(Ring{}, {0, 0}));
}

TEST(Geometry, TiledSquaresShareNoPoint) {
  const Ring right{{10, 0}, {20, 0}, {20, 10}, {10, 10}};
  EXPECT_FALSE(contains(kSquare, {10, 5}));
  EXPECT_TRUE(contains(right, {10, 5}));
}

TEST(Geometry, ClipCutsToTheRectangle) {
  const Ring out = clip(kSquare, {5, -5, 20, 5});
  EXPECT_EQ(signed_area(out), 25);
  EXPECT_EQ(bounds(out), (Rect{5, 0, 10, 5}));
  EXPECT_TRUE(clip(kSquare, {20, 20, 30, 30}).empty());
  EXPECT_EQ(clip(kSquare, {-1, -1, 11, 11}), kSquare);
}

TEST(Geometry, SimplifyDropsOnlyWhatIsNear) {
  const std::vector<Point> line{{0, 0}, {1, 0.1}, {2, -0.1}, {3, 5}, {4, 6.2}, {5, 7}, {6, 8.1}};
  const auto out = simplify_line(line, 0.5);
  EXPECT_EQ(out, (std::vector<Point>{{0, 0}, {2, -0.1}, {3, 5}, {6, 8.1}}));
  EXPECT_EQ(simplify_line(line, 0), line);
}

TEST(Geometry, SimplifiedRingStaysNearAndKeepsItsShape) {
  Ring circle;
  for (int i = 0; i < 360; ++i) {
    const auto [s, c] = sine_cosine(i);
    circle.push_back({100 * c, 100 * s});
  }
  const Ring out = simplify_ring(circle, 1);
  EXPECT_LT(out.size(), 40U);
  for (const Point p : circle) {
    double nearest = 1e9;
    for (std::size_t i = 0; i < out.size(); ++i) {
      nearest = std::min(nearest, distance_to_segment(p, out[i], out[(i + 1) % out.size()]));
    }
    EXPECT_LE(nearest, 1.0);
  }
  EXPECT_EQ(simplify_ring(circle, 1000), circle) << "a ring that would vanish stays whole";
}

TEST(Geometry, SineCosineAgreesWithLibm) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> angle(-1000, 1000);
  for (int i = 0; i < 10'000; ++i) {
    const double degrees = angle(random);
    const auto [s, c] = sine_cosine(degrees);
    const long double radians = degrees * 3.14159265358979323846264338327950288L / 180;
    EXPECT_NEAR(s, static_cast<double>(std::sin(radians)), 4e-16) << degrees;
    EXPECT_NEAR(c, static_cast<double>(std::cos(radians)), 4e-16) << degrees;
  }
  EXPECT_EQ(sine_cosine(90).sine, 1);
  EXPECT_EQ(sine_cosine(90).cosine, 0);
  EXPECT_EQ(sine_cosine(-180).cosine, -1);
  EXPECT_EQ(sine_cosine(std::numeric_limits<double>::infinity()).cosine, 1);
}

TEST(Geometry, RotationIsClockwiseOnScreen) {
  EXPECT_EQ(rotated({11, 5}, {10, 5}, 90), (Point{10, 6}));
  EXPECT_EQ(rotated_bounds({0, 0, 10, 4}, 90), (Rect{3, -3, 7, 7}));
  const Rect turned = rotated_bounds({0, 0, 2, 2}, 45);
  EXPECT_NEAR(turned.width(), 2 * std::sqrt(2.0), 1e-15);
  EXPECT_EQ(ellipse_bounds({10, 10}, 4, 2, 90), (Rect{8, 6, 12, 14}));
}

TEST(Geometry, FiniteChecks) {
  EXPECT_FALSE(is_finite(Point{0, std::nan("")}));
  EXPECT_FALSE(is_finite(Rect{0, 0, std::numeric_limits<double>::infinity(), 1}));
  EXPECT_TRUE(is_finite(kSquare));
}

}  // namespace
}  // namespace aa::geometry
