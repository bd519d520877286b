#include <algorithm>
#include <cmath>
#include <utility>

#include "kernel/geometry/geometry.hpp"

namespace aa::geometry {
namespace {

double squared_distance(Point a, Point b) {
  const double dx = a.x - b.x;
  const double dy = a.y - b.y;
  return dx * dx + dy * dy;
}

double squared_distance_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double whole = dx * dx + dy * dy;
  if (whole == 0) return squared_distance(p, a);
  const double along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / whole;
  if (along <= 0) return squared_distance(p, a);
  if (along >= 1) return squared_distance(p, b);
  const double across = (p.x - a.x) * dy - (p.y - a.y) * dx;
  return across * across / whole;
}

// Marks what stays between the ends first and last; a stack instead of recursion, since a mask's
// outline may be a hundred thousand corners deep.
void keep_between(std::span<const Point> line, std::size_t first, std::size_t last, double limit,
                  std::vector<bool>& kept) {
  std::vector<std::pair<std::size_t, std::size_t>> open{{first, last}};
  while (!open.empty()) {
    const auto [from, to] = open.back();
    open.pop_back();
    double farthest = limit;
    std::size_t at = 0;
    for (std::size_t i = from + 1; i < to; ++i) {
      const double away = squared_distance_to_segment(line[i], line[from], line[to]);
      if (away > farthest) {
        farthest = away;
        at = i;
      }
    }
    if (at == 0) continue;
    kept[at] = true;
    open.emplace_back(from, at);
    open.emplace_back(at, to);
  }
}

std::vector<Point> gather(std::span<const Point> line, const std::vector<bool>& kept) {
  std::vector<Point> out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (kept[i]) out.push_back(line[i]);
  }
  return out;
}

}  // namespace

double distance_to_segment(Point point, Point a, Point b) {
  return std::sqrt(squared_distance_to_segment(point, a, b));
}

std::vector<Point> simplify_line(std::span<const Point> line, double tolerance) {
  if (line.size() < 3) return {line.begin(), line.end()};
  std::vector<bool> kept(line.size(), false);
  kept.front() = kept.back() = true;
  const double limit = tolerance > 0 ? tolerance * tolerance : 0;
  keep_between(line, 0, line.size() - 1, limit, kept);
  return gather(line, kept);
}

Ring simplify_ring(std::span<const Point> ring, double tolerance) {
  if (ring.size() < 4) return {ring.begin(), ring.end()};
  Ring closed(ring.begin(), ring.end());
  closed.push_back(ring[0]);
  const auto farthest = std::max_element(ring.begin(), ring.end(), [&](Point a, Point b) {
    return squared_distance(a, ring[0]) < squared_distance(b, ring[0]);
  });
  const auto at = static_cast<std::size_t>(farthest - ring.begin());
  std::vector<bool> kept(closed.size(), false);
  kept[0] = kept[at] = true;
  const double limit = tolerance > 0 ? tolerance * tolerance : 0;
  keep_between(closed, 0, at, limit, kept);
  keep_between(closed, at, closed.size() - 1, limit, kept);
  kept.back() = false;
  Ring out = gather(closed, kept);
  if (out.size() < 3) return {ring.begin(), ring.end()};
  return out;
}

}  // namespace aa::geometry
