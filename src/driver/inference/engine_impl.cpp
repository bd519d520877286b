#include "driver/inference/engine_impl.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "driver/inference/providers.hpp"

namespace aa::inference {

using detail::Flight;
using detail::JobKind;
using detail::JobPtr;
using detail::Jobs;
using detail::SessionKey;
using State = detail::SessionCache::State;
using Clock = std::chrono::steady_clock;

namespace {

unsigned interactive_max(unsigned threads) { return std::max(std::min(2U, threads), threads / 2); }

detail::QueueLimits limits_of(unsigned threads, std::size_t waiting_max) {
  return {
      .slots = threads, .interactive_max = interactive_max(threads), .waiting_max = waiting_max};
}

unsigned threads_of(const EngineSettings& settings, const runtime::Executors& executors) {
  return settings.threads > 0 ? settings.threads : executors.compute_threads();
}

std::size_t index(Lane lane) { return lane == Lane::interactive ? 0 : 1; }

std::exception_ptr cancelled() {
  return std::make_exception_ptr(
      Error(ErrorCode::cancelled, "cancelled", "The run was cancelled."));
}

void fail(const Jobs& jobs, const std::exception_ptr& error) {
  for (const auto& job : jobs) {
    job->error = error;
    wake(job);
  }
}

}  // namespace

bool Flight::all_cancelled() const {
  return std::ranges::all_of(jobs, [](const JobPtr& job) { return job->cancel_wanted; });
}

bool Flight::may_yield() const {
  return control != nullptr && !yielding && std::ranges::all_of(jobs, [](const JobPtr& job) {
           return job->kind == JobKind::run && job->redos < detail::kRedosMax;
         });
}

Engine::Impl::Impl(EngineSettings settings, runtime::Executors& executors,
                   observe::Metrics& metrics)
    : settings_(std::move(settings)),
      threads_(threads_of(settings_, executors)),
      separate_bulk_(threads_ > 1 && detail::only_cpu(settings_.providers)),
      executors_(executors),
      metrics_(metrics),
      queue_(limits_of(threads_, settings_.queue_max)),
      urgent_(interactive_max(threads_)) {}

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

runtime::Executor Engine::Impl::executor(Lane lane) {
  return lane == Lane::interactive ? runtime::Executor(urgent_.get_executor())
                                   : executors_.compute();
}

void Engine::Impl::submit(const JobPtr& job) {
  const Lock lock(mutex_);
  if (closed_) std::rethrow_exception(cancelled());
  queue_.push(job);
  post_tokens(job->lane);
  if (job->lane == Lane::interactive && job->kind == JobKind::run) make_way();
}

void Engine::Impl::post_tokens(Lane lane) {
  const auto wanted = std::min(queue_.runs_max(lane), queue_.running(lane) + queue_.waiting(lane));
  for (auto& tokens = tokens_[index(lane)]; tokens < wanted; ++tokens) {
    boost::asio::post(executor(lane), [self = weak_from_this(), lane] {
      if (const auto engine = self.lock()) engine->carry(lane);
    });
  }
}

void Engine::Impl::post_tokens() {
  if (closed_) return;
  post_tokens(Lane::interactive);
  post_tokens(Lane::bulk);
}

// The youngest go: least is lost with them.
void Engine::Impl::make_way() {
  auto excess = queue_.in_the_way();
  for (auto flight = flights_.rbegin(); flight != flights_.rend() && excess > 0; ++flight) {
    const bool yields = (*flight)->yielding;
    if (!yields && !(*flight)->may_yield()) continue;
    --excess;
    if (yields) continue;
    (*flight)->yielding = true;
    (*flight)->control->terminate();
  }
}

Engine::Impl::FlightPtr Engine::Impl::next_flight(Lane lane) {
  const Lock lock(mutex_);
  const auto may_start = [this](const SessionKey& key) {
    return sessions_.state(key) != State::loading;
  };
  const auto batch_max = [this, lane](const SessionKey& key) {
    const auto found = batches_.find(key);
    return lane == Lane::bulk && found != batches_.end() ? found->second.limit() : 1;
  };
  auto jobs = queue_.start(lane, Clock::now(), may_start, batch_max);
  if (jobs.empty()) {
    --tokens_[index(lane)];
    return nullptr;
  }
  auto flight = std::make_shared<Flight>(std::move(jobs));
  for (const auto& job : flight->jobs) job->flight = flight.get();
  if (lane == Lane::bulk) flights_.push_back(flight);
  return flight;
}

void Engine::Impl::carry(Lane lane) {
  const auto flight = next_flight(lane);
  if (!flight) return;
  perform(flight);
  for (const auto& job : land(flight)) wake(job);
}

// Gives the slot back; what is returned is done, whatever came of it.
Jobs Engine::Impl::land(const FlightPtr& flight) {
  const Lock lock(mutex_);
  const auto lane = flight->first().lane;
  std::erase(flights_, flight);
  Jobs done;
  Jobs again;
  for (const auto& job : flight->jobs) {
    job->flight = nullptr;
    const bool redo = flight->yielding && job->error && !job->cancel_wanted && !flight->late;
    (redo && !closed_ ? again : done).push_back(job);
  }
  for (const auto& job : again) {
    job->error = nullptr;
    ++job->redos;
  }
  queue_.put_back(again);
  --tokens_[index(lane)];
  queue_.finish(lane, Clock::now());
  post_tokens();
  changed_.notify_all();
  return done;
}

void Engine::Impl::cancel(const JobPtr& job) {
  {
    const Lock lock(mutex_);
    job->cancel_wanted = true;
    const Flight* flight = job->flight;
    if (flight != nullptr && flight->control != nullptr && flight->all_cancelled()) {
      flight->control->terminate();
    }
    if (!queue_.remove(job)) return;
  }
  count(*job, "cancelled");
  fail({job}, cancelled());
}

void Engine::Impl::close() {
  Jobs waiting;
  {
    const Lock lock(mutex_);
    closed_ = true;
    waiting = queue_.drain();
  }
  fail(waiting, cancelled());
  {
    Lock lock(mutex_);
    changed_.wait(lock, [this] { return queue_.running() == 0; });
  }
  urgent_.join();
  unload_all();
}

}  // namespace aa::inference
