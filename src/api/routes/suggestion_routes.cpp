#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using prelabel::AcceptAbove;
using prelabel::Accepted;
using prelabel::AcceptOne;
using prelabel::Preannotate;
using prelabel::Suggestion;

struct JobAccepted {
  JobId job_id;
};
BOOST_DESCRIBE_STRUCT(JobAccepted, (), (job_id))

Task<http::Response> handle_start(Services& services, Call call) {
  const auto project = call.id<ProjectId>("id");
  auto request = co_await read_body<Preannotate>(call);
  co_return answer(202, JobAccepted{co_await services.prelabel.start(call.tenant(), project,
                                                                     std::move(request))});
}

Task<http::Response> handle_list(Services& services, Call call) {
  Page<Suggestion> page;
  page.items = co_await services.prelabel.list(call.tenant(), call.id<AssetId>("id"));
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_alike(Services& services, Call call) {
  const auto asset = call.id<AssetId>("id");
  auto request = co_await read_body<prelabel::AlikeRequest>(call);
  co_return answer(200,
                   co_await services.prelabel.find_alike(call.tenant(), asset, std::move(request)));
}

Task<http::Response> handle_accept(Services& services, Call call) {
  AcceptOne choice;
  if (call.request->content_length.value_or(0) > 0) choice = co_await read_body<AcceptOne>(call);
  co_return answer(200, co_await services.prelabel.accept(
                            call.tenant(), call.id<SuggestionId>("id"), std::move(choice)));
}

Task<http::Response> handle_reject(Services& services, Call call) {
  co_await services.prelabel.reject(call.tenant(), call.id<SuggestionId>("id"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_settle(Services& services, Call call) {
  const auto asset = call.id<AssetId>("id");
  auto request = co_await read_body<prelabel::Settle>(call);
  co_await services.prelabel.settle(call.tenant(), asset, std::move(request.annotation_ids));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_accept_above(Services& services, Call call) {
  const auto asset = call.id<AssetId>("id");
  auto request = co_await read_body<AcceptAbove>(call);
  co_return answer(
      200, co_await services.prelabel.accept_above(call.tenant(), asset, std::move(request)));
}

struct Rejected {
  std::int64_t rejected = 0;
};
BOOST_DESCRIBE_STRUCT(Rejected, (), (rejected))

Task<http::Response> handle_reject_many(Services& services, Call call) {
  const auto asset = call.id<AssetId>("id");
  auto request = co_await read_body<prelabel::RejectMany>(call);
  Rejected out;
  out.rejected = co_await services.prelabel.reject_all(call.tenant(), asset,
                                                       std::move(request.suggestion_ids));
  co_return answer(200, out);
}

}  // namespace

Routes suggestion_routes(Services& services) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/projects/{id}/preannotations",
                 .summary = "Let models propose annotations",
                 .permission = Permission::prelabel_run,
                 .rate = RateClass::heavy,
                 .status = 202,
                 .request_type = "application/json",
                 .request_schema = schema_of<Preannotate>(),
                 .response_schema = schema_of<JobAccepted>(),
                 .handler = [&](Call call) { return handle_start(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/assets/{id}/suggestions",
                 .summary = "What models propose for an asset, best first",
                 .permission = Permission::annotation_read,
                 .response_schema = page_schema_of<Suggestion>(),
                 .handler = [&](Call call) { return handle_list(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/assets/{id}/similar",
                 .summary = "Propose what looks like a shape in the same image",
                 .permission = Permission::prelabel_run,
                 .rate = RateClass::inference,
                 .request_type = "application/json",
                 .request_schema = schema_of<prelabel::AlikeRequest>(),
                 .response_schema = schema_of<prelabel::AlikeFound>(),
                 .handler = [&](Call call) { return handle_alike(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/assets/{id}/suggestions/accept",
                 .summary = "Accept all, or those named, above a score",
                 .permission = Permission::annotation_write,
                 .rate = RateClass::write,
                 .request_type = "application/json",
                 .request_schema = schema_of<AcceptAbove>(),
                 .response_schema = schema_of<Accepted>(),
                 .handler = [&](Call call) { return handle_accept_above(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/assets/{id}/suggestions/reject",
                 .summary = "Reject those named",
                 .permission = Permission::annotation_write,
                 .rate = RateClass::write,
                 .request_type = "application/json",
                 .request_schema = schema_of<prelabel::RejectMany>(),
                 .response_schema = schema_of<Rejected>(),
                 .handler = [&](Call call) { return handle_reject_many(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/assets/{id}/suggestions/settle",
                 .summary = "After an accept was undone or done again: pending or accepted",
                 .permission = Permission::annotation_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .request_type = "application/json",
                 .request_schema = schema_of<prelabel::Settle>(),
                 .handler = [&](Call call) { return handle_settle(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/suggestions/{id}/accept",
                 .summary = "Accept a suggestion",
                 .permission = Permission::annotation_write,
                 .rate = RateClass::write,
                 .response_schema = schema_of<Accepted>(),
                 .handler = [&](Call call) { return handle_accept(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/suggestions/{id}/reject",
                 .summary = "Reject a suggestion",
                 .permission = Permission::annotation_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_reject(services, call); }});
  return out;
}

}  // namespace aa::api
