#include "base/error.hpp"
#include "kernel/document/shape.hpp"
#include "kernel/document/tagged_codec.hpp"

namespace aa::json {

using document::Polygon;
using document::PolygonPart;
using document::Shape;
using document::ShapeType;

void Codec<geometry::Point>::read(Reader& reader, const Value& value, const Field&,
                                  geometry::Point& out) {
  const Array* pair = value.if_array();
  if (pair == nullptr || pair->size() != 2) {
    reader.problem("must be [x, y]");
    return;
  }
  constexpr Field kRange{.min = -limits::kCoordinate, .max = limits::kCoordinate};
  reader.enter(std::size_t{0});
  reader.read_number((*pair)[0], kRange, out.x);
  reader.leave();
  reader.enter(std::size_t{1});
  reader.read_number((*pair)[1], kRange, out.y);
  reader.leave();
}

void Codec<geometry::Point>::write(std::string& out, const geometry::Point& value) {
  out += '[';
  append_number(out, value.x);
  out += ',';
  append_number(out, value.y);
  out += ']';
}

Value Codec<geometry::Point>::schema(Schemas&, const Field&) {
  return {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 2}, {"maxItems", 2}};
}

namespace {

// The members of an RLE; the runs are read once the size is known.
struct RleText {
  std::array<std::uint32_t, 2> size{};
  Value counts;
};
BOOST_DESCRIBE_STRUCT(RleText, (), (size, counts))

void read_counts(Reader& reader, const RleText& text, raster::Rle& out) {
  reader.enter("counts");
  try {
    if (const auto* counts = text.counts.if_string()) {
      out = raster::from_counts(std::string_view(*counts), text.size[0], text.size[1]);
    } else if (text.counts.is_array()) {
      std::vector<std::uint32_t> runs;
      read_into(reader, text.counts, Field{.max_items = raster::kRunsMax}, runs);
      if (runs.size() == text.counts.get_array().size()) {
        out = raster::from_runs(runs, text.size[0], text.size[1]);
      }
    } else {
      reader.problem("must be COCO's compressed text or a list of runs");
    }
  } catch (const Error& error) {
    reader.problem(error.message());
  }
  reader.leave();
}

}  // namespace

void Codec<raster::Rle>::read(Reader& reader, const Value& value, const Field&, raster::Rle& out) {
  const Object* object = reader.read_object(value);
  if (object == nullptr) return;
  RleText text;
  read_tagged(reader, *object, {}, text);
  if (object->contains("size") && object->contains("counts")) read_counts(reader, text, out);
}

void Codec<raster::Rle>::write(std::string& out, const raster::Rle& value) {
  out += "{\"size\":[";
  append_integer(out, value.height);
  out += ',';
  append_integer(out, value.width);
  out += "],\"counts\":";
  append_string(out, raster::to_counts(value));
  out += '}';
}

Value Codec<raster::Rle>::schema(Schemas&, const Field&) {
  const Value size{{"type", "array"},
                   {"items", {{"type", "integer"}}},
                   {"minItems", 2},
                   {"maxItems", 2},
                   {"description", "height, width"}};
  return {{"type", "object"},
          {"properties", {{"size", size}, {"counts", {{"type", "string"}}}}},
          {"required", {"size", "counts"}}};
}

void Codec<PolygonPart>::read(Reader& reader, const Value& value, const Field&, PolygonPart& out) {
  const Object* object = reader.read_object(value);
  if (object != nullptr) read_tagged(reader, *object, {}, out);
}

void Codec<PolygonPart>::write(std::string& out, const PolygonPart& value) {
  out += "{\"points\":";
  append(out, value.points);
  out += ",\"keys\":";
  append(out, value.keys);
  if (!value.holes.empty()) {
    out += ",\"holes\":";
    append(out, value.holes);
    out += ",\"hole_keys\":";
    append(out, value.hole_keys);
  }
  out += '}';
}

Value Codec<PolygonPart>::schema(Schemas& schemas, const Field&) {
  const Value ring = Codec<std::vector<geometry::Point>>::schema(schemas, kNoRule);
  const Value keys = Codec<document::Keys>::schema(schemas, kNoRule);
  schemas.named["PolygonPart"] = {{"type", "object"},
                                  {"properties",
                                   {{"points", ring},
                                    {"keys", keys},
                                    {"holes", {{"type", "array"}, {"items", ring}}},
                                    {"hole_keys", {{"type", "array"}, {"items", keys}}}}},
                                  {"required", {"points"}},
                                  {"additionalProperties", false}};
  return {{"$ref", "#/components/schemas/PolygonPart"}};
}

namespace {

void read_polygon(Reader& reader, const Object& object, Polygon& out) {
  if (object.contains("parts")) {
    read_tagged(reader, object, {"type"}, out);
    return;
  }
  read_tagged(reader, object, {"type"}, out.parts.emplace_back());
}

template <class Alternative>
void read_alternative(Reader& reader, const Object& object, Shape& out) {
  auto& shape = out.emplace<Alternative>();
  if constexpr (std::is_same_v<Alternative, Polygon>)
    read_polygon(reader, object, shape);
  else
    read_tagged(reader, object, {"type"}, shape);
}

}  // namespace

void Codec<Shape>::read(Reader& reader, const Value& value, const Field&, Shape& out) {
  const Object* object = reader.read_object(value);
  if (object == nullptr) return;
  const Value* tag = object->if_contains("type");
  ShapeType type{};
  reader.enter("type");
  if (tag == nullptr)
    reader.problem("is required");
  else
    read_into(reader, *tag, kNoRule, type);
  reader.leave();
  const bool known = tag != nullptr && tag->is_string() &&
                     std::string_view(tag->get_string()) == document::to_string(type);
  if (!known) return;
  boost::mp11::mp_with_index<std::variant_size_v<Shape>>(
      static_cast<std::size_t>(type), [&](auto index) {
        read_alternative<std::variant_alternative_t<index, Shape>>(reader, *object, out);
      });
  document::assign_keys(out);
  document::check_shape(reader, out);
}

void Codec<Shape>::write(std::string& out, const Shape& value) {
  out += "{\"type\":\"";
  out += document::to_string(document::shape_type(value));
  out += '"';
  std::visit([&](const auto& shape) { append_tagged(out, shape); }, value);
  out += '}';
}

Value Codec<Shape>::schema(Schemas& schemas, const Field&) {
  if (!schemas.named.contains("Shape")) {
    schemas.named["Shape"] = nullptr;
    Array choices;
    boost::mp11::mp_for_each<boost::mp11::mp_iota_c<std::variant_size_v<Shape>>>([&](auto index) {
      const auto name = document::to_string(static_cast<ShapeType>(index.value));
      using Alternative = std::variant_alternative_t<index, Shape>;
      choices.push_back(tagged_schema<Alternative>(schemas, "type", name));
    });
    schemas.named["Shape"] = {{"oneOf", std::move(choices)}};
  }
  return {{"$ref", "#/components/schemas/Shape"}};
}

}  // namespace aa::json
