// Annotation service: the operation log of each asset, and its fold.
//
// Every change is an operation: it gets the asset's next revision, is appended to the log with a
// hash over the one before it, and is folded into the annotations table, all in one transaction
// that is durable before the call returns. The log is the audit of annotations: its head enters
// the organisation's audit chain at most once a minute.
//
// Merging: operations of other writers in between do not matter, by the rules of
// kernel/document/document.hpp, with one exception: replacing an object or its whole geometry, when
// someone changed that object after `base_revision`, is refused as "changed_meanwhile" rather than
// silently overwriting.
//
// Thread rule: shared by all coroutines.
// Errors: not_found; invalid_argument "invalid_operation" with pointers into the batch.
#pragma once

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
};

class Annotations {
 public:
  Annotations(db::Database& database, audit::Trail& trail, projects::Projects& projects,
              assets::Assets& assets, const Clock& clock, IdSource& ids)
      : database_(database),
        trail_(trail),
        projects_(projects),
        assets_(assets),
        clock_(clock),
        ids_(ids) {}

  // {"revision": n, "items": [...]}, ready to send.
  Task<std::string> snapshot(tenancy::Tenant tenant, AssetId asset);
  Task<std::vector<document::Annotation>> list_for(OrganizationId organization, AssetId asset);

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

 private:
  struct Session;
  Task<> load_targets(db::Transaction& transaction, Session& session, const Batch& batch);
  Task<bool> answered_before(db::Transaction& transaction, Session& session, const Batch& batch);
  void apply_one(Session& session, const Batch& batch, std::size_t index);
  Task<> store(db::Transaction& transaction, Session& session);
  Task<> insert(db::Transaction& transaction, const Session& session,
                const document::Annotation& annotation);
  Task<> anchor(db::Transaction& transaction, Session& session);
  Task<document::Annotation> apply_single(tenancy::Tenant tenant, document::Annotation present,
                                          std::vector<document::Change> changes,
                                          std::optional<std::int64_t> if_revision);

  db::Database& database_;
  audit::Trail& trail_;
  projects::Projects& projects_;
  assets::Assets& assets_;
  const Clock& clock_;
  IdSource& ids_;
};

}  // namespace aa::annotation
