#include "kernel/document/shape.hpp"

#include <cmath>
#include <set>

#include "base/error.hpp"
#include "kernel/document/shape_rings.hpp"
#include "kernel/document/vertex_keys.hpp"

namespace aa::document {

std::string_view to_string(ShapeType type) { return boost::describe::enum_to_string(type, ""); }

namespace {

// Gathers problems about one shape.
class Checker {
 public:
  explicit Checker(json::Reader& reader) : reader_(reader) {}

  void operator()(const Box& box) {
    number("x", box.x);
    number("y", box.y);
    extent("width", box.width);
    extent("height", box.height);
    number("rotation", box.rotation.value_or(0));
  }
  void operator()(const Polygon& polygon) {
    if (polygon.parts.empty()) say("parts", "must not be empty");
    if (polygon.parts.size() > limits::kShapeParts) say("parts", "has too many parts");
    reader_.enter("parts");
    for (std::size_t i = 0; i < polygon.parts.size(); ++i) {
      reader_.enter(i);
      part(polygon.parts[i]);
      reader_.leave();
    }
    reader_.leave();
    rings_total();
  }
  void operator()(const Polyline& line) {
    ring("points", "keys", line.points, line.keys, 2);
    rings_total();
  }
  void operator()(const PointSet& set) {
    ring("points", "keys", set.points, set.keys, 1);
    rings_total();
  }
  void operator()(const MaskShape& mask) {
    try {
      raster::check(mask.rle);
    } catch (const Error& error) {
      say("rle", error.message());
    }
  }
  void operator()(const Skeleton& skeleton) {
    reader_.enter("points");
    if (skeleton.points.empty()) reader_.problem("must not be empty");
    if (skeleton.points.size() > 1000) reader_.problem("has too many points");
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < skeleton.points.size(); ++i) {
      const SkeletonPoint& point = skeleton.points[i];
      reader_.enter(i);
      number("x", point.x);
      number("y", point.y);
      if (!names.insert(point.name).second) say("name", "stands twice in the skeleton");
      reader_.leave();
    }
    reader_.leave();
  }
  void operator()(const Ellipse& ellipse) {
    number("cx", ellipse.cx);
    number("cy", ellipse.cy);
    extent("rx", ellipse.rx);
    extent("ry", ellipse.ry);
    number("rotation", ellipse.rotation.value_or(0));
  }
  void operator()(const Cuboid& cuboid) {
    for (const double value : cuboid.center) number("center", value);
    for (const double value : cuboid.size) extent("size", value);
    double squares = 0;
    for (const double value : cuboid.rotation) squares += value * value;
    if (!(std::abs(squares - 1) < 1e-3)) say("rotation", "must be a unit quaternion [x, y, z, w]");
  }
  void operator()(const Tag&) {}
  void operator()(const ImageCuboid& cuboid) {
    if (cuboid.points.size() != kImageCuboidCorners) say("points", "must have 8 corners");
    for (const Point p : cuboid.points) {
      number("points", p.x);
      number("points", p.y);
    }
  }

 private:
  void say(std::string_view member, std::string detail) {
    reader_.enter(member);
    reader_.problem(std::move(detail));
    reader_.leave();
  }
  void number(std::string_view member, double value) {
    if (!(std::abs(value) <= limits::kCoordinate)) say(member, "must be a finite number in range");
  }
  void extent(std::string_view member, double value) {
    if (!(value >= 0 && value <= limits::kCoordinate)) say(member, "must be 0 or more, in range");
  }

  void part(const PolygonPart& part) {
    ring("points", "keys", part.points, part.keys, 3);
    if (part.holes.size() != part.hole_keys.size()) {
      say("hole_keys", "must have one list for each hole");
      return;
    }
    for (std::size_t i = 0; i < part.holes.size(); ++i) {
      const std::string index = std::to_string(i);
      ring("holes", "hole_keys", part.holes[i], part.hole_keys[i], 3);
    }
    ring_count_ += part.holes.size();
  }

  void ring(std::string_view points_name, std::string_view keys_name,
            const std::vector<Point>& points, const Keys& keys, std::size_t min) {
    point_count_ += points.size();
    if (points.size() < min) {
      say(points_name, "must have " + std::to_string(min) + " points or more");
    }
    for (const Point p : points) {
      if (std::abs(p.x) <= limits::kCoordinate && std::abs(p.y) <= limits::kCoordinate) continue;
      say(points_name, "must hold finite numbers in range");
      break;
    }
    if (keys.size() != points.size()) say(keys_name, "must have one key for each point");
    for (const std::string& key : keys) {
      if (!is_vertex_key(key))
        say(keys_name, "must be keys of 0-9 A-Z a-z _ -, at most 64 long");
      else if (!keys_.insert(key).second)
        say(keys_name, "must not name two vertices \"" + key + "\"");
    }
  }

  void rings_total() {
    if (point_count_ > limits::kShapePoints) {
      reader_.problem("has more than " + std::to_string(limits::kShapePoints) + " points");
    }
    if (ring_count_ > limits::kShapeParts) reader_.problem("has too many holes");
  }

