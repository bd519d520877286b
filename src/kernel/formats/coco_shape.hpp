// Between our shapes and COCO's members segmentation, bbox, area, keypoints and num_keypoints.
//
// Thread rule: pure functions. Errors: NativeReader throws CocoProblem with the member's name.
#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "kernel/document/shape.hpp"

namespace aa::formats {

// Why one item cannot be taken; `where` is below the item ("/segmentation/0").
struct CocoProblem : std::runtime_error {
  CocoProblem(std::string at, const std::string& detail)
      : std::runtime_error(detail), where(std::move(at)) {}
  std::string where;
};

struct NativeShape {
  std::optional<json::Value> segmentation;
  std::optional<json::Value> keypoints;
  std::optional<json::Value> bbox;  // [x, y, width, height]
  double area = 0;
};

// What COCO can say about a shape; `names` are the keypoints of its category.
NativeShape native_of(const document::Shape& shape, std::uint32_t width, std::uint32_t height,
                      std::span<const std::string> names);

// The shape that COCO's members say. `item` is the annotation as it stands in the file.
document::Shape shape_of(const json::Object& item, std::uint32_t width, std::uint32_t height,
                         std::span<const std::string> names);

std::optional<geometry::Rect> read_bbox(const json::Object& item);
// Equal, numbers by value whatever their kind.
bool same_value(const json::Value& a, const json::Value& b);

}  // namespace aa::formats
