#include "service/modelzoo/benchmark_job.hpp"

namespace aa::modelzoo {
namespace {

using tenancy::Permission;

constexpr std::size_t kRuns = 20;
constexpr int kGradientWidth = 1280;
constexpr int kGradientHeight = 720;

}  // namespace

jobs::Kind BenchmarkJobs::job_kind() {
  return {.name = std::string(kBenchmarkKind),
          .run = [this](jobs::Run& job) { return run(job); },
          .group = "model"};
}

Task<JobId> BenchmarkJobs::start(tenancy::Tenant tenant, std::string model) {
  tenant.require(Permission::model_write);
  const auto card = parts_.catalogue.card(model);
  if (card.state != ModelState::ready) {
    throw unavailable("model_not_installed",
                      "The model " + card.id + " is not installed. Install it first.");
  }
  json::Object payload{{"model", model}};
  auto transaction = co_await database_.begin(tenant.scope());
  jobs::NewJob job{tenant.organization(),
                   tenant.user(),
                   std::nullopt,
                   std::string(kBenchmarkKind),
                   "models",
                   std::move(payload),
                   {}};
  const auto id = co_await queue_.enqueue(*transaction, std::move(job));
  audit::Entry entry{"model.benchmark", "model", card.id, {}};
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return id;
}

Task<Benchmark> BenchmarkJobs::last(tenancy::Tenant tenant, std::string model) {
  tenant.require(Permission::model_read);
  const auto card = parts_.catalogue.card(model);
  auto load = [this, card] {
    return load_benchmark(parts_.catalogue.own_folder(), card.id, card.version);
  };
  auto found = co_await runtime::run_on(parts_.executors.blocking(), load);
  if (!found) throw not_found("benchmark");
  co_return std::move(*found);
}

Task<> BenchmarkJobs::run(jobs::Run& run) {
  const auto steps = co_await run.pending(1);
  if (steps.empty()) co_return;
  auto work = [this, model = std::string(run.payload().at("model").as_string())] {
    const auto image = gradient_image(kGradientWidth, kGradientHeight);
    const auto benchmark = bench_model(parts_, model, image, kRuns);
    save_benchmark(parts_.catalogue.own_folder(), benchmark);
    return benchmark;
  };
  const auto benchmark = co_await runtime::run_on(parts_.executors.blocking(), work);
  auto transaction = co_await database_.begin(run.scope());
  co_await run.done(*transaction, steps[0]);
  co_await transaction->commit();
  run.set_result({{"model_id", benchmark.model}, {"rows", benchmark.rows.size()}});
}

}  // namespace aa::modelzoo
