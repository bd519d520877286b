#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using identity::GrantView;

constexpr std::uint64_t kBodyBytes = 16 * 1024;

Task<ProjectId> own_project(Services& services, const Call& call) {
  const auto project = call.id<ProjectId>("id");
  co_await services.projects.require(call.tenant(), project);
  co_return project;
}

Task<http::Response> handle_list(Services& services, Call call) {
  const auto project = co_await own_project(services, call);
  Page<GrantView> page;
  page.items = co_await services.access.grants.list(call.tenant(), project);
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_put(Services& services, Call call) {
  const auto project = co_await own_project(services, call);
  const auto user = call.id<UserId>("user");
  auto input = co_await read_body<identity::RoleChange>(call);
  co_return answer(200, co_await services.access.grants.put(call.tenant(), project, user,
                                                            std::move(input.role)));
}

Task<http::Response> handle_remove(Services& services, Call call) {
  const auto project = co_await own_project(services, call);
  co_await services.access.grants.remove(call.tenant(), project, call.id<UserId>("user"));
  co_return http::Response::empty(204);
}

}  // namespace

Routes grant_routes(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects/{id}/grants",
                 .summary = "Who has which role in this project alone",
                 .permission = Permission::member_read,
                 .response_schema = page_schema_of<GrantView>(),
                 .handler = [&](Call call) { return handle_list(services, call); }});
  out.push_back({.method = "PUT",
                 .pattern = "/api/v1/projects/{id}/grants/{user}",
                 .summary = "Give a member a role in this project, beside the one everywhere",
                 .permission = Permission::member_write,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::RoleChange>(),
                 .response_schema = schema_of<GrantView>(),
                 .handler = [&](Call call) { return handle_put(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/projects/{id}/grants/{user}",
                 .summary = "Take a member's role in this project away",
                 .permission = Permission::member_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_remove(services, call); }});
  return out;
}

}  // namespace aa::api
