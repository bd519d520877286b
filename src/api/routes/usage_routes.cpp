#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using metering::Quota;
using metering::QuotaView;
using metering::UsageDay;

constexpr std::uint64_t kBodyBytes = 4 * 1024;
constexpr int kDays = 31;

Task<http::Response> handle_usage(Services& services, Call call) {
  call.require_own_organization();
  const auto days = call.query_number("days").value_or(kDays);
  if (days < 1 || days > metering::kUsageDays) {
    throw invalid("invalid_query",
                  "days must be from 1 to " + std::to_string(metering::kUsageDays) + ".");
  }
  Page<UsageDay> page;
  page.items =
      co_await services.metering.days(call.tenant().organization(), static_cast<int>(days));
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_quota(Services& services, Call call) {
  call.require_own_organization();
  co_return answer(200, co_await services.metering.quota(call.tenant().organization()));
}

Task<http::Response> handle_limit(Services& services, Call call) {
  call.require_own_organization();
  const auto quota = co_await read_body<Quota>(call);
  co_return answer(200, co_await services.metering.limit_self(call.tenant(), quota));
}

}  // namespace

Routes usage_routes(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/usage",
                 .summary = "What the organization used, day by day, newest first",
                 .permission = Permission::usage_read,
                 .response_schema = page_schema_of<UsageDay>(),
                 .query = {{"days", "integer", "1 to 366, 31 when left out"}},
                 .handler = [&](Call call) { return handle_usage(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/quota",
                 .summary = "What the organization may use, and what it does",
                 .permission = Permission::usage_read,
                 .response_schema = schema_of<QuotaView>(),
                 .handler = [&](Call call) { return handle_quota(services, call); }});
  out.push_back({.method = "PUT",
                 .pattern = "/api/v1/organizations/{id}/quota",
                 .summary = "Limit the organization below what the server allows; null lifts it",
                 .permission = Permission::organization_write,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<Quota>(),
                 .response_schema = schema_of<QuotaView>(),
                 .handler = [&](Call call) { return handle_limit(services, call); }});
  return out;
}

}  // namespace aa::api
