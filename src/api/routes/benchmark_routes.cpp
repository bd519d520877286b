#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using modelzoo::Benchmark;

struct BenchmarkAccepted {
  JobId job_id;
};
BOOST_DESCRIBE_STRUCT(BenchmarkAccepted, (), (job_id))

std::string id_in(const Call& call) { return call.path.find("id")->second; }

Task<http::Response> handle_start(Services& services, Call call) {
  const auto model = co_await services.models.resolve(call.tenant(), id_in(call));
  const auto job = co_await services.benchmarks.start(call.tenant(), model);
  co_return answer(202, BenchmarkAccepted{job});
}

Task<http::Response> handle_get(Services& services, Call call) {
  const auto model = co_await services.models.resolve(call.tenant(), id_in(call));
  const auto benchmark = co_await services.benchmarks.last(call.tenant(), model);
  co_return answer(200, benchmark);
}

}  // namespace

Routes benchmark_routes(Services& services) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/models/{id}/benchmark",
                 .summary = "Measure a model on this machine",
                 .permission = Permission::model_write,
                 .rate = RateClass::heavy,
                 .status = 202,
                 .response_schema = schema_of<BenchmarkAccepted>(),
                 .handler = [&](Call call) { return handle_start(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/models/{id}/benchmark",
                 .summary = "What was measured of a model on this machine",
                 .permission = Permission::model_read,
                 .response_schema = schema_of<Benchmark>(),
                 .handler = [&](Call call) { return handle_get(services, call); }});
  return out;
}

}  // namespace aa::api
