#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using annotation::Batch;
using annotation::HistoryEntry;
using annotation::NewAnnotation;
using annotation::Outcome;
using annotation::PatchAnnotation;
using document::Annotation;

http::Response annotation_answer(int status, const Annotation& annotation) {
  auto response = answer(status, annotation);
  response.headers.set("ETag", "\"" + std::to_string(annotation.revision) + "\"");
  return response;
}

Task<http::Response> handle_snapshot(Services& services, Call call) {
  const auto asset = call.id<AssetId>("id");
  if (const auto revision = call.query_number("revision")) {
    co_return answer(200, co_await services.history.at(call.tenant(), asset, *revision));
  }
  co_return json_response(200, co_await services.annotations.snapshot(call.tenant(), asset));
}

// 200 {revision, applied} or 409 {revision, rejected}, both with the members of a problem.
Task<http::Response> handle_operations(Services& services, Call call) {
  const auto asset = call.id<AssetId>("id");
  auto batch = co_await read_body<Batch>(call);
  const auto outcome = co_await services.annotations.apply(call.tenant(), asset, std::move(batch));
  if (outcome.rejected.empty()) {
    std::string body = R"({"revision":)" + std::to_string(outcome.revision) + R"(,"applied":)";
    json::append(body, outcome.applied);
    co_return json_response(200, body + "}");
  }
  std::string body = R"({"type":"about:blank","status":409,"code":"operations_rejected",)"
                     R"("detail":"Nothing was applied: some operations clash with the present )"
                     R"(state.","revision":)" +
                     std::to_string(outcome.revision) + R"(,"rejected":)";
  json::append(body, outcome.rejected);
  co_return http::Response::text(409, "application/problem+json", body + "}");
}

Task<http::Response> handle_create(Services& services, Call call) {
  const auto project = call.id<ProjectId>("id");
  auto input = co_await read_body<NewAnnotation>(call);
  co_return annotation_answer(
      201, co_await services.annotations.create(call.tenant(), project, std::move(input)));
}

Task<http::Response> handle_get(Services& services, Call call) {
  co_return annotation_answer(
      200, co_await services.annotations.get(call.tenant(), call.id<AnnotationId>("id")));
}

Task<http::Response> handle_patch(Services& services, Call call) {
  const auto id = call.id<AnnotationId>("id");
  auto change = co_await read_body<PatchAnnotation>(call);
  co_return annotation_answer(200, co_await services.annotations.patch(
                                       call.tenant(), id, std::move(change), call.if_match()));
}

Task<http::Response> handle_delete(Services& services, Call call) {
  co_await services.annotations.remove(call.tenant(), call.id<AnnotationId>("id"), call.if_match());
  co_return http::Response::empty(204);
}

Task<http::Response> handle_history(Services& services, Call call) {
  Page<HistoryEntry> page;
  page.items = co_await services.annotations.history(call.tenant(), call.id<AnnotationId>("id"));
  co_return json_response(200, write_page(page));
}

}  // namespace

Routes annotation_routes(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/assets/{id}/annotations",
                 .summary = "Annotations of an asset, with its revision",
                 .permission = Permission::annotation_read,
                 .response_schema = schema_of<document::Snapshot>(),
                 .query = {{"revision", "integer", "as it was then; absent: as it is now"}},
                 .handler = [&](Call call) { return handle_snapshot(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/assets/{id}/operations",
                 .summary = "Append operations to an asset's log; all or nothing",
                 .permission = Permission::annotation_write,
                 .rate = RateClass::write,
                 .request_type = "application/json",
                 .request_schema = schema_of<Batch>(),
                 .response_schema = schema_of<Outcome>(),
                 .handler = [&](Call call) { return handle_operations(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/projects/{id}/annotations",
                 .summary = "Make an annotation",
                 .permission = Permission::annotation_write,
                 .rate = RateClass::write,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<NewAnnotation>(),
                 .response_schema = schema_of<Annotation>(),
                 .handler = [&](Call call) { return handle_create(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/annotations/{id}",
                 .summary = "An annotation",
                 .permission = Permission::annotation_read,
                 .response_schema = schema_of<Annotation>(),
                 .handler = [&](Call call) { return handle_get(services, call); }});
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/annotations/{id}",
                 .summary = "Change an annotation",
                 .permission = Permission::annotation_write,
                 .rate = RateClass::write,
                 .request_type = "application/json",
                 .request_schema = schema_of<PatchAnnotation>(),
                 .response_schema = schema_of<Annotation>(),
                 .handler = [&](Call call) { return handle_patch(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/annotations/{id}",
                 .summary = "Delete an annotation",
                 .permission = Permission::annotation_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_delete(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/annotations/{id}/history",
                 .summary = "What was done to an annotation, oldest first",
                 .permission = Permission::annotation_read,
                 .response_schema = page_schema_of<HistoryEntry>(),
                 .handler = [&](Call call) { return handle_history(services, call); }});
  return out;
}

}  // namespace aa::api
