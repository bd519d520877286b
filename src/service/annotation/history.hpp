// The history of an asset's annotations: what was when, who did it, and taking it back.
//
// Everything that brings something back is appended as new operations to the same log, in one step
// of who asked; nothing of the log is ever removed. Undo is per person: the latest step first,
// computed against the present state (R12 of docs/live-protocol.md), however long ago it was done.
// Imports, and what a model run accepted by itself, are no steps of a person; revert() takes those
// back too. Of one person kStepsMax steps can be undone.
//
// Thread rule: shared by all coroutines.
// Errors: not_found; permission_denied; conflict "nothing_to_undo", "nothing_to_redo";
// invalid_argument "invalid_revision", "invalid_revert".
#pragma once

#include "service/annotation/annotations.hpp"
#include "service/annotation/history_types.hpp"
#include "service/jobs/job_queue.hpp"

namespace aa::annotation {

class History {
 public:
  static constexpr std::size_t kStepsMax = 100;

  History(db::Database& database, audit::Trail& trail, jobs::Queue& queue,
          projects::Projects& projects, assets::Assets& assets, Annotations& annotations,
          IdSource& ids)
      : database_(database),
        trail_(trail),
        queue_(queue),
        projects_(projects),
        assets_(assets),
        annotations_(annotations),
        ids_(ids) {}

  // Time travel: as GET /assets/{id}/annotations, of an earlier revision.
  Task<document::Snapshot> at(tenancy::Tenant tenant, AssetId asset, std::int64_t revision);
  // Newest first, those before `before`.
  Task<std::vector<StoredOperation>> list(tenancy::Tenant tenant, AssetId asset,
                                          std::optional<std::int64_t> before, int limit);
  Task<std::vector<Blame>> blame(tenancy::Tenant tenant, AssetId asset);

  Task<UndoSteps> undo_steps(tenancy::Tenant tenant, AssetId asset);
  Task<Outcome> undo(tenancy::Tenant tenant, AssetId asset, ChooseStep which);
  Task<Outcome> redo(tenancy::Tenant tenant, AssetId asset, ChooseStep which);

  Task<Restored> restore(tenancy::Tenant tenant, AssetId asset, Restore to);
  // Of others, and of model runs, for who may write the project.
  Task<Reverted> revert(tenancy::Tenant tenant, AssetId asset, Revert what);
  Task<JobId> revert_project(tenancy::Tenant tenant, ProjectId project, RevertProject what);
  jobs::Kind revert_kind();

 private:
  enum class Direction { undo, redo };
  struct Stack;  // history_undo.cpp

  Task<Stack> stack_of(db::Transaction* inside, OrganizationId organization, UserId user,
                       AssetId asset, std::int64_t revision, Direction direction,
                       std::optional<StepId> only);
  Task<Outcome> turn(tenancy::Tenant tenant, AssetId asset, ChooseStep which, Direction direction);
  // Appends changes as one step of `author`, in the transaction, at the head that is locked there.
  Task<Annotations::Appending> append(db::Transaction& transaction, Author author,
                                      assets::Asset asset, std::int64_t revision,
                                      std::vector<document::Operation> operations);
  Task<std::int64_t> lock(db::Transaction& transaction, OrganizationId organization, AssetId asset);
  Task<document::Document> fold(db::Transaction* inside, OrganizationId organization, AssetId asset,
                                std::int64_t revision);
  // Whose operations, and from when on.
  struct Range {
    Range(std::optional<UserId> who, std::optional<JobId> of, std::int64_t revision, Timestamp time)
        : user_id(who), run(of), from_revision(revision), from_time(time) {}
    std::optional<UserId> user_id;
    std::optional<JobId> run;
    std::int64_t from_revision;
    Timestamp from_time;
  };
  Task<Reverted> revert_in(db::Transaction& transaction, Author author, assets::Asset asset,
                           Range what);
  Task<> run_job(jobs::Run& run);
  Task<> revert_step(jobs::Run& run, jobs::Run::Step step, RevertProject what);

  db::Database& database_;
  audit::Trail& trail_;
  jobs::Queue& queue_;
  projects::Projects& projects_;
  assets::Assets& assets_;
  Annotations& annotations_;
  IdSource& ids_;
};

}  // namespace aa::annotation
