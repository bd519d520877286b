#include "kernel/ot/written.hpp"

#include "kernel/ot/merge_shape.hpp"

namespace aa::ot {
namespace {

std::optional<Shape> read_shape(const json::Value& value) {
  json::Reader reader;
  Shape out;
  json::read_into(reader, value, json::kNoRule, out);
  if (reader.failed()) return std::nullopt;
  return out;
}

bool has_keys(const json::Object& ring_owner) {
  const auto* holes = ring_owner.if_contains("holes");
  const bool has_holes = holes != nullptr && holes->is_array() && !holes->get_array().empty();
  return ring_owner.contains("keys") && (!has_holes || ring_owner.contains("hole_keys"));
}

bool names_its_vertices(const json::Value& value) {
  const json::Object* shape = value.if_object();
  if (shape == nullptr) return false;
  const json::Value* type = shape->if_contains("type");
  if (type != nullptr && *type == "skeleton") return true;
  const json::Value* parts = shape->if_contains("parts");
  if (parts == nullptr) return !shape->contains("points") || has_keys(*shape);
  const json::Array* list = parts->if_array();
  return list != nullptr && std::all_of(list->begin(), list->end(), [](const json::Value& part) {
           return part.is_object() && has_keys(part.get_object());
         });
}

bool is_same(const json::Value* a, const json::Value* b) {
  return a == nullptr || b == nullptr ? a == b : *a == *b;
}

json::Object merge_attributes(const json::Object& base, const json::Object& earlier,
                              const json::Object& later) {
  json::Object out;
  const auto take = [&](const json::Object& from, bool changed_later) {
    for (const auto& member : from) {
      const auto name = member.key();
      const bool changed = !is_same(base.if_contains(name), later.if_contains(name));
      if (changed == changed_later) out.emplace(name, member.value());
    }
  };
  take(earlier, false);
  take(later, true);
  document::sort_members(out);
  return out;
}

}  // namespace

std::optional<Annotation> after(const Annotation& annotation, const Change& change) {
  document::Document scratch;
  scratch.apply(document::Put{annotation});
  if (!scratch.apply(change).ok) return std::nullopt;
  const Annotation* result = scratch.find(annotation.id);
  if (result == nullptr) return std::nullopt;
  Annotation out = *result;
  out.revision = annotation.revision;
  return out;
}

std::optional<Shape> after(const Shape& shape, const Change& change) {
  Annotation annotation;
  annotation.id = document::target_of(change);
  annotation.shape = shape;
  auto out = after(annotation, change);
  if (!out) return std::nullopt;
  return std::move(out->shape);
}

std::optional<json::Object> after(const json::Object& attributes, const Change& change) {
  Annotation annotation;
  annotation.id = document::target_of(change);
  annotation.attributes = attributes;
  auto out = after(annotation, change);
  if (!out) return std::nullopt;
  return std::move(out->attributes);
}

json::Value value_of(const Shape& shape) { return json::parse(json::write(shape)); }

std::optional<WrittenShape> written_shape(const SetField& set) {
  auto value = read_shape(set.value);
  if (!value) return std::nullopt;
  WrittenShape out{std::move(*value), {}, names_its_vertices(set.value)};
  if (out.keyed && set.prev && names_its_vertices(*set.prev)) out.prev = read_shape(*set.prev);
  return out;
}

SetField rebased(const SetField& set, const Shape& earlier) {
  SetField out = set;
  auto written = written_shape(set);
  if (!written || !written->prev) return out;
  if (auto merged = merge_shapes(std::move(*written->prev), earlier, std::move(written->value))) {
    out.value = value_of(*merged);
  }
  out.prev = value_of(earlier);
  return out;
}

bool WrittenAttributes::keeps(std::string_view name) const {
  return prev && is_same(prev->if_contains(name), value.if_contains(name));
}

std::optional<WrittenAttributes> written_attributes(const SetField& set) {
  const json::Object* value = set.value.if_object();
  if (value == nullptr) return std::nullopt;
  WrittenAttributes out{*value, {}};
  if (set.prev && set.prev->is_object()) out.prev = set.prev->get_object();
  return out;
}

SetField rebased(const SetField& set, const json::Object& earlier) {
  SetField out = set;
  const auto written = written_attributes(set);
  if (!written || !written->prev) return out;
  json::Object merged = merge_attributes(*written->prev, earlier, written->value);
  if (merged.size() <= limits::kAttributesPerObject) out.value = std::move(merged);
  out.prev = earlier;
  return out;
}

}  // namespace aa::ot
