#include "kernel/document/operation.hpp"

#include "base/error.hpp"
#include "kernel/document/tagged_codec.hpp"

namespace aa::document {
namespace {

constexpr std::array<std::string_view, 11> kNames = {
    "put",        "set",          "del",          "vertex_insert", "vertex_set", "vertex_del",
    "mask_paint", "keyframe_put", "keyframe_del", "reorder",       "text_edit"};
static_assert(kNames.size() == std::variant_size_v<Change>);

// Calls visit(member of the annotation, its rule) for a settable field; false for any other.
template <class A, class Visit>
bool visit_field(A& annotation, std::string_view field, Visit visit) {
  static constexpr std::array<std::string_view, 11> kSettable = {
      "label_id", "shape", "attributes", "score", "source",   "model_version",
      "track_id", "frame", "z",          "group", "relations"};
  if (std::find(kSettable.begin(), kSettable.end(), field) == kSettable.end()) return false;
  boost::mp11::mp_for_each<json::Members<Annotation>>([&](auto d) {
    if (field == d.name) visit(annotation.*d.pointer, json::rule_of<Annotation>(d.name));
  });
  return true;
}

void check_keyframes(json::Reader& reader, const Annotation& annotation) {
  if (!annotation.keyframes) return;
  reader.enter("keyframes");
  for (std::size_t i = 1; i < annotation.keyframes->size(); ++i) {
    if ((*annotation.keyframes)[i - 1].frame < (*annotation.keyframes)[i].frame) continue;
    reader.enter(i);
    reader.problem("must come after the keyframe before it");
    reader.leave();
  }
  reader.leave();
}

void check_change(json::Reader& reader, const Put& put) {
  reader.enter("annotation");
  check_keyframes(reader, put.annotation);
  reader.leave();
}
void check_change(json::Reader& reader, const SetField& set) {
  Annotation scratch;
  set_field(reader, set.field, set.value, scratch);
}
void check_change(json::Reader& reader, const VertexInsert& insert) {
  if (is_vertex_key(insert.key)) return;
  reader.enter("key");
  reader.problem("must be of 0-9 A-Z a-z _ -");
  reader.leave();
}
void check_change(json::Reader& reader, const EditText& edit) {
  if (attribute_name(edit.field)) return;
  reader.enter("field");
  reader.problem("must be attributes.NAME");
  reader.leave();
}
template <class Other>
void check_change(json::Reader&, const Other&) {}

}  // namespace

std::optional<std::string> attribute_name(std::string_view field) {
  constexpr std::string_view kPrefix = "attributes.";
  if (field.size() <= kPrefix.size() || !field.starts_with(kPrefix)) return std::nullopt;
  return std::string(field.substr(kPrefix.size()));
}

void sort_members(json::Object& object) {
  std::vector<std::string> names;
  for (const auto& member : object) names.emplace_back(member.key());
  if (std::is_sorted(names.begin(), names.end())) return;
  std::sort(names.begin(), names.end());
  json::Object sorted;
  for (const std::string& name : names) sorted.emplace(name, std::move(object[name]));
  object = std::move(sorted);
}

std::string_view op_name(const Change& change) { return kNames.at(change.index()); }

AnnotationId target_of(const Change& change) {
  return std::visit(
      [](const auto& c) {
        if constexpr (requires { c.target; })
          return c.target;
        else
          return c.annotation.id;
      },
      change);
}

void set_field(json::Reader& reader, const std::string& field, const json::Value& value,
               Annotation& annotation) {
  reader.enter("value");
  if (const auto name = attribute_name(field)) {
    if (value.is_null())
      annotation.attributes.erase(*name);
    else
      json::read_into(reader, value, json::kNoRule, annotation.attributes[*name]);
    sort_members(annotation.attributes);
    reader.leave();
    return;
  }
  const bool known = visit_field(annotation, field, [&](auto& member, const json::Field& rule) {
    using Member = std::remove_cvref_t<decltype(member)>;
    Member fresh{};
    json::read_into(reader, value, rule, fresh);
    member = std::move(fresh);
  });
  reader.leave();
  if (known) return;
  reader.enter("field");
  reader.problem("is not a field that can be set");
  reader.leave();
}

json::Value field_value(const Annotation& annotation, const std::string& field) {
  if (const auto name = attribute_name(field)) {
    const auto* value = annotation.attributes.if_contains(*name);
    return value == nullptr ? json::Value() : *value;
  }
  json::Value out;
  visit_field(annotation, field, [&](const auto& member, const json::Field&) {
    out = json::parse(json::write(member));
  });
  return out;
}

Operation read_operation(const json::Value& value) {
  return json::read<Operation>(value, "invalid_operation");
}

Operation read_operation(std::string_view text) { return read_operation(json::parse(text)); }

std::string write_operation(const Operation& operation) { return json::write(operation); }

namespace {

void append_begin(std::string& out, std::string_view id, const Change& change) {
  out += "{\"id\":\"";
  out += id;
  out += "\",\"op\":\"";
  out += op_name(change);
  out += '"';
}

void append_step(std::string& out, std::string_view name, const std::optional<StepId>& step) {
  if (!step) return;
  out += ",\"";
  out += name;
  out += "\":\"" + step->str() + '"';
}

void append_end(std::string& out, const Change& change) {
  std::visit([&](const auto& c) { json::append_tagged(out, c); }, change);
  out += '}';
}

void read_step(json::Reader& reader, const json::Object& object, std::string_view name,
               std::optional<StepId>& out) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return;
  reader.enter(name);
  json::read_into(reader, *value, json::kNoRule, out);
  reader.leave();
}

std::size_t index_of(std::string_view name) {
  return static_cast<std::size_t>(std::find(kNames.begin(), kNames.end(), name) - kNames.begin());
}

template <class Alternative>
void read_change(json::Reader& reader, const json::Object& object, Change& out) {
  auto& change = out.emplace<Alternative>();
  json::read_tagged(reader, object, {"id", "op", "step", "undoes"}, change);
  check_change(reader, change);
}

}  // namespace

