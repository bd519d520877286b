#include "kernel/geometry/oriented_box.hpp"

#include <algorithm>
#include <cmath>

namespace aa::geometry {
namespace {

// Positive when c lies clockwise (on the screen) of the line from a to b.
double turn(Point a, Point b, Point c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

double dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }

// One half of the hull over points in order, without its last point.
template <class Points>
void add_chain(const Points& points, Ring& hull) {
  const std::size_t from = hull.size();
  for (const Point point : points) {
    while (hull.size() >= from + 2 && turn(hull[hull.size() - 2], hull.back(), point) <= 0) {
      hull.pop_back();
    }
    hull.push_back(point);
  }
  hull.pop_back();
}

OrientedBox box_along(std::span<const Point> points, Point along) {
  OrientedBox box{.center = {}, .along = along};
  const Point across = box.across();
  double low_a = dot(points[0], along), high_a = low_a;
  double low_b = dot(points[0], across), high_b = low_b;
  for (const Point point : points) {
    const double a = dot(point, along);
    const double b = dot(point, across);
    low_a = std::min(low_a, a), high_a = std::max(high_a, a);
    low_b = std::min(low_b, b), high_b = std::max(high_b, b);
  }
  const double a = (low_a + high_a) / 2;
  const double b = (low_b + high_b) / 2;
  box.center = {along.x * a + across.x * b, along.y * a + across.y * b};
  box.width = high_a - low_a;
  box.height = high_b - low_b;
  return box;
}

}  // namespace

Ring convex_hull(std::span<const Point> points) {
  Ring sorted(points.begin(), points.end());
  std::ranges::sort(sorted,
                    [](Point a, Point b) { return a.x < b.x || (a.x == b.x && a.y < b.y); });
  const auto [first, last] = std::ranges::unique(sorted);
  sorted.erase(first, last);
  if (sorted.size() < 2) return sorted;
  Ring hull;
  add_chain(sorted, hull);
  std::ranges::reverse(sorted);
  add_chain(sorted, hull);
  return hull;
}

Ring OrientedBox::corners() const {
  const Point down = across();
  const auto at = [&](double a, double b) {
    return Point{center.x + along.x * a + down.x * b, center.y + along.y * a + down.y * b};
  };
  const double w = width / 2;
  const double h = height / 2;
  return {at(-w, -h), at(w, -h), at(w, h), at(-w, h)};
}

OrientedBox min_area_box(std::span<const Point> points) {
  const Ring hull = convex_hull(points);
  if (hull.empty()) return {};
  OrientedBox best = box_along(hull, {1, 0});
  double best_area = hull.size() == 1 ? 0 : HUGE_VAL;
  for (std::size_t i = 0; i < hull.size() && hull.size() > 1; ++i) {
    const Point from = hull[i];
    const Point to = hull[(i + 1) % hull.size()];
    const double length =
        std::sqrt((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y));
    const auto box = box_along(hull, {(to.x - from.x) / length, (to.y - from.y) / length});
    if (box.width * box.height < best_area) {
      best_area = box.width * box.height;
      best = box;
    }
  }
  return best;
}

}  // namespace aa::geometry
