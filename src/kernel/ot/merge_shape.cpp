#include "kernel/ot/merge_shape.hpp"

#include <cmath>
#include <map>

#include "base/error.hpp"
#include "kernel/document/shape_rings.hpp"
#include "kernel/document/vertex_keys.hpp"

namespace aa::ot {
namespace {

using document::Box;
using document::Cuboid;
using document::Ellipse;
using document::ImageCuboid;
using document::Keys;
using document::MaskShape;
using document::Point;
using document::Shape;
using document::Skeleton;
using document::Tag;

template <class Part>
const Part& pick(const Part& base, const Part& earlier, const Part& later) {
  return later == base ? earlier : later;
}

// ---- boxes --------------------------------------------------------------------------------------

bool moved(double a, double b) { return !(std::abs(a - b) <= kSamePlace); }

struct Span {
  double from = 0;
  double extent = 0;
  double to() const { return from + extent; }
};

Span merge_edges(Span base, Span earlier, Span later) {
  const bool low = moved(base.from, later.from);
  const bool high = moved(base.to(), later.to());
  if (low == high) return low ? later : earlier;
  const double from = low ? later.from : earlier.from;
  const double to = low ? earlier.to() : later.to();
  return to < from ? later : Span{from, to - from};
}

bool same_size(const Box& a, const Box& b) {
  return !moved(a.width, b.width) && !moved(a.height, b.height);
}
bool same_place(const Box& a, const Box& b) { return !moved(a.x, b.x) && !moved(a.y, b.y); }
bool only_moved(const Box& base, const Box& box) {
  return same_size(base, box) && !same_place(base, box);
}

std::optional<Shape> merge(const Box& base, const Box& earlier, const Box& later) {
  Box out = earlier;
  // The edges of a turned box move its centre, so they are no parts of their own.
  const bool turned = base.rotation.value_or(0) != 0 || earlier.rotation.value_or(0) != 0 ||
                      later.rotation.value_or(0) != 0;
  if (turned || only_moved(base, earlier) || only_moved(base, later)) {
    const Box& place = same_place(base, later) ? earlier : later;
    const Box& size = same_size(base, later) ? earlier : later;
    out = {place.x, place.y, size.width, size.height, {}};
  } else {
    const Span x =
        merge_edges({base.x, base.width}, {earlier.x, earlier.width}, {later.x, later.width});
    const Span y =
        merge_edges({base.y, base.height}, {earlier.y, earlier.height}, {later.y, later.height});
    out = {x.from, y.from, x.extent, y.extent, {}};
  }
  out.rotation = pick(base.rotation, earlier.rotation, later.rotation);
  return out;
}

// ---- shapes of a few parts ----------------------------------------------------------------------

std::optional<Shape> merge(const Ellipse& base, const Ellipse& earlier, const Ellipse& later) {
  const auto centre = [](const Ellipse& e) { return Point{e.cx, e.cy}; };
  const auto radii = [](const Ellipse& e) { return Point{e.rx, e.ry}; };
  const Point c = pick(centre(base), centre(earlier), centre(later));
  const Point r = pick(radii(base), radii(earlier), radii(later));
  return Ellipse{c.x, c.y, r.x, r.y, pick(base.rotation, earlier.rotation, later.rotation)};
}

std::optional<Shape> merge(const Cuboid& base, const Cuboid& earlier, const Cuboid& later) {
  return Cuboid{pick(base.center, earlier.center, later.center),
                pick(base.size, earlier.size, later.size),
                pick(base.rotation, earlier.rotation, later.rotation)};
}

std::optional<Shape> merge(const ImageCuboid& base, const ImageCuboid& earlier,
                           const ImageCuboid& later) {
  const std::size_t count = base.points.size();
  if (earlier.points.size() != count || later.points.size() != count) return std::nullopt;
  ImageCuboid out;
  for (std::size_t i = 0; i < count; ++i) {
    out.points.push_back(pick(base.points[i], earlier.points[i], later.points[i]));
  }
  return out;
}

std::optional<Shape> merge(const Tag&, const Tag&, const Tag&) { return Tag{}; }

std::optional<Shape> merge(const Skeleton& base, const Skeleton& earlier, const Skeleton& later) {
  const std::size_t count = base.points.size();
  if (earlier.points.size() != count || later.points.size() != count) return std::nullopt;
  Skeleton out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& name = base.points[i].name;
    if (earlier.points[i].name != name || later.points[i].name != name) return std::nullopt;
    out.points.push_back(pick(base.points[i], earlier.points[i], later.points[i]));
  }
  return out;
}

std::optional<Shape> merge(const MaskShape& base, const MaskShape& earlier,
                           const MaskShape& later) {
  using raster::MergeMode;
  try {
    const auto changed = raster::merge(base.rle, later.rle, MergeMode::differ);
    return MaskShape{raster::merge(raster::merge(earlier.rle, changed, MergeMode::subtract),
                                   raster::merge(later.rle, changed, MergeMode::intersect),
                                   MergeMode::unite)};
  } catch (const Error&) {  // another size, or too many runs
    return std::nullopt;
  }
}

// ---- rings of vertices --------------------------------------------------------------------------

struct Ring {
  std::vector<Point>* points = nullptr;
  Keys* keys = nullptr;
};

std::vector<Ring> rings_of(Shape& shape) {
  std::vector<Ring> out;
  document::for_each_ring(shape, [&](std::vector<Point>& points, Keys& keys, std::size_t) {
    out.push_back({&points, &keys});
  });
  return out;
}

// How many rings each part has.
std::vector<std::size_t> structure_of(const Shape& shape) {
  std::vector<std::size_t> out;
  if (const auto* polygon = std::get_if<document::Polygon>(&shape)) {
    for (const auto& part : polygon->parts) out.push_back(1 + part.holes.size());
  }
  return out;
}

// The vertex of one key in the base, the earlier and the later ring; null where it is not.
using Trio = std::array<const Point*, 3>;

const Point* merge_vertex(const Trio& trio) {
  const auto [base, earlier, later] = trio;
  if (base == nullptr) return later != nullptr ? later : earlier;
  if (earlier == nullptr || later == nullptr) return nullptr;  // a deletion wins
  return &pick(*base, *earlier, *later);
}

// Into `out`, which is the earlier ring.
bool merge_ring(const Ring& base, Ring out, const Ring& later) {
  if (*base.keys == *out.keys && *base.keys == *later.keys) {
    for (std::size_t i = 0; i < out.points->size(); ++i) {
      (*out.points)[i] = pick((*base.points)[i], (*out.points)[i], (*later.points)[i]);
    }
    return true;
  }
  std::map<std::string_view, Trio> vertices;
  const std::array<const Ring*, 3> rings = {&base, &out, &later};
  for (std::size_t at = 0; at < rings.size(); ++at) {
    const Keys& keys = *rings[at]->keys;
    if (!document::keys_ascend(keys)) return false;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      vertices[keys[i]][at] = &(*rings[at]->points)[i];
    }
  }
  std::vector<Point> points;
  Keys keys;
  for (const auto& [key, trio] : vertices) {
    const Point* vertex = merge_vertex(trio);
    if (vertex == nullptr) continue;
    points.push_back(*vertex);
    keys.emplace_back(key);
  }
  *out.points = std::move(points);
  *out.keys = std::move(keys);
  return true;
}

