// What Engine is made of: the queue, the loaded sessions and the tokens that carry runs to threads.
//
// A token is a posted call of carry(). Which jobs it carries is decided when it starts, not when it
// is posted, so that a bulk token finds nothing to do while a click is served. Tokens of bulk runs
// go to the compute executor, where images are decoded too; those of interactive runs have threads
// of their own and share the cores with whatever computes.
//
// A flight is one run of a session: one job, or several bulk jobs joined into a batch. When it was
// ended for a click its jobs go back to the front of their lane, unknown to who waits for them.
// A batch that fails is run again job by job, so that one bad input is the failure of one.
//
// Thread rule: every member is guarded by mutex_ unless const; loading and running happen without
// it. Errors: see engine.hpp.
#pragma once

#include <condition_variable>
#include <list>
#include <map>
#include <mutex>

#include <boost/asio/thread_pool.hpp>

#include "driver/inference/batch.hpp"
#include "driver/inference/run_queue.hpp"
#include "driver/inference/session_cache.hpp"

namespace aa::inference {

namespace detail {

// Guarded by the engine's lock but for `jobs`, which stays what it is.
struct Flight {
  explicit Flight(Jobs list) : jobs(std::move(list)) {}

  const Jobs jobs;
  RunControl* control = nullptr;  // while the session runs
  bool yielding = false;          // ended for a click
  bool late = false;              // ended by the watchdog

  const Job& first() const { return *jobs.front(); }
  bool all_cancelled() const;
  bool may_yield() const;
};

}  // namespace detail

struct Engine::Impl : std::enable_shared_from_this<Engine::Impl> {
 public:
  Impl(EngineSettings settings, runtime::Executors& executors, observe::Metrics& metrics);

  detail::JobPtr make_job(const std::filesystem::path& model, Lane lane, detail::JobKind kind,
                          std::vector<Tensor> inputs) const;
  void submit(const detail::JobPtr& job);
  void cancel(const detail::JobPtr& job);
  // Loads when needed and does what the job asks for, on this thread, beside the queue.
  void perform_alone(const detail::JobPtr& job);
  void close();  // ends waiting jobs, waits for running ones

  runtime::Executor executor(Lane lane);
  std::uint64_t loaded_bytes() const;
  void unload(const std::filesystem::path& model);
  void unload_all();

 private:
  using Lock = std::unique_lock<std::mutex>;
  using FlightPtr = std::shared_ptr<detail::Flight>;

  void post_tokens(Lane lane);
  void post_tokens();
  void make_way();
  void carry(Lane lane);
  FlightPtr next_flight(Lane lane);
  detail::Jobs land(const FlightPtr& flight);
  void perform(const FlightPtr& flight);
  void fly(detail::Session& session, const FlightPtr& flight);
  void run_jobs(detail::Session& session, const FlightPtr& flight, detail::RunControl& control);
  void run_batch(detail::Session& session, const FlightPtr& flight, detail::RunControl& control);
  void measured(const detail::Flight& flight, std::chrono::nanoseconds took);
  bool trust_batch(detail::Session& session, const detail::Flight& flight,
                   const std::vector<std::vector<Tensor>>& parts, detail::RunControl& control);
  bool gave_way(const detail::Flight& flight);
  void end_late_run(const FlightPtr& flight);
  detail::SessionPtr acquire(const detail::SessionKey& key);
  detail::SessionPtr load(const detail::SessionKey& key);
  std::shared_ptr<const detail::Runtime> runtime();
  void note(const detail::Flight& flight, const char* outcome);
  void count(const detail::Job& job, const char* outcome, std::size_t requests = 1);
  void note_yielded(const detail::Flight& flight);

  const EngineSettings settings_;
  const unsigned threads_;
  const bool separate_bulk_;  // bulk runs have sessions of their own
  runtime::Executors& executors_;
  observe::Metrics& metrics_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  detail::RunQueue queue_;
  detail::SessionCache sessions_;
  std::map<detail::SessionKey, detail::BatchChoice> batches_;  // of loaded models that can
  std::list<FlightPtr> flights_;                               // bulk ones, in order of their start
  std::array<std::size_t, 2> tokens_{};                        // by lane
  bool closed_ = false;

  std::mutex runtime_mutex_;
  std::shared_ptr<const detail::Runtime> runtime_;
  boost::asio::thread_pool urgent_;  // last: its threads are gone before anything else is
};

}  // namespace aa::inference
