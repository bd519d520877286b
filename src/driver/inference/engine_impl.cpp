#include "driver/inference/engine_impl.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/observe/log.hpp"

namespace aa::inference {

using detail::JobKind;
using detail::JobPtr;
using detail::SessionKey;
using detail::SessionPtr;
using State = detail::SessionCache::State;
using Clock = std::chrono::steady_clock;

namespace {

bool only_cpu(const std::vector<std::string>& providers) {
  return std::ranges::all_of(providers, [](const auto& name) { return name == "CPU"; });
}

detail::QueueLimits limits_of(unsigned threads, std::size_t waiting_max) {
  return {.slots = threads,
          .interactive_max = std::max(std::min(2U, threads), threads / 2),
          .waiting_max = waiting_max};
}

unsigned threads_of(const EngineSettings& settings, const runtime::Executors& executors) {
  return settings.threads > 0 ? settings.threads : executors.compute_threads();
}

Error cancelled() { return {ErrorCode::cancelled, "cancelled", "The run was cancelled."}; }

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

}  // namespace

Engine::Impl::Impl(EngineSettings settings, runtime::Executors& executors,
                   observe::Metrics& metrics)
    : settings_(std::move(settings)),
      threads_(threads_of(settings_, executors)),
      separate_bulk_(threads_ > 1 && only_cpu(settings_.providers)),
      executors_(executors),
      metrics_(metrics),
      queue_(limits_of(threads_, settings_.queue_max)) {}

JobPtr Engine::Impl::make_job(const std::filesystem::path& model, Lane lane, JobKind kind,
                              std::vector<Tensor> inputs) const {
  auto job = std::make_shared<detail::Job>();
  job->key = {model.lexically_normal().string(), separate_bulk_ && lane == Lane::bulk};
  job->lane = lane;
  job->kind = kind;
  job->inputs = std::move(inputs);
  job->submitted = Clock::now();
  return job;
}

void Engine::Impl::submit(const JobPtr& job) {
  Lock lock(mutex_);
  if (closed_) throw cancelled();
  queue_.push(job);
  post_tokens(lock);
}

void Engine::Impl::post_tokens(Lock&) {
  const auto waiting = queue_.waiting(Lane::interactive) + queue_.waiting(Lane::bulk);
  while (tokens_ < std::min(queue_.slots(), queue_.running() + waiting)) {
    ++tokens_;
    boost::asio::post(executors_.compute(), [self = shared_from_this()] { self->carry_one(); });
  }
}

void Engine::Impl::carry_one() {
  JobPtr job;
  {
    Lock lock(mutex_);
    const auto may_start = [this](const SessionKey& key) {
      return sessions_.state(key) != State::loading;
    };
    job = queue_.start(Clock::now(), may_start);
    if (!job) {
      --tokens_;
      return;
    }
  }
  try {
    perform(job);
  } catch (...) {
    job->error = std::current_exception();
  }
  {
    Lock lock(mutex_);
    --tokens_;
    queue_.finish(job->lane, Clock::now());
    if (!closed_) post_tokens(lock);
    changed_.notify_all();
  }
  wake(job);
}

void Engine::Impl::cancel(const JobPtr& job) {
  {
    Lock lock(mutex_);
    job->cancel_wanted = true;
    if (job->control != nullptr) job->control->terminate();
    if (!queue_.remove(job)) return;
  }
  job->error = std::make_exception_ptr(cancelled());
  wake(job);
}

void Engine::Impl::perform(const JobPtr& pointer) {
  detail::Job& job = *pointer;
  job.result.timing.queued = Clock::now() - job.submitted;
  const auto model = detail::model_label(job.key.path);
  try {
    const auto session = acquire(job.key);
    if (job.kind == JobKind::describe)
      job.info = session->info();
    else
      run_session(*session, pointer);
    note(job, model, "ok");
  } catch (...) {
    note(job, model, slug_of(std::current_exception()).c_str());
    throw;
  }
}

void Engine::Impl::run_session(detail::Session& session, const JobPtr& job) {
  if (job->kind == JobKind::warm) job->inputs = session.zero_inputs();
  detail::RunControl control(*runtime());
  {
    const Lock lock(mutex_);
    if (job->cancel_wanted) throw cancelled();
    job->control = &control;
  }
  boost::asio::steady_timer watchdog(executors_.io(), settings_.run_time_max);
  watchdog.async_wait([self = shared_from_this(), job](const boost::system::error_code& stopped) {
    if (!stopped) self->end_late_run(job);
  });
  const auto start = Clock::now();
  std::exception_ptr error;
  try {
    job->result.outputs = session.run(job->inputs, control);
  } catch (...) {
    error = std::current_exception();
  }
  watchdog.cancel();
  job->result.timing.run = Clock::now() - start;
  const Lock lock(mutex_);
  job->control = nullptr;
  if (error && job->late) throw too_late(settings_.run_time_max);
  if (error) std::rethrow_exception(error);
}

void Engine::Impl::end_late_run(const JobPtr& job) {
  const Lock lock(mutex_);
  if (job->control == nullptr) return;
  job->late = true;
  job->control->terminate();
}

SessionPtr Engine::Impl::acquire(const SessionKey& key) {
  {
    Lock lock(mutex_);
    // Only callers on threads of their own wait here: carry_one() passes over what is loading.
    changed_.wait(lock, [&] { return sessions_.state(key) != State::loading; });
    if (auto session = sessions_.lease(key)) return session;
    sessions_.begin_loading(key);
  }
  SessionPtr session;
  std::exception_ptr error;
  try {
    session = load(key);
  } catch (...) {
    error = std::current_exception();
  }
  std::vector<JobPtr> failed;
  {
    Lock lock(mutex_);
    sessions_.finish_loading(key, session);
    if (error) failed = queue_.take_all(key);
    if (!closed_) post_tokens(lock);
    changed_.notify_all();
  }
  for (const auto& job : failed) {
    job->error = error;
    wake(job);
  }
  if (error) std::rethrow_exception(error);
  return session;
}

SessionPtr Engine::Impl::load(const SessionKey& key) {
  std::error_code unreadable;
  const auto file_bytes = std::filesystem::file_size(key.path, unreadable);
  std::vector<SessionPtr> evicted;
  if (!unreadable) {
    Lock lock(mutex_);
    evicted = sessions_.make_room(file_bytes * 2, settings_.memory_budget_bytes);
  }
  for (const auto& session : evicted)
    observe::info("model_unloaded", {{"model", session->label()}});
  if (!evicted.empty()) {
    evicted.clear();
    detail::return_free_memory();
  }
  const auto start = Clock::now();
  auto session =
      std::make_shared<detail::Session>(runtime(), key.path,
                                        detail::SessionOptions{.threads = key.bulk ? 1 : threads_,
                                                               .spin = !key.bulk && threads_ > 1,
                                                               .providers = settings_.providers});
  const auto took = Clock::now() - start;
  const auto took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  observe::info("model_loaded",
                {{"model", session->label()}, {"bulk", key.bulk}, {"load_ms", took_ms}});
  metrics_.observe_seconds("annotateai_model_load_seconds", "Loading a model file.",
                           {{"model", session->label()}}, took);
  return session;
}

std::shared_ptr<const detail::Runtime> Engine::Impl::runtime() {
  const std::lock_guard lock(runtime_mutex_);
  if (!runtime_) runtime_ = std::make_shared<const detail::Runtime>(settings_.library);
  return runtime_;
}

void Engine::Impl::note(const detail::Job& job, const std::string& model, const char* outcome) {
  if (job.kind == JobKind::describe) return;
  metrics_.add("annotateai_inference_runs_total", "Model runs by outcome.",
               {{"model", model}, {"lane", lane_name(job.lane)}, {"outcome", outcome}});
  metrics_.observe_seconds("annotateai_inference_queue_seconds", "Wait of model runs for a slot.",
                           {{"lane", lane_name(job.lane)}}, job.result.timing.queued);
  metrics_.observe_seconds("annotateai_inference_run_seconds", "Model runs themselves.",
                           {{"model", model}, {"lane", lane_name(job.lane)}},
                           job.result.timing.run);
  metrics_.set("annotateai_inference_loaded_bytes", "Estimated memory of loaded models.", {},
               static_cast<double>(loaded_bytes()));
}

void Engine::Impl::close() {
  std::vector<JobPtr> waiting;
  {
    Lock lock(mutex_);
    closed_ = true;
    waiting = queue_.drain();
  }
  for (const auto& job : waiting) {
    job->error = std::make_exception_ptr(cancelled());
    wake(job);
  }
  {
    Lock lock(mutex_);
    changed_.wait(lock, [this] { return queue_.running() == 0; });
  }
  unload_all();
}

std::uint64_t Engine::Impl::loaded_bytes() const {
  const std::lock_guard lock(mutex_);
  return sessions_.bytes();
}

void Engine::Impl::unload_all() {
  std::vector<SessionPtr> unloaded;
  {
    const std::lock_guard lock(mutex_);
    unloaded = sessions_.take_unleased();
  }
  unloaded.clear();
  detail::return_free_memory();
}

}  // namespace aa::inference
