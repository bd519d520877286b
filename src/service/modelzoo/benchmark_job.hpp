// Measuring a model from the API: a job, since it takes seconds and every core.
//
// Thread rule: shared by all coroutines. Errors: not_found (no such model, or not measured yet);
// unavailable "model_not_installed".
#pragma once

#include "driver/db/database.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/jobs/job_queue.hpp"
#include "service/modelzoo/model_bench.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::modelzoo {

inline constexpr std::string_view kBenchmarkKind = "model_benchmark";

class BenchmarkJobs {
 public:
  BenchmarkJobs(db::Database& database, audit::Trail& trail, jobs::Queue& queue, BenchParts parts)
      : database_(database), trail_(trail), queue_(queue), parts_(parts) {}

  jobs::Kind job_kind();
  Task<JobId> start(tenancy::Tenant tenant, std::string model);
  Task<Benchmark> last(tenancy::Tenant tenant, std::string model);

 private:
  Task<> run(jobs::Run& run);

  db::Database& database_;
  audit::Trail& trail_;
  jobs::Queue& queue_;
  BenchParts parts_;
};

}  // namespace aa::modelzoo
