// The convex hull of points, and the smallest rectangle around them, turned any way.
//
// One side of the smallest rectangle lies along an edge of the hull (Freeman and Shapira, CACM
// 18(7), 1975). The hull is Andrew's monotone chain (Information Processing Letters 9(5), 1979).
// Time: n log n for n points, and h * h for a hull of h corners.
// Thread rule: pure functions. Errors: none; points that are not finite pass is_finite() first.
#pragma once

#include "kernel/geometry/geometry.hpp"

namespace aa::geometry {

// Clockwise on the screen, without points on its edges. Fewer than three when all lie on a line.
Ring convex_hull(std::span<const Point> points);

struct OrientedBox {
  Point center;
  Point along{1, 0};  // unit vector of the width; the height's is a quarter turn clockwise from it
  double width = 0;
  double height = 0;

  Point across() const { return {-along.y, along.x}; }
  Ring corners() const;  // top left first, clockwise, as seen with `along` pointing right
  bool operator==(const OrientedBox&) const = default;
};

// Of no points: everything zero. Points on a line: a height of zero.
OrientedBox min_area_box(std::span<const Point> points);

}  // namespace aa::geometry
