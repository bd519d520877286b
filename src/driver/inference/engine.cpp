#include "driver/inference/engine.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include "driver/inference/engine_impl.hpp"

namespace aa::inference {
namespace {

using detail::JobKind;
using detail::JobPtr;

// What must stay alive until a waiting coroutine is resumed on its own executor.
template <class Handler>
struct Waiter {
  explicit Waiter(Handler h)
      : handler(std::move(h)), home(boost::asio::get_associated_executor(handler)), guard(home) {}

  void resume() { boost::asio::post(home, std::move(handler)); }

  Handler handler;
  runtime::Executor home;
  boost::asio::executor_work_guard<runtime::Executor> guard;
};

// Puts the job into the queue and returns when it is done, failed or cancelled.
template <class Impl>
Task<> settle(std::shared_ptr<Impl> impl, JobPtr job) {
  auto initiate = [impl, job](auto handler) mutable {
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    auto waiter = std::make_shared<Waiter<decltype(handler)>>(std::move(handler));
    job->resume = [waiter] { waiter->resume(); };
    if (slot.is_connected()) {
      slot.assign([weak = std::weak_ptr(impl), job](boost::asio::cancellation_type) {
        if (const auto engine = weak.lock()) engine->cancel(job);
      });
    }
    try {
      impl->submit(job);
    } catch (...) {
      job->error = std::current_exception();
      wake(job);
    }
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      std::move(initiate), boost::asio::use_awaitable);
  if (job->error) std::rethrow_exception(job->error);
}

// Not members: a coroutine may outlive the Engine, but not what it is made of.
template <class Impl>
Task<ModelInfo> describe(std::shared_ptr<Impl> impl, JobPtr job) {
  co_await settle(std::move(impl), job);
  co_return std::move(job->info);
}

template <class Impl>
Task<RunResult> run_once(std::shared_ptr<Impl> impl, JobPtr job) {
  co_await settle(std::move(impl), job);
  co_return std::move(job->result);
}

}  // namespace

Engine::Engine(EngineSettings settings, runtime::Executors& executors, observe::Metrics& metrics)
    : impl_(std::make_shared<Impl>(std::move(settings), executors, metrics)) {}

Engine::~Engine() { impl_->close(); }

Task<ModelInfo> Engine::info(std::filesystem::path model, Lane lane) {
  return describe(impl_, impl_->make_job(model, lane, JobKind::describe, {}));
}

Task<RunResult> Engine::run(std::filesystem::path model, std::vector<Tensor> inputs, Lane lane) {
  return run_once(impl_, impl_->make_job(model, lane, JobKind::run, std::move(inputs)));
}

ModelInfo Engine::info_blocking(const std::filesystem::path& model, Lane lane) {
  const auto job = impl_->make_job(model, lane, JobKind::describe, {});
  impl_->perform_alone(job);
  return std::move(job->info);
}

RunResult Engine::run_blocking(const std::filesystem::path& model, std::vector<Tensor> inputs,
                               Lane lane) {
  const auto job = impl_->make_job(model, lane, JobKind::run, std::move(inputs));
  impl_->perform_alone(job);
  return std::move(job->result);
}

runtime::Executor Engine::executor(Lane lane) { return impl_->executor(lane); }

std::uint64_t Engine::loaded_bytes() const { return impl_->loaded_bytes(); }

void Engine::unload(const std::filesystem::path& model) { impl_->unload(model); }

void Engine::unload_all() { impl_->unload_all(); }

}  // namespace aa::inference
