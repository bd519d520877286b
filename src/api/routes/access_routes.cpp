#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using identity::MemberCursor;
using identity::MemberView;
using identity::OrganizationDetail;
using identity::RoleView;

constexpr std::uint64_t kBodyBytes = 16 * 1024;

template <class T>
http::Response tagged(int status, const T& value, std::int64_t revision) {
  auto response = answer(status, value);
  response.headers.set("ETag", "\"" + std::to_string(revision) + "\"");
  return response;
}

Task<http::Response> handle_organization(Services& services, Call call) {
  call.require_own_organization();
  const auto found = co_await services.access.organizations.get(call.tenant());
  co_return tagged(200, found, found.revision);
}

Task<http::Response> handle_rename(Services& services, Call call) {
  call.require_own_organization();
  auto input = co_await read_body<identity::Renaming>(call);
  const auto now = co_await services.access.organizations.rename(
      call.tenant(), std::move(input.name), call.if_match());
  co_return tagged(200, now, now.revision);
}

Task<http::Response> handle_delete(Services& services, Call call) {
  call.require_own_organization();
  co_await services.access.organizations.remove(call.tenant());
  co_return http::Response::empty(204);
}

Task<http::Response> handle_members(Services& services, Call call) {
  call.require_own_organization();
  std::optional<MemberCursor> after;
  if (const auto cursor = call.query("cursor")) {
    after = MemberCursor::parse(*cursor);
    if (!after) throw invalid("invalid_query", "cursor is not one that this list gave.");
  }
  Page<MemberView> page;
  page.items = co_await services.access.members.list(call.tenant(), after, call.limit());
  if (static_cast<int>(page.items.size()) == call.limit()) {
    page.next_cursor = MemberCursor{page.items.back().created_at, page.items.back().id}.str();
  }
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_member(Services& services, Call call) {
  call.require_own_organization();
  co_return answer(200,
                   co_await services.access.members.get(call.tenant(), call.id<UserId>("user")));
}

Task<http::Response> handle_change_role(Services& services, Call call) {
  call.require_own_organization();
  const auto user = call.id<UserId>("user");
  auto input = co_await read_body<identity::RoleChange>(call);
  co_return answer(200, co_await services.access.members.change_role(call.tenant(), user,
                                                                     std::move(input.role)));
}

Task<http::Response> handle_remove(Services& services, Call call) {
  call.require_own_organization();
  co_await services.access.members.remove(call.tenant(), call.id<UserId>("user"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_leave(Services& services, Call call) {
  call.require_own_organization();
  co_await services.access.members.leave(call.tenant());
  co_return http::Response::empty(204);
}

Task<http::Response> handle_member_sessions(Services& services, Call call) {
  call.require_own_organization();
  Page<identity::SessionView> page;
  page.items = co_await services.access.members.sessions(call.tenant(), call.id<UserId>("user"));
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_end_sessions(Services& services, Call call) {
  call.require_own_organization();
  co_await services.access.members.end_sessions(call.tenant(), call.id<UserId>("user"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_roles(Services& services, Call call) {
  call.require_own_organization();
  Page<RoleView> page;
  page.items = co_await services.access.roles.list(call.tenant());
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_role(Services& services, Call call) {
  call.require_own_organization();
  const auto role = co_await services.access.roles.get(call.tenant(), call.path.at("role"));
  co_return tagged(200, role, role.revision);
}

Task<http::Response> handle_create_role(Services& services, Call call) {
  call.require_own_organization();
  auto input = co_await read_body<identity::NewRole>(call);
  const auto made = co_await services.access.roles.create(call.tenant(), std::move(input));
  co_return tagged(201, made, made.revision);
}

Task<http::Response> handle_patch_role(Services& services, Call call) {
  call.require_own_organization();
  const auto id = call.id<identity::RoleId>("role");
  auto change = co_await read_body<identity::PatchRole>(call);
  const auto now =
      co_await services.access.roles.patch(call.tenant(), id, std::move(change), call.if_match());
  co_return tagged(200, now, now.revision);
}

Task<http::Response> handle_delete_role(Services& services, Call call) {
  call.require_own_organization();
  co_await services.access.roles.remove(call.tenant(), call.id<identity::RoleId>("role"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_policy(Services& services, Call call) {
  call.require_own_organization();
  const auto found = co_await services.access.policies.get(call.tenant());
  co_return tagged(200, found, found.revision);
}

Task<http::Response> handle_patch_policy(Services& services, Call call) {
  call.require_own_organization();
  auto change = co_await read_body<identity::PolicyChange>(call);
  const auto now = co_await services.access.policies.patch(
      call.tenant(), std::move(change), call.if_match(), call.request->remote.to_string());
  co_return tagged(200, now, now.revision);
}

Routes organization_rows(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}",
                 .summary = "The organization one is signed in to",
                 .permission = Permission::member_read,
                 .response_schema = schema_of<OrganizationDetail>(),
                 .handler = [&](Call call) { return handle_organization(services, call); }});
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/organizations/{id}",
                 .summary = "Rename the organization",
                 .permission = Permission::organization_write,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::Renaming>(),
                 .response_schema = schema_of<OrganizationDetail>(),
                 .handler = [&](Call call) { return handle_rename(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/organizations/{id}",
                 .summary = "Delete the organization: all access to it ends at once",
                 .permission = Permission::organization_delete,
                 .fresh = true,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_delete(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/organizations/{id}/leave",
                 .summary = "Leave the organization",
                 .permission = Permission::account_self,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .status = 204,
                 .handler = [&](Call call) { return handle_leave(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/policy",
                 .summary = "What the organization demands of those who sign in",
                 .permission = Permission::member_read,
                 .response_schema = schema_of<identity::PolicyView>(),
                 .handler = [&](Call call) { return handle_policy(services, call); }});
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/organizations/{id}/policy",
                 .summary = "Change the policy; what is left out stays",
                 .permission = Permission::organization_write,
                 .fresh = true,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::PolicyChange>(),
                 .response_schema = schema_of<identity::PolicyView>(),
                 .handler = [&](Call call) { return handle_patch_policy(services, call); }});
  return out;
}

Routes member_rows(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/members",
                 .summary = "Members of an organization, the oldest first",
                 .permission = Permission::member_read,
                 .response_schema = page_schema_of<MemberView>(),
                 .query = {{"limit", "integer", "1 to 200"}, {"cursor", "string", ""}},
                 .handler = [&](Call call) { return handle_members(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/members/{user}",
                 .summary = "A member",
                 .permission = Permission::member_read,
                 .response_schema = schema_of<MemberView>(),
                 .handler = [&](Call call) { return handle_member(services, call); }});
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/organizations/{id}/members/{user}",
                 .summary = "Give a member another role",
                 .permission = Permission::member_write,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::RoleChange>(),
                 .response_schema = schema_of<MemberView>(),
                 .handler = [&](Call call) { return handle_change_role(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/organizations/{id}/members/{user}",
                 .summary = "Remove a member",
                 .permission = Permission::member_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_remove(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/members/{user}/sessions",
                 .summary = "Sign-ins of a member that still stand",
                 .permission = Permission::member_write,
                 .response_schema = page_schema_of<identity::SessionView>(),
                 .handler = [&](Call call) { return handle_member_sessions(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/organizations/{id}/members/{user}/sessions",
                 .summary = "Sign a member out of the organization everywhere",
                 .permission = Permission::member_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_end_sessions(services, call); }});
  return out;
}

Routes role_rows(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/roles",
                 .summary = "Roles, built-in ones first",
                 .permission = Permission::role_read,
                 .response_schema = page_schema_of<RoleView>(),
                 .handler = [&](Call call) { return handle_roles(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/organizations/{id}/roles",
                 .summary = "Make a role of single permissions",
                 .permission = Permission::role_write,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::NewRole>(),
                 .response_schema = schema_of<RoleView>(),
                 .handler = [&](Call call) { return handle_create_role(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/roles/{role}",
                 .summary = "A role",
                 .permission = Permission::role_read,
                 .response_schema = schema_of<RoleView>(),
                 .handler = [&](Call call) { return handle_role(services, call); }});
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/organizations/{id}/roles/{role}",
                 .summary = "Change a role that one does not hold",
                 .permission = Permission::role_write,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::PatchRole>(),
                 .response_schema = schema_of<RoleView>(),
                 .handler = [&](Call call) { return handle_patch_role(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/organizations/{id}/roles/{role}",
                 .summary = "Delete a role that nobody has",
                 .permission = Permission::role_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_delete_role(services, call); }});
  return out;
}

}  // namespace

Routes access_routes(Services& services) {
  Routes out = organization_rows(services);
  for (auto& row : member_rows(services)) out.push_back(std::move(row));
  for (auto& row : role_rows(services)) out.push_back(std::move(row));
  return out;
}

}  // namespace aa::api
