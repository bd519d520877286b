#include <algorithm>
#include <cmath>

#include "bench/live/hand.hpp"

namespace aa::live {

using document::Point;
using document::ShapeType;

namespace {

constexpr double kSize = 1.0 / 6;  // of the picture, at most, for what is drawn

// A filled disc as runs, cut off at the picture's edges.
raster::Rle disc(std::uint32_t height, std::uint32_t width, std::int64_t cx, std::int64_t cy,
                 std::int64_t radius) {
  raster::Rle out{height, width, {}};
  std::uint64_t position = 0;
  for (std::int64_t x = std::max<std::int64_t>(0, cx - radius);
       x <= std::min<std::int64_t>(width - 1, cx + radius); ++x) {
    const auto reach = static_cast<std::int64_t>(
        std::sqrt(static_cast<double>(radius * radius - (x - cx) * (x - cx))));
    const auto top = std::max<std::int64_t>(0, cy - reach);
    const auto bottom = std::min<std::int64_t>(height - 1, cy + reach);
    if (top > bottom) continue;
    const auto begin = static_cast<std::uint64_t>(x * height + top);
    out.runs.push_back(static_cast<std::uint32_t>(begin - position));
    out.runs.push_back(static_cast<std::uint32_t>(bottom - top + 1));
    position = begin + static_cast<std::uint64_t>(bottom - top + 1);
  }
  out.runs.push_back(static_cast<std::uint32_t>(std::uint64_t{height} * width - position));
  return raster::canonical(out);
}

}  // namespace

raster::Rle Hand::stroke() {
  const auto radius = static_cast<std::int64_t>(2 + below(6));
  auto at_x = static_cast<std::int64_t>(below(canvas_->width));
  auto at_y = static_cast<std::int64_t>(below(canvas_->height));
  raster::Rle out = disc(canvas_->height, canvas_->width, at_x, at_y, radius);
  for (std::uint64_t more = below(4); more > 0; --more) {
    at_x += static_cast<std::int64_t>(below(9)) - 4;
    at_y += static_cast<std::int64_t>(below(9)) - 4;
    const auto next = disc(canvas_->height, canvas_->width, at_x, at_y, radius);
    out = raster::merge(out, next, raster::MergeMode::unite);
  }
  return out;
}

std::vector<Point> Hand::ring(std::size_t count) {
  const double cx = x();
  const double cy = y();
  const double reach = std::max(3.0, std::min(canvas_->width, canvas_->height) * kSize);
  std::vector<Point> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double angle = 6.283185307179586 * static_cast<double>(i) / static_cast<double>(count);
    const double radius = reach * (0.5 + static_cast<double>(below(8)) / 16);
    out[i] = {std::round((cx + radius * std::cos(angle)) * 4) / 4,
              std::round((cy + radius * std::sin(angle)) * 4) / 4};
  }
  return out;
}

document::Shape Hand::points_shape(ShapeType type) {
  if (type == ShapeType::polyline) return document::Polyline{ring(2 + below(6)), {}};
  if (type == ShapeType::points) return document::PointSet{ring(1 + below(4)), {}};
  document::Polygon out;
  out.parts.resize(1);
  out.parts[0].points = ring(4 + below(8));
  if (manner_ == Manner::everything && chance(30)) {
    out.parts[0].holes.push_back(ring(3 + below(2)));
    out.parts.emplace_back().points = ring(3 + below(3));
  }
  return out;
}

document::Shape Hand::shape(ShapeType type) {
  const double width = static_cast<double>(1 + below(canvas_->width)) * kSize;
  const double height = static_cast<double>(1 + below(canvas_->height)) * kSize;
  document::Shape out;
  switch (type) {
    case ShapeType::box:
      out = document::Box{x(), y(), std::round(width), std::round(height), {}};
      break;
    case ShapeType::mask:
      out = document::MaskShape{stroke()};
      break;
    case ShapeType::ellipse:
      out = document::Ellipse{x(), y(), std::round(width), std::round(height), {}};
      break;
    case ShapeType::cuboid:
      out = document::Cuboid{{x(), y(), 1}, {width, height, 2}, {0, 0.6, 0, 0.8}};
      break;
    case ShapeType::skeleton:
      out = document::Skeleton{{{"nose", x(), y(), 2}, {"tail", x(), y(), 1}}};
      break;
    case ShapeType::tag:
      out = document::Tag{};
      break;
    default:
      out = points_shape(type);
      break;
  }
  document::assign_keys(out);
  return out;
}

}  // namespace aa::live
