#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using sso::NewProvider;
using sso::ProviderChange;
using sso::ProviderId;
using sso::ProviderView;

constexpr std::uint64_t kBodyBytes = 256 * 1024;

http::Response tagged(int status, const ProviderView& provider) {
  auto response = answer(status, provider);
  response.headers.set("ETag", "\"" + std::to_string(provider.revision) + "\"");
  return response;
}

Task<http::Response> handle_list(Services& services, Call call) {
  Page<ProviderView> page;
  page.items = co_await services.sso.providers.list(call.tenant());
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_create(Services& services, Call call) {
  auto input = co_await read_body<NewProvider>(call);
  const auto made = co_await services.sso.providers.create(call.tenant(), std::move(input));
  co_return tagged(201, made);
}

Task<http::Response> handle_get(Services& services, Call call) {
  const auto id = call.id<ProviderId>("id");
  const auto found = co_await services.sso.providers.get(call.tenant(), id);
  co_return tagged(200, found);
}

Task<http::Response> handle_patch(Services& services, Call call) {
  const auto id = call.id<ProviderId>("id");
  co_await services.sso.providers.get(call.tenant(), id);
  const auto revision = call.if_match();
  auto change = co_await read_body<ProviderChange>(call);
  const auto now =
      co_await services.sso.providers.patch(call.tenant(), id, std::move(change), revision);
  co_return tagged(200, now);
}

Task<http::Response> handle_remove(Services& services, Call call) {
  co_await services.sso.providers.remove(call.tenant(), call.id<ProviderId>("id"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_test(Services& services, Call call) {
  co_return answer(200,
                   co_await services.sso.providers.test(call.tenant(), call.id<ProviderId>("id")));
}

Routes writing_rows(Services& services) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/sso/providers",
                 .summary = "Add an identity provider",
                 .permission = Permission::sso_write,
                 .fresh = true,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<NewProvider>(),
                 .response_schema = schema_of<ProviderView>(),
                 .handler = [&](Call call) { return handle_create(services, call); }});
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/sso/providers/{id}",
                 .summary = "Change an identity provider, or switch it on or off",
                 .permission = Permission::sso_write,
                 .fresh = true,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<ProviderChange>(),
                 .response_schema = schema_of<ProviderView>(),
                 .handler = [&](Call call) { return handle_patch(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/sso/providers/{id}",
                 .summary = "Delete an identity provider; accounts and memberships stay",
                 .permission = Permission::sso_write,
                 .fresh = true,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_remove(services, call); }});
  return out;
}

}  // namespace

Routes provider_routes(Services& services) {
  Routes out = writing_rows(services);
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/sso/providers",
                 .summary = "Identity providers of the organization",
                 .permission = Permission::sso_write,
                 .response_schema = page_schema_of<ProviderView>(),
                 .handler = [&](Call call) { return handle_list(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/sso/providers/{id}",
                 .summary = "An identity provider, without its secret",
                 .permission = Permission::sso_write,
                 .response_schema = schema_of<ProviderView>(),
                 .handler = [&](Call call) { return handle_get(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/sso/providers/{id}/test",
                 .summary = "Try an identity provider step by step, without signing in",
                 .permission = Permission::sso_write,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .response_schema = schema_of<sso::TestReport>(),
                 .handler = [&](Call call) { return handle_test(services, call); }});
  return out;
}

}  // namespace aa::api
