// Suggestions and the requests that make them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "kernel/document/shape.hpp"

namespace aa::prelabel {

enum class SuggestionState { pending, accepted, rejected };
BOOST_DESCRIBE_ENUM(SuggestionState, pending, accepted, rejected)

// What a model proposes. `class` of the API is class_name here.
struct Suggestion {
  SuggestionId id;
  AssetId asset_id;
  document::Shape shape;
  std::optional<LabelId> label_id;
  std::string class_name;
  double score = 0;
  std::string model_version;
  json::Object attributes;  // what the model says besides: text read, age, emotion
  SuggestionState state = SuggestionState::pending;
  std::optional<AnnotationId> annotation_id;
  Timestamp created_at;
  std::optional<double> confidence;  // calibrated score, when enough was decided
  std::vector<std::string> reasons;  // sentences for the panel
  std::optional<JobId> run;          // the job that proposed it; not told
};

// "yolox-nano@1", of "yolox-nano@1+mobilesam@2": who proposed, however the outline was made.
std::string detector_of(const Suggestion& suggestion);

// How well scores were calibrated by people's decisions: a class of a detector, or ("") all of it.
struct CalibrationRow {
  std::string class_name;  // "class" of the API
  std::string model;
  std::int64_t decided = 0;
  double ece_before = 0;
  double ece_after = 0;
};

// POST /projects/{id}/preannotations.
struct Preannotate {
  std::optional<std::string> detector;
  std::optional<std::string> segmenter;
  std::optional<double> min_score;
  std::optional<double> auto_accept_score;
  std::optional<std::map<std::string, LabelId>> label_map;  // class of the model -> label
  std::optional<std::vector<AssetId>> asset_ids;            // absent: the whole project
};
BOOST_DESCRIBE_STRUCT(Preannotate, (),
                      (detector, segmenter, min_score, auto_accept_score, label_map, asset_ids))
constexpr auto field_rules(const Preannotate*) {
  return std::array{json::Field{.name = "detector", .max_length = 100},
                    json::Field{.name = "segmenter", .max_length = 100},
                    json::Field{.name = "min_score", .min = 0, .max = 1},
                    json::Field{.name = "auto_accept_score", .min = 0, .max = 1},
                    json::Field{.name = "label_map", .max_items = 10'000},
                    json::Field{.name = "asset_ids", .min_items = 1, .max_items = 100'000}};
}

// POST /inference/detect with an asset.
struct DetectRequest {
  AssetId asset_id;
  std::optional<std::string> model;
  std::optional<double> min_score;
  std::optional<std::string> tiles;  // "auto", "off" (unless told) or a number
};
BOOST_DESCRIBE_STRUCT(DetectRequest, (), (asset_id, model, min_score, tiles))
constexpr auto field_rules(const DetectRequest*) {
  return std::array{json::Field{.name = "model", .max_length = 100},
                    json::Field{.name = "min_score", .min = 0, .max = 1},
                    json::Field{.name = "tiles", .max_length = 8}};
}

// POST /inference/analyze with an asset: any model or pipeline.
struct AnalyzeRequest {
  AssetId asset_id;
  std::string model;
  std::optional<double> min_score;
  std::optional<std::array<double, 4>> box;  // x1, y1, x2, y2: look at this part only
  // Names that a pair of image and text encoders chooses from.
  std::optional<std::vector<std::string>> labels = std::nullopt;
};
BOOST_DESCRIBE_STRUCT(AnalyzeRequest, (), (asset_id, model, min_score, box, labels))
constexpr auto field_rules(const AnalyzeRequest*) {
  return std::array{json::Field{.name = "model", .min_length = 1, .max_length = 100},
                    json::Field{.name = "min_score", .min = 0, .max = 1},
                    json::Field{.name = "labels", .max_items = 1'000}};
}

struct PointPrompt {
  double x = 0;
  double y = 0;
  int label = 1;  // 1 inside the object, 0 outside
};
BOOST_DESCRIBE_STRUCT(PointPrompt, (), (x, y, label))
constexpr auto field_rules(const PointPrompt*) {
  return std::array{
      json::Field{.name = "x", .min = -limits::kCoordinate, .max = limits::kCoordinate},
      json::Field{.name = "y", .min = -limits::kCoordinate, .max = limits::kCoordinate},
      json::Field{.name = "label", .min = 0, .max = 1, .optional = true}};
}

// What to segment: clicks, a box (x1, y1, x2, y2), or both; and how to tell it.
struct Prompts {
  std::optional<std::vector<PointPrompt>> points;
  std::optional<std::array<double, 4>> box;
  std::optional<raster::Rle> previous_mask;  // to be refined, as large as the image
  std::optional<int> masks;                  // at most so many, best first; 1 unless told
  std::optional<double> tolerance;           // of the polygon, pixels
  std::optional<std::string> model;
};
BOOST_DESCRIBE_STRUCT(Prompts, (), (points, box, previous_mask, masks, tolerance, model))
constexpr auto field_rules(const Prompts*) {
  return std::array{json::Field{.name = "points", .max_items = 256},
                    json::Field{.name = "masks", .min = 1, .max = 8},
                    json::Field{.name = "tolerance", .min = 0, .max = 100},
                    json::Field{.name = "model", .max_length = 100}};
}

// POST /inference/segment with an asset.
struct SegmentRequest : Prompts {
  AssetId asset_id;
};
BOOST_DESCRIBE_STRUCT(SegmentRequest, (Prompts), (asset_id))

// POST /inference/preview: what a click here would give, drawn coarsely.
struct PreviewRequest {
  AssetId asset_id;
  double x = 0;
  double y = 0;
  std::optional<std::string> model;
};
BOOST_DESCRIBE_STRUCT(PreviewRequest, (), (asset_id, x, y, model))
constexpr auto field_rules(const PreviewRequest*) {
  return std::array{
      json::Field{.name = "x", .min = -limits::kCoordinate, .max = limits::kCoordinate},
      json::Field{.name = "y", .min = -limits::kCoordinate, .max = limits::kCoordinate},
      json::Field{.name = "model", .max_length = 100}};
}

// POST /inference/refine: clicks on what a mask lacks (1) and on what is too much of it (0).
struct RefineRequest {
  AssetId asset_id;
  raster::Rle mask;  // as large as the image
  std::vector<PointPrompt> points;
  std::optional<std::string> model;
};
BOOST_DESCRIBE_STRUCT(RefineRequest, (), (asset_id, mask, points, model))
constexpr auto field_rules(const RefineRequest*) {
  return std::array{json::Field{.name = "points", .min_items = 1, .max_items = 32},
                    json::Field{.name = "model", .max_length = 100}};
}

// POST /assets/{id}/similar: propose what looks like this shape.
struct AlikeRequest {
  document::Shape shape;
  LabelId label_id;  // that proposals get
  std::optional<std::string> model;
};
BOOST_DESCRIBE_STRUCT(AlikeRequest, (), (shape, label_id, model))
constexpr auto field_rules(const AlikeRequest*) {
  return std::array{json::Field{.name = "model", .max_length = 100}};
}

struct AlikeFound {
  std::int64_t found = 0;
  std::int64_t suggestions = 0;  // of them that were not there yet
};
BOOST_DESCRIBE_STRUCT(AlikeFound, (), (found, suggestions))

struct AcceptAbove {
  double min_score = 0;
  std::optional<std::vector<SuggestionId>> suggestion_ids;  // of these alone
};
BOOST_DESCRIBE_STRUCT(AcceptAbove, (), (min_score, suggestion_ids))
constexpr auto field_rules(const AcceptAbove*) {
  return std::array{json::Field{.name = "min_score", .min = 0, .max = 1},
                    json::Field{.name = "suggestion_ids", .max_items = 10'000}};
}

// POST /assets/{id}/suggestions/reject.
struct RejectMany {
  std::vector<SuggestionId> suggestion_ids;
};
BOOST_DESCRIBE_STRUCT(RejectMany, (), (suggestion_ids))
constexpr auto field_rules(const RejectMany*) {
  return std::array{json::Field{.name = "suggestion_ids", .min_items = 1, .max_items = 10'000}};
}

struct AcceptOne {
  std::optional<LabelId> label_id;  // instead of the suggested one
};
BOOST_DESCRIBE_STRUCT(AcceptOne, (), (label_id))

// POST /assets/{id}/suggestions/settle.
struct Settle {
  std::vector<AnnotationId> annotation_ids;
};
BOOST_DESCRIBE_STRUCT(Settle, (), (annotation_ids))
constexpr auto field_rules(const Settle*) {
  return std::array{json::Field{.name = "annotation_ids", .min_items = 1, .max_items = 10'000}};
}

struct Accepted {
  std::int64_t accepted = 0;
  std::int64_t revision = 0;  // of the asset's log
  std::vector<AnnotationId> annotation_ids;
};
BOOST_DESCRIBE_STRUCT(Accepted, (), (accepted, revision, annotation_ids))

}  // namespace aa::prelabel

namespace aa::json {
template <>
struct Codec<prelabel::Suggestion> {
  static void write(std::string& out, const prelabel::Suggestion& value);
  static Value schema(Schemas& schemas, const Field&);
};
template <>
struct Codec<prelabel::CalibrationRow> {
  static void write(std::string& out, const prelabel::CalibrationRow& value);
  static Value schema(Schemas& schemas, const Field&);
};
}  // namespace aa::json
