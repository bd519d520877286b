#include "kernel/document/random_document.hpp"

#include "kernel/document/shape_rings.hpp"

namespace aa::document {

Polygon RandomDocument::polygon() {
  Polygon out;
  out.parts.resize(1 + below(2));
  for (PolygonPart& part : out.parts) {
    part.points = points(3, 6);
    if (chance(30)) part.holes.push_back(points(3, 3));
  }
  return out;
}

Shape RandomDocument::shape(ShapeType type) {
  Shape out;
  switch (type) {
    case ShapeType::box:
      out = Box{number(), number(), number(), number()};
      break;
    case ShapeType::polygon:
      out = polygon();
      break;
    case ShapeType::polyline:
      out = Polyline{points(2, 5), {}};
      break;
    case ShapeType::points:
      out = PointSet{points(1, 4), {}};
      break;
    case ShapeType::mask:
      out = MaskShape{mask()};
      break;
    case ShapeType::skeleton:
      out = Skeleton{{{"nose", number(), number(), 2}, {"tail", number(), number(), 1}}};
      break;
    case ShapeType::ellipse:
      out = Ellipse{number(), number(), number(), number(), number()};
      break;
    case ShapeType::cuboid:
      out =
          Cuboid{{number(), number(), number()}, {number(), number(), number()}, {0, 0.6, 0, 0.8}};
      break;
    case ShapeType::tag:
      out = Tag{};
      break;
    case ShapeType::cuboid_2d:
      out = ImageCuboid{points(kImageCuboidCorners, 1)};
      break;
  }
  if (auto* box = std::get_if<Box>(&out); box != nullptr && chance(30)) box->rotation = number();
  assign_keys(out);
  return out;
}

Annotation RandomDocument::annotation() {
  Annotation out;
  out.id.uuid = uuid();
  out.asset_id = asset_;
  out.label_id = labels_[below(labels_.size())];
  out.shape = shape();
  if (chance(50)) out.attributes["color"] = word();
  if (chance(30)) out.attributes["count"] = static_cast<std::int64_t>(below(10));
  if (chance(30)) out.attributes["open"] = chance(50);
  if (chance(30)) out.score = static_cast<double>(below(1001)) / 1000;
  out.source = static_cast<Source>(below(3));
  if (chance(20)) out.model_version = "yolox_nano@1";
  if (chance(30)) out.z = key_between(out.z.value_or(""), "", word().substr(0, 0));
  if (chance(20)) out.group = word();
  if (chance(20)) {
    out.relations.emplace();
    out.relations->push_back({.to = AnnotationId{uuid()}, .kind = word()});
  }
  if (chance(20)) out.frame = static_cast<std::int64_t>(below(100));
  if (chance(20)) out.keyframes = std::vector{Keyframe{3, shape(), {}}, Keyframe{7, shape(), true}};
  if (chance(10)) out.extra = json::Object{{"iscrowd", 1}, {"note", word()}};
  return out;
}

Change RandomDocument::set_change(const Annotation& target) {
  SetField out{target.id, "", nullptr, {}};
  switch (below(7)) {
    case 0:
      out.field = "label_id";
      out.value = labels_[below(labels_.size())].str();
      break;
    case 1:
      out.field = "attributes." + word();
      if (chance(70)) out.value = word();
      break;
    case 2:
      out.field = "shape";
      out.value = json::parse(json::write(shape()));
      break;
    case 3:
      out.field = "score";
      if (chance(70)) out.value = 0.25;
      break;
    case 4:
      out.field = "attributes";
      out.value = json::Object{{"whole", below(9)}, {"empty", nullptr}};
      break;
    case 5:
      out.field = "group";
      if (chance(70)) out.value = word();
      break;
    default:
      out.field = "frame";
      if (chance(70)) out.value = below(100);
      break;
  }
  return out;
}

Change RandomDocument::vertex_change(const Annotation& target) {
  Shape shape = target.shape;
  std::vector<Keys> rings;
  for_each_ring(shape, [&](const std::vector<Point>&, const Keys& keys, std::size_t) {
    rings.push_back(keys);
  });
  if (rings.empty()) return VertexSet{target.id, chance(80) ? "nose" : "gone", number(), number()};
  const Keys& keys = rings[below(rings.size())];
  const std::string key = keys.empty() || chance(10) ? "gone" : keys[below(keys.size())];
  switch (below(3)) {
    case 0:
      return VertexSet{target.id, key, number(), number()};
    case 1:
      return VertexDelete{target.id, key};
    default:
      break;
  }
  const std::size_t at = below(rings[0].size() + 1);
  VertexInsert out{.target = target.id, .part = chance(90) ? 0 : 1};
  if (at > 0) out.after = rings[0][at - 1];
  const std::string before = at < rings[0].size() ? rings[0][at] : "";
  const bool ordered = before.empty() || out.after.value_or("") < before;
  out.key = ordered ? key_between(out.after.value_or(""), before, "x") : "foreign";
  if (chance(10)) out.ring = 1;
  out.x = number();
  out.y = number();
  return out;
}

Change RandomDocument::change(const Document& document, const Annotation& target) {
  switch (below(12)) {
    case 0:
      return Put{annotation()};
    case 1: {
      Put out{annotation()};
      out.annotation.id = target.id;
      return out;
    }
    case 2:
      return document.items().size() > 3 ? Change(Delete{target.id}) : Put{annotation()};
    case 3:
    case 4:
      return set_change(target);
    case 5:
      return MaskPaint{target.id, static_cast<PaintMode>(below(2)), mask()};
    case 6:
      return KeyframePut{target.id, static_cast<std::int64_t>(below(9)), shape(), {}};
    case 7:
      return KeyframeDelete{target.id, static_cast<std::int64_t>(below(9))};
    case 8: {
      Reorder out{target.id, {}};
      if (chance(80)) out.z = key_between(target.z.value_or(""), "");
      return out;
    }
    default:
      return vertex_change(target);
  }
}

Operation RandomDocument::operation(const Document& document) {
  Operation out;
  out.id.uuid = uuid();
  if (document.items().empty()) {
    out.change = Put{annotation()};
    return out;
  }
  auto at = document.items().begin();
  std::advance(at, static_cast<std::ptrdiff_t>(below(document.items().size())));
  Annotation target = *at->second;
  if (chance(4)) target.id.uuid = uuid();
  out.change = change(document, target);
  return out;
}

}  // namespace aa::document
