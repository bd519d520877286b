// Decides which waiting run may start next: interactive before bulk, in order within a lane.
//
// Bulk may use every slot while nobody clicks. While an interactive run is under way, and for
// kInteractiveQuiet after the last one, one slot stays free for the next click, so that it does
// not have to wait for a bulk run to end.
//
// Thread rule: not synchronised; the owner holds its lock around every call.
// Errors: push throws unavailable "inference_busy" when the lane is full.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "driver/inference/engine.hpp"

namespace aa::inference::detail {

class RunControl;

inline constexpr std::chrono::seconds kInteractiveQuiet{2};

// The same file is loaded once for each kind of session (session.hpp).
struct SessionKey {
  std::string path;
  bool bulk = false;
  auto operator<=>(const SessionKey&) const = default;
};

enum class JobKind { describe, run, warm };

struct Job {
  SessionKey key;
  Lane lane = Lane::bulk;
  JobKind kind = JobKind::run;
  std::vector<Tensor> inputs;
  std::chrono::steady_clock::time_point submitted;
  std::function<void()> resume;   // wakes who waits; called exactly once, without the lock
  RunControl* control = nullptr;  // while running, guarded by the owner's lock
  bool late = false;              // ended by the watchdog, guarded by the owner's lock
  bool cancel_wanted = false;     // guarded by the owner's lock
  ModelInfo info;
  RunResult result;
  std::exception_ptr error;
};
using JobPtr = std::shared_ptr<Job>;

// Hands the job back to who waits. The function is taken out first: whoever is woken may let the
// job go before the call returns.
inline void wake(const JobPtr& job) {
  const auto resume = std::exchange(job->resume, nullptr);
  if (resume) resume();
}

struct QueueLimits {
  std::size_t slots = 1;            // runs at once, of both lanes
  std::size_t interactive_max = 1;  // interactive runs at once
  std::size_t waiting_max = 256;    // per lane
};

class RunQueue {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using MayStart = std::function<bool(const SessionKey&)>;

  explicit RunQueue(QueueLimits limits) : limits_(limits) {}

  void push(JobPtr job);
  // The job that may start now, taken out and counted as running; or none. Jobs whose session
  // `may_start` refuses (it is being loaded) are passed over.
  JobPtr start(TimePoint now, const MayStart& may_start);
  void finish(Lane lane, TimePoint now);
  bool remove(const JobPtr& job);  // false: it was not waiting
  std::vector<JobPtr> take_all(const SessionKey& key);
  std::vector<JobPtr> drain();

  std::size_t running() const { return running_[0] + running_[1]; }
  std::size_t running(Lane lane) const { return running_[index(lane)]; }
  std::size_t waiting(Lane lane) const { return waiting_[index(lane)].size(); }
  std::size_t slots() const { return limits_.slots; }

 private:
  static std::size_t index(Lane lane) { return lane == Lane::interactive ? 0 : 1; }
  bool has_slot(Lane lane, TimePoint now) const;
  JobPtr pop(Lane lane, const MayStart& may_start);

  QueueLimits limits_;
  std::array<std::deque<JobPtr>, 2> waiting_;
  std::array<std::size_t, 2> running_{};
  TimePoint last_interactive_ = TimePoint::min();
};

}  // namespace aa::inference::detail
