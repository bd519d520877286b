#include "kernel/raster/coco_polygon.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "kernel/raster/image.hpp"

namespace aa::raster {
namespace {

using geometry::Point;
using geometry::Ring;

constexpr int kGrid = 5;            // grid points per pixel
constexpr int kMiddle = kGrid / 2;  // of a pixel, in grid points

struct GridPoint {
  std::int64_t x = 0;
  std::int64_t y = 0;
};

GridPoint on_grid(Point p) {
  if (!(std::abs(p.x) <= limits::kCoordinate && std::abs(p.y) <= limits::kCoordinate)) {
    throw invalid("bad_coordinate", "A polygon's coordinates must be finite and within range.");
  }
  return {static_cast<std::int64_t>(kGrid * p.x + 0.5),
          static_cast<std::int64_t>(kGrid * p.y + 0.5)};
}

// Walks the ring from grid point to grid point and notes where columns are crossed.
class Walk {
 public:
  Walk(std::uint32_t height, std::uint32_t width) : height_(height), width_(width) {}

  std::vector<std::uint64_t> crossings(const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      edge(on_grid(ring[i]), on_grid(ring[i + 1 == ring.size() ? 0 : i + 1]));
    }
    std::sort(found_.begin(), found_.end());
    return std::move(found_);
  }

 private:
  void edge(GridPoint from, GridPoint to) {
    const std::int64_t dx = std::abs(to.x - from.x);
    const std::int64_t dy = std::abs(to.y - from.y);
    const std::int64_t steps = std::max(dx, dy);
    steps_ += static_cast<std::uint64_t>(steps) + 1;
    if (steps_ > kCrossingsMax) {
      throw too_large("polygon_too_complex", "The polygon is too long to be filled.");
    }
    // The slope is taken from the end with the smaller coordinate, so that both directions round
    // alike.
    const bool flat = dx >= dy;
    const bool back = flat ? from.x > to.x : from.y > to.y;
    if (back) std::swap(from, to);
    const double rise = static_cast<double>(flat ? to.y - from.y : to.x - from.x);
    const double slope = steps == 0 ? 0 : rise / static_cast<double>(steps);
    for (std::int64_t i = 0; i <= steps; ++i) {
      const std::int64_t t = back ? steps - i : i;
      const auto across = static_cast<double>(flat ? from.y : from.x);
      const auto rounded = static_cast<std::int64_t>(across + slope * static_cast<double>(t) + 0.5);
      visit(flat ? GridPoint{from.x + t, rounded} : GridPoint{rounded, from.y + t});
    }
  }

  void visit(GridPoint here) {
    const GridPoint before = last_.value_or(here);
    last_ = here;
    if (here.x == before.x) return;
    const std::int64_t column = std::min(here.x, before.x) - kMiddle;
    if (column < 0 || column % kGrid != 0) return;
    const auto x = static_cast<std::uint64_t>(column / kGrid);
    if (x >= width_) return;
    const double y = (static_cast<double>(std::min(here.y, before.y)) + 0.5) / kGrid - 0.5;
    const double row = std::ceil(std::clamp(y, 0.0, static_cast<double>(height_)));
    found_.push_back(x * height_ + static_cast<std::uint64_t>(row));
  }

  std::uint32_t height_;
  std::uint32_t width_;
  std::uint64_t steps_ = 0;
  std::optional<GridPoint> last_;
  std::vector<std::uint64_t> found_;
};

// Every crossing turns background into foreground or back.
Rle toggled(const std::vector<std::uint64_t>& crossings, std::uint32_t height,
            std::uint32_t width) {
  Rle out{height, width, {}};
  std::uint64_t at = 0;
  for (const std::uint64_t crossing : crossings) {
    out.runs.push_back(static_cast<std::uint32_t>(crossing - at));
    at = crossing;
  }
  out.runs.push_back(static_cast<std::uint32_t>(std::uint64_t{height} * width - at));
  return canonical(out);
}

}  // namespace

Rle fill_as_coco(std::span<const Ring> parts, std::uint32_t height, std::uint32_t width) {
  if (parts.empty()) return empty_rle(height, width);
  check_image_size(width, height);
  std::vector<Rle> filled;
  for (const Ring& ring : parts) {
    filled.push_back(toggled(Walk(height, width).crossings(ring), height, width));
  }
  return unite_all(filled);
}

}  // namespace aa::raster
