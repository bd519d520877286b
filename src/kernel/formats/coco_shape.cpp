#include "kernel/formats/coco_shape.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "kernel/document/shape_rings.hpp"
#include "kernel/geometry/oriented_box.hpp"

namespace aa::formats {
namespace {

using document::Point;
using document::PolygonPart;
using document::Shape;
using json::Value;

double number_at(const Value& value, const std::string& where) {
  boost::json::error_code error;
  const double number = value.to_number<double>(error);
  if (!value.is_number() || error) throw CocoProblem(where, "must be a number");
  if (!std::isfinite(number)) throw CocoProblem(where, "must be a finite number");
  if (std::abs(number) > limits::kCoordinate) throw CocoProblem(where, "is out of range");
  return number;
}

Value flat(const std::vector<Point>& points) {
  json::Array out;
  out.reserve(points.size() * 2);
  for (const Point p : points) {
    out.emplace_back(p.x);
    out.emplace_back(p.y);
  }
  return out;
}

Value rle_value(const raster::Rle& rle) {
  return {{"size", {rle.height, rle.width}}, {"counts", raster::to_counts(rle)}};
}

double polygon_area(const document::Polygon& polygon) {
  double out = 0;
  for (const PolygonPart& part : polygon.parts) {
    out += std::abs(geometry::signed_area(part.points));
    for (const auto& hole : part.holes) out -= std::abs(geometry::signed_area(hole));
  }
  return std::max(out, 0.0);
}

void add_polygon(const document::Polygon& polygon, std::uint32_t width, std::uint32_t height,
                 NativeShape& out) {
  const bool holes = std::any_of(polygon.parts.begin(), polygon.parts.end(),
                                 [](const PolygonPart& part) { return !part.holes.empty(); });
  out.area = polygon_area(polygon);
  if (holes && width > 0 && height > 0) {
    out.segmentation = rle_value(raster::fill(document::outline(polygon), height, width));
    return;
  }
  json::Array parts;
  for (const PolygonPart& part : polygon.parts) parts.push_back(flat(part.points));
  out.segmentation = std::move(parts);
}

void add_mask(const document::MaskShape& mask, std::uint32_t width, std::uint32_t height,
              NativeShape& out) {
  if (width > 0 && (mask.rle.width != width || mask.rle.height != height)) {
    throw invalid("rle_size", "A mask does not have the size of its image.");
  }
  out.segmentation = rle_value(mask.rle);
  out.area = static_cast<double>(raster::area(mask.rle));
}

void add_silhouette(const document::ImageCuboid& cuboid, NativeShape& out) {
  const auto hull = geometry::convex_hull(cuboid.points);
  if (hull.size() < document::kPolygonPointsMin) return;
  out.segmentation = json::Array{flat(hull)};
  out.area = std::abs(geometry::signed_area(hull));
}

void add_keypoints(const document::Skeleton& skeleton, std::span<const std::string> names,
                   NativeShape& out) {
  if (names.empty()) return;
  json::Array flat_points;
  for (const std::string& name : names) {
    const auto found =
        std::find_if(skeleton.points.begin(), skeleton.points.end(),
                     [&](const document::SkeletonPoint& p) { return p.name == name; });
    const bool absent = found == skeleton.points.end();
    flat_points.emplace_back(absent ? 0.0 : found->x);
    flat_points.emplace_back(absent ? 0.0 : found->y);
    flat_points.emplace_back(absent ? 0 : found->visibility);
  }
  out.keypoints = std::move(flat_points);
}

PolygonPart part_of(const Value& value, const std::string& where) {
  const json::Array* numbers = value.if_array();
  if (numbers == nullptr) throw CocoProblem(where, "must be a list of numbers x, y, x, y, ...");
  if (numbers->size() % 2 != 0) throw CocoProblem(where, "has an odd number of coordinates");
  if (numbers->size() < 6) throw CocoProblem(where, "has fewer than three points");
  PolygonPart out;
  out.points.reserve(numbers->size() / 2);
  for (std::size_t i = 0; i < numbers->size(); i += 2) {
    out.points.push_back({number_at((*numbers)[i], where + "/" + std::to_string(i)),
                          number_at((*numbers)[i + 1], where + "/" + std::to_string(i + 1))});
  }
  return out;
}

Shape checked(Shape shape, const char* where) {
  document::assign_keys(shape);
  json::Reader reader;
  document::check_shape(reader, shape);
  try {
    reader.finish();
  } catch (const Error& error) {
    throw CocoProblem(where, error.message());
  }
  return shape;
}

Shape polygon_from(const json::Array& parts) {
  document::Polygon out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out.parts.push_back(part_of(parts[i], "/segmentation/" + std::to_string(i)));
  }
  return checked(std::move(out), "/segmentation");
}

Shape mask_from(const Value& value, std::uint32_t width, std::uint32_t height) {
  document::MaskShape out;
  try {
    out.rle = json::read<raster::Rle>(value);
  } catch (const Error& error) {
    throw CocoProblem("/segmentation", error.message());
  }
  if (width > 0 && (out.rle.width != width || out.rle.height != height)) {
    throw CocoProblem("/segmentation/size", "must be the image's height and width");
  }
  return out;
}

Shape skeleton_from(const json::Array& numbers, std::span<const std::string> names) {
  if (numbers.size() != names.size() * 3) {
    throw CocoProblem("/keypoints", "must have three numbers for each keypoint of the category");
  }
  document::Skeleton out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto at = [&](std::size_t k) {
      return number_at(numbers[3 * i + k], "/keypoints/" + std::to_string(3 * i + k));
    };
    const double visibility = at(2);
    if (visibility != 0 && visibility != 1 && visibility != 2) {
      throw CocoProblem("/keypoints/" + std::to_string(3 * i + 2), "must be 0, 1 or 2");
    }
    out.points.push_back({names[i], at(0), at(1), static_cast<int>(visibility)});
  }
  return checked(std::move(out), "/keypoints");
}

