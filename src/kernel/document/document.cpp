#include "kernel/document/document.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "kernel/document/shape_rings.hpp"

namespace aa::document {
namespace {

struct Refusal {
  std::string code;
  std::string detail;
};
using Outcome = std::optional<Refusal>;

Outcome refuse(std::string code, std::string detail) {
  return Refusal{std::move(code), std::move(detail)};
}

// One ring of a shape, to be changed in place.
struct RingPlace {
  std::vector<Point>* points = nullptr;
  Keys* keys = nullptr;
  std::size_t min = 0;
  std::size_t at = 0;  // of a vertex that was looked for
};

std::optional<RingPlace> find_vertex(Shape& shape, const std::string& key) {
  std::optional<RingPlace> out;
  for_each_ring(shape, [&](std::vector<Point>& points, Keys& keys, std::size_t min) {
    const auto found = std::find(keys.begin(), keys.end(), key);
    if (found == keys.end() || out) return;
    out = RingPlace{&points, &keys, min, static_cast<std::size_t>(found - keys.begin())};
  });
  return out;
}

std::optional<RingPlace> find_ring(Shape& shape, int part, int ring) {
  if (part < 0 || ring < 0) return std::nullopt;
  const auto index = static_cast<std::size_t>(part);
  const auto inner = static_cast<std::size_t>(ring);
  if (auto* polygon = std::get_if<Polygon>(&shape)) {
    if (index >= polygon->parts.size()) return std::nullopt;
    PolygonPart& at = polygon->parts[index];
    if (inner == 0) return RingPlace{&at.points, &at.keys, kPolygonPointsMin};
    if (inner > at.holes.size() || inner > at.hole_keys.size()) return std::nullopt;
    return RingPlace{&at.holes[inner - 1], &at.hole_keys[inner - 1], kPolygonPointsMin};
  }
  if (part != 0 || ring != 0) return std::nullopt;
  std::optional<RingPlace> out;
  for_each_ring(shape, [&](std::vector<Point>& points, Keys& keys, std::size_t min) {
    out = RingPlace{&points, &keys, min};
  });
  return out;
}

bool has_vertices(const Shape& shape) {
  return std::holds_alternative<Polygon>(shape) || std::holds_alternative<Polyline>(shape) ||
         std::holds_alternative<PointSet>(shape);
}

std::size_t count_points(Shape& shape) {
  std::size_t out = 0;
  for_each_ring(shape, [&](const std::vector<Point>& points, const Keys&, std::size_t) {
    out += points.size();
  });
  return out;
}

// Where a new vertex goes, see document.hpp; nullopt when `after` is gone and keys do not ascend.
std::optional<std::size_t> place_of(const Keys& keys, const VertexInsert& insert) {
  if (keys_ascend(keys)) {
    const auto by_key = std::lower_bound(keys.begin(), keys.end(), insert.key);
    return static_cast<std::size_t>(by_key - keys.begin());
  }
  if (!insert.after) return 0;
  const auto found = std::find(keys.begin(), keys.end(), *insert.after);
  if (found == keys.end()) return std::nullopt;
  return static_cast<std::size_t>(found - keys.begin()) + 1;
}

// ---- one change of an annotation that is there -------------------------------------------------

Outcome change_annotation(Annotation& annotation, const SetField& set) {
  json::Reader reader;
  set_field(reader, set.field, set.value, annotation);
  if (reader.failed()) return refuse("invalid_value", "The field cannot have this value.");
  if (attribute_name(set.field) && annotation.attributes.size() > limits::kAttributesPerObject) {
    return refuse("too_many_attributes", "The annotation has too many attributes.");
  }
  return {};
}

Outcome change_annotation(Annotation& annotation, const VertexInsert& insert) {
  Shape& shape = annotation.shape;
  if (!has_vertices(shape)) return refuse("wrong_shape", "This shape has no vertices.");
  if (find_vertex(shape, insert.key)) {
    return refuse("duplicate_key", "The shape has a vertex of this key.");
  }
  if (count_points(shape) >= limits::kShapePoints) {
    return refuse("too_many_vertices", "The shape has as many vertices as it may have.");
  }
  const auto ring = find_ring(shape, insert.part, insert.ring.value_or(0));
  if (!ring) return refuse("no_such_part", "The shape has no such part or hole.");
  const auto at = place_of(*ring->keys, insert);
  if (!at) return refuse("vertex_gone", "The vertex to insert after is not there any more.");
  const auto offset = static_cast<std::ptrdiff_t>(*at);
  ring->points->insert(ring->points->begin() + offset, Point{insert.x, insert.y});
  ring->keys->insert(ring->keys->begin() + offset, insert.key);
  return {};
}

Outcome change_annotation(Annotation& annotation, const VertexSet& set) {
  if (auto* skeleton = std::get_if<Skeleton>(&annotation.shape)) {
    for (SkeletonPoint& point : skeleton->points) {
      if (point.name != set.key) continue;
      point.x = set.x;
      point.y = set.y;
      return {};
    }
    return refuse("vertex_gone", "The skeleton has no point of this name.");
  }
  if (!has_vertices(annotation.shape)) return refuse("wrong_shape", "This shape has no vertices.");
  const auto vertex = find_vertex(annotation.shape, set.key);
  if (!vertex) return refuse("vertex_gone", "The vertex is not there any more.");
  (*vertex->points)[vertex->at] = {set.x, set.y};
  return {};
}

Outcome change_annotation(Annotation& annotation, const VertexDelete& del) {
  if (!has_vertices(annotation.shape)) return refuse("wrong_shape", "This shape has no vertices.");
  const auto vertex = find_vertex(annotation.shape, del.key);
  if (!vertex) return refuse("vertex_gone", "The vertex is not there any more.");
  if (vertex->points->size() <= vertex->min) {
    return refuse("too_few_vertices", "The shape needs the vertices that it has left.");
  }
  const auto offset = static_cast<std::ptrdiff_t>(vertex->at);
  vertex->points->erase(vertex->points->begin() + offset);
  vertex->keys->erase(vertex->keys->begin() + offset);
  return {};
}

Outcome change_annotation(Annotation& annotation, const MaskPaint& paint) {
  auto* mask = std::get_if<MaskShape>(&annotation.shape);
  if (mask == nullptr) return refuse("wrong_shape", "Only a mask can be painted.");
  if (mask->rle.height != paint.rle.height || mask->rle.width != paint.rle.width) {
    return refuse("size_mismatch", "The stroke does not have the size of the mask.");
  }
  const auto mode =
      paint.mode == PaintMode::add ? raster::MergeMode::unite : raster::MergeMode::subtract;
  try {
    mask->rle = raster::merge(mask->rle, paint.rle, mode);
  } catch (const Error& error) {
    return refuse("too_large", error.message());
  }
  return {};
}

std::vector<Keyframe>::iterator keyframe_at(std::vector<Keyframe>& frames, std::int64_t frame) {
  return std::lower_bound(frames.begin(), frames.end(), frame,
                          [](const Keyframe& k, std::int64_t f) { return k.frame < f; });
}

Outcome change_annotation(Annotation& annotation, const KeyframePut& put) {
  if (!annotation.keyframes) annotation.keyframes.emplace();
  auto& frames = *annotation.keyframes;
  const auto at = keyframe_at(frames, put.frame);
  Keyframe fresh{put.frame, put.shape, put.outside};
  if (at != frames.end() && at->frame == put.frame) {
    *at = std::move(fresh);
    return {};
  }
  if (frames.size() >= kKeyframesMax) {
    return refuse("too_many_keyframes", "The track has as many keyframes as it may have.");
  }
  frames.insert(at, std::move(fresh));
  return {};
}

Outcome change_annotation(Annotation& annotation, const KeyframeDelete& del) {
  if (annotation.keyframes) {
    auto& frames = *annotation.keyframes;
    const auto at = keyframe_at(frames, del.frame);
    if (at != frames.end() && at->frame == del.frame) {
      frames.erase(at);
      if (frames.empty()) annotation.keyframes.reset();
      return {};
    }
  }
  return refuse("keyframe_gone", "The track has no keyframe at this frame.");
}

Outcome change_annotation(Annotation& annotation, const Reorder& reorder) {
  annotation.z = reorder.z;
  return {};
}

Outcome change_annotation(Annotation& annotation, const EditText& change) {
  const std::string name = attribute_name(change.field).value_or("");
  const json::Value* value = annotation.attributes.if_contains(name);
  if (value != nullptr && !value->is_string()) {
    return refuse("not_text", "The attribute does not hold a text.");
  }
  const std::string_view before =
      value == nullptr ? std::string_view() : std::string_view(value->get_string());
  const auto after = apply_edit(before, change.edit);
  if (!after) return refuse("text_mismatch", "The text is shorter than the edit speaks of.");
  if (after->size() > kTextBytesMax) return refuse("text_too_long", "The text would be too long.");
  if (after->empty())
    annotation.attributes.erase(name);
  else
    annotation.attributes[name] = *after;
  sort_members(annotation.attributes);
  if (annotation.attributes.size() > limits::kAttributesPerObject) {
    return refuse("too_many_attributes", "The annotation has too many attributes.");
  }
  return {};
}

// ---- what undoes it, against the annotation before ----------------------------------------------

Change undo_of(const Annotation& before, const SetField& set) {
  return SetField{set.target, set.field, field_value(before, set.field), {}};
}

Change undo_of(const Annotation&, const VertexInsert& insert) {
  return VertexDelete{insert.target, insert.key};
}

Change undo_of(const Annotation& before, const VertexSet& set) {
  VertexSet out = set;
  Shape shape = before.shape;
  if (const auto* skeleton = std::get_if<Skeleton>(&shape)) {
    for (const SkeletonPoint& point : skeleton->points) {
      if (point.name == set.key) return VertexSet{set.target, set.key, point.x, point.y};
    }
  }
  if (const auto vertex = find_vertex(shape, set.key)) {
    out.x = (*vertex->points)[vertex->at].x;
    out.y = (*vertex->points)[vertex->at].y;
  }
  return out;
}

Change undo_of(const Annotation& before, const VertexDelete& del) {
  VertexInsert out{.target = del.target, .key = del.key};
  Shape shape = before.shape;
  int part = 0;
  int ring = 0;
  const auto vertex = find_vertex(shape, del.key);
  if (!vertex) return out;
  if (auto* polygon = std::get_if<Polygon>(&shape)) {
    for (std::size_t p = 0; p < polygon->parts.size(); ++p) {
      PolygonPart& at = polygon->parts[p];
      if (&at.points == vertex->points) part = static_cast<int>(p);
      for (std::size_t h = 0; h < at.holes.size(); ++h) {
        if (&at.holes[h] != vertex->points) continue;
        part = static_cast<int>(p);
        ring = static_cast<int>(h) + 1;
      }
    }
  }
  out.part = part;
  if (ring > 0) out.ring = ring;
  if (vertex->at > 0) out.after = (*vertex->keys)[vertex->at - 1];
  out.x = (*vertex->points)[vertex->at].x;
  out.y = (*vertex->points)[vertex->at].y;
  return out;
}

Change undo_of(const Annotation& before, const MaskPaint& paint) {
  // Only the pixels that really changed, so that strokes painted meanwhile stay.
  const raster::Rle& mask = std::get<MaskShape>(before.shape).rle;
  if (paint.mode == PaintMode::add) {
    return MaskPaint{paint.target, PaintMode::erase,
                     raster::merge(paint.rle, mask, raster::MergeMode::subtract)};
  }
  return MaskPaint{paint.target, PaintMode::add,
                   raster::merge(paint.rle, mask, raster::MergeMode::intersect)};
}

const Keyframe* find_keyframe(const Annotation& annotation, std::int64_t frame) {
  if (!annotation.keyframes) return nullptr;
  for (const Keyframe& k : *annotation.keyframes) {
    if (k.frame == frame) return &k;
  }
  return nullptr;
}

Change undo_of(const Annotation& before, const KeyframePut& put) {
  const Keyframe* old = find_keyframe(before, put.frame);
  if (old == nullptr) return KeyframeDelete{put.target, put.frame};
  return KeyframePut{put.target, put.frame, old->shape, old->outside};
}

Change undo_of(const Annotation& before, const KeyframeDelete& del) {
  const Keyframe* old = find_keyframe(before, del.frame);
  if (old == nullptr) return KeyframeDelete{del.target, del.frame};
  return KeyframePut{del.target, del.frame, old->shape, old->outside};
}

Change undo_of(const Annotation& before, const Reorder& reorder) {
  return Reorder{reorder.target, before.z};
}

Change undo_of(const Annotation& before, const EditText& change) {
  const json::Value old = field_value(before, change.field);
  if (!old.is_string() && !old.is_null()) return change;
  const std::string text(old.is_null() ? std::string_view() : std::string_view(old.get_string()));
  return EditText{change.target, change.field, invert_edit(text, change.edit)};
}

bool same_content(const Annotation& a, const Annotation& b) {
  Annotation other = b;
  other.revision = a.revision;
  return a == other;
}

ApplyResult refused(Refusal refusal) {
  return {false, std::move(refusal.code), std::move(refusal.detail), {}};
}

template <class T>
constexpr bool kChangesInPlace = !std::is_same_v<T, Put> && !std::is_same_v<T, Delete>;

}  // namespace

Document::Document(Snapshot snapshot) : revision_(snapshot.revision) {
  for (std::size_t i = 0; i < snapshot.items.size(); ++i) {
    const AnnotationId id = snapshot.items[i].id;
    auto item = std::make_shared<const Annotation>(std::move(snapshot.items[i]));
    if (!items_.emplace(id, std::move(item)).second) {
      throw invalid("invalid_snapshot", "An annotation stands twice in the document.",
                    {{"/items/" + std::to_string(i) + "/id", "stands twice"}});
    }
  }
}

const Annotation* Document::find(const AnnotationId& id) const {
  const auto found = items_.find(id);
  return found == items_.end() ? nullptr : found->second.get();
}

Snapshot Document::snapshot() const {
  Snapshot out{revision_, {}};
  out.items.reserve(items_.size());
  for (const auto& [id, item] : items_) out.items.push_back(*item);
  return out;
}

ApplyResult Document::apply(const Change& change) {
  const AnnotationId target = target_of(change);
  const auto found = items_.find(target);
  if (const auto* put = std::get_if<Put>(&change)) {
    Annotation fresh = put->annotation;
    if (fresh.keyframes && fresh.keyframes->empty()) fresh.keyframes.reset();
    fresh.revision = ++revision_;
    items_[target] = std::make_shared<const Annotation>(std::move(fresh));
    return {true, {}, {}, {target}};
  }
  if (found == items_.end()) {
    return refused({"target_gone", "The annotation is not, or no longer, in the document."});
  }
  if (std::holds_alternative<Delete>(change)) {
    items_.erase(found);
    ++revision_;
    return {true, {}, {}, {target}};
  }
  Annotation changed = *found->second;
  const Outcome refusal = std::visit(
      [&](const auto& c) -> Outcome {
        if constexpr (kChangesInPlace<std::remove_cvref_t<decltype(c)>>) {
          return change_annotation(changed, c);
        } else {
          return {};
        }
      },
      change);
  if (refusal) return refused(*refusal);
  changed.revision = ++revision_;
  found->second = std::make_shared<const Annotation>(std::move(changed));
  return {true, {}, {}, {target}};
}

void Document::adopt(const AnnotationId& id, const Document& from) {
  const auto found = from.items_.find(id);
  if (found == from.items_.end())
    items_.erase(id);
  else
    items_[id] = found->second;
}

std::vector<Change> Document::invert(const Change& change) const {
  const AnnotationId target = target_of(change);
  const auto found = items_.find(target);
  if (found == items_.end()) {
    if (std::holds_alternative<Put>(change)) return {Delete{target}};
    return {};
  }
  const Annotation& before = *found->second;
  const bool whole = std::holds_alternative<Put>(change) || std::holds_alternative<Delete>(change);
  if (whole) return {Put{before}};
  Document trial;
  trial.items_.insert(*found);
  if (!trial.apply(change).ok) return {};
  Change undo = std::visit(
      [&](const auto& c) -> Change {
        if constexpr (kChangesInPlace<std::remove_cvref_t<decltype(c)>>) {
          return undo_of(before, c);
        } else {
          return Put{before};
        }
      },
      change);
  // What the author of the undo saw: by it, it merges with what others changed meanwhile.
  if (auto* set = std::get_if<SetField>(&undo);
      set != nullptr && (set->field == "shape" || set->field == "attributes")) {
    set->prev = field_value(*trial.items_.begin()->second, set->field);
  }
  const auto exact = [&](const Change& candidate) {
    Document copy = trial;
    return copy.apply(candidate).ok && document::same_content(*copy.items_.begin()->second, before);
  };
  if (exact(undo)) return {std::move(undo)};
  // A text that was there and empty is no more after it was edited.
  if (const auto* text = std::get_if<EditText>(&change)) {
    undo = SetField{target, text->field, field_value(before, text->field), {}};
    if (exact(undo)) return {std::move(undo)};
  }
  // Rings of foreign keys and attributes that hold null cannot be brought back by a small change.
  return {Put{before}};
}

bool Document::same_content(const Document& other) const {
  return std::equal(items_.begin(), items_.end(), other.items_.begin(), other.items_.end(),
                    [](const auto& a, const auto& b) {
                      return a.first == b.first && document::same_content(*a.second, *b.second);
                    });
}

}  // namespace aa::document
