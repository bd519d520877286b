// LiveLog over the operation log: documents in memory, appended to in one go. Private to the
// module.
//
// Thread rule and errors: live_log.hpp.
#pragma once

#include "service/annotation/label_cache.hpp"
#include "service/annotation/operation_log.hpp"
#include "service/annotation/recent_operations.hpp"

namespace aa::annotation {

struct RoomDocument final : LiveDocument {
  const document::Document& document() const override { return present; }
  std::int64_t revision() const override { return head.revision; }
  const assets::Asset& asset() const override { return about; }
  // Takes in what is in the log already.
  void take(const StoredOperation& stored);

  OrganizationId organization;
  assets::Asset about;
  HeadRow head;
  document::Document present;
  RecentOperations recent;
  std::set<AnnotationId> elsewhere;  // ids that turned out to be another asset's
};

class RoomLog final : public LiveLog {
 public:
  RoomLog(db::Database& database, OperationLog& log, projects::Projects& projects,
          assets::Assets& assets, const Clock& clock)
      : database_(database), log_(log), assets_(assets), clock_(clock), labels_(projects, clock) {}

  Task<std::unique_ptr<LiveDocument>> open(OrganizationId organization, AssetId asset) override;
  Task<Appended> append(LiveDocument& document, std::vector<Submission> submissions) override;
  Task<std::vector<StoredOperation>> catch_up(LiveDocument& document) override;
  Task<std::vector<StoredOperation>> since(OrganizationId organization, AssetId asset,
                                           std::int64_t revision, int limit) override;

 private:
  struct Known;  // what must be asked before anything can be decided
  struct Plan;   // what an append would do
  enum class Stored { done, lost_race, id_repeated, id_taken };

  Task<Known> ask(RoomDocument& room, const std::vector<Submission>& submissions, bool all_ids,
                  db::Transaction* locked);
  Task<Plan> plan(RoomDocument& room, const std::vector<Submission>& submissions, bool all_ids,
                  db::Transaction* locked);
  Task<Stored> store(RoomDocument& room, const Plan& plan, audit::Actor actor,
                     db::Transaction* locked);
  Task<std::vector<StoredOperation>> follow(RoomDocument& room, db::Transaction* locked);
  Task<> find_elsewhere(RoomDocument& room, const std::vector<Submission>& submissions);
  Task<> renew(RoomDocument& room, Appended& out);
  Task<std::unique_ptr<db::Transaction>> lock(RoomDocument& room, Appended& out);

  db::Database& database_;
  OperationLog& log_;
  assets::Assets& assets_;
  const Clock& clock_;
  LabelCache labels_;
};

}  // namespace aa::annotation
