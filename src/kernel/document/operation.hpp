// Operations: the only way a document changes. The log of an asset is a list of them, and its
// annotations are their fold (document.hpp).
//
// JSON: {"id": UUIDv7 made by the client, "op": name, "step"?, "undoes"?, members of the change}.
// Fields of `set`: label_id, shape, attributes, attributes.NAME, score, source, model_version,
// track_id, frame, z, group; null clears an optional one and removes an attribute.
// `prev`, what the client saw before, has no effect here; kernel/ot merges by it.
// `step` names the gesture that the operation belongs to, `undoes` the step that it takes back.
// Thread rule: values. Errors: reading gives Error(invalid_argument, "invalid_operation") with
// pointers; unknown op, field and member included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/id.hpp"
#include "base/json.hpp"
#include "kernel/document/annotation.hpp"
#include "kernel/document/text_edit.hpp"
#include "kernel/document/vertex_keys.hpp"

namespace aa::document {

// Makes or replaces an annotation whole.
struct Put {
  Annotation annotation;
  bool operator==(const Put&) const = default;
};
BOOST_DESCRIBE_STRUCT(Put, (), (annotation))

struct SetField {
  AnnotationId target;
  std::string field;
  json::Value value;
  std::optional<json::Value> prev;
  bool operator==(const SetField&) const = default;
};
BOOST_DESCRIBE_STRUCT(SetField, (), (target, field, value, prev))
constexpr auto field_rules(const SetField*) {
  return std::array{json::Field{.name = "field", .min_length = 1, .max_length = 200}};
}

struct Delete {
  AnnotationId target;
  bool operator==(const Delete&) const = default;
};
BOOST_DESCRIBE_STRUCT(Delete, (), (target))

// Into part `part` of a polygon (`ring` 0 or absent is its outline, n its n-th hole); a polyline
// and a point set have one part. `after` null is the beginning. Place: see document.hpp.
struct VertexInsert {
  AnnotationId target;
  int part = 0;
  std::optional<int> ring;
  std::optional<std::string> after;
  std::string key;
  double x = 0;
  double y = 0;
  bool operator==(const VertexInsert&) const = default;
};
BOOST_DESCRIBE_STRUCT(VertexInsert, (), (target, part, ring, after, key, x, y))
constexpr auto field_rules(const VertexInsert*) {
  using json::Field;
  constexpr double kMax = limits::kCoordinate;
  return std::array{Field{.name = "part", .min = 0, .max = limits::kShapeParts, .optional = true},
                    Field{.name = "ring", .min = 0, .max = limits::kShapeParts},
                    Field{.name = "after", .min_length = 1, .max_length = kKeyLengthMax},
                    Field{.name = "key", .min_length = 1, .max_length = kKeyLengthMax},
                    Field{.name = "x", .min = -kMax, .max = kMax},
                    Field{.name = "y", .min = -kMax, .max = kMax}};
}

// For a skeleton, `key` is the name of its point.
struct VertexSet {
  AnnotationId target;
  std::string key;
  double x = 0;
  double y = 0;
  bool operator==(const VertexSet&) const = default;
};
BOOST_DESCRIBE_STRUCT(VertexSet, (), (target, key, x, y))
constexpr auto field_rules(const VertexSet*) {
  using json::Field;
  constexpr double kMax = limits::kCoordinate;
  return std::array{Field{.name = "key", .min_length = 1, .max_length = 200},
                    Field{.name = "x", .min = -kMax, .max = kMax},
                    Field{.name = "y", .min = -kMax, .max = kMax}};
}

struct VertexDelete {
  AnnotationId target;
  std::string key;
  bool operator==(const VertexDelete&) const = default;
};
BOOST_DESCRIBE_STRUCT(VertexDelete, (), (target, key))
constexpr auto field_rules(const VertexDelete*) {
  return std::array{json::Field{.name = "key", .min_length = 1, .max_length = kKeyLengthMax}};
}

enum class PaintMode { add, erase };
BOOST_DESCRIBE_ENUM(PaintMode, add, erase)

struct MaskPaint {
  AnnotationId target;
  PaintMode mode = PaintMode::add;
  raster::Rle rle;
  bool operator==(const MaskPaint&) const = default;
};
BOOST_DESCRIBE_STRUCT(MaskPaint, (), (target, mode, rle))

struct KeyframePut {
  AnnotationId target;
  std::int64_t frame = 0;
  Shape shape;
  std::optional<bool> outside;
  bool operator==(const KeyframePut&) const = default;
};
BOOST_DESCRIBE_STRUCT(KeyframePut, (), (target, frame, shape, outside))
constexpr auto field_rules(const KeyframePut*) {
  return std::array{json::Field{.name = "frame", .min = 0, .max = kFrameMax}};
}

struct KeyframeDelete {
  AnnotationId target;
  std::int64_t frame = 0;
  bool operator==(const KeyframeDelete&) const = default;
};
BOOST_DESCRIBE_STRUCT(KeyframeDelete, (), (target, frame))
constexpr auto field_rules(const KeyframeDelete*) {
  return std::array{json::Field{.name = "frame", .min = 0, .max = kFrameMax}};
}

// `z` absent or null: back to the bottom, without a place of its own.
struct Reorder {
  AnnotationId target;
  std::optional<std::string> z;
  bool operator==(const Reorder&) const = default;
};
BOOST_DESCRIBE_STRUCT(Reorder, (), (target, z))
constexpr auto field_rules(const Reorder*) {
  return std::array{json::Field{.name = "z", .min_length = 1, .max_length = 64}};
}

// Of an attribute that holds a text, or is absent: an absent one counts as empty, and one that
// becomes empty is removed.
struct EditText {
  AnnotationId target;
  std::string field;  // "attributes.NAME"
  TextEdit edit;
  bool operator==(const EditText&) const = default;
};
BOOST_DESCRIBE_STRUCT(EditText, (), (target, field, edit))
constexpr auto field_rules(const EditText*) {
  return std::array{json::Field{.name = "field", .min_length = 1, .max_length = 200}};
}

using Change = std::variant<Put, SetField, Delete, VertexInsert, VertexSet, VertexDelete, MaskPaint,
                            KeyframePut, KeyframeDelete, Reorder, EditText>;

struct Operation {
  OperationId id;
  Change change;
  std::optional<StepId> step;
  std::optional<StepId> undoes;
  bool operator==(const Operation&) const = default;
};

std::string_view op_name(const Change& change);  // "put", "vertex_insert", ...
AnnotationId target_of(const Change& change);

Operation read_operation(const json::Value& value);
Operation read_operation(std::string_view text);
std::string write_operation(const Operation& operation);
// The change under an empty id, which the caller fills when sending it.
std::string write_change(const Change& change);

// NAME of "attributes.NAME"; nullopt for any other field.
std::optional<std::string> attribute_name(std::string_view field);
// In the order of their names, so that the order of writing them leaves no trace.
void sort_members(json::Object& object);
// Sets one field of an annotation from JSON; problems go to the reader at /field and /value.
void set_field(json::Reader& reader, const std::string& field, const json::Value& value,
               Annotation& annotation);
// The present value of a field as `set` would take it: null when absent.
json::Value field_value(const Annotation& annotation, const std::string& field);

}  // namespace aa::document

namespace aa::json {
template <>
struct Codec<document::Operation> {
  static void read(Reader& reader, const Value& value, const Field&, document::Operation& out);
  static void write(std::string& out, const document::Operation& value);
  static Value schema(Schemas& schemas, const Field&);
};
}  // namespace aa::json
