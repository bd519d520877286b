// Writes of the whole, of a shape or of all attributes, and what other changes make of them.
// Internal to kernel/ot.
//
// Thread rule: pure functions. Errors: none; nullopt where the document would refuse.
#pragma once

#include <optional>

#include "kernel/ot/ot.hpp"

namespace aa::ot {

using document::Annotation;
using document::EditText;
using document::SetField;
using document::Shape;

std::optional<Annotation> after(const Annotation& annotation, const Change& change);
std::optional<Shape> after(const Shape& shape, const Change& change);
std::optional<json::Object> after(const json::Object& attributes, const Change& change);

json::Value value_of(const Shape& shape);
inline json::Value value_of(const json::Object& attributes) { return attributes; }

// A `set` of a shape.
struct WrittenShape {
  Shape value;
  std::optional<Shape> prev;
  bool keyed = true;  // vertices came with names, without which none is the same as another's
};
std::optional<WrittenShape> written_shape(const SetField& set);
// `set` as it becomes where `earlier` stands, not what its author saw: R5.
SetField rebased(const SetField& set, const Shape& earlier);

// A `set` of all attributes.
struct WrittenAttributes {
  json::Object value;
  std::optional<json::Object> prev;
  bool keeps(std::string_view name) const;  // the author left this attribute as he saw it
};
std::optional<WrittenAttributes> written_attributes(const SetField& set);
SetField rebased(const SetField& set, const json::Object& earlier);  // R10

}  // namespace aa::ot
