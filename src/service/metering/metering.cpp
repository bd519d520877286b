#include "service/metering/metering.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "service/metering/statements.hpp"

namespace aa::metering {
namespace {

using std::chrono::sys_days;

constexpr double kWrittenFrom = 1000;  // milliseconds
constexpr std::string_view kOperator = "operator";
constexpr std::string_view kOrganization = "organization";

struct QuotaRow {
  std::string set_by;
  std::optional<std::int64_t> storage_bytes;
  std::optional<std::int64_t> assets;
  std::optional<std::int64_t> model_seconds;
};
BOOST_DESCRIBE_STRUCT(QuotaRow, (), (set_by, storage_bytes, assets, model_seconds))

struct Totals {
  std::int64_t assets = 0;
  std::int64_t storage_bytes = 0;
};
BOOST_DESCRIBE_STRUCT(Totals, (), (assets, storage_bytes))

struct DayRow {
  std::int64_t day = 0;
  std::int64_t assets_added = 0;
  std::int64_t bytes_added = 0;
  std::int64_t model_ms = 0;
};
BOOST_DESCRIBE_STRUCT(DayRow, (), (day, assets_added, bytes_added, model_ms))

sys_days day_of(Timestamp time) {
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(time.micros)));
}

std::int64_t number_of(sys_days day) { return day.time_since_epoch().count(); }

sys_days month_of(sys_days day) {
  const std::chrono::year_month_day date(day);
  return date.year() / date.month() / 1;
}

sys_days next_month(sys_days day) {
  const std::chrono::year_month_day date(month_of(day));
  return date.year() / date.month() / 1 + std::chrono::months(1);
}

std::string date_text(std::int64_t day) {
  const std::chrono::year_month_day date{sys_days(std::chrono::days(day))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::optional<std::int64_t> lower(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  if (!a) return b;
  return b ? std::min(a, b) : a;
}

void refuse_above(const std::optional<std::int64_t>& own, const std::optional<std::int64_t>& most,
                  const std::string& name) {
  if (!own || !most || *own <= *most) return;
  throw invalid("above_limit", "/" + name + " must be at most " + std::to_string(*most) + ".",
                {{"/" + name, "must be at most " + std::to_string(*most)}});
}

Error storage_full(std::int64_t limit) {
  return {ErrorCode::out_of_space, "quota_storage",
          "The organization may store " + std::to_string(limit) +
              " bytes, and this would be more. Delete something or ask for a larger quota."};
}

Error assets_full(std::int64_t limit) {
  return {ErrorCode::too_large, "quota_assets",
          "The organization may have " + std::to_string(limit) +
              " images, and this would be more. Delete some or ask for a larger quota."};
}

}  // namespace

struct Metering::Limits {
  Quota all;
  Quota own;
  Quota given;  // by the operator

  void check(const Totals& totals) const {
    if (all.assets && totals.assets > *all.assets) throw assets_full(*all.assets);
    if (all.storage_bytes && totals.storage_bytes > *all.storage_bytes) {
      throw storage_full(*all.storage_bytes);
    }
  }
};

Metering::Limits Metering::read(const db::Rows& rows) const {
  Limits out;
  out.given = for_all_;
  for (const auto& row : rows.as<QuotaRow>()) {
    const Quota quota{row.storage_bytes, row.assets, row.model_seconds};
    (row.set_by == kOperator ? out.given : out.own) = quota;
  }
  out.all.storage_bytes = lower(out.given.storage_bytes, out.own.storage_bytes);
  out.all.assets = lower(out.given.assets, out.own.assets);
  out.all.model_seconds = lower(out.given.model_seconds, out.own.model_seconds);
  return out;
}

Task<Metering::Limits> Metering::limits(OrganizationId organization) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::find_quotas,
                                             db::args(organization));
  co_return read(rows);
}

// Whoever counts first holds the row until his transaction ends.
Task<> Metering::count(db::Transaction& transaction, OrganizationId organization,
                       std::int64_t assets, std::int64_t bytes) {
  const auto counted =
      co_await transaction.exec(sql::count_stored, db::args(organization, assets, bytes));
  const auto rows = co_await transaction.exec(sql::find_quotas, db::args(organization));
  read(rows).check(counted.one().as<Totals>());
}

Task<> Metering::add_asset(db::Transaction& transaction, OrganizationId organization,
                           std::int64_t bytes) {
  co_await count(transaction, organization, 1, bytes);
  co_await transaction.exec(sql::count_added,
                            db::args(organization, number_of(day_of(clock_.now())), 1, bytes));
}

Task<> Metering::take_assets(db::Transaction& transaction, OrganizationId organization,
                             std::int64_t assets, std::int64_t bytes) {
  co_await transaction.exec(sql::count_taken, db::args(organization, assets, bytes));
}

Task<> Metering::change_bytes(db::Transaction& transaction, OrganizationId organization,
                              std::int64_t difference) {
  if (difference > 0) {
    co_await count(transaction, organization, 0, difference);
  } else {
    co_await take_assets(transaction, organization, 0, -difference);
  }
}

