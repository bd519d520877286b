#include "driver/inference/run_queue.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "driver/inference/batch.hpp"

namespace aa::inference::detail {
namespace {

// Slots that a click finds free: its session uses all threads, so each bulk run beside it takes
// from it. Two are enough on machines of many cores.
constexpr std::size_t kRoom = 2;

bool may_join(const Job& first, const Job& other) {
  return other.key == first.key && other.kind == JobKind::run &&
         joinable(first.inputs, other.inputs);
}

}  // namespace

void RunQueue::push(JobPtr job) {
  auto& lane = waiting_[index(job->lane)];
  if (lane.size() >= limits_.waiting_max) {
    throw unavailable("inference_busy", "Too many model runs are waiting. Try again in a moment.")
        .with_retry_after(std::chrono::seconds(2));
  }
  lane.push_back(std::move(job));
}

void RunQueue::put_back(const Jobs& jobs) {
  for (auto job = jobs.rbegin(); job != jobs.rend(); ++job) {
    waiting_[index((*job)->lane)].push_front(*job);
  }
}

bool RunQueue::somebody_clicks() const {
  return running(Lane::interactive) > 0 || waiting(Lane::interactive) > 0;
}

std::size_t RunQueue::beside_a_click() const {
  return limits_.slots - std::min(kRoom, limits_.slots);
}

std::size_t RunQueue::in_the_way() const {
  const auto bulk = running(Lane::bulk);
  return somebody_clicks() ? bulk - std::min(bulk, beside_a_click()) : 0;
}

bool RunQueue::has_slot(Lane lane, TimePoint now) const {
  if (running(lane) >= runs_max(lane)) return false;
  if (lane == Lane::interactive || !somebody_clicks()) return true;
  const bool starved = running(lane) == 0 && now - last_bulk_ >= kBulkPatience;
  return running(lane) < beside_a_click() || starved;
}

Jobs RunQueue::start(Lane lane, TimePoint now, const MayStart& may_start,
                     const BatchMax& batch_max) {
  Jobs out;
  if (!has_slot(lane, now)) return out;
  auto& jobs = waiting_[index(lane)];
  const auto found =
      std::ranges::find_if(jobs, [&](const JobPtr& job) { return may_start(job->key); });
  if (found == jobs.end()) return out;
  out.push_back(*found);
  const auto from = jobs.erase(found);
  ++running_[index(lane)];
  if (lane == Lane::bulk) last_bulk_ = now;
  const Job& first = *out.front();
  const auto most = first.kind == JobKind::run ? batch_max(first.key) : 1;
  for (auto it = from; out.size() < most && it != jobs.end();) {
    if (may_join(first, **it)) {
      out.push_back(std::move(*it));
      it = jobs.erase(it);
    } else {
      ++it;
    }
  }
  return out;
}

void RunQueue::finish(Lane lane, TimePoint now) {
  --running_[index(lane)];
  if (lane == Lane::bulk) last_bulk_ = now;
}

bool RunQueue::remove(const JobPtr& job) { return std::erase(waiting_[index(job->lane)], job) > 0; }

Jobs RunQueue::take_all(const SessionKey& key) {
  Jobs out;
  for (auto& jobs : waiting_) {
    std::erase_if(jobs, [&](const JobPtr& job) {
      if (job->key != key) return false;
      out.push_back(job);
      return true;
    });
  }
  return out;
}

Jobs RunQueue::drain() {
  Jobs out;
  for (auto& jobs : waiting_) {
    out.insert(out.end(), jobs.begin(), jobs.end());
    jobs.clear();
  }
  return out;
}

}  // namespace aa::inference::detail