std::string write_change(const Change& change) {
  std::string out;
  append_begin(out, "", change);
  append_end(out, change);
  return out;
}

}  // namespace aa::document

namespace aa::json {

using document::Change;
using document::Operation;

void Codec<Operation>::read(Reader& reader, const Value& value, const Field&, Operation& out) {
  const Object* object = reader.read_object(value);
  if (object == nullptr) return;
  reader.enter("id");
  const Value* id = object->if_contains("id");
  if (id == nullptr)
    reader.problem("is required");
  else
    read_into(reader, *id, kNoRule, out.id);
  reader.leave();
  document::read_step(reader, *object, "step", out.step);
  document::read_step(reader, *object, "undoes", out.undoes);
  std::string name;
  const Value* op = object->if_contains("op");
  if (op != nullptr && op->is_string()) name = std::string(std::string_view(op->get_string()));
  const std::size_t index = document::index_of(name);
  if (index == std::variant_size_v<Change>) {
    reader.enter("op");
    reader.problem("must be a known operation");
    reader.leave();
    return;
  }
  boost::mp11::mp_with_index<std::variant_size_v<Change>>(index, [&](auto i) {
    document::read_change<std::variant_alternative_t<i, Change>>(reader, *object, out.change);
  });
}

void Codec<Operation>::write(std::string& out, const Operation& value) {
  document::append_begin(out, value.id.str(), value.change);
  document::append_step(out, "step", value.step);
  document::append_step(out, "undoes", value.undoes);
  document::append_end(out, value.change);
}

Value Codec<Operation>::schema(Schemas& schemas, const Field&) {
  if (!schemas.named.contains("Operation")) {
    schemas.named["Operation"] = nullptr;
    Array choices;
    boost::mp11::mp_for_each<boost::mp11::mp_iota_c<std::variant_size_v<Change>>>([&](auto i) {
      using Alternative = std::variant_alternative_t<i, Change>;
      choices.push_back(tagged_schema<Alternative>(schemas, "op", document::kNames[i]));
      Object& schema = schemas.named[type_name<Alternative>()].as_object();
      for (const auto* name : {"id", "step", "undoes"}) {
        schema["properties"].as_object()[name] = {{"type", "string"}, {"format", "uuid"}};
      }
      schema["required"].as_array().emplace_back("id");
    });
    schemas.named["Operation"] = {{"oneOf", std::move(choices)}};
  }
  return {{"$ref", "#/components/schemas/Operation"}};
}

}  // namespace aa::json
