#include "kernel/geometry/geometry.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace aa::geometry {

bool is_finite(Point point) { return std::isfinite(point.x) && std::isfinite(point.y); }
bool is_finite(const Rect& rect) {
  return is_finite(Point{rect.x0, rect.y0}) && is_finite(Point{rect.x1, rect.y1});
}
bool is_finite(std::span<const Point> points) {
  return std::all_of(points.begin(), points.end(), [](Point p) { return is_finite(p); });
}

Rect bounds(std::span<const Point> points) {
  if (points.empty()) return {};
  Rect out{points[0].x, points[0].y, points[0].x, points[0].y};
  for (const Point p : points) {
    out.x0 = std::min(out.x0, p.x);
    out.y0 = std::min(out.y0, p.y);
    out.x1 = std::max(out.x1, p.x);
    out.y1 = std::max(out.y1, p.y);
  }
  return out;
}

Rect intersection(const Rect& a, const Rect& b) {
  const Rect out{std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1),
                 std::min(a.y1, b.y1)};
  return out.empty() ? Rect{} : out;
}

Rect united(const Rect& a, const Rect& b) {
  return {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
}

Rect clamped(const Rect& rect, double width, double height) {
  return {std::clamp(rect.x0, 0.0, width), std::clamp(rect.y0, 0.0, height),
          std::clamp(rect.x1, 0.0, width), std::clamp(rect.y1, 0.0, height)};
}

double iou(const Rect& a, const Rect& b) {
  const double shared = intersection(a, b).area();
  const double whole = a.area() + b.area() - shared;
  return whole > 0 ? shared / whole : 0;
}

double signed_area(std::span<const Point> ring) {
  if (ring.size() < 3) return 0;
  // Relative to the first vertex: far from the origin less is lost by cancellation.
  const Point origin = ring[0];
  double twice = 0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
    const Point a{ring[i].x - origin.x, ring[i].y - origin.y};
    const Point b{ring[i + 1].x - origin.x, ring[i + 1].y - origin.y};
    twice += a.x * b.y - a.y * b.x;
  }
  return twice / 2;
}

double length(std::span<const Point> line) {
  double out = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double dx = line[i].x - line[i - 1].x;
    const double dy = line[i].y - line[i - 1].y;
    out += std::sqrt(dx * dx + dy * dy);
  }
  return out;
}

bool contains(std::span<const Point> ring, Point point) {
  bool inside = false;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    const bool upward = ring[i].y < ring[j].y;
    const Point low = upward ? ring[i] : ring[j];
    const Point high = upward ? ring[j] : ring[i];
    if (point.y < low.y || point.y >= high.y) continue;
    const double x = low.x + (point.y - low.y) * (high.x - low.x) / (high.y - low.y);
    if (x <= point.x) inside = !inside;
  }
  return inside;
}

namespace {

enum class Side { left, right, top, bottom };

bool is_inside(Point p, const Rect& to, Side side) {
  switch (side) {
    case Side::left:
      return p.x >= to.x0;
    case Side::right:
      return p.x <= to.x1;
    case Side::top:
      return p.y >= to.y0;
    case Side::bottom:
      return p.y <= to.y1;
  }
  return false;
}

Point crossing(Point a, Point b, const Rect& to, Side side) {
  if (side == Side::left || side == Side::right) {
    const double x = side == Side::left ? to.x0 : to.x1;
    return {x, a.y + (x - a.x) * (b.y - a.y) / (b.x - a.x)};
  }
  const double y = side == Side::top ? to.y0 : to.y1;
  return {a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y), y};
}

Ring clip_side(const Ring& ring, const Rect& to, Side side) {
  Ring out;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point from = ring[i == 0 ? ring.size() - 1 : i - 1];
    const Point here = ring[i];
    const bool from_inside = is_inside(from, to, side);
    const bool here_inside = is_inside(here, to, side);
    if (from_inside != here_inside) out.push_back(crossing(from, here, to, side));
    if (here_inside) out.push_back(here);
  }
  return out;
}

}  // namespace

Ring clip(std::span<const Point> ring, const Rect& to) {
  Ring out(ring.begin(), ring.end());
  for (const Side side : {Side::left, Side::right, Side::top, Side::bottom}) {
    out = clip_side(out, to, side);
  }
  out.erase(std::unique(out.begin(), out.end()), out.end());
  while (out.size() > 1 && out.front() == out.back()) out.pop_back();
  if (out.size() < 3) out.clear();
  return out;
}

namespace {

// Taylor series on [0, 45] degrees: the first term left out is below 1e-18.
SineCosine series(double degrees) {
  const double x = degrees * 0.017453292519943295;
  const double x2 = x * x;
  double sine = 0;
  double cosine = 0;
  for (int n = 8; n >= 1; --n) {
    sine = -x2 / ((2 * n) * (2 * n + 1)) * (1 + sine);
    cosine = -x2 / ((2 * n - 1) * (2 * n)) * (1 + cosine);
  }
  return {x * (1 + sine), 1 + cosine};
}

}  // namespace

SineCosine sine_cosine(double degrees) {
  if (!std::isfinite(degrees)) return {};
  double rest = std::fmod(degrees, 360.0);  // exact
  if (rest < 0) rest += 360.0;
  const int quarter = static_cast<int>(rest / 90.0) & 3;
  rest -= 90.0 * quarter;
  SineCosine at;
  if (rest > 45.0) {
    const SineCosine mirrored = series(90.0 - rest);
    at = {mirrored.cosine, mirrored.sine};
  } else {
    at = series(rest);
  }
  switch (quarter) {
    case 1:
      return {at.cosine, -at.sine};
    case 2:
      return {-at.sine, -at.cosine};
    case 3:
      return {-at.cosine, at.sine};
    default:
      return at;
  }
}

Point rotated(Point point, Point center, double degrees) {
  const auto [sine, cosine] = sine_cosine(degrees);
  const double dx = point.x - center.x;
  const double dy = point.y - center.y;
  return {center.x + dx * cosine - dy * sine, center.y + dx * sine + dy * cosine};
}

Ring corners(const Rect& rect, double degrees) {
  const Point center = rect.center();
  Ring out{{rect.x0, rect.y0}, {rect.x1, rect.y0}, {rect.x1, rect.y1}, {rect.x0, rect.y1}};
  if (degrees == 0) return out;
  for (Point& p : out) p = rotated(p, center, degrees);
  return out;
}

Rect rotated_bounds(const Rect& rect, double degrees) { return bounds(corners(rect, degrees)); }

Rect ellipse_bounds(Point center, double rx, double ry, double degrees) {
  const auto [sine, cosine] = sine_cosine(degrees);
  const double a = rx * cosine;
  const double b = ry * sine;
  const double c = rx * sine;
  const double d = ry * cosine;
  const double half_width = std::sqrt(a * a + b * b);
  const double half_height = std::sqrt(c * c + d * d);
  return {center.x - half_width, center.y - half_height, center.x + half_width,
          center.y + half_height};
}

}  // namespace aa::geometry
