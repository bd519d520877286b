#include "bench/live/hand.hpp"

#include <array>
#include <iterator>

#include "kernel/document/shape_rings.hpp"

namespace aa::live {

using document::AttributeKind;
using document::SetField;
using document::Shape;
using document::ShapeType;

namespace {

constexpr std::size_t kCrowded = 40;  // annotations: from here on people rather edit than draw
constexpr int kTries = 8;
constexpr std::size_t kTextLong = 80;  // code points: from here on people rather shorten

template <class T>
bool is_a(const Annotation& annotation) {
  return std::holds_alternative<T>(annotation.shape);
}

bool has_ring(const Annotation& annotation) {
  return is_a<document::Polygon>(annotation) || is_a<document::Polyline>(annotation) ||
         is_a<document::PointSet>(annotation);
}

bool has_keyframes(const Annotation& annotation) { return annotation.keyframes.has_value(); }

// A field as it is to become, with what its author saw.
Change set_of(const Annotation& before, std::string field, json::Value value) {
  SetField out{before.id, std::move(field), std::move(value), {}};
  out.prev = document::field_value(before, out.field);
  return out;
}

void shift(Shape& shape, double dx, double dy) {
  if (auto* box = std::get_if<document::Box>(&shape)) {
    box->x += dx;
    box->y += dy;
  } else if (auto* ellipse = std::get_if<document::Ellipse>(&shape)) {
    ellipse->cx += dx;
    ellipse->cy += dy;
  } else if (auto* skeleton = std::get_if<document::Skeleton>(&shape)) {
    for (auto& point : skeleton->points) point.x += dx;
  } else if (auto* cuboid = std::get_if<document::Cuboid>(&shape)) {
    cuboid->center[0] += dx;
  } else {
    document::for_each_ring(
        shape, [&](std::vector<document::Point>& points, document::Keys&, std::size_t) {
          for (auto& point : points) point = {point.x + dx, point.y + dy};
        });
  }
}

}  // namespace

// Out of 100 gestures, about, in each manner.
struct Hand::Row {
  std::vector<Change> (Hand::*make)(const Document&);
  std::array<std::uint8_t, 2> share;  // of people, of everything
};

std::vector<Change> Hand::gesture(const Document& document, const Canvas& canvas, UserId user) {
  canvas_ = &canvas;
  user_ = user;
  static constexpr std::array<Row, 17> kRows = {{{&Hand::draw, {28, 14}},
                                                 {&Hand::draw_mask, {2, 4}},
                                                 {&Hand::move, {22, 10}},
                                                 {&Hand::set_vertex, {12, 8}},
                                                 {&Hand::insert_vertex, {5, 8}},
                                                 {&Hand::delete_vertex, {2, 5}},
                                                 {&Hand::relabel, {7, 5}},
                                                 {&Hand::set_attribute, {8, 5}},
                                                 {&Hand::set_attributes, {0, 4}},
                                                 {&Hand::set_other, {0, 4}},
                                                 {&Hand::edit_text, {1, 7}},
                                                 {&Hand::paint, {6, 7}},
                                                 {&Hand::remove, {5, 5}},
                                                 {&Hand::replace, {0, 4}},
                                                 {&Hand::put_keyframe, {0, 5}},
                                                 {&Hand::delete_keyframe, {0, 2}},
                                                 {&Hand::reorder, {2, 3}}}};
  const auto manner = static_cast<std::size_t>(manner_);
  for (int tries = 0; tries < kTries; ++tries) {
    std::uint64_t at = below(100);
    for (const Row& row : kRows) {
      if (at >= row.share[manner]) {
        at -= row.share[manner];
        continue;
      }
      auto changes = (this->*row.make)(document);
      if (!changes.empty()) return changes;
      break;
    }
  }
  return document.items().size() < kCrowded ? draw(document) : remove(document);
}

const Annotation* Hand::any(const Document& document) {
  if (document.items().empty()) return nullptr;
  if (const auto* last = document.find(last_); last != nullptr && chance(40)) return last;
  auto at = document.items().begin();
  std::advance(at, static_cast<std::ptrdiff_t>(below(document.items().size())));
  last_ = at->first;
  return at->second.get();
}

const Annotation* Hand::any_of(const Document& document, bool (*fits)(const Annotation&)) {
  for (int tries = 0; tries < kTries; ++tries) {
    const Annotation* found = any(document);
    if (found == nullptr || fits(*found)) return found;
  }
  return nullptr;
}

const document::Label* Hand::label_for(ShapeType type) {
  const auto& labels = canvas_->labels.labels;
  for (int tries = 0; tries < kTries; ++tries) {
    const auto& label = labels[below(labels.size())];
    if (document::takes(label.kind, type)) return &label;
  }
  return nullptr;
}

std::string Hand::word() {
  static constexpr std::array<const char*, 6> kWords = {"left", "a \"b\"\n", "Grün",
                                                        "~/x",  "猫",        "partly hidden"};
  return kWords[below(kWords.size())];
}

json::Value Hand::value_for(const document::LabelAttribute& attribute) {
  switch (attribute.kind) {
    case AttributeKind::select:
    case AttributeKind::radio:
      return json::Value(attribute.options->at(below(attribute.options->size())));
    case AttributeKind::checkbox:
      if (!attribute.options) return chance(50);
      return json::Array{json::Value(attribute.options->front())};
    case AttributeKind::number:
      return attribute.min.value_or(0) + static_cast<double>(below(2));
    case AttributeKind::text:
      break;
  }
  return json::Value(word());
}

const document::LabelAttribute* Hand::attribute_of(const Annotation& target, bool text) {
  const auto* label = canvas_->labels.find(target.label_id);
  if (label == nullptr || label->attributes.empty()) return nullptr;
  const auto& attribute = label->attributes[below(label->attributes.size())];
  return !text || attribute.kind == AttributeKind::text ? &attribute : nullptr;
}

Annotation Hand::fresh(Shape shape) {
  Annotation out;
  out.id = ids_->next_as<AnnotationId>();
  out.asset_id = canvas_->asset;
  const auto* label = label_for(document::shape_type(shape));
  out.label_id = (label != nullptr ? *label : canvas_->labels.labels.front()).id;
  out.shape = std::move(shape);
  out.created_by = user_;
  last_ = out.id;
  return out;
}

std::vector<Change> Hand::draw(const Document& document) {
  if (document.items().size() >= kCrowded) return {};
  ShapeType type = chance(75) ? ShapeType::box : ShapeType::polygon;
  if (manner_ == Manner::everything) type = static_cast<ShapeType>(below(9));
  if (label_for(type) == nullptr) return {};
  std::vector<Change> out{document::Put{fresh(shape(type))}};
  if (manner_ == Manner::people || chance(60)) return out;
  out.emplace_back(document::Put{fresh(shape(type))});
  return out;
}

std::vector<Change> Hand::draw_mask(const Document& document) {
  if (document.items().size() >= kCrowded || label_for(ShapeType::mask) == nullptr) return {};
  return {document::Put{fresh(shape(ShapeType::mask))}};
}

std::vector<Change> Hand::move(const Document& document) {
  const Annotation* target = any(document);
  if (target == nullptr || is_a<document::MaskShape>(*target) || is_a<document::Tag>(*target)) {
    return {};
  }
  Shape moved = target->shape;
  shift(moved, static_cast<double>(below(17)) - 8, static_cast<double>(below(17)) - 8);
  if (auto* box = std::get_if<document::Box>(&moved); box != nullptr && chance(30)) {
    box->width += static_cast<double>(below(5));
  }
  if (manner_ == Manner::everything && chance(15)) moved = shape(ShapeType::box);
  if (!document::takes(canvas_->labels.find(target->label_id)->kind, document::shape_type(moved))) {
    return {};
  }
  Change change = set_of(*target, "shape", json::parse(json::write(moved)));
  if (manner_ == Manner::everything && chance(10)) std::get<SetField>(change).prev.reset();
  return {std::move(change)};
}

std::vector<Change> Hand::set_vertex(const Document& document) {
  const Annotation* target = any_of(
      document, [](const Annotation& a) { return has_ring(a) || is_a<document::Skeleton>(a); });
  if (target == nullptr) return {};
  if (const auto* skeleton = std::get_if<document::Skeleton>(&target->shape)) {
    const auto& point = skeleton->points[below(skeleton->points.size())];
    return {document::VertexSet{target->id, point.name, x(), y()}};
  }
  Shape shape = target->shape;
  std::vector<Change> out;
  document::for_each_ring(
      shape, [&](std::vector<document::Point>& points, document::Keys& keys, std::size_t) {
        const std::size_t at = below(keys.size());
        if (!out.empty() && chance(50)) return;
        out = {document::VertexSet{target->id, keys[at], points[at].x + 1, points[at].y - 0.5}};
      });
  return out;
}

std::vector<Change> Hand::insert_vertex(const Document& document) {
  const Annotation* target = any_of(document, has_ring);
  if (target == nullptr) return {};
  Shape shape = target->shape;
  document::VertexInsert out{.target = target->id, .key = {}, .x = x(), .y = y()};
  bool first = true;
  document::for_each_ring(shape,
                          [&](std::vector<document::Point>&, document::Keys& keys, std::size_t) {
                            if (!std::exchange(first, false)) return;
                            const std::size_t at = below(keys.size());
                            const std::string before = at + 1 < keys.size() ? keys[at + 1] : "";
                            out.after = keys[at];
                            const std::string salt(1, "abcdefghij"[below(10)]);
                            if (before.empty() || keys[at] < before) {
                              out.key = document::key_between(keys[at], before, salt);
                            }
                          });
  if (out.key.empty() || out.key.size() > document::kKeyLengthMax) return {};
  return {std::move(out)};
}

std::vector<Change> Hand::delete_vertex(const Document& document) {
  const Annotation* target = any_of(document, has_ring);
  if (target == nullptr) return {};
  Shape shape = target->shape;
  std::vector<Change> out;
  document::for_each_ring(
      shape, [&](std::vector<document::Point>&, document::Keys& keys, std::size_t min) {
        if (!out.empty() || keys.size() <= min) return;
        out = {document::VertexDelete{target->id, keys[below(keys.size())]}};
      });
  return out;
}

std::vector<Change> Hand::relabel(const Document& document) {
  const Annotation* target = any(document);
  if (target == nullptr || !target->attributes.empty()) return {};
  const auto* label = label_for(document::shape_type(target->shape));
  if (label == nullptr || is_a<document::Skeleton>(*target)) return {};
  return {set_of(*target, "label_id", json::Value(label->id.str()))};
}

std::vector<Change> Hand::set_attribute(const Document& document) {
  const Annotation* target = any(document);
  const auto* attribute = target == nullptr ? nullptr : attribute_of(*target);
  if (attribute == nullptr) return {};
  return {set_of(*target, "attributes." + attribute->name, value_for(*attribute))};
}

std::vector<Change> Hand::set_attributes(const Document& document) {
  const Annotation* target = any(document);
  const auto* attribute = target == nullptr ? nullptr : attribute_of(*target);
  if (attribute == nullptr) return {};
  json::Object values = target->attributes;
  values[attribute->name] = value_for(*attribute);
  if (chance(20)) values.erase(values.begin());
  return {set_of(*target, "attributes", std::move(values))};
}

std::vector<Change> Hand::set_other(const Document& document) {
  const Annotation* target = any(document);
  if (target == nullptr) return {};
  if (chance(50)) return {set_of(*target, "score", static_cast<double>(below(101)) / 100)};
  return {set_of(*target, "group", chance(70) ? json::Value(word()) : json::Value())};
}

std::vector<Change> Hand::edit_text(const Document& document) {
  const Annotation* target = any(document);
  const auto* attribute = target == nullptr ? nullptr : attribute_of(*target, true);
  if (attribute == nullptr) return {};
  const auto* value = target->attributes.if_contains(attribute->name);
  if (value != nullptr && !value->is_string()) return {};
  const std::size_t length =
      value == nullptr ? 0 : document::text_length(std::string_view(value->get_string()));
  const std::size_t at = below(length + 1);
  document::TextEdit edit;
  edit.keep(at);
  if (length < kTextLong && chance(75)) edit.insert(word());
  if (length > at && chance(40)) edit.remove(1 + below(length - at));
  edit.finish();
  if (edit.empty()) return {};
  return {document::EditText{target->id, "attributes." + attribute->name, std::move(edit)}};
}

std::vector<Change> Hand::paint(const Document& document) {
  const Annotation* target = any_of(document, is_a<document::MaskShape>);
  if (target == nullptr) return {};
  const auto mode = chance(65) ? document::PaintMode::add : document::PaintMode::erase;
  return {document::MaskPaint{target->id, mode, stroke()}};
}

std::vector<Change> Hand::remove(const Document& document) {
  const Annotation* target = any(document);
  if (target == nullptr) return {};
  if (manner_ == Manner::everything && departed_ != AnnotationId{} && chance(10)) {
    return {document::Delete{departed_}};
  }
  departed_ = target->id;
  return {document::Delete{target->id}};
}

std::vector<Change> Hand::replace(const Document& document) {
  const Annotation* target = any(document);
  if (target == nullptr) return {};
  Annotation made = fresh(shape(document::shape_type(target->shape)));
  made.id = departed_ != AnnotationId{} && chance(40) ? departed_ : target->id;
  last_ = made.id;
  return {document::Put{std::move(made)}};
}

std::vector<Change> Hand::put_keyframe(const Document& document) {
  const Annotation* target = any(document);
  if (target == nullptr || is_a<document::MaskShape>(*target)) return {};
  document::KeyframePut out{target->id, static_cast<std::int64_t>(below(6)), target->shape, {}};
  shift(out.shape, static_cast<double>(below(9)), 1);
  if (chance(20)) out.outside = true;
  return {std::move(out)};
}

std::vector<Change> Hand::delete_keyframe(const Document& document) {
  const Annotation* target = any_of(document, has_keyframes);
  if (target == nullptr) return {};
  const auto& frames = *target->keyframes;
  return {document::KeyframeDelete{target->id, frames[below(frames.size())].frame}};
}

std::vector<Change> Hand::reorder(const Document& document) {
  const Annotation* target = any(document);
  if (target == nullptr) return {};
  document::Reorder out{target->id, {}};
  if (chance(85)) out.z = document::key_between(target->z.value_or(""), "");
  if (out.z && out.z->size() > document::kKeyLengthMax) out.z.reset();
  return {std::move(out)};
}

}  // namespace aa::live
