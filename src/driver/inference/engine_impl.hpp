// What Engine is made of: the queue, the loaded sessions and the tokens that carry runs to the
// compute executor.
//
// A token is a posted call of carry_one(). Which job it carries is decided when it starts, not
// when it is posted, so that an interactive run overtakes bulk runs that are already on their way.
//
// Thread rule: every member is guarded by mutex_ unless const; loading and running happen without
// it. Errors: see engine.hpp.
#pragma once

#include <condition_variable>
#include <mutex>

#include "driver/inference/run_queue.hpp"
#include "driver/inference/session_cache.hpp"

namespace aa::inference {

struct Engine::Impl : std::enable_shared_from_this<Engine::Impl> {
 public:
  Impl(EngineSettings settings, runtime::Executors& executors, observe::Metrics& metrics);

  detail::JobPtr make_job(const std::filesystem::path& model, Lane lane, detail::JobKind kind,
                          std::vector<Tensor> inputs) const;
  void submit(const detail::JobPtr& job);
  void cancel(const detail::JobPtr& job);
  // Loads when needed and does what the job asks for, on this thread.
  void perform(const detail::JobPtr& job);
  void close();  // ends waiting jobs, waits for running ones

  std::uint64_t loaded_bytes() const;
  void unload_all();

 private:
  using Lock = std::unique_lock<std::mutex>;

  void post_tokens(Lock& lock);
  void carry_one();
  detail::SessionPtr acquire(const detail::SessionKey& key);
  detail::SessionPtr load(const detail::SessionKey& key);
  std::shared_ptr<const detail::Runtime> runtime();
  void run_session(detail::Session& session, const detail::JobPtr& job);
  void end_late_run(const detail::JobPtr& job);
  void note(const detail::Job& job, const std::string& model, const char* outcome);

  const EngineSettings settings_;
  const unsigned threads_;
  const bool separate_bulk_;  // bulk runs have sessions of their own
  runtime::Executors& executors_;
  observe::Metrics& metrics_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  detail::RunQueue queue_;
  detail::SessionCache sessions_;
  std::size_t tokens_ = 0;
  bool closed_ = false;

  std::mutex runtime_mutex_;
  std::shared_ptr<const detail::Runtime> runtime_;
};

}  // namespace aa::inference
