// The shapes of annotations, as contract.md writes them in JSON.
//
// Units: pixels of the upright image; rotation in degrees, clockwise, about the centre; a cuboid is
// in metres with a unit quaternion. Coordinates are kept exactly as given.
// Vertex keys name vertices: 1 to 64 characters of 0-9 A-Z a-z _ -, unique within the shape, never
// renamed. Reading assigns keys where they are absent (vertex_keys.hpp), so in memory every point
// of a polygon, polyline or point set has one, holes included.
// Limits: limits::kShapePoints points, limits::kShapeParts parts and holes, limits::kCoordinate.
// Thread rule: values. Errors: problems with pointers through json::Reader.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "kernel/geometry/geometry.hpp"
#include "kernel/raster/contour.hpp"
#include "kernel/raster/rle.hpp"

namespace aa::document {

using geometry::Point;
using Keys = std::vector<std::string>;

namespace detail {
constexpr json::Field coordinate(std::string_view name) {
  return {.name = name, .min = -limits::kCoordinate, .max = limits::kCoordinate};
}
constexpr json::Field extent(std::string_view name) {
  return {.name = name, .min = 0, .max = limits::kCoordinate};
}
constexpr json::Field points(std::size_t min) {
  return {.name = "points", .min_items = min, .max_items = limits::kShapePoints};
}
constexpr json::Field keys(std::string_view name = "keys") {
  return {.name = name, .max_items = limits::kShapePoints, .optional = true};
}
}  // namespace detail

struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  std::optional<double> rotation;
  geometry::Rect rect() const { return {x, y, x + width, y + height}; }  // before rotation
  bool operator==(const Box&) const = default;
};
BOOST_DESCRIBE_STRUCT(Box, (), (x, y, width, height, rotation))
constexpr auto field_rules(const Box*) {
  return std::array{detail::coordinate("x"), detail::coordinate("y"), detail::extent("width"),
                    detail::extent("height"), detail::coordinate("rotation")};
}

struct PolygonPart {
  std::vector<Point> points;
  Keys keys;
  std::vector<std::vector<Point>> holes;
  std::vector<Keys> hole_keys;
  bool operator==(const PolygonPart&) const = default;
};
BOOST_DESCRIBE_STRUCT(PolygonPart, (), (points, keys, holes, hole_keys))
constexpr auto field_rules(const PolygonPart*) {
  return std::array{
      detail::points(3), detail::keys(),
      json::Field{.name = "holes", .max_items = limits::kShapeParts, .optional = true},
      json::Field{.name = "hole_keys", .max_items = limits::kShapeParts, .optional = true}};
}

struct Polygon {
  std::vector<PolygonPart> parts;
  bool operator==(const Polygon&) const = default;
};
BOOST_DESCRIBE_STRUCT(Polygon, (), (parts))
constexpr auto field_rules(const Polygon*) {
  return std::array{json::Field{.name = "parts", .min_items = 1, .max_items = limits::kShapeParts}};
}

struct Polyline {
  std::vector<Point> points;
  Keys keys;
  bool operator==(const Polyline&) const = default;
};
BOOST_DESCRIBE_STRUCT(Polyline, (), (points, keys))
constexpr auto field_rules(const Polyline*) {
  return std::array{detail::points(2), detail::keys()};
}

struct PointSet {
  std::vector<Point> points;
  Keys keys;
  bool operator==(const PointSet&) const = default;
};
BOOST_DESCRIBE_STRUCT(PointSet, (), (points, keys))
constexpr auto field_rules(const PointSet*) {
  return std::array{detail::points(1), detail::keys()};
}

struct MaskShape {
  raster::Rle rle;
  bool operator==(const MaskShape&) const = default;
};
BOOST_DESCRIBE_STRUCT(MaskShape, (), (rle))

struct SkeletonPoint {
  std::string name;
  double x = 0;
  double y = 0;
  int visibility = 2;  // as COCO: 0 not labelled, 1 hidden, 2 visible
  bool operator==(const SkeletonPoint&) const = default;
};
BOOST_DESCRIBE_STRUCT(SkeletonPoint, (), (name, x, y, visibility))
constexpr auto field_rules(const SkeletonPoint*) {
  return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 100},
                    detail::coordinate("x"), detail::coordinate("y"),
                    json::Field{.name = "visibility", .min = 0, .max = 2, .optional = true}};
}

struct Skeleton {
  std::vector<SkeletonPoint> points;
  bool operator==(const Skeleton&) const = default;
};
BOOST_DESCRIBE_STRUCT(Skeleton, (), (points))
constexpr auto field_rules(const Skeleton*) {
  return std::array{json::Field{.name = "points", .min_items = 1, .max_items = 1000}};
}

