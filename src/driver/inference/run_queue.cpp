#include "driver/inference/run_queue.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace aa::inference::detail {

void RunQueue::push(JobPtr job) {
  auto& lane = waiting_[index(job->lane)];
  if (lane.size() >= limits_.waiting_max) {
    throw unavailable("inference_busy", "Too many model runs are waiting. Try again in a moment.")
        .with_retry_after(std::chrono::seconds(2));
  }
  lane.push_back(std::move(job));
}

bool RunQueue::has_slot(Lane lane, TimePoint now) const {
  if (running() >= limits_.slots) return false;
  if (lane == Lane::interactive) return running(lane) < limits_.interactive_max;
  const bool people_click =
      running(Lane::interactive) > 0 ||
      (last_interactive_ != TimePoint::min() && now - last_interactive_ < kInteractiveQuiet);
  const std::size_t kept_free = people_click && limits_.slots > 1 ? 1 : 0;
  return running(Lane::bulk) + kept_free < limits_.slots;
}

JobPtr RunQueue::pop(Lane lane, const MayStart& may_start) {
  auto& jobs = waiting_[index(lane)];
  const auto found =
      std::ranges::find_if(jobs, [&](const JobPtr& job) { return may_start(job->key); });
  if (found == jobs.end()) return nullptr;
  auto job = std::move(*found);
  jobs.erase(found);
  ++running_[index(lane)];
  return job;
}

JobPtr RunQueue::start(TimePoint now, const MayStart& may_start) {
  for (const auto lane : {Lane::interactive, Lane::bulk}) {
    if (!has_slot(lane, now)) continue;
    if (auto job = pop(lane, may_start)) return job;
  }
  return nullptr;
}

void RunQueue::finish(Lane lane, TimePoint now) {
  --running_[index(lane)];
  if (lane == Lane::interactive) last_interactive_ = now;
}

bool RunQueue::remove(const JobPtr& job) { return std::erase(waiting_[index(job->lane)], job) > 0; }

std::vector<JobPtr> RunQueue::take_all(const SessionKey& key) {
  std::vector<JobPtr> out;
  for (auto& jobs : waiting_) {
    std::erase_if(jobs, [&](const JobPtr& job) {
      if (job->key != key) return false;
      out.push_back(job);
      return true;
    });
  }
  return out;
}

std::vector<JobPtr> RunQueue::drain() {
  std::vector<JobPtr> out;
  for (auto& jobs : waiting_) {
    out.insert(out.end(), jobs.begin(), jobs.end());
    jobs.clear();
  }
  return out;
}

}  // namespace aa::inference::detail
