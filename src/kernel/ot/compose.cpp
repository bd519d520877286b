#include "base/error.hpp"
#include "kernel/ot/text.hpp"
#include "kernel/ot/written.hpp"

namespace aa::ot {
namespace {

using document::Delete;
using document::KeyframeDelete;
using document::KeyframePut;
using document::MaskPaint;
using document::Put;
using document::Reorder;
using document::VertexDelete;
using document::VertexInsert;
using document::VertexSet;
using Composed = std::optional<Change>;

// By kinds; what stands in no line here has no composition.
Composed both(const VertexSet& a, const VertexSet& b) {
  return a.key == b.key ? Composed(b) : std::nullopt;
}
Composed both(const VertexSet& a, const VertexDelete& b) {
  return a.key == b.key ? Composed(b) : std::nullopt;
}
Composed both(const VertexInsert& a, const VertexSet& b) {
  if (a.key != b.key) return std::nullopt;
  VertexInsert out = a;
  out.x = b.x;
  out.y = b.y;
  return out;
}
Composed both(const MaskPaint& a, const MaskPaint& b) {
  if (a.mode != b.mode || a.rle.height != b.rle.height || a.rle.width != b.rle.width) {
    return std::nullopt;
  }
  try {
    return MaskPaint{a.target, a.mode, raster::merge(a.rle, b.rle, raster::MergeMode::unite)};
  } catch (const Error&) {  // more runs than a mask may have
    return std::nullopt;
  }
}
Composed both(const KeyframePut& a, const KeyframePut& b) {
  return a.frame == b.frame ? Composed(b) : std::nullopt;
}
Composed both(const KeyframeDelete& a, const KeyframePut& b) {
  return a.frame == b.frame ? Composed(b) : std::nullopt;
}
Composed both(const Reorder&, const Reorder& b) { return b; }
Composed both(const Reorder&, const SetField& b) {
  return b.field == "z" ? Composed(b) : std::nullopt;
}
Composed both(const SetField& a, const Reorder& b) {
  return a.field == "z" ? Composed(b) : std::nullopt;
}
Composed both(const EditText& a, const EditText& b) {
  if (a.field != b.field) return std::nullopt;
  return EditText{a.target, a.field, compose_text(a.edit, b.edit)};
}
Composed both(const SetField& a, const SetField& b) {
  if (a.field == b.field) return SetField{b.target, b.field, b.value, a.prev};
  return std::nullopt;
}

// A change of a part of what was written whole just before.
Composed into_shape(const SetField& write, const Change& second) {
  const auto written = written_shape(write);
  const auto shape = written ? after(written->value, second) : std::nullopt;
  if (!shape) return std::nullopt;
  return SetField{write.target, write.field, value_of(*shape), write.prev};
}

Composed into_text(const SetField& write, const EditText& second) {
  Annotation scratch;
  scratch.id = write.target;
  const auto before = after(scratch, write);
  const auto edited = before ? after(*before, second) : std::nullopt;
  if (!edited) return std::nullopt;
  return SetField{write.target, write.field, document::field_value(*edited, write.field),
                  write.prev};
}

bool is_of_attribute(const Change& change) {
  if (std::holds_alternative<EditText>(change)) return true;
  const auto* set = std::get_if<SetField>(&change);
  return set != nullptr && document::attribute_name(set->field).has_value();
}

Composed into_attributes(const SetField& write, const Change& second) {
  const auto written = written_attributes(write);
  const auto attributes = written ? after(written->value, second) : std::nullopt;
  if (!attributes) return std::nullopt;
  return SetField{write.target, write.field, *attributes, write.prev};
}

bool is_of_shape(const Change& change) {
  return std::holds_alternative<VertexInsert>(change) ||
         std::holds_alternative<VertexSet>(change) ||
         std::holds_alternative<VertexDelete>(change) || std::holds_alternative<MaskPaint>(change);
}

}  // namespace

std::optional<Change> compose(const Change& first, const Change& second) {
  if (document::target_of(first) != document::target_of(second)) return std::nullopt;
  if (std::holds_alternative<Put>(second) || std::holds_alternative<Delete>(second)) return second;
  if (const auto* put = std::get_if<Put>(&first)) {
    auto annotation = after(put->annotation, second);
    if (!annotation) return std::nullopt;
    return Put{std::move(*annotation)};
  }
  if (const auto* write = std::get_if<SetField>(&first)) {
    if (write->field == "shape" && is_of_shape(second)) return into_shape(*write, second);
    if (write->field == "attributes" && is_of_attribute(second)) {
      return into_attributes(*write, second);
    }
    const auto* edit = std::get_if<EditText>(&second);
    if (edit != nullptr && edit->field == write->field) return into_text(*write, *edit);
  }
  return std::visit(
      [](const auto& a, const auto& b) -> Composed {
        if constexpr (requires { both(a, b); }) return both(a, b);
        return std::nullopt;
      },
      first, second);
}

}  // namespace aa::ot
