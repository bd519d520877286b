// The labels of a project, and whether an annotation fits them.
//
// Thread rule: values; pure functions. Errors: problems with RFC 6901 pointers into the annotation
// or into the list of labels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "kernel/document/annotation.hpp"

namespace aa::document {

// `any` takes every shape. polygon and mask both take polygons and masks: they are two ways to
// write a region.
enum class LabelKind { any, box, polygon, polyline, points, mask, skeleton, ellipse, cuboid, tag };
BOOST_DESCRIBE_ENUM(LabelKind, any, box, polygon, polyline, points, mask, skeleton, ellipse, cuboid,
                    tag)

// select and radio: one of `options`. checkbox: true or false, or a list of options when there are
// any. number: within min and max. text: at most `max` bytes when given.
enum class AttributeKind { select, radio, checkbox, number, text };
BOOST_DESCRIBE_ENUM(AttributeKind, select, radio, checkbox, number, text)

struct LabelAttribute {
  std::string name;
  AttributeKind kind = AttributeKind::text;
  std::optional<std::vector<std::string>> options;
  std::optional<bool> required;
  std::optional<json::Value> default_value;
  std::optional<double> min;
  std::optional<double> max;
  std::optional<bool> per_frame;  // of a track: may differ from frame to frame
  bool operator==(const LabelAttribute&) const = default;
};
BOOST_DESCRIBE_STRUCT(LabelAttribute, (),
                      (name, kind, options, required, default_value, min, max, per_frame))
constexpr auto field_rules(const LabelAttribute*) {
  return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 100},
                    json::Field{.name = "options", .min_items = 1, .max_items = 500}};
}

// Points of a skeleton by name, and the pairs of them to be drawn as bones.
struct SkeletonTemplate {
  std::vector<std::string> points;
  std::vector<std::array<int, 2>> edges;
  // Where each point stands in a fresh skeleton, in the unit square; absent: evenly on a circle.
  std::optional<std::vector<geometry::Point>> positions;
  bool operator==(const SkeletonTemplate&) const = default;
};
BOOST_DESCRIBE_STRUCT(SkeletonTemplate, (), (points, edges, positions))
constexpr auto field_rules(const SkeletonTemplate*) {
  return std::array{json::Field{.name = "points", .min_items = 1, .max_items = 1000},
                    json::Field{.name = "edges", .max_items = 10'000, .optional = true},
                    json::Field{.name = "positions", .max_items = 1000}};
}

struct Label {
  LabelId id;
  std::string name;
  std::string color = "#5b8cff";  // #rrggbb
  LabelKind kind = LabelKind::any;
  std::vector<LabelAttribute> attributes;
  std::optional<SkeletonTemplate> skeleton;
  bool operator==(const Label&) const = default;
};
BOOST_DESCRIBE_STRUCT(Label, (), (id, name, color, kind, attributes, skeleton))
constexpr auto field_rules(const Label*) {
  using json::Field;
  return std::array{
      Field{.name = "name", .min_length = 1, .max_length = 200},
      Field{.name = "color", .min_length = 7, .max_length = 7, .optional = true},
      Field{.name = "kind", .optional = true},
      Field{.name = "attributes", .max_items = limits::kAttributesPerObject, .optional = true}};
}

struct LabelSchema {
  std::vector<Label> labels;

  const Label* find(const LabelId& id) const;
  // The label that a name from elsewhere (a file's category, a model's class) means: the one of
  // exactly this name, or else the only one that differs in the case of ASCII letters. Where two
  // labels differ in case alone, neither is guessed. The one rule for imports and models.
  const Label* find_name(std::string_view name) const;
  bool operator==(const LabelSchema&) const = default;
};
BOOST_DESCRIBE_STRUCT(LabelSchema, (), (labels))
constexpr auto field_rules(const LabelSchema*) {
  return std::array{json::Field{.name = "labels", .max_items = 10'000}};
}

// In lower case, ASCII letters alone.
std::string folded_case(std::string_view text);

struct AssetExtent {
  std::uint32_t width = 0;  // 0 x 0: no picture (a point cloud); masks are refused then
  std::uint32_t height = 0;
  std::optional<std::int64_t> frames;
};

// Is the schema itself sound: names unique, colours readable, options where they are needed,
// defaults that fit. Pointers start at the list of labels ("/0/attributes/1/options").
std::vector<ErrorDetail> check_labels(const std::vector<Label>& labels);

// Does the annotation hold against the labels and the asset? Structure is checked again, so shapes
// made in C++ may come here directly. With `complete`, required attributes must be there.
std::vector<ErrorDetail> validate(const Annotation& annotation, const LabelSchema& schema,
                                  const AssetExtent& asset, bool complete = false);

// Adds the default values of attributes that are absent.
void fill_defaults(Annotation& annotation, const LabelSchema& schema);

bool takes(LabelKind kind, ShapeType type);

}  // namespace aa::document
