// What the annotation service takes and gives.
//
// Thread rule: values. Errors: StoredOperation::json() throws none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "kernel/document/document.hpp"

namespace aa::annotation {

// POST /assets/{id}/operations. All of a batch is applied, or nothing.
struct Batch {
  std::int64_t base_revision = 0;  // what the client had seen
  std::vector<document::Operation> operations;
};
BOOST_DESCRIBE_STRUCT(Batch, (), (base_revision, operations))
constexpr auto field_rules(const Batch*) {
  return std::array{
      json::Field{.name = "base_revision", .min = 0, .max = 9e15},
      json::Field{.name = "operations", .min_items = 1, .max_items = limits::kOperationsPerBatch}};
}

struct RejectedOperation {
  OperationId id;
  std::string code;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(RejectedOperation, (), (id, code, detail))

struct Outcome {
  std::int64_t revision = 0;
  std::vector<json::Object> applied;  // as stored, each with its revision
  std::vector<RejectedOperation> rejected;
};
BOOST_DESCRIBE_STRUCT(Outcome, (), (revision, applied, rejected))

// An operation as it stands in the log.
struct StoredOperation {
  std::int64_t revision = 0;
  document::Operation operation;  // as applied, which may differ from what was sent
  UserId author;
  document::Source source = document::Source::manual;
  Timestamp at;
  std::optional<JobId> run;  // the model run that it comes from
  std::string text;          // json(), made once by those who read or write the log
  // {"id","op",...,"revision","created_by","created_at","source","run"?}
  std::string json() const;
};
// json() from what is written already: `body` is write_operation() of the operation.
std::string stored_json(const StoredOperation& stored, const std::string& body);

struct DroppedOperation {
  OperationId id;
  std::string code;    // "target_gone", ...; document.hpp
  std::string rule;    // of docs/live-protocol.md when another's change is the cause
  std::string detail;  // for people
};

// POST /projects/{id}/annotations.
struct NewAnnotation {
  std::optional<AnnotationId> id;
  AssetId asset_id;
  LabelId label_id;
  document::Shape shape;
  std::optional<json::Object> attributes;
  std::optional<double> score;
  std::optional<document::Source> source;
  std::optional<std::string> model_version;
  std::optional<std::string> track_id;
  std::optional<std::int64_t> frame;
  std::optional<std::string> group;
  std::optional<std::vector<document::Relation>> relations;
};
BOOST_DESCRIBE_STRUCT(NewAnnotation, (),
                      (id, asset_id, label_id, shape, attributes, score, source, model_version,
                       track_id, frame, group, relations))
constexpr auto field_rules(const NewAnnotation*) {
  return std::array{json::Field{.name = "relations", .max_items = document::kRelationsMax},
                    json::Field{.name = "score", .min = 0, .max = 1}};
}

// PATCH /annotations/{id}: absent members stay.
struct PatchAnnotation {
  std::optional<LabelId> label_id;
  std::optional<document::Shape> shape;
  std::optional<json::Object> attributes;
};
BOOST_DESCRIBE_STRUCT(PatchAnnotation, (), (label_id, shape, attributes))

// One entry of an object's history.
struct HistoryEntry {
  std::int64_t revision = 0;
  json::Object operation;
  UserId actor_id;
  document::Source source = document::Source::manual;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(HistoryEntry, (), (revision, operation, actor_id, source, created_at))

}  // namespace aa::annotation
