// Where operations are kept: reading an asset's log and its head, writing what an Appender made,
// and telling that a log has grown. Private to the module.
//
// Thread rule: shared by all coroutines; set_listener() before any of them begins.
// Errors: those of the database; conflict "id_taken" when an annotation's id is another asset's.
#pragma once

#include "service/annotation/appender.hpp"
#include "service/annotation/live_log.hpp"

namespace aa::annotation {

// So often is the whole document written down, in revisions.
inline constexpr std::int64_t kSnapshotEvery = 1'000;

// Reads inside a transaction where there is one, and from what is committed otherwise.
struct Reading {
  Reading(db::Database& where, OrganizationId whose, db::Transaction* inside = nullptr)
      : database(where), organization(whose), transaction(inside) {}
  Task<db::Rows> rows(const db::Statement& statement, db::Args args) const;
  db::Database& database;
  OrganizationId organization;
  db::Transaction* transaction;
};

class OperationLog {
 public:
  OperationLog(db::Database& database, audit::Trail& trail, const Clock& clock)
      : database_(database), trail_(trail), clock_(clock) {}
  ~OperationLog();  // waits for snapshots that are being written
  OperationLog(const OperationLog&) = delete;
  OperationLog& operator=(const OperationLog&) = delete;

  void set_listener(LogListener* listener) { listener_ = listener; }
  Reading reading(OrganizationId organization, db::Transaction* transaction = nullptr) {
    return {database_, organization, transaction};
  }
  // Those of `ids` that are in the asset's log.
  static Task<std::vector<StoredOperation>> find(Reading reading, AssetId asset,
                                                 std::vector<OperationId> ids);
  // Those of `ids` that are annotations of anybody: a new one cannot have such an id.
  Task<std::set<AnnotationId>> taken(std::set<AnnotationId> ids);
  // Operations after `revision` on `targets`, oldest first.
  static Task<std::vector<StoredOperation>> of_targets(Reading reading, AssetId asset,
                                                       std::int64_t revision,
                                                       std::set<AnnotationId> targets);

  // Will storing on this head anchor it in the organisation's audit chain?
  bool is_anchor_due(const HeadRow& head) const;
  // What an appender made, in a transaction of its own, durable and announced when it returns;
  // false when the log is not where the appender began, and nothing is changed.
  Task<bool> store(std::shared_ptr<const Appender> appender, audit::Actor actor);
  // The same in the caller's transaction, announced when that is committed.
  Task<bool> store_in(db::Transaction& transaction, std::shared_ptr<const Appender> appender,
                      audit::Actor actor);

 private:
  // A log has grown: tells it, and has the whole document written down now and then.
  void grew(runtime::Executor executor, const Ground& ground, std::int64_t revision);
  Task<> anchor(db::Transaction& transaction, AssetId asset, HeadRow head, audit::Actor actor);

  db::Database& database_;
  audit::Trail& trail_;
  const Clock& clock_;
  LogListener* listener_ = nullptr;
  std::shared_ptr<int> writing_ = std::make_shared<int>(0);  // held by each snapshot's writing
};

}  // namespace aa::annotation
