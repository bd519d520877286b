// The one way in which operations become part of an asset's log, whoever sends them: they are
// merged with what others did since (kernel/ot, rules of docs/live-protocol.md), applied by
// kernel/document, checked against the project's labels, and chained. Private to the module.
//
// It knows of no database: it is given what stands there, and gives the statements that write the
// difference. The first of them moves the head on and touches no row when the head is not where
// the appender began, so a lost race is undone whole.
//
// Operations of one arrival that name no step become one: that of the first of them.
//
// Strict, for HTTP: replacing a whole object, or its shape without saying what was seen, falls with
// "changed_meanwhile" when someone changed the object since; the caller gives all of it up when
// anything falls. Otherwise operations succeed or fall one by one.
//
// Thread rule: one owner. Errors: none; what cannot be is told in Taken.
#pragma once

#include <memory>
#include <set>

#include "driver/db/database.hpp"
#include "service/annotation/annotations.hpp"
#include "service/annotation/log_rows.hpp"
#include "service/annotation/merge.hpp"

namespace aa::annotation {

// Throws invalid_argument "invalid_operation" unless each has a UUIDv7 of its own.
void check_operation_ids(const std::vector<document::Operation>& operations);
// Throws the same with these problems, when there are any.
void refuse(std::vector<ErrorDetail> problems);

// What an append stands on.
struct Ground {
  OrganizationId organization;
  assets::Asset asset;
  std::shared_ptr<const document::LabelSchema> labels;
  HeadRow head;
  document::Document document;       // the targets alone are enough
  std::set<AnnotationId> elsewhere;  // ids that belong to another asset
};

// What one person sends at once.
struct Arrival {
  Author author;
  std::int64_t base_revision = 0;
  std::vector<document::Operation> operations;
  std::vector<StoredOperation> since;  // of the same targets, after base_revision, oldest first
  Timestamp at;
  bool strict = false;
};

struct Taken {
  struct Fallen {
    std::size_t index = 0;  // among the operations
    DroppedOperation why;
    std::vector<ErrorDetail> problems;  // with pointers, when it does not fit labels or asset
  };
  std::vector<StoredOperation> stored;
  std::vector<Fallen> fallen;
};

class Appender {
 public:
  explicit Appender(Ground ground);

  Taken take(Arrival arrival);

  bool empty() const { return made_.empty(); }
  const std::vector<StoredOperation>& made() const { return made_; }
  const Ground& ground() const { return ground_; }  // its document with all that was taken
  // Where the log stands with all that was taken.
  const HeadRow& head() const { return head_; }
  const std::set<AnnotationId>& touched() const { return touched_; }
  // In the order in which they must run.
  std::vector<db::Step> steps(Timestamp now) const;

 private:
  void take_one(const Arrival& arrival, std::size_t index, ot::Merge merged, Taken& taken);
  std::optional<DroppedOperation> refusal(const Arrival& arrival,
                                          const document::Operation& operation) const;
  void complete(const Author& author, document::Change& change) const;
  std::vector<ErrorDetail> problems_of(const AnnotationId& target, std::size_t index,
                                       const document::Document& before) const;
  StoredOperation log(const Arrival& arrival, document::Operation operation);
  void add_annotation_steps(std::vector<db::Step>& steps, Timestamp now) const;

  Ground ground_;
  HeadRow head_;
  std::map<AnnotationId, std::int64_t> seen_;  // revisions at the beginning
  std::string rows_ = "[";                     // of the log, as JSON
  std::vector<StoredOperation> made_;
  std::set<AnnotationId> touched_;
};

}  // namespace aa::annotation