  json::Reader& reader_;
  std::set<std::string_view> keys_;
  std::size_t point_count_ = 0;
  std::size_t ring_count_ = 0;
};

std::optional<geometry::Rect> bounds_of(const Box& box) {
  return geometry::rotated_bounds(box.rect(), box.rotation.value_or(0));
}
std::optional<geometry::Rect> bounds_of(const Polygon& polygon) {
  std::optional<geometry::Rect> out;
  for (const PolygonPart& part : polygon.parts) {
    if (part.points.empty()) continue;
    const geometry::Rect rect = geometry::bounds(part.points);
    out = out ? geometry::united(*out, rect) : rect;
  }
  return out;
}
std::optional<geometry::Rect> bounds_of(const std::vector<Point>& points) {
  if (points.empty()) return std::nullopt;
  return geometry::bounds(points);
}
std::optional<geometry::Rect> bounds_of(const Polyline& line) { return bounds_of(line.points); }
std::optional<geometry::Rect> bounds_of(const PointSet& set) { return bounds_of(set.points); }
std::optional<geometry::Rect> bounds_of(const MaskShape& mask) {
  const geometry::Rect rect = raster::bounds(mask.rle);
  if (rect.empty()) return std::nullopt;
  return rect;
}
std::optional<geometry::Rect> bounds_of(const Skeleton& skeleton) {
  std::vector<Point> seen;
  for (const SkeletonPoint& p : skeleton.points) {
    if (p.visibility > 0) seen.push_back({p.x, p.y});
  }
  return bounds_of(seen);
}
std::optional<geometry::Rect> bounds_of(const Ellipse& e) {
  return geometry::ellipse_bounds({e.cx, e.cy}, e.rx, e.ry, e.rotation.value_or(0));
}
std::optional<geometry::Rect> bounds_of(const Cuboid&) { return std::nullopt; }
std::optional<geometry::Rect> bounds_of(const Tag&) { return std::nullopt; }
std::optional<geometry::Rect> bounds_of(const ImageCuboid& cuboid) {
  return bounds_of(cuboid.points);
}

geometry::Ring ellipse_ring(const Ellipse& e) {
  constexpr int kCorners = 64;
  geometry::Ring out;
  for (int i = 0; i < kCorners; ++i) {
    const auto [sine, cosine] = geometry::sine_cosine(360.0 / kCorners * i);
    out.push_back(geometry::rotated({e.cx + e.rx * cosine, e.cy + e.ry * sine}, {e.cx, e.cy},
                                    e.rotation.value_or(0)));
  }
  return out;
}

}  // namespace

void check_shape(json::Reader& reader, const Shape& shape) {
  Checker checker(reader);
  std::visit([&](const auto& s) { checker(s); }, shape);
}

void assign_keys(Shape& shape) {
  std::size_t total = 0;
  bool missing = false;
  std::set<std::string> used;
  for_each_ring(shape, [&](std::vector<Point>& points, Keys& keys, std::size_t) {
    total += points.size();
    missing |= keys.empty() && !points.empty();
    used.insert(keys.begin(), keys.end());
  });
  if (!missing) return;
  const std::vector<std::string> spread = spread_keys(total);
  std::size_t at = 0;
  for_each_ring(shape, [&](std::vector<Point>& points, Keys& keys, std::size_t) {
    const std::size_t first = at;
    at += points.size();
    if (!keys.empty()) return;
    for (std::size_t i = first; i < at; ++i) {
      std::string key = spread[i];
      while (!used.insert(key).second) key += 'V';
      keys.push_back(std::move(key));
    }
  });
}

std::optional<geometry::Rect> shape_bounds(const Shape& shape) {
  return std::visit([](const auto& s) { return bounds_of(s); }, shape);
}

std::vector<raster::Part> outline(const Shape& shape) {
  if (const auto* box = std::get_if<Box>(&shape)) {
    return {{geometry::corners(box->rect(), box->rotation.value_or(0)), {}}};
  }
  if (const auto* ellipse = std::get_if<Ellipse>(&shape)) return {{ellipse_ring(*ellipse), {}}};
  std::vector<raster::Part> out;
  if (const auto* polygon = std::get_if<Polygon>(&shape)) {
    for (const PolygonPart& part : polygon->parts) out.push_back({part.points, part.holes});
  }
  return out;
}

std::optional<raster::Rle> to_rle(const Shape& shape, std::uint32_t height, std::uint32_t width) {
  if (const auto* mask = std::get_if<MaskShape>(&shape)) {
    if (mask->rle.height != height || mask->rle.width != width) {
      throw invalid("rle_size", "The mask does not have the size of its image.");
    }
    return mask->rle;
  }
  const std::vector<raster::Part> parts = outline(shape);
  if (parts.empty()) return std::nullopt;
  return raster::fill(parts, height, width);
}

Polygon polygon_of(const std::vector<raster::Part>& parts) {
  Shape shape = Polygon{};
  Polygon& polygon = std::get<Polygon>(shape);
  for (const raster::Part& part : parts) {
    PolygonPart out{part.outer, {}, part.holes, {}};
    out.hole_keys.resize(out.holes.size());
    polygon.parts.push_back(std::move(out));
  }
  assign_keys(shape);
  return std::move(std::get<Polygon>(shape));
}

}  // namespace aa::document
