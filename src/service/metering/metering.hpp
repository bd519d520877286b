// Metering: what an organisation uses, day by day, and where it must stop.
//
// The operator gives every organisation the same limits (settings) or one its own (command line);
// an organisation may limit itself further. What is stored is counted in the transaction that adds
// or takes it away, so that no crowd of uploads gets past a limit together. What models compute is
// known when they are done: who has used up his time of the month begins nothing new. Of that time
// a second is kept in memory, since clicks on images cost a few milliseconds each, and what was
// only noted, until the next that is added.
//
// Thread rule: shared by all coroutines.
// Errors: out_of_space "quota_storage" (507); too_large "quota_assets" (413); rate_limited
// "quota_model_seconds" (429, until the month ends); invalid_argument "above_limit".
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "driver/db/database.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::metering {

using runtime::Task;

// Empty: no limit.
struct Quota {
  std::optional<std::int64_t> storage_bytes;
  std::optional<std::int64_t> assets;
  std::optional<std::int64_t> model_seconds;  // in a calendar month, UTC
  bool operator==(const Quota&) const = default;
};
BOOST_DESCRIBE_STRUCT(Quota, (), (storage_bytes, assets, model_seconds))
constexpr auto field_rules(const Quota*) {
  return std::array{json::Field{.name = "storage_bytes", .min = 0, .max = 9e15},
                    json::Field{.name = "assets", .min = 0, .max = 9e15},
                    json::Field{.name = "model_seconds", .min = 0, .max = 9e12}};
}

struct QuotaView {
  Quota limits;  // that hold
  Quota own;     // set by the organisation
  Quota server;  // set by who runs the server
  std::int64_t storage_bytes = 0;
  std::int64_t assets = 0;
  double model_seconds = 0;  // this month
};
BOOST_DESCRIBE_STRUCT(QuotaView, (), (limits, own, server, storage_bytes, assets, model_seconds))

struct UsageDay {
  std::string date;  // 2026-01-31, UTC
  std::int64_t assets_added = 0;
  std::int64_t bytes_added = 0;
  double model_seconds = 0;
};
BOOST_DESCRIBE_STRUCT(UsageDay, (), (date, assets_added, bytes_added, model_seconds))

inline constexpr int kUsageDays = 366;  // shown at once

class Metering {
 public:
  Metering(db::Database& database, audit::Trail& trail, const Clock& clock, Quota for_all = {})
      : database_(database), trail_(trail), clock_(clock), for_all_(for_all) {}

  // In the caller's transaction, which must fall when these throw.
  Task<> add_asset(db::Transaction& transaction, OrganizationId organization, std::int64_t bytes);
  Task<> take_assets(db::Transaction& transaction, OrganizationId organization, std::int64_t assets,
                     std::int64_t bytes);
  Task<> change_bytes(db::Transaction& transaction, OrganizationId organization,
                      std::int64_t difference);

  // Before work begins that would be in vain.
  Task<> require_room(OrganizationId organization, std::int64_t bytes);
  Task<> require_model_time(OrganizationId organization);
  Task<> add_model_time(OrganizationId organization, double milliseconds);
  void note_model_time(OrganizationId organization, double milliseconds);

  Task<QuotaView> quota(OrganizationId organization);
  // Replaces the organisation's own limits; none may be above the operator's.
  Task<QuotaView> limit_self(tenancy::Tenant tenant, Quota own);
  Task<> set_by_operator(OrganizationId organization, Quota quota);
  // The last so many days, newest first; days without use are left out.
  Task<std::vector<UsageDay>> days(OrganizationId organization, int count);

 private:
  struct Limits;
  Task<Limits> limits(OrganizationId organization);
  Limits read(const db::Rows& rows) const;
  Task<> count(db::Transaction& transaction, OrganizationId organization, std::int64_t assets,
               std::int64_t bytes);
  Task<std::int64_t> model_ms_of_month(OrganizationId organization);
  Task<> write_model_time(OrganizationId organization, std::int64_t milliseconds);

  db::Database& database_;
  audit::Trail& trail_;
  const Clock& clock_;
  Quota for_all_;
  std::mutex mutex_;
  std::map<OrganizationId, double> pending_;  // milliseconds
};

}  // namespace aa::metering
