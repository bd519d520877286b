#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using projects::CreateProject;
using projects::PatchProject;
using projects::Project;

http::Response project_answer(int status, const Project& project) {
  auto response = answer(status, project);
  response.headers.set("ETag", "\"" + std::to_string(project.revision) + "\"");
  return response;
}

Task<http::Response> handle_create(Services& services, Call call) {
  auto input = co_await read_body<CreateProject>(call);
  co_return project_answer(201, co_await services.projects.create(call.tenant(), std::move(input)));
}

Task<http::Response> handle_list(Services& services, Call call) {
  std::optional<ProjectId> before;
  if (const auto cursor = call.query("cursor")) {
    before = ProjectId::parse(*cursor);
    if (!before) throw invalid("invalid_query", "cursor is not one that this list gave.");
  }
  Page<Project> page;
  page.items = co_await services.projects.list(call.tenant(), before, call.limit());
  if (static_cast<int>(page.items.size()) == call.limit()) {
    page.next_cursor = page.items.back().id.str();
  }
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_get(Services& services, Call call) {
  co_return project_answer(200,
                           co_await services.projects.get(call.tenant(), call.id<ProjectId>("id")));
}

Task<http::Response> handle_patch(Services& services, Call call) {
  const auto id = call.id<ProjectId>("id");
  auto change = co_await read_body<PatchProject>(call);
  co_return project_answer(
      200, co_await services.projects.patch(call.tenant(), id, std::move(change), call.if_match()));
}

Task<http::Response> handle_delete(Services& services, Call call) {
  co_await services.projects.remove(call.tenant(), call.id<ProjectId>("id"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_demo(Services& services, Call call) {
  co_return project_answer(200, co_await services.demo.open(call.tenant()));
}

}  // namespace

Routes project_routes(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects",
                 .summary = "Projects, newest first",
                 .permission = Permission::project_read,
                 .in_any_project = true,
                 .response_schema = page_schema_of<Project>(),
                 .query = {{"limit", "integer", "1 to 200"}, {"cursor", "string", ""}},
                 .handler = [&](Call call) { return handle_list(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/projects",
                 .summary = "Make a project",
                 .permission = Permission::project_write,
                 .rate = RateClass::write,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<CreateProject>(),
                 .response_schema = schema_of<Project>(),
                 .handler = [&](Call call) { return handle_create(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/projects/demo",
                 .summary = "The organization's demo project, made when there is none",
                 .permission = Permission::project_write,
                 .rate = RateClass::heavy,
                 .response_schema = schema_of<Project>(),
                 .handler = [&](Call call) { return handle_demo(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects/{id}",
                 .summary = "A project with its labels and counts",
                 .permission = Permission::project_read,
                 .response_schema = schema_of<Project>(),
                 .handler = [&](Call call) { return handle_get(services, call); }});
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/projects/{id}",
                 .summary = "Change a project; labels are the whole new list",
                 .permission = Permission::project_write,
                 .rate = RateClass::write,
                 .request_type = "application/json",
                 .request_schema = schema_of<PatchProject>(),
                 .response_schema = schema_of<Project>(),
                 .handler = [&](Call call) { return handle_patch(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/projects/{id}",
                 .summary = "Delete a project",
                 .permission = Permission::project_delete,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_delete(services, call); }});
  return out;
}

}  // namespace aa::api
