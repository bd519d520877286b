#include "kernel/ot/random_changes.hpp"

#include <set>

#include "kernel/document/shape_rings.hpp"

namespace aa::ot {

using namespace document;

std::string RandomChanges::name() {
  static constexpr std::array<const char*, 4> kNames = {"note", "remark", "count", "Grün"};
  return kNames[random_.below(kNames.size())];
}

std::string RandomChanges::text() {
  static constexpr std::array<const char*, 6> kPieces = {"a", "bc", "ü", "猫 ", "🐈", "\"\n"};
  std::string out;
  for (auto left = 1 + random_.below(4); left > 0; --left) {
    out += kPieces[random_.below(kPieces.size())];
  }
  return out;
}

Annotation RandomChanges::annotation() {
  return annotation(static_cast<ShapeType>(random_.below(std::variant_size_v<Shape>)));
}

Annotation RandomChanges::annotation(ShapeType type) {
  Annotation out = random_.annotation();
  out.shape = random_.shape(type);
  // Room above the fewest vertices, so that two deletions both find it.
  if (auto* polygon = std::get_if<Polygon>(&out.shape)) {
    polygon->parts[0] = PolygonPart{random_.points(5, 5), {}, {}, {}};
    if (random_.chance(30)) polygon->parts[0].holes.push_back(random_.points(5, 3));
  } else if (auto* line = std::get_if<Polyline>(&out.shape)) {
    *line = Polyline{random_.points(4, 5), {}};
  } else if (auto* set = std::get_if<PointSet>(&out.shape)) {
    *set = PointSet{random_.points(3, 5), {}};
  }
  assign_keys(out.shape);
  out.attributes.clear();
  if (random_.chance(80)) out.attributes["note"] = text() + text();
  if (random_.chance(50)) out.attributes["remark"] = text();
  if (random_.chance(50)) out.attributes["count"] = random_.below(5);
  out.revision = 0;
  return out;
}

ShapeType RandomChanges::type_for(Kind kind) {
  switch (kind) {
    case Kind::vertex_insert:
    case Kind::vertex_del:
      return static_cast<ShapeType>(1 + random_.below(3));
    case Kind::vertex_set:
      return random_.chance(25) ? ShapeType::skeleton
                                : static_cast<ShapeType>(1 + random_.below(3));
    case Kind::paint_add:
    case Kind::paint_erase:
      return ShapeType::mask;
    default:
      return static_cast<ShapeType>(random_.below(std::variant_size_v<Shape>));
  }
}

raster::Rle RandomChanges::stroke() {
  const std::uint64_t total = kRandomHeight * kRandomWidth;
  const auto before = static_cast<std::uint32_t>(random_.below(total - 300));
  const auto length = static_cast<std::uint32_t>(1 + random_.below(300));
  return {kRandomHeight,
          kRandomWidth,
          {before, length, static_cast<std::uint32_t>(total - before - length)}};
}

Shape RandomChanges::edited_vertices(Shape shape) {
  std::vector<std::pair<std::vector<Point>*, Keys*>> rings;
  std::set<std::string> used;
  std::size_t min = 0;
  for_each_ring(shape, [&](std::vector<Point>& points, Keys& keys, std::size_t fewest) {
    rings.emplace_back(&points, &keys);
    used.insert(keys.begin(), keys.end());
    min = fewest;
  });
  const auto [points, keys] = rings[random_.below(rings.size())];
  const auto at = static_cast<std::ptrdiff_t>(random_.below(points->size()));
  if (random_.chance(25) && points->size() > min) {
    points->erase(points->begin() + at);
    keys->erase(keys->begin() + at);
  } else if (random_.chance(33)) {
    const std::string before = at == 0 ? "" : (*keys)[static_cast<std::size_t>(at) - 1];
    std::string key =
        key_between(before, (*keys)[static_cast<std::size_t>(at)], random_.chance(50) ? "s" : "");
    while (used.contains(key)) key += 'V';  // another ring may have it
    points->insert(points->begin() + at, Point{random_.number(), random_.number()});
    keys->insert(keys->begin() + at, key);
  } else {
    (*points)[static_cast<std::size_t>(at)] = {random_.number(), random_.number()};
  }
  return shape;
}

Shape RandomChanges::edited(const Shape& shape) {
  Shape out = shape;
  if (auto* box = std::get_if<Box>(&out)) {
    const double by = static_cast<double>(1 + random_.below(40)) / 10;
    switch (random_.below(5)) {
      case 0:
        box->x += by;
        box->y -= by;
        break;
      case 1:
        box->width += by;
        break;
      case 2:
        box->x -= by;
        box->width += by;
        break;
      case 3:
        box->y = box->y + box->height / 2;
        box->height /= 2;
        break;
      default:
        box->rotation = by;
    }
  } else if (auto* mask = std::get_if<MaskShape>(&out)) {
    mask->rle =
        raster::merge(mask->rle, stroke(),
                      random_.chance(50) ? raster::MergeMode::unite : raster::MergeMode::subtract);
  } else if (auto* skeleton = std::get_if<Skeleton>(&out)) {
    auto& point = skeleton->points[random_.below(skeleton->points.size())];
    (random_.chance(50) ? point.x : point.y) = random_.number();
  } else if (auto* ellipse = std::get_if<Ellipse>(&out)) {
    (random_.chance(50) ? ellipse->cx : ellipse->rx) = random_.number();
  } else if (auto* cuboid = std::get_if<Cuboid>(&out)) {
    (random_.chance(50) ? cuboid->center : cuboid->size)[0] = random_.number();
  } else if (auto* corners = std::get_if<ImageCuboid>(&out)) {
    auto& point = corners->points[random_.below(corners->points.size())];
    (random_.chance(50) ? point.x : point.y) = random_.number();
  } else if (!std::holds_alternative<Tag>(out)) {
    return edited_vertices(std::move(out));
  }
  return out;
}

Change RandomChanges::set_shape(const Annotation& target, bool blind) {
  Shape shape = edited(target.shape);
  if (random_.chance(30)) shape = edited(shape);
  if (random_.chance(10)) shape = annotation().shape;
  SetField out{target.id, "shape", json::parse(json::write(shape)), {}};
  if (!blind) out.prev = field_value(target, "shape");
  return out;
}

Change RandomChanges::set_attributes(const Annotation& target, bool blind) {
  json::Object attributes = target.attributes;
  for (auto left = 1 + random_.below(2); left > 0; --left) {
    const std::string changed = name();
    if (random_.chance(30))
      attributes.erase(changed);
    else
      attributes[changed] = text();
  }
  SetField out{target.id, "attributes", attributes, {}};
  if (!blind) out.prev = json::Value(target.attributes);
  return out;
}

Change RandomChanges::set_attribute(const Annotation& target) {
  SetField out{target.id, "attributes." + name(), nullptr, {}};
  if (random_.chance(75)) out.value = text();
  if (random_.chance(20)) out.value = random_.below(5);
  return out;
}

TextEdit RandomChanges::text_edit(std::string_view text) {
  TextEdit out;
  for (std::size_t left = text_length(text);;) {
    if (random_.chance(40)) out.insert(this->text());
    if (left == 0) break;
    const std::size_t count = 1 + random_.below(left);
    left -= count;
    if (random_.chance(30))
      out.remove(count);
    else
      out.keep(count);
  }
  out.finish();
  return out;
}

Change RandomChanges::edit_text(const Annotation& target) {
  const std::string field = random_.chance(70) ? "attributes.note" : "attributes.remark";
  const json::Value value = field_value(target, field);
  const auto* text = value.if_string();
  return EditText{target.id, field, text_edit(text == nullptr ? std::string_view() : *text)};
}

std::string RandomChanges::vertex_of(const Annotation& target) {
  if (const auto* skeleton = std::get_if<Skeleton>(&target.shape)) {
    return skeleton->points[random_.below(skeleton->points.size())].name;
  }
  Keys all;
  Shape shape = target.shape;
  for_each_ring(shape, [&](const std::vector<Point>&, const Keys& keys, std::size_t) {
    all.insert(all.end(), keys.begin(), keys.end());
  });
  return all.empty() ? "gone" : all[random_.below(std::min<std::size_t>(all.size(), 6))];
}

Change RandomChanges::vertex_insert(const Annotation& target) {
  VertexInsert out{.target = target.id, .key = "V", .x = random_.number(), .y = random_.number()};
  Shape shape = target.shape;
  std::optional<Keys> first;
  for_each_ring(shape, [&](const std::vector<Point>&, const Keys& keys, std::size_t) {
    if (!first) first = keys;
  });
  if (!first || first->empty()) return out;
  const std::size_t at = random_.below(std::min<std::size_t>(first->size(), 4));
  out.after = (*first)[at];
  const bool last = at + 1 == first->size();
  // No salt now and then: two clients then name their new vertices the same.
  const std::string salt = random_.chance(40) ? "" : std::string(1, "abcd"[random_.below(4)]);
  if (last) return VertexSet{target.id, *out.after, out.x, out.y};
  out.key = key_between(*out.after, (*first)[at + 1], salt);
  return out;
}

Change RandomChanges::change(Kind kind, const Annotation& target) {
  switch (kind) {
    case Kind::put: {
      Annotation fresh = random_.chance(50) ? annotation(shape_type(target.shape)) : annotation();
      fresh.id = target.id;
      return Put{std::move(fresh)};
    }
    case Kind::del:
      return Delete{target.id};
    case Kind::set_shape:
      return set_shape(target, false);
    case Kind::set_shape_blind:
      return set_shape(target, true);
    case Kind::set_attributes:
      return set_attributes(target, false);
    case Kind::set_attributes_blind:
      return set_attributes(target, true);
    case Kind::set_attribute:
      return set_attribute(target);
    case Kind::text_edit:
      return edit_text(target);
    case Kind::set_label:
      return SetField{
          target.id, "label_id", json::Value(random_.labels()[random_.below(3)].str()), {}};
    case Kind::set_z:
      return SetField{target.id, "z", json::Value(std::string(1, "VWX"[random_.below(3)])), {}};
    case Kind::vertex_insert:
      return vertex_insert(target);
    case Kind::vertex_set:
      return VertexSet{target.id, vertex_of(target), random_.number(), random_.number()};
    case Kind::vertex_del:
      return VertexDelete{target.id, vertex_of(target)};
    case Kind::paint_add:
      return MaskPaint{target.id, PaintMode::add, stroke()};
    case Kind::paint_erase:
      return MaskPaint{target.id, PaintMode::erase, stroke()};
    case Kind::keyframe_put:
      return KeyframePut{target.id,
                         static_cast<std::int64_t>(1 + random_.below(4)),
                         random_.shape(ShapeType::box),
                         {}};
    case Kind::keyframe_del:
      return KeyframeDelete{target.id, static_cast<std::int64_t>(1 + random_.below(4))};
    case Kind::reorder:
      return Reorder{target.id, std::string(1, "VWX"[random_.below(3)])};
  }
  return Delete{target.id};
}

Change RandomChanges::change(const Annotation& target) {
  Kind kind = Kind::del;
  const bool mask = std::holds_alternative<MaskShape>(target.shape);
  const bool vertices = shape_type(target.shape) >= ShapeType::polygon &&
                        shape_type(target.shape) <= ShapeType::points;
  do {
    kind = static_cast<Kind>(random_.below(kKinds));
    if (random_.chance(30)) kind = vertices ? Kind::vertex_set : Kind::set_shape;
    const bool rare = kind == Kind::put || kind == Kind::del || kind == Kind::set_shape_blind;
    if (rare && random_.chance(85)) continue;
    const bool paints = kind == Kind::paint_add || kind == Kind::paint_erase;
    const bool moves =
        kind == Kind::vertex_insert || kind == Kind::vertex_set || kind == Kind::vertex_del;
    if ((!paints || mask) && (!moves || vertices)) return change(kind, target);
  } while (true);
}

}  // namespace aa::ot
