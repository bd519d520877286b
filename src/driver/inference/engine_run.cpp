#include <boost/asio/steady_timer.hpp>

#include "core/observe/log.hpp"
#include "driver/inference/engine_impl.hpp"

namespace aa::inference {

using detail::Flight;
using detail::JobKind;
using detail::JobPtr;
using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

namespace {

Error too_late(std::chrono::seconds limit) {
  return {ErrorCode::deadline_exceeded, "model_timeout",
          "The model did not finish within " + std::to_string(limit.count()) + " s."};
}

const char* lane_name(Lane lane) { return lane == Lane::interactive ? "interactive" : "bulk"; }

std::string slug_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& e) {
    return e.slug();
  } catch (...) {
    return "internal";
  }
}

void fail_all(const Flight& flight, const std::exception_ptr& error) {
  for (const auto& job : flight.jobs) job->error = error;
}

}  // namespace

void Engine::Impl::perform_alone(const JobPtr& job) {
  perform(std::make_shared<Flight>(detail::Jobs{job}));
  if (job->error) std::rethrow_exception(job->error);
}

// What comes of it stands in the jobs.
void Engine::Impl::perform(const FlightPtr& flight) {
  for (const auto& job : flight->jobs) job->result.timing.queued = Clock::now() - job->submitted;
  const auto& first = flight->jobs.front();
  try {
    const auto session = acquire(first->key);
    if (first->kind == JobKind::describe) {
      first->info = session->info();
      return;
    }
    fly(*session, flight);
    note(*flight, "ok");
  } catch (...) {
    fail_all(*flight, std::current_exception());
    if (gave_way(*flight)) {
      note_yielded(*flight);
    } else {
      note(*flight, slug_of(std::current_exception()).c_str());
    }
  }
}

bool Engine::Impl::gave_way(const Flight& flight) {
  const Lock lock(mutex_);
  return flight.yielding && !flight.late;
}

void Engine::Impl::fly(detail::Session& session, const FlightPtr& flight) {
  detail::RunControl control(*runtime());
  {
    const Lock lock(mutex_);
    if (flight->all_cancelled()) {
      throw Error(ErrorCode::cancelled, "cancelled", "The run was cancelled.");
    }
    flight->control = &control;
  }
  boost::asio::steady_timer watchdog(executors_.io(), settings_.run_time_max);
  watchdog.async_wait(
      [self = shared_from_this(), flight](const boost::system::error_code& stopped) {
        if (!stopped) self->end_late_run(flight);
      });
  std::exception_ptr error;
  try {
    run_jobs(session, flight, control);
  } catch (...) {
    error = std::current_exception();
  }
  watchdog.cancel();
  const Lock lock(mutex_);
  flight->control = nullptr;
  if (error && flight->late) throw too_late(settings_.run_time_max);
  if (error) std::rethrow_exception(error);
}

void Engine::Impl::end_late_run(const FlightPtr& flight) {
  const Lock lock(mutex_);
  if (flight->control == nullptr) return;
  flight->late = true;
  flight->control->terminate();
}

void Engine::Impl::run_jobs(detail::Session& session, const FlightPtr& flight,
                            detail::RunControl& control) {
  if (flight->jobs.size() > 1) return run_batch(session, flight, control);
  auto& job = *flight->jobs.front();
  const auto start = Clock::now();
  job.result.outputs = session.run(job.inputs, control);
  job.result.timing.run = Clock::now() - start;
  measured(*flight, job.result.timing.run);
}

void Engine::Impl::run_batch(detail::Session& session, const FlightPtr& flight,
                             detail::RunControl& control) {
  std::vector<const std::vector<Tensor>*> runs;
  for (const auto& job : flight->jobs) runs.push_back(&job->inputs);
  const auto start = Clock::now();
  std::vector<std::vector<Tensor>> parts;
  try {
    parts = detail::split(session.run(detail::join(runs), control), runs.size());
  } catch (const Error& error) {
    if (control.terminated()) throw;
    observe::warn("batch_failed", {{"model", session.label()}, {"reason", error.message()}});
  }
  const nanoseconds took = Clock::now() - start;
  if (!parts.empty() && trust_batch(session, *flight, parts, control)) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      auto& result = flight->jobs[i]->result;
      result.outputs = std::move(parts[i]);
      result.timing.run = took;
      result.timing.batch = parts.size();
    }
    return measured(*flight, took);
  }
  for (const auto& job : flight->jobs) {
    try {
      job->result.outputs = session.run(job->inputs, control);
    } catch (const Error&) {
      if (control.terminated()) throw;
      job->error = std::current_exception();
    }
  }
}

// The first batch of a model is compared with its first job run alone.
bool Engine::Impl::trust_batch(detail::Session& session, const Flight& flight,
                               const std::vector<std::vector<Tensor>>& parts,
                               detail::RunControl& control) {
  if (session.batch_trusted()) return true;
  const bool agreed =
      detail::agree(session.run(flight.jobs.front()->inputs, control), parts.front());
  if (agreed) {
    session.trust_batch();
    return true;
  }
  observe::warn("batch_refused", {{"model", session.label()},
                                  {"reason", "a batch gives other results than its parts"}});
  const Lock lock(mutex_);
  batches_[flight.first().key].give_up();
  return false;
}

void Engine::Impl::measured(const Flight& flight, nanoseconds took) {
  const Lock lock(mutex_);
  const auto found = batches_.find(flight.first().key);
  if (flight.first().kind != JobKind::run || found == batches_.end()) return;
  const bool was_settled = found->second.settled();
  found->second.measured(flight.jobs.size(), took);
  if (was_settled || !found->second.settled()) return;
  observe::info("batch_chosen", {{"model", detail::model_label(flight.first().key.path)},
                                 {"size", found->second.limit()}});
}

void Engine::Impl::count(const detail::Job& job, const char* outcome, std::size_t requests) {
  metrics_.add("annotateai_inference_runs_total", "Requests to models by outcome.",
               {{"model", detail::model_label(job.key.path)},
                {"lane", lane_name(job.lane)},
                {"outcome", outcome}},
               static_cast<double>(requests));
}

void Engine::Impl::note_yielded(const Flight& flight) {
  metrics_.add("annotateai_inference_preemptions_total",
               "Bulk runs ended for a click, to be done again.",
               {{"model", detail::model_label(flight.first().key.path)}});
}

void Engine::Impl::note(const Flight& flight, const char* outcome) {
  const auto& first = flight.first();
  if (first.kind == JobKind::describe) return;
  const auto model = detail::model_label(first.key.path);
  const observe::Labels labels{{"model", model}, {"lane", lane_name(first.lane)}};
  count(first, outcome, flight.jobs.size());
  for (const auto& job : flight.jobs) {
    metrics_.observe_seconds("annotateai_inference_queue_seconds",
                             "Wait of requests until their run began.", labels,
                             job->result.timing.queued);
  }
  metrics_.observe_seconds("annotateai_inference_run_seconds", "Model runs themselves.", labels,
                           first.result.timing.run);
  metrics_.add("annotateai_inference_batches_total", "Model runs by requests joined into them.",
               {{"model", model}, {"size", std::to_string(flight.jobs.size())}});
  metrics_.set("annotateai_inference_loaded_bytes", "Estimated memory of loaded models.", {},
               static_cast<double>(loaded_bytes()));
}

}  // namespace aa::inference
