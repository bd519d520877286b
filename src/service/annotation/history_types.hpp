// What the history of an asset takes and gives.
//
// Thread rule: values.
#pragma once

#include <optional>
#include <vector>

#include "service/annotation/annotation_types.hpp"

namespace aa::annotation {

// A step, and what takes it back (or brings it again) as operations without ids.
struct UndoStep {
  StepId step;
  std::vector<json::Object> operations;
};
BOOST_DESCRIBE_STRUCT(UndoStep, (), (step, operations))

// Stacks, latest last: the operations of the last step are for the document at `revision`, those
// of the one before it for what is there when the last was taken back, and so on.
struct UndoSteps {
  std::int64_t revision = 0;
  std::vector<UndoStep> undo;
  std::vector<UndoStep> redo;
};
BOOST_DESCRIBE_STRUCT(UndoSteps, (), (revision, undo, redo))

// POST /assets/{id}/undo and /redo. Without a step, the latest.
struct ChooseStep {
  std::optional<StepId> step;
};
BOOST_DESCRIBE_STRUCT(ChooseStep, (), (step))

// POST /assets/{id}/restore.
struct Restore {
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(Restore, (), (revision))
constexpr auto field_rules(const Restore*) {
  return std::array{json::Field{.name = "revision", .min = 0, .max = 9e15}};
}

// An operation that was left as it is, and why.
struct Kept {
  OperationId operation;
  std::string code;
};
BOOST_DESCRIBE_STRUCT(Kept, (), (operation, code))

struct Restored {
  std::int64_t revision = 0;
  std::int64_t applied = 0;
  std::vector<Kept> kept;
};
BOOST_DESCRIBE_STRUCT(Restored, (), (revision, applied, kept))

// POST /assets/{id}/revert: all of one person, or all of one model run.
struct Revert {
  std::optional<UserId> user_id;
  std::optional<JobId> run;
  std::optional<std::int64_t> from_revision;
};
BOOST_DESCRIBE_STRUCT(Revert, (), (user_id, run, from_revision))
constexpr auto field_rules(const Revert*) {
  return std::array{json::Field{.name = "from_revision", .min = 0, .max = 9e15}};
}

// POST /projects/{id}/revert.
struct RevertProject {
  std::optional<UserId> user_id;
  std::optional<JobId> run;
  std::optional<Timestamp> from_time;
};
BOOST_DESCRIBE_STRUCT(RevertProject, (), (user_id, run, from_time))

struct Reverted {
  std::int64_t revision = 0;
  std::int64_t reverted = 0;  // operations that were taken back
  std::vector<Kept> kept;
};
BOOST_DESCRIBE_STRUCT(Reverted, (), (revision, reverted, kept))

// Who made an annotation, and who changed it last.
struct Blame {
  AnnotationId annotation_id;
  UserId created_by;
  Timestamp created_at;
  UserId changed_by;
  Timestamp changed_at;
  std::int64_t changes = 0;
  std::optional<JobId> run;  // that proposed it
};
BOOST_DESCRIBE_STRUCT(Blame, (),
                      (annotation_id, created_by, created_at, changed_by, changed_at, changes, run))

}  // namespace aa::annotation
