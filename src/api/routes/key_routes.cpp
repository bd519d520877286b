// What keys an organization's data is under, and a new data key.
#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

constexpr std::uint64_t kBodyBytes = 1024;

void require_own(const Call& call) {
  if (call.id<OrganizationId>("id") != call.tenant().organization()) {
    throw not_found("organization");
  }
}

Task<http::Response> handle_state(Services& services, Call call) {
  require_own(call);
  co_return answer(200, co_await services.keys.state(call.tenant()));
}

Task<http::Response> handle_rotate(Services& services, Call call) {
  require_own(call);
  const auto how = co_await read_body<keys::DataRotation>(call);
  const auto rotated = co_await services.keys.rotate_data(call.tenant(), how);
  co_await services.sso.providers.reseal(call.tenant().organization());
  co_return answer(202, rotated);
}

}  // namespace

Routes key_routes(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/keys",
                 .summary = "Which keys the organization's data is under",
                 .permission = Permission::organization_write,
                 .response_schema = schema_of<keys::KeysState>(),
                 .handler = [&](Call call) { return handle_state(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/organizations/{id}/keys/rotate",
                 .summary = "A new data key for what is stored from now on; older files too, by a "
                            "job, when asked",
                 .permission = Permission::organization_write,
                 .fresh = true,
                 .rate = RateClass::heavy,
                 .body_limit = kBodyBytes,
                 .status = 202,
                 .request_type = "application/json",
                 .request_schema = schema_of<keys::DataRotation>(),
                 .response_schema = schema_of<keys::DataRotated>(),
                 .handler = [&](Call call) { return handle_rotate(services, call); }});
  return out;
}

}  // namespace aa::api
