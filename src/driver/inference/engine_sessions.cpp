#include "core/observe/log.hpp"
#include "driver/inference/engine_impl.hpp"

namespace aa::inference {

using detail::SessionKey;
using detail::SessionPtr;
using State = detail::SessionCache::State;
using Clock = std::chrono::steady_clock;

SessionPtr Engine::Impl::acquire(const SessionKey& key) {
  {
    Lock lock(mutex_);
    // Only callers on threads of their own wait here: carry() passes over what is loading.
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
  detail::Jobs failed;
  {
    const Lock lock(mutex_);
    sessions_.finish_loading(key, session);
    if (session && session->info().batches) batches_.try_emplace(key);
    if (error) failed = queue_.take_all(key);
    post_tokens();
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
    const Lock lock(mutex_);
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

std::uint64_t Engine::Impl::loaded_bytes() const {
  const std::lock_guard lock(mutex_);
  return sessions_.bytes();
}

void Engine::Impl::unload(const std::filesystem::path& model) {
  std::vector<SessionPtr> unloaded;
  {
    const std::lock_guard lock(mutex_);
    unloaded = sessions_.take_unleased(model.lexically_normal().string());
  }
  unloaded.clear();
  detail::return_free_memory();
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
