// How often presence is told: at most ten times a second, less often when the machine is late.
// Thread rule: one owner.
#pragma once

#include <algorithm>
#include <chrono>

namespace aa::collab {

class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // When to tell what changes now.
  Time next(Time now) const { return std::max(now + kGather, last_ + interval_); }
  // It was planned for one time and came at another.
  void came(Time planned, Time now) {
    last_ = now;
    interval_ = now - planned > kLate ? std::min(2 * interval_, kSlowest)
                                      : std::max(interval_ - interval_ / 4, kFastest);
  }
  std::chrono::milliseconds interval() const { return interval_; }

 private:
  static constexpr std::chrono::milliseconds kFastest{100};
  static constexpr std::chrono::milliseconds kSlowest{2'000};
  static constexpr std::chrono::milliseconds kGather{15};
  static constexpr std::chrono::milliseconds kLate{30};
  Time last_{};
  std::chrono::milliseconds interval_ = kFastest;
};

}  // namespace aa::collab
