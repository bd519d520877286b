// Plane geometry of annotations: points, rectangles, rings.
//
// Units: pixels of the upright image, y downwards; (0,0) is the corner of the first pixel. Angles
// are degrees, clockwise on the screen. A ring is a closed polygon without a repeated last point.
// Its signed area is positive when it runs clockwise on the screen.
// Every result is the same bit for bit natively and in WebAssembly: only + - * / and sqrt are used.
// Thread rule: pure functions. Errors: none; non-finite input gives non-finite or empty output, so
// untrusted numbers pass is_finite() first.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace aa::geometry {

struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};

using Ring = std::vector<Point>;

// Half-open box; empty when x1 <= x0 or y1 <= y0.
struct Rect {
  double x0 = 0;
  double y0 = 0;
  double x1 = 0;
  double y1 = 0;

  double width() const { return x1 - x0; }
  double height() const { return y1 - y0; }
  bool empty() const { return !(x1 > x0 && y1 > y0); }
  double area() const { return empty() ? 0 : width() * height(); }
  Point center() const { return {(x0 + x1) / 2, (y0 + y1) / 2}; }
  bool operator==(const Rect&) const = default;
};

bool is_finite(Point point);
bool is_finite(const Rect& rect);
bool is_finite(std::span<const Point> points);

// The smallest rectangle around all points; {0,0,0,0} for none.
Rect bounds(std::span<const Point> points);
Rect intersection(const Rect& a, const Rect& b);  // {0,0,0,0} when they do not overlap
Rect united(const Rect& a, const Rect& b);        // smallest rectangle around both
Rect clamped(const Rect& rect, double width, double height);
double iou(const Rect& a, const Rect& b);  // 0 when both are empty

double signed_area(std::span<const Point> ring);
double length(std::span<const Point> line);
// Even-odd rule; a point on an edge counts as inside for left and top edges only.
bool contains(std::span<const Point> ring, Point point);
double distance_to_segment(Point point, Point a, Point b);

// Sutherland-Hodgman (CACM 17(1), 1974) against a rectangle. A concave ring that falls apart is
// joined along the border, as that algorithm does.
Ring clip(std::span<const Point> ring, const Rect& to);

// Douglas-Peucker (Cartographica 10(2), 1973), distance to the segment; tolerance <= 0 removes
// only what lies exactly on the line. Ends of a line stay.
std::vector<Point> simplify_line(std::span<const Point> line, double tolerance);
// For a ring: anchored at its first vertex and the one farthest from it. A ring that would fall
// under three vertices is returned whole.
Ring simplify_ring(std::span<const Point> ring, double tolerance);

// Exact at multiples of 90; within 2 ulp elsewhere. No libm, hence equal on every platform.
struct SineCosine {
  double sine = 0;
  double cosine = 1;
};
SineCosine sine_cosine(double degrees);
Point rotated(Point point, Point center, double degrees);
Ring corners(const Rect& rect, double degrees);  // top left first, clockwise, turned about centre
Rect rotated_bounds(const Rect& rect, double degrees);
Rect ellipse_bounds(Point center, double rx, double ry, double degrees);

}  // namespace aa::geometry