struct Ellipse {
  double cx = 0;
  double cy = 0;
  double rx = 0;
  double ry = 0;
  std::optional<double> rotation;
  bool operator==(const Ellipse&) const = default;
};
BOOST_DESCRIBE_STRUCT(Ellipse, (), (cx, cy, rx, ry, rotation))
constexpr auto field_rules(const Ellipse*) {
  return std::array{detail::coordinate("cx"), detail::coordinate("cy"), detail::extent("rx"),
                    detail::extent("ry"), detail::coordinate("rotation")};
}

struct Cuboid {
  std::array<double, 3> center{};
  std::array<double, 3> size{};
  std::array<double, 4> rotation{0, 0, 0, 1};
  bool operator==(const Cuboid&) const = default;
};
BOOST_DESCRIBE_STRUCT(Cuboid, (), (center, size, rotation))

// A cuboid as it is seen in a picture: its eight corners in pixels, the front face clockwise from
// the top left, then the back face in the same order (CVAT's image cuboid has the same corners).
struct ImageCuboid {
  std::vector<Point> points;
  bool operator==(const ImageCuboid&) const = default;
};
BOOST_DESCRIBE_STRUCT(ImageCuboid, (), (points))
inline constexpr std::size_t kImageCuboidCorners = 8;
constexpr auto field_rules(const ImageCuboid*) {
  return std::array{json::Field{
      .name = "points", .min_items = kImageCuboidCorners, .max_items = kImageCuboidCorners}};
}

struct Tag {
  bool operator==(const Tag&) const = default;
};
BOOST_DESCRIBE_STRUCT(Tag, (), ())

// In the order of ShapeType.
using Shape = std::variant<Box, Polygon, Polyline, PointSet, MaskShape, Skeleton, Ellipse, Cuboid,
                           Tag, ImageCuboid>;

enum class ShapeType {
  box,
  polygon,
  polyline,
  points,
  mask,
  skeleton,
  ellipse,
  cuboid,
  tag,
  cuboid_2d
};
BOOST_DESCRIBE_ENUM(ShapeType, box, polygon, polyline, points, mask, skeleton, ellipse, cuboid, tag,
                    cuboid_2d)

inline ShapeType shape_type(const Shape& shape) { return static_cast<ShapeType>(shape.index()); }
std::string_view to_string(ShapeType type);

// Structure only: finite, in range, counts, keys unique, RLE fills its size. Problems go to the
// reader below the place where it stands.
void check_shape(json::Reader& reader, const Shape& shape);

// Gives keys to every vertex that lacks one. Keys that are there stay.
void assign_keys(Shape& shape);

// Around everything, rotation included; nullopt for a tag, a cuboid in metres, and what has no
// extent at all (no points, an empty mask).
std::optional<geometry::Rect> shape_bounds(const Shape& shape);

// Outlines of a polygon, box or ellipse (as 64 corners) for raster::fill; empty for other shapes.
std::vector<raster::Part> outline(const Shape& shape);
// The pixels of a polygon, box, ellipse or mask; nullopt for shapes without area.
// Throws Error as raster::fill does, and when a mask has another size.
std::optional<raster::Rle> to_rle(const Shape& shape, std::uint32_t height, std::uint32_t width);

Polygon polygon_of(const std::vector<raster::Part>& parts);  // with keys

}  // namespace aa::document

namespace aa::json {

template <>
struct Codec<geometry::Point> {  // [x, y]
  static void read(Reader& reader, const Value& value, const Field&, geometry::Point& out);
  static void write(std::string& out, const geometry::Point& value);
  static Value schema(Schemas&, const Field&);
};
template <>
struct Codec<raster::Rle> {  // {"size": [h, w], "counts": compressed text or list of runs}
  static void read(Reader& reader, const Value& value, const Field&, raster::Rle& out);
  static void write(std::string& out, const raster::Rle& value);
  static Value schema(Schemas&, const Field&);
};
template <>
struct Codec<document::PolygonPart> {
  static void read(Reader& reader, const Value& value, const Field&, document::PolygonPart& out);
  static void write(std::string& out, const document::PolygonPart& value);
  static Value schema(Schemas& schemas, const Field&);
};
template <>
struct Codec<document::Shape> {
  static void read(Reader& reader, const Value& value, const Field&, document::Shape& out);
  static void write(std::string& out, const document::Shape& value);
  static Value schema(Schemas& schemas, const Field&);
};

}  // namespace aa::json
