// One annotation of one asset, and a snapshot of all of an asset's annotations.
//
// `revision` is the document's revision at the operation that last changed the annotation.
// `z` is a fractional key (vertex_keys.hpp): drawing order is (z, id), absent z first.
// `extra` holds members of a foreign format that have no place here (COCO's unknown fields and
// iscrowd); it is written back as it came. Keyframes, ascending by frame, make it a track.
// Thread rule: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "kernel/document/shape.hpp"

namespace aa::document {

enum class Source { manual, model, import };
BOOST_DESCRIBE_ENUM(Source, manual, model, import)

inline constexpr std::int64_t kFrameMax = 100'000'000;
inline constexpr std::size_t kKeyframesMax = 100'000;

struct Keyframe {
  std::int64_t frame = 0;
  Shape shape;
  std::optional<bool> outside;  // the object has left the picture from this frame on
  bool operator==(const Keyframe&) const = default;
};
BOOST_DESCRIBE_STRUCT(Keyframe, (), (frame, shape, outside))
constexpr auto field_rules(const Keyframe*) {
  return std::array{json::Field{.name = "frame", .min = 0, .max = kFrameMax}};
}

// An arrow from the annotation that holds it to another one of the same asset. One that leads to an
// annotation that is gone is kept and not drawn: undo brings the other end back.
struct Relation {
  AnnotationId to;
  std::optional<std::string> kind;  // "wears", "part of"; free text
  bool operator==(const Relation&) const = default;
};
BOOST_DESCRIBE_STRUCT(Relation, (), (to, kind))
constexpr auto field_rules(const Relation*) {
  return std::array{json::Field{.name = "kind", .max_length = 100}};
}
inline constexpr std::size_t kRelationsMax = 100;

struct Annotation {
  AnnotationId id;
  AssetId asset_id;  // may be absent in what a client sends: the server knows it from the route
  LabelId label_id;
  Shape shape;
  json::Object attributes;
  std::optional<double> score;
  Source source = Source::manual;
  std::optional<std::string> model_version;
  std::optional<std::string> track_id;
  std::optional<std::int64_t> frame;
  std::optional<std::string> z;
  std::optional<std::string> group;
  std::optional<std::vector<Relation>> relations;
  std::optional<std::vector<Keyframe>> keyframes;
  std::optional<json::Object> extra;
  std::int64_t revision = 0;
  std::optional<UserId> created_by;
  bool operator==(const Annotation&) const = default;
};
BOOST_DESCRIBE_STRUCT(Annotation, (),
                      (id, asset_id, label_id, shape, attributes, score, source, model_version,
                       track_id, frame, z, group, relations, keyframes, extra, revision,
                       created_by))
constexpr auto field_rules(const Annotation*) {
  using json::Field;
  return std::array{
      Field{.name = "asset_id", .optional = true},
      Field{.name = "attributes", .max_items = limits::kAttributesPerObject, .optional = true},
      Field{.name = "score", .min = 0, .max = 1},
      Field{.name = "source", .optional = true},
      Field{.name = "model_version", .max_length = 200},
      Field{.name = "track_id", .min_length = 1, .max_length = 64},
      Field{.name = "frame", .min = 0, .max = kFrameMax},
      Field{.name = "z", .min_length = 1, .max_length = 64},
      Field{.name = "group", .min_length = 1, .max_length = 64},
      Field{.name = "relations", .max_items = kRelationsMax},
      Field{.name = "keyframes", .max_items = kKeyframesMax},
      Field{.name = "extra", .max_items = 200},
      Field{.name = "revision", .min = 0, .optional = true},
  };
}

// What GET /assets/{id}/annotations answers.
struct Snapshot {
  std::int64_t revision = 0;
  std::vector<Annotation> items;
  bool operator==(const Snapshot&) const = default;
};
BOOST_DESCRIBE_STRUCT(Snapshot, (), (revision, items))

}  // namespace aa::document