Task<> Metering::require_room(OrganizationId organization, std::int64_t bytes) {
  const auto limits = co_await this->limits(organization);
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::find_totals,
                                             db::args(organization));
  auto totals = rows.first<Totals>().value_or(Totals{});
  totals.assets += 1;
  totals.storage_bytes += bytes;
  limits.check(totals);
}

Task<std::int64_t> Metering::model_ms_of_month(OrganizationId organization) {
  const auto from = number_of(month_of(day_of(clock_.now())));
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::model_time_since,
                                             db::args(organization, from));
  const std::lock_guard lock(mutex_);
  const auto pending = pending_.find(organization);
  const double more = pending == pending_.end() ? 0 : pending->second;
  co_return rows.one().get<std::int64_t>("model_ms") + static_cast<std::int64_t>(more);
}

Task<> Metering::require_model_time(OrganizationId organization) {
  const auto limits = co_await this->limits(organization);
  if (!limits.all.model_seconds) co_return;
  const auto used = co_await model_ms_of_month(organization);
  if (used < *limits.all.model_seconds * 1000) co_return;
  const auto today = day_of(clock_.now());
  const std::chrono::seconds wait = next_month(today) - today;
  throw Error(ErrorCode::rate_limited, "quota_model_seconds",
              "The organization has used the " + std::to_string(*limits.all.model_seconds) +
                  " seconds of model time that it has in a month.")
      .with_retry_after(wait);
}

Task<> Metering::write_model_time(OrganizationId organization, std::int64_t milliseconds) {
  const auto today = number_of(day_of(clock_.now()));
  co_await database_.write(db::Scope::tenant(organization), sql::count_model_time,
                           db::args(organization, today, milliseconds));
}

Task<> Metering::add_model_time(OrganizationId organization, double milliseconds) {
  std::int64_t whole = 0;
  {
    const std::lock_guard lock(mutex_);
    auto& pending = pending_[organization];
    pending += std::max(milliseconds, 0.0);
    if (pending >= kWrittenFrom) {
      whole = static_cast<std::int64_t>(pending);
      pending_.erase(organization);
    }
  }
  if (whole > 0) co_await write_model_time(organization, whole);
}

void Metering::note_model_time(OrganizationId organization, double milliseconds) {
  const std::lock_guard lock(mutex_);
  pending_[organization] += std::max(milliseconds, 0.0);
}

Task<QuotaView> Metering::quota(OrganizationId organization) {
  const auto limits = co_await this->limits(organization);
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::find_totals,
                                             db::args(organization));
  const auto totals = rows.first<Totals>().value_or(Totals{});
  QuotaView out;
  out.limits = limits.all;
  out.own = limits.own;
  out.server = limits.given;
  out.storage_bytes = totals.storage_bytes;
  out.assets = totals.assets;
  const auto used = co_await model_ms_of_month(organization);
  out.model_seconds = static_cast<double>(used) / 1000;
  co_return out;
}

Task<QuotaView> Metering::limit_self(tenancy::Tenant tenant, Quota own) {
  const auto given = co_await limits(tenant.organization());
  refuse_above(own.storage_bytes, given.given.storage_bytes, "storage_bytes");
  refuse_above(own.assets, given.given.assets, "assets");
  refuse_above(own.model_seconds, given.given.model_seconds, "model_seconds");
  auto transaction = co_await database_.begin(tenant.scope());
  co_await transaction->exec(
      sql::put_quota, db::args(tenant.organization(), kOrganization, own.storage_bytes, own.assets,
                               own.model_seconds, clock_.now()));
  audit::Entry entry{"organization.quota", "organization", tenant.organization().str(), {}};
  entry.detail["quota"] = json::parse(json::write(own));
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return co_await quota(tenant.organization());
}

Task<> Metering::set_by_operator(OrganizationId organization, Quota quota) {
  auto transaction = co_await database_.begin(db::Scope::tenant(organization));
  co_await transaction->exec(sql::put_quota,
                             db::args(organization, kOperator, quota.storage_bytes, quota.assets,
                                      quota.model_seconds, clock_.now()));
  audit::Entry entry{"organization.operator_quota", "organization", organization.str(), {}};
  entry.detail["quota"] = json::parse(json::write(quota));
  audit::Actor actor{organization, std::nullopt, "", ""};
  co_await trail_.append(*transaction, std::move(actor), std::move(entry));
  co_await transaction->commit();
}

Task<std::vector<UsageDay>> Metering::days(OrganizationId organization, int count) {
  const auto from = number_of(day_of(clock_.now())) - count + 1;
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::list_days,
                                             db::args(organization, from));
  std::vector<UsageDay> out;
  for (const auto& row : rows.as<DayRow>()) {
    UsageDay day;
    day.date = date_text(row.day);
    day.assets_added = row.assets_added;
    day.bytes_added = row.bytes_added;
    day.model_seconds = static_cast<double>(row.model_ms) / 1000;
    out.push_back(std::move(day));
  }
  co_return out;
}

}  // namespace aa::metering