bool is_empty(const Value* value) {
  if (value == nullptr || value->is_null()) return true;
  const json::Array* array = value->if_array();
  return array != nullptr && array->empty();
}

}  // namespace

NativeShape native_of(const Shape& shape, std::uint32_t width, std::uint32_t height,
                      std::span<const std::string> names) {
  NativeShape out;
  const auto bounds = document::shape_bounds(shape);
  if (bounds) {
    out.bbox = json::Array{bounds->x0, bounds->y0, bounds->width(), bounds->height()};
    out.area = bounds->area();
  }
  if (const auto* polygon = std::get_if<document::Polygon>(&shape)) {
    add_polygon(*polygon, width, height, out);
  } else if (const auto* mask = std::get_if<document::MaskShape>(&shape)) {
    add_mask(*mask, width, height, out);
    if (!out.bbox) out.bbox = json::Array{0, 0, 0, 0};
  } else if (const auto* box = std::get_if<document::Box>(&shape)) {
    out.area = box->width * box->height;
    if (box->rotation.value_or(0) != 0) {
      out.segmentation = json::Array{flat(document::outline(shape)[0].outer)};
    } else {
      out.bbox = json::Array{box->x, box->y, box->width, box->height};
    }
  } else if (const auto* ellipse = std::get_if<document::Ellipse>(&shape)) {
    out.area = 3.14159265358979323846 * ellipse->rx * ellipse->ry;
    out.segmentation = json::Array{flat(document::outline(shape)[0].outer)};
  } else if (const auto* cuboid = std::get_if<document::ImageCuboid>(&shape)) {
    add_silhouette(*cuboid, out);
  } else if (const auto* skeleton = std::get_if<document::Skeleton>(&shape)) {
    add_keypoints(*skeleton, names, out);
  }
  return out;
}

std::optional<geometry::Rect> read_bbox(const json::Object& item) {
  const Value* value = item.if_contains("bbox");
  if (is_empty(value)) return std::nullopt;
  const json::Array* numbers = value->if_array();
  if (numbers == nullptr || numbers->size() != 4) {
    throw CocoProblem("/bbox", "must be [x, y, width, height]");
  }
  std::array<double, 4> box{};
  for (std::size_t i = 0; i < 4; ++i) {
    box[i] = number_at((*numbers)[i], "/bbox/" + std::to_string(i));
  }
  if (box[2] < 0 || box[3] < 0) throw CocoProblem("/bbox", "has a negative size");
  return geometry::Rect{box[0], box[1], box[0] + box[2], box[1] + box[3]};
}

Shape shape_of(const json::Object& item, std::uint32_t width, std::uint32_t height,
               std::span<const std::string> names) {
  const auto bbox = read_bbox(item);
  const Value* segmentation = item.if_contains("segmentation");
  if (!is_empty(segmentation)) {
    if (const json::Array* parts = segmentation->if_array()) return polygon_from(*parts);
    return mask_from(*segmentation, width, height);
  }
  const Value* keypoints = item.if_contains("keypoints");
  if (!is_empty(keypoints) && keypoints->is_array() && !names.empty()) {
    return skeleton_from(keypoints->get_array(), names);
  }
  if (!bbox) return document::Tag{};
  // The file's own numbers: x + width - x is not always width.
  const json::Array& numbers = item.at("bbox").as_array();
  return document::Box{
      bbox->x0, bbox->y0, numbers[2].to_number<double>(), numbers[3].to_number<double>(), {}};
}

bool same_value(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) {
    boost::json::error_code error;
    return a.to_number<double>(error) == b.to_number<double>(error);
  }
  if (a.is_array() && b.is_array()) {
    const json::Array& left = a.get_array();
    const json::Array& right = b.get_array();
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), same_value);
  }
  if (a.is_object() && b.is_object()) {
    const json::Object& left = a.get_object();
    const json::Object& right = b.get_object();
    return left.size() == right.size() &&
           std::all_of(left.begin(), left.end(), [&](const auto& member) {
             const Value* other = right.if_contains(member.key());
             return other != nullptr && same_value(member.value(), *other);
           });
  }
  return a == b;
}

}  // namespace aa::formats
