#include "service/prelabel/suggestion_rows.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace aa::prelabel {
namespace {

using document::Shape;

constexpr double kRejectedIou = 0.9;  // the same proposal again
constexpr double kSamePlace = 0.5;

struct SuggestionRow {
  SuggestionId id;
  AssetId asset_id;
  std::string shape;
  std::optional<LabelId> label_id;
  std::string class_name;
  double score = 0;
  std::string model_version;
  std::string attributes;
  SuggestionState state = SuggestionState::pending;
  std::optional<AnnotationId> annotation_id;
  Timestamp created_at;
  std::string reasons;
  std::optional<JobId> job_id;
};
BOOST_DESCRIBE_STRUCT(SuggestionRow, (),
                      (id, asset_id, shape, label_id, class_name, score, model_version, attributes,
                       state, annotation_id, created_at, reasons, job_id))

// "yolox-nano", of "yolox-nano@1".
std::string name_of(const std::string& detector) { return detector.substr(0, detector.find('@')); }

std::string track_record(const Suggestion& one, const learning::Calibration& calibration) {
  const auto decided = calibration.decided(detector_of(one), one.class_name);
  return fmt::format(
      "{} scores this {:.2f}; going by {} decisions on its proposals of {}, such a proposal is "
      "right "
      "in {:.0f} of 100 cases.",
      name_of(detector_of(one)), one.score, decided, one.class_name, *one.confidence * 100);
}

// What another detector says of the same place; "" for nothing.
std::string second_opinion(const Suggestion& one, const Suggestion& other) {
  if (&one == &other || detector_of(one) == detector_of(other)) return "";
  if (other.state != SuggestionState::pending || !covers(other.shape, one.shape, kSamePlace)) {
    return "";
  }
  const auto name = name_of(detector_of(other));
  if (other.class_name == one.class_name) {
    return fmt::format("{} proposes the same ({:.2f}).", name, other.score);
  }
  return fmt::format("{} takes this for {} ({:.2f}).", name, other.class_name, other.score);
}

}  // namespace

std::vector<Suggestion> to_suggestions(const db::Rows& rows) {
  std::vector<Suggestion> out;
  for (auto& row : rows.as<SuggestionRow>()) {
    Suggestion one;
    one.id = row.id;
    one.asset_id = row.asset_id;
    one.shape = json::read<Shape>(json::parse(row.shape));
    one.label_id = row.label_id;
    one.class_name = std::move(row.class_name);
    one.score = row.score;
    one.model_version = std::move(row.model_version);
    one.attributes = json::parse(row.attributes).as_object();
    one.state = row.state;
    one.annotation_id = row.annotation_id;
    one.created_at = row.created_at;
    one.reasons = json::read<std::vector<std::string>>(json::parse(row.reasons));
    one.run = row.job_id;
    out.push_back(std::move(one));
  }
  return out;
}

bool covers(const Shape& present, const Shape& proposed, double iou) {
  const auto a = document::shape_bounds(present);
  const auto b = document::shape_bounds(proposed);
  return a && b && geometry::iou(*a, *b) >= iou;
}

bool covered(const Suggestion& suggestion, const std::vector<document::Annotation>& present) {
  if (!suggestion.label_id) return false;
  return std::ranges::any_of(present, [&](const auto& annotation) {
    return annotation.label_id == *suggestion.label_id &&
           covers(annotation.shape, suggestion.shape, kCoveredIou);
  });
}

bool refused_before(const Suggestion& suggestion, const std::vector<Suggestion>& rejected) {
  return std::ranges::any_of(rejected, [&](const Suggestion& old) {
    return old.class_name == suggestion.class_name && detector_of(old) == detector_of(suggestion) &&
           covers(old.shape, suggestion.shape, kRejectedIou);
  });
}

void explain(std::vector<Suggestion>& all, const learning::Calibration& calibration) {
  for (auto& one : all) {
    one.confidence = calibration.confidence(detector_of(one), one.class_name, one.score);
    if (one.confidence) one.reasons.push_back(track_record(one, calibration));
    for (const auto& other : all) {
      if (auto said = second_opinion(one, other); !said.empty()) {
        one.reasons.push_back(std::move(said));
      }
    }
  }
}

}  // namespace aa::prelabel