std::optional<Shape> merge_rings(Shape& base, Shape& earlier, Shape& later) {
  const auto structure = structure_of(base);
  if (structure_of(earlier) != structure || structure_of(later) != structure) return std::nullopt;
  const auto from = rings_of(base);
  const auto to = rings_of(earlier);
  const auto over = rings_of(later);
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!merge_ring(from[i], to[i], over[i])) return std::nullopt;
  }
  return std::move(earlier);
}

bool is_shape(const Shape& shape) {
  json::Reader reader;
  document::check_shape(reader, shape);
  return !reader.failed();
}

}  // namespace

std::optional<Shape> merge_shapes(Shape base, Shape earlier, Shape later) {
  if (base.index() != earlier.index() || base.index() != later.index()) return std::nullopt;
  if (earlier == base) return later;
  if (later == base) return earlier;
  auto out = std::visit(
      [&](const auto& b) -> std::optional<Shape> {
        using Kind = std::remove_cvref_t<decltype(b)>;
        if constexpr (requires { merge(b, b, b); }) {
          return merge(b, std::get<Kind>(earlier), std::get<Kind>(later));
        } else {
          return merge_rings(base, earlier, later);
        }
      },
      base);
  if (out && !is_shape(*out)) out.reset();
  return out;
}

}  // namespace aa::ot
