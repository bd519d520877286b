// Provisioning as administrators see it: tokens of the directory, its people, and the roles that
// its groups give.
#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using namespace scim;

constexpr std::uint64_t kBodyBytes = 16 * 1024;

template <class IdType>
std::optional<IdType> cursor_of(const Call& call) {
  const auto text = call.query("cursor");
  if (!text) return std::nullopt;
  const auto id = IdType::parse(*text);
  if (!id) throw invalid("invalid_query", "?cursor= must be a next_cursor.");
  return id;
}

template <class T>
http::Response paged(std::vector<T> items, int limit) {
  Page<T> page;
  page.items = std::move(items);
  if (static_cast<int>(page.items.size()) == limit) page.next_cursor = page.items.back().id.str();
  return json_response(200, write_page(page));
}

Task<http::Response> handle_tokens(Services& services, Call call) {
  Page<ScimToken> page;
  page.items = co_await services.scim.tokens.list(call.tenant());
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_make(Services& services, Call call) {
  auto wanted = co_await read_body<NewScimToken>(call);
  co_return answer(201, co_await services.scim.tokens.create(call.tenant(), std::move(wanted)));
}

Task<http::Response> handle_revoke(Services& services, Call call) {
  co_await services.scim.tokens.revoke(call.tenant(), call.id<ScimTokenId>("id"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_people(Services& services, Call call) {
  const auto after = cursor_of<ScimUserId>(call);
  auto items = co_await services.scim.people.page(call.tenant(), after, call.limit());
  co_return paged(std::move(items), call.limit());
}

Task<http::Response> handle_views(Services& services, Call call) {
  const auto after = cursor_of<ScimGroupId>(call);
  auto items = co_await services.scim.groups.page(call.tenant(), after, call.limit());
  co_return paged(std::move(items), call.limit());
}

Task<http::Response> handle_role(Services& services, Call call) {
  const auto id = call.id<ScimGroupId>("id");
  co_await services.scim.groups.get(call.tenant().organization(), id, false);
  auto wanted = co_await read_body<GroupRole>(call);
  co_return answer(
      200, co_await services.scim.groups.give_role(call.tenant(), id, std::move(wanted.role)));
}

Routes token_rows(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/scim-tokens",
                 .summary = "Tokens by which the organization's directory provisions people",
                 .permission = Permission::sso_write,
                 .response_schema = page_schema_of<ScimToken>(),
                 .handler = [&](Call call) { return handle_tokens(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/scim-tokens",
                 .summary = "Make a SCIM token; it is shown this once",
                 .permission = Permission::sso_write,
                 .fresh = true,
                 .secret_answer = true,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<NewScimToken>(),
                 .response_schema = schema_of<IssuedScimToken>(),
                 .handler = [&](Call call) { return handle_make(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/scim-tokens/{id}",
                 .summary = "Revoke a SCIM token",
                 .permission = Permission::sso_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_revoke(services, call); }});
  return out;
}

}  // namespace

Routes provisioning_routes(Services& services) {
  Routes out = token_rows(services);
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/scim-users",
                 .summary = "People whom the directory provisioned",
                 .permission = Permission::sso_write,
                 .response_schema = page_schema_of<ScimPerson>(),
                 .query = {{"limit", "integer", "1 to 200"}, {"cursor", "string", ""}},
                 .handler = [&](Call call) { return handle_people(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/scim-groups",
                 .summary = "Groups of the directory, and the roles they give",
                 .permission = Permission::sso_write,
                 .response_schema = page_schema_of<ScimGroupView>(),
                 .query = {{"limit", "integer", "1 to 200"}, {"cursor", "string", ""}},
                 .handler = [&](Call call) { return handle_views(services, call); }});
  out.push_back({.method = "PUT",
                 .pattern = "/api/v1/scim-groups/{id}/role",
                 .summary = "Give the members of a group a role, or none",
                 .permission = Permission::sso_write,
                 .fresh = true,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<GroupRole>(),
                 .response_schema = schema_of<ScimGroupView>(),
                 .handler = [&](Call call) { return handle_role(services, call); }});
  return out;
}

}  // namespace aa::api
