#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "kernel/raster/contour.hpp"
#include "kernel/raster/image.hpp"

namespace aa::raster {
namespace {

using geometry::Point;
using geometry::Ring;

// One edge from left to right, covering the columns whose centres are in [left.x, right.x).
struct Edge {
  std::uint32_t first = 0;
  std::uint32_t last = 0;  // exclusive
  Point left;
  Point right;
};

// The first index whose centre is not before `at`, kept within [0, size].
std::uint32_t first_centre(double at, std::uint32_t size) {
  const double index = std::ceil(at - 0.5);
  if (!(index > 0)) return 0;
  return index >= size ? size : static_cast<std::uint32_t>(index);
}

// Beyond this range products could overflow, and a NaN would break the sorting of crossings.
bool is_usable(Point p) {
  return std::abs(p.x) <= limits::kCoordinate && std::abs(p.y) <= limits::kCoordinate;
}

std::vector<Edge> edges_of(const Part& part, std::uint32_t width, std::uint64_t& crossings) {
  std::vector<Edge> out;
  const auto add_ring = [&](const Ring& ring) {
    if (!std::all_of(ring.begin(), ring.end(), is_usable)) {
      throw invalid("bad_coordinate", "A polygon's coordinates must be finite and within range.");
    }
    for (std::size_t i = 0; i < ring.size(); ++i) {
      Point a = ring[i];
      Point b = ring[i + 1 == ring.size() ? 0 : i + 1];
      if (b.x < a.x) std::swap(a, b);
      const Edge edge{first_centre(a.x, width), first_centre(b.x, width), a, b};
      if (edge.first >= edge.last) continue;
      crossings += edge.last - edge.first;
      out.push_back(edge);
    }
  };
  add_ring(part.outer);
  for (const Ring& hole : part.holes) add_ring(hole);
  if (crossings > kCrossingsMax) {
    throw too_large("polygon_too_complex", "The polygon is too intricate to be filled.");
  }
  std::sort(out.begin(), out.end(), [](const Edge& a, const Edge& b) { return a.first < b.first; });
  return out;
}

struct Span {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

double crossing_y(const Edge& edge, double x) {
  return edge.left.y +
         (x - edge.left.x) * (edge.right.y - edge.left.y) / (edge.right.x - edge.left.x);
}

class Filler {
 public:
  Filler(std::uint32_t height, std::uint32_t width) : height_(height), width_(width) {}

  std::vector<Span> fill(const Part& part, std::uint64_t& crossings) {
    const std::vector<Edge> edges = edges_of(part, width_, crossings);
    std::vector<Span> out;
    std::vector<Edge> active;
    std::size_t next = 0;
    std::uint32_t x = edges.empty() ? width_ : edges.front().first;
    for (; x < width_; ++x) {
      std::erase_if(active, [x](const Edge& e) { return e.last <= x; });
      for (; next < edges.size() && edges[next].first == x; ++next) active.push_back(edges[next]);
      if (active.empty()) {
        if (next == edges.size()) break;
        x = edges[next].first - 1;
        continue;
      }
      fill_column(x, active, out);
    }
    return out;
  }

 private:
  void fill_column(std::uint32_t x, const std::vector<Edge>& active, std::vector<Span>& out) {
    ys_.clear();
    for (const Edge& edge : active) ys_.push_back(crossing_y(edge, x + 0.5));
    std::sort(ys_.begin(), ys_.end());
    const std::uint64_t column = static_cast<std::uint64_t>(x) * height_;
    for (std::size_t i = 0; i + 1 < ys_.size(); i += 2) {
      const std::uint64_t from = column + first_centre(ys_[i], height_);
      const std::uint64_t to = column + first_centre(ys_[i + 1], height_);
      if (from == to) continue;
      if (!out.empty() && out.back().to == from)
        out.back().to = to;
      else
        out.push_back({from, to});
    }
    if (out.size() > kRunsMax / 2) {
      throw too_large("polygon_too_complex", "The polygon is too intricate to be filled.");
    }
  }

  std::uint32_t height_;
  std::uint32_t width_;
  std::vector<double> ys_;
};

Rle to_rle(const std::vector<Span>& spans, std::uint32_t height, std::uint32_t width) {
  Rle out{height, width, {}};
  std::uint64_t at = 0;
  for (const auto& [from, to] : spans) {
    out.runs.push_back(static_cast<std::uint32_t>(from - at));
    out.runs.push_back(static_cast<std::uint32_t>(to - from));
    at = to;
  }
  const std::uint64_t pixels = static_cast<std::uint64_t>(height) * width;
  if (at < pixels) out.runs.push_back(static_cast<std::uint32_t>(pixels - at));
  return out;
}

}  // namespace

Rle fill(std::span<const Part> parts, std::uint32_t height, std::uint32_t width) {
  if (parts.empty()) return empty_rle(height, width);
  check_image_size(width, height);
  Filler filler(height, width);
  std::uint64_t crossings = 0;
  std::vector<Rle> filled;
  for (const Part& part : parts) {
    filled.push_back(to_rle(filler.fill(part, crossings), height, width));
  }
  return unite_all(filled);
}

}  // namespace aa::raster
