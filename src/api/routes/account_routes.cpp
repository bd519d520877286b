#include "api/routes/routes.hpp"
#include "service/identity/preferences.hpp"

namespace aa::api {
namespace {

using identity::OrganizationView;
using identity::PasswordChange;
using identity::Renaming;
using identity::SessionView;

constexpr std::uint64_t kBodyBytes = 16 * 1024;

Task<http::Response> handle_rename(Services& services, Call call) {
  auto input = co_await read_body<Renaming>(call);
  co_return answer(200, co_await services.identity.rename(call.tenant(), std::move(input.name)));
}

Task<http::Response> handle_password(Services& services, Call call) {
  auto input = co_await read_body<PasswordChange>(call);
  co_await services.identity.change_password(call.tenant(), std::move(input));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_sessions(Services& services, Call call) {
  Page<SessionView> page;
  page.items = co_await services.identity.sessions(call.tenant());
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_end_session(Services& services, Call call) {
  co_await services.identity.end_session(call.tenant(), call.id<SessionId>("id"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_end_others(Services& services, Call call) {
  co_await services.identity.end_other_sessions(call.tenant());
  co_return http::Response::empty(204);
}

Task<http::Response> handle_organizations(Services& services, Call call) {
  Page<OrganizationView> page;
  page.items = co_await services.identity.organizations(call.tenant());
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_create_organization(Services& services, Call call) {
  auto input = co_await read_body<Renaming>(call);
  const auto made =
      co_await services.identity.create_organization(call.tenant(), std::move(input.name));
  co_return answer(201, made);
}

json::Value object_schema(json::Schemas&) {
  return {{"type", "object"}, {"additionalProperties", true}};
}

Task<http::Response> handle_preferences(Services& services, Call call) {
  const auto found = co_await identity::preferences_of(services.database, call.tenant().user());
  co_return json_response(200, json::to_text(found));
}

Task<http::Response> handle_merge(Services& services, Call call) {
  const json::Value input = co_await read_json(call);
  if (!input.is_object()) {
    throw invalid("invalid_body", "The body must be an object of names and values.",
                  {{"", "must be an object"}});
  }
  const auto merged = co_await identity::merge_preferences(
      services.database, call.tenant().user(), input.get_object(), services.clock.now());
  co_return json_response(200, json::to_text(merged));
}

Routes preference_routes(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/auth/me/preferences",
                 .summary = "What the person has chosen, by name",
                 .permission = Permission::account_self,
                 .response_schema = object_schema,
                 .handler = [&](Call call) { return handle_preferences(services, call); }});
  out.push_back({.method = "PUT",
                 .pattern = "/api/v1/auth/me/preferences",
                 .summary = "Set the named preferences; a null takes one away, others stay",
                 .permission = Permission::account_self,
                 .rate = RateClass::write,
                 .body_limit = 2 * identity::kPreferencesBytes,
                 .request_type = "application/json",
                 .request_schema = object_schema,
                 .response_schema = object_schema,
                 .handler = [&](Call call) { return handle_merge(services, call); }});
  return out;
}

Routes profile_routes(Services& services) {
  Routes out;
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/auth/me",
                 .summary = "Change one's name",
                 .permission = Permission::account_self,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<Renaming>(),
                 .response_schema = schema_of<identity::UserView>(),
                 .handler = [&](Call call) { return handle_rename(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/password",
                 .summary = "Change one's password; the other sessions end",
                 .permission = Permission::account_self,
                 .fresh = true,
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .status = 204,
                 .request_type = "application/json",
                 .request_schema = schema_of<PasswordChange>(),
                 .handler = [&](Call call) { return handle_password(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/auth/sessions",
                 .summary = "One's sign-ins that still stand",
                 .permission = Permission::account_self,
                 .response_schema = page_schema_of<SessionView>(),
                 .handler = [&](Call call) { return handle_sessions(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/auth/sessions",
                 .summary = "End all of one's sessions but this",
                 .permission = Permission::account_self,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_end_others(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/auth/sessions/{id}",
                 .summary = "End one of one's sessions",
                 .permission = Permission::account_self,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_end_session(services, call); }});
  return out;
}

}  // namespace

Routes account_routes(Services& services) {
  Routes out = profile_routes(services);
  for (auto& route : preference_routes(services)) out.push_back(std::move(route));
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations",
                 .summary = "Organizations one belongs to",
                 .permission = Permission::account_self,
                 .response_schema = page_schema_of<OrganizationView>(),
                 .handler = [&](Call call) { return handle_organizations(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/organizations",
                 .summary = "Make an organization that one owns",
                 .permission = Permission::account_self,
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<Renaming>(),
                 .response_schema = schema_of<OrganizationView>(),
                 .handler = [&](Call call) { return handle_create_organization(services, call); }});
  return out;
}

}  // namespace aa::api
