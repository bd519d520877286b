#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using prelabel::CalibrationRow;
using ranking::Propagated;
using ranking::PropagateRequest;
using ranking::QueueResult;
using ranking::Strategy;

struct CalibrationReport {
  std::vector<CalibrationRow> classes;
};
BOOST_DESCRIBE_STRUCT(CalibrationReport, (), (classes))

Strategy query_strategy(const Call& call) {
  const auto text = call.query("strategy");
  Strategy out = Strategy::mixed;
  if (text && !boost::describe::enum_from_string(text->c_str(), out)) {
    throw invalid("invalid_query", "strategy must be mixed, uncertainty, disagreement or novelty.");
  }
  return out;
}

Task<http::Response> handle_queue(Services& services, Call call) {
  co_return answer(200, co_await services.ranking.queue(call.tenant(), call.id<ProjectId>("id"),
                                                        query_strategy(call), call.limit()));
}

Task<http::Response> handle_calibration(Services& services, Call call) {
  CalibrationReport report;
  report.classes = co_await services.prelabel.calibration(call.tenant(), call.id<ProjectId>("id"));
  co_return answer(200, report);
}

Task<http::Response> handle_propagate(Services& services, Call call) {
  const auto asset = call.id<AssetId>("id");
  PropagateRequest request;
  if (call.request->content_length.value_or(0) > 0) {
    request = co_await read_body<PropagateRequest>(call);
  }
  co_return answer(200,
                   co_await services.ranking.propagate(call.tenant(), asset, std::move(request)));
}

}  // namespace

Routes ranking_routes(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects/{id}/queue",
                 .summary = "What is most worth a look, and why",
                 .permission = Permission::annotation_read,
                 .rate = RateClass::inference,
                 .response_schema = schema_of<QueueResult>(),
                 .query = {{"strategy", "string", "mixed, uncertainty, disagreement or novelty"},
                           {"limit", "integer", "1 to 200"}},
                 .handler = [&](Call call) { return handle_queue(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects/{id}/calibration",
                 .summary = "How far scores told the truth, and do after calibration",
                 .permission = Permission::annotation_read,
                 .response_schema = schema_of<CalibrationReport>(),
                 .handler = [&](Call call) { return handle_calibration(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/assets/{id}/propagate",
                 .summary = "Propose an image's objects in images of the same scene",
                 .permission = Permission::prelabel_run,
                 .rate = RateClass::heavy,
                 .request_type = "application/json",
                 .request_schema = schema_of<PropagateRequest>(),
                 .response_schema = schema_of<Propagated>(),
                 .handler = [&](Call call) { return handle_propagate(services, call); }});
  return out;
}

}  // namespace aa::api
