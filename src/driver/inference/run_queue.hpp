// Decides which waiting runs may start next: interactive before bulk, in order within a lane.
//
// Bulk uses every slot while nobody clicks. An interactive run does not wait for a slot: it starts
// beside the bulk runs, and those that stand in its way, which are all but what leaves kRoom slots
// free, are to be ended and put back (in_the_way(), put_back()). While a click waits or runs no
// bulk run starts into that room, unless the lane has got nothing done for kBulkPatience; a run
// that clicks have ended kRedosMax times is not ended again. So clicks cannot starve bulk work.
//
// Measured on 2 cores, ten people clicking every 2 s beside YOLOX-Nano (median click, images/s):
// idle 79 ms; room for two 88 ms and 30/s; for one 136 ms and 30/s; none ended 151 ms and 32/s. One
// slot kept free between clicks would cost bulk work that slot all the time.
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

inline constexpr int kRedosMax = 3;
inline constexpr std::chrono::milliseconds kBulkPatience{500};

// The same file is loaded once for each kind of session (session.hpp).
struct SessionKey {
  std::string path;
  bool bulk = false;
  auto operator<=>(const SessionKey&) const = default;
};

enum class JobKind { describe, run };

struct Flight;

struct Job {
  SessionKey key;
  Lane lane = Lane::bulk;
  JobKind kind = JobKind::run;
  std::vector<Tensor> inputs;
  std::chrono::steady_clock::time_point submitted;
  std::function<void()> resume;  // wakes who waits; called exactly once, without the lock
  Flight* flight = nullptr;      // while running, guarded by the owner's lock
  bool cancel_wanted = false;    // guarded by the owner's lock
  int redos = 0;                 // how often a click ended its run, guarded by the owner's lock
  ModelInfo info;
  RunResult result;
  std::exception_ptr error;
};
using JobPtr = std::shared_ptr<Job>;
using Jobs = std::vector<JobPtr>;

// Hands the job back to who waits. The function is taken out first: whoever is woken may let the
// job go before the call returns.
inline void wake(const JobPtr& job) {
  const auto resume = std::exchange(job->resume, nullptr);
  if (resume) resume();
}

struct QueueLimits {
  std::size_t slots = 1;            // bulk runs at once
  std::size_t interactive_max = 1;  // interactive runs at once
  std::size_t waiting_max = 256;    // per lane
};

class RunQueue {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using MayStart = std::function<bool(const SessionKey&)>;
  using BatchMax = std::function<std::size_t(const SessionKey&)>;

  explicit RunQueue(QueueLimits limits) : limits_(limits) {}

  void push(JobPtr job);
  // In front of all others, in their order; a full lane takes them too.
  void put_back(const Jobs& jobs);
  // The jobs of the lane that may start now as one run, taken out and counted as one; or none.
  // Those whose session `may_start` refuses (it is being loaded) are passed over. Only runs that
  // can be joined come together, at most `batch_max` of them.
  Jobs start(Lane lane, TimePoint now, const MayStart& may_start, const BatchMax& batch_max);
  void finish(Lane lane, TimePoint now);
  bool remove(const JobPtr& job);  // false: it was not waiting
  Jobs take_all(const SessionKey& key);
  Jobs drain();

  std::size_t running() const { return running_[0] + running_[1]; }
  std::size_t running(Lane lane) const { return running_[index(lane)]; }
  std::size_t waiting(Lane lane) const { return waiting_[index(lane)].size(); }
  std::size_t runs_max(Lane lane) const {
    return lane == Lane::interactive ? limits_.interactive_max : limits_.slots;
  }
  // Bulk runs more than may go on beside a click; 0 when nobody clicks.
  std::size_t in_the_way() const;

 private:
  static std::size_t index(Lane lane) { return lane == Lane::interactive ? 0 : 1; }
  bool somebody_clicks() const;
  std::size_t beside_a_click() const;
  bool has_slot(Lane lane, TimePoint now) const;

  QueueLimits limits_;
  std::array<std::deque<JobPtr>, 2> waiting_;
  std::array<std::size_t, 2> running_{};
  TimePoint last_bulk_;  // a bulk run began or ended
};

}  // namespace aa::inference::detail
