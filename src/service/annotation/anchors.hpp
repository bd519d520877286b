// Anchors: an asset's log is a chain of its own, and its head enters the organisation's audit chain
// at most once a minute. Whoever appends writes the anchor that is due; Anchors writes those of
// logs that nobody appends to any more, and checks logs against what was anchored.
//
// Thread rule: shared by all coroutines. Errors: those of the database.
#pragma once

#include "core/runtime/executors.hpp"
#include "service/annotation/annotations.hpp"
#include "service/annotation/log_rows.hpp"

namespace aa::annotation {

inline constexpr std::chrono::minutes kAnchorEvery{1};

// A clock that was set back makes an anchor due too.
bool anchor_due(Timestamp now, Timestamp anchored_at);
// In the caller's transaction, with the asset's head locked.
Task<> write_anchor(db::Transaction& transaction, audit::Trail& trail, AssetId asset, HeadRow head,
                    audit::Actor actor, Timestamp now);

struct LogVerdict {
  std::int64_t assets = 0;
  std::int64_t anchors = 0;
  std::optional<AssetId> asset;  // the first whose log is bad, and where
  std::int64_t first_bad = 0;
};

class Anchors {
 public:
  Anchors(db::Database& database, audit::Trail& trail, Annotations& annotations, const Clock& clock,
          runtime::Executors& executors)
      : database_(database),
        trail_(trail),
        annotations_(annotations),
        clock_(clock),
        executors_(executors) {}

  // Every log of the organisation, and every anchor in its audit chain.
  Task<LogVerdict> verify(OrganizationId organization);
  // Anchors what has been waiting for longer than kAnchorEvery; how many.
  Task<int> anchor_waiting();
  void start();  // anchor_waiting() every minute, while the executors live

 private:
  Task<bool> anchor(OrganizationId organization, AssetId asset);
  Task<> check_anchors(OrganizationId organization, LogVerdict& verdict);
  Task<> work();

  db::Database& database_;
  audit::Trail& trail_;
  Annotations& annotations_;
  const Clock& clock_;
  runtime::Executors& executors_;
};

}  // namespace aa::annotation
