// API tokens: personal ones of whoever is signed in, service tokens of the organisation.
#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using identity::ApiToken;
using identity::ApiTokenId;
using identity::ApiTokenKind;
using identity::IssuedApiToken;
using identity::NewApiToken;

constexpr std::uint64_t kBodyBytes = 16 * 1024;

void require_own(const Call& call) {
  if (call.id<OrganizationId>("id") != call.tenant().organization()) {
    throw not_found("organization");
  }
}

Task<http::Response> list(Services& services, ApiTokenKind kind, Call call) {
  if (kind == ApiTokenKind::service) require_own(call);
  Page<ApiToken> page;
  page.items = co_await services.identity.api_tokens(call.tenant(), kind);
  co_return json_response(200, write_page(page));
}

Task<http::Response> create(Services& services, ApiTokenKind kind, Call call) {
  if (kind == ApiTokenKind::service) require_own(call);
  auto wanted = co_await read_body<NewApiToken>(call);
  const auto made =
      co_await services.identity.create_api_token(call.tenant(), kind, std::move(wanted));
  co_return answer(201, made);
}

Task<http::Response> revoke(Services& services, ApiTokenKind kind, Call call) {
  const bool service = kind == ApiTokenKind::service;
  if (service) require_own(call);
  const auto id = call.id<ApiTokenId>(service ? "token_id" : "id");
  co_await services.identity.revoke_api_token(call.tenant(), kind, id);
  co_return http::Response::empty(204);
}

Route list_route(Services& services, ApiTokenKind kind) {
  return {.method = "GET",
          .response_schema = page_schema_of<ApiToken>(),
          .handler = [&services, kind](Call call) { return list(services, kind, call); }};
}

Route create_route(Services& services, ApiTokenKind kind) {
  return {.method = "POST",
          .fresh = true,
          .secret_answer = true,
          .rate = RateClass::auth,
          .body_limit = kBodyBytes,
          .status = 201,
          .request_type = "application/json",
          .request_schema = schema_of<NewApiToken>(),
          .response_schema = schema_of<IssuedApiToken>(),
          .handler = [&services, kind](Call call) { return create(services, kind, call); }};
}

Route revoke_route(Services& services, ApiTokenKind kind) {
  return {.method = "DELETE",
          .rate = RateClass::write,
          .status = 204,
          .handler = [&services, kind](Call call) { return revoke(services, kind, call); }};
}

Route at(Route route, std::string_view pattern, std::string_view summary, Permission permission) {
  route.pattern = pattern;
  route.summary = summary;
  route.permission = permission;
  return route;
}

}  // namespace

Routes token_routes(Services& services) {
  constexpr auto kOwn = ApiTokenKind::personal;
  constexpr auto kService = ApiTokenKind::service;
  constexpr std::string_view kServicePath = "/api/v1/organizations/{id}/service-tokens";
  Routes out;
  out.push_back(at(list_route(services, kOwn), "/api/v1/auth/tokens", "One's own API tokens",
                   Permission::account_self));
  out.push_back(at(create_route(services, kOwn), "/api/v1/auth/tokens",
                   "Make an API token of one's own: this answer alone shows it",
                   Permission::account_self));
  out.push_back(at(revoke_route(services, kOwn), "/api/v1/auth/tokens/{id}",
                   "Revoke one of one's API tokens", Permission::account_self));
  out.push_back(at(list_route(services, kService), kServicePath, "API tokens of the organization",
                   Permission::service_token_write));
  out.push_back(at(create_route(services, kService), kServicePath,
                   "Make an API token of the organization: this answer alone shows it",
                   Permission::service_token_write));
  out.push_back(at(revoke_route(services, kService),
                   "/api/v1/organizations/{id}/service-tokens/{token_id}",
                   "Revoke an API token of the organization", Permission::service_token_write));
  return out;
}

}  // namespace aa::api
