// Annotation service: the operation log of each asset, and its fold.
//
// Every change is an operation: it gets the asset's next revision, is appended to the log with a
// hash over the one before it, and is folded into the annotations table, all in one transaction
// that is durable before the call returns. The log is the audit of annotations: its head enters
// the organisation's audit chain at most once a minute.
//
// Merging: a batch is merged with what others did after its `base_revision`, by the rules of
// docs/live-protocol.md, with one exception: replacing an object, or its whole geometry without
// saying in `prev` what was seen, when someone changed that object since, is refused as
// "changed_meanwhile" rather than silently overwriting.
//
// Thread rule: shared by all coroutines.
// Errors: not_found; invalid_argument "invalid_operation" with pointers into the batch.
#pragma once

#include <memory>

#include "driver/db/database.hpp"
#include "service/annotation/annotation_types.hpp"
#include "service/assets/assets.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/projects/projects.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::annotation {

using runtime::Task;

// In whose name operations are appended: a person's request, or a job's.
struct Author {
  Author() = default;
  Author(audit::Actor as, UserId who, document::Source from)
      : actor(std::move(as)), user(who), source(from) {}
  audit::Actor actor;
  UserId user;
  document::Source source = document::Source::manual;
  std::optional<JobId> run;  // the model run whose findings these are
};

class LiveLog;
class LogListener;
class OperationLog;
class RoomLog;

class Annotations {
 public:
  Annotations(db::Database& database, audit::Trail& trail, projects::Projects& projects,
              assets::Assets& assets, const Clock& clock, IdSource& ids);
  ~Annotations();
  Annotations(const Annotations&) = delete;
  Annotations& operator=(const Annotations&) = delete;

  // The same log for those who keep documents in memory.
  LiveLog& live_log();
  // Told of every commit that made a log grow, by whatever way; before anything is appended.
  void set_listener(LogListener* listener);

  // For whoever stored so many: when they are very many, the database looks at its tables anew.
  Task<> took_in(std::size_t count);
  // {"revision": n, "items": [...]}, ready to send.
  Task<std::string> snapshot(tenancy::Tenant tenant, AssetId asset);
  Task<std::vector<document::Annotation>> list_for(OrganizationId organization, AssetId asset);
  // Those of the ids that are there; and one that may be gone, as it was last.
  Task<std::map<AnnotationId, document::Annotation>> find_for(OrganizationId organization,
                                                              std::vector<AnnotationId> ids);
  Task<std::optional<document::Annotation>> last_for(OrganizationId organization, AnnotationId id);

  Task<ProjectId> project_for(OrganizationId organization, AnnotationId id);

  Task<Outcome> apply(tenancy::Tenant tenant, AssetId asset, Batch batch);
  // In the caller's transaction; the caller commits. `labels` are the project's.
  Task<Outcome> apply_in(db::Transaction& transaction, Author author, assets::Asset asset,
                         document::LabelSchema labels, Batch batch);

  Task<document::Annotation> create(tenancy::Tenant tenant, ProjectId project, NewAnnotation input);
  Task<document::Annotation> get(tenancy::Tenant tenant, AnnotationId id);
  Task<document::Annotation> patch(tenancy::Tenant tenant, AnnotationId id, PatchAnnotation change,
                                   std::optional<std::int64_t> if_revision);
  Task<> remove(tenancy::Tenant tenant, AnnotationId id, std::optional<std::int64_t> if_revision);
  // Oldest first.
  Task<std::vector<HistoryEntry>> history(tenancy::Tenant tenant, AnnotationId id);

  // Walks an asset's log and compares every hash; the first bad revision, if any.
  Task<std::optional<std::int64_t>> verify_log(OrganizationId organization, AssetId asset);

  struct Appending;  // transactions.hpp, private to the module
  // The same; unless `strict`, operations succeed or fall one by one.
  Task<Appending> append_in(db::Transaction& transaction, Author author, assets::Asset asset,
                            document::LabelSchema labels, Batch batch, bool strict);

 private:
  Task<document::Annotation> apply_single(tenancy::Tenant tenant, document::Annotation present,
                                          std::vector<document::Change> changes,
                                          std::optional<std::int64_t> if_revision);

  db::Database& database_;
  projects::Projects& projects_;
  assets::Assets& assets_;
  const Clock& clock_;
  IdSource& ids_;
  std::unique_ptr<OperationLog> log_;
  std::unique_ptr<RoomLog> rooms_;
};

}  // namespace aa::annotation
