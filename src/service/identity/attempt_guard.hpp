// Slows down guessing: after ten failures within fifteen minutes a name is locked until the window
// has passed. Keyed by the account's name whether it exists or not, so a lock tells nothing.
//
// Thread rule: any thread. Bounded: the oldest names are forgotten first.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace aa::identity {

class AttemptGuard {
 public:
  // By default the tenth attempt meets the lock.
  explicit AttemptGuard(const Clock& clock, int failures_max = 9)
      : clock_(clock), failures_max_(failures_max) {}

  // Throws Error(rate_limited, "too_many_attempts") with the wait while locked.
  void check(const std::string& name);
  // True when this failure is the one that locks the name.
  bool failed(const std::string& name);
  void succeeded(const std::string& name);

 private:
  struct Record {
    int failures = 0;
    std::chrono::steady_clock::time_point first;
  };
  const Clock& clock_;
  int failures_max_;
  std::mutex mutex_;
  std::map<std::string, Record> records_;
};

}  // namespace aa::identity
