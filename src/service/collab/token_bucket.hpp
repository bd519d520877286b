// Lets through `per_second` on average and `burst` at once. Thread rule: one owner.
#pragma once

#include <algorithm>
#include <chrono>

namespace aa::collab {

struct Rate {
  double per_second = 0;
  double burst = 0;
};

class TokenBucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  TokenBucket(Rate rate, Time now) : rate_(rate), tokens_(rate.burst), at_(now) {}

  // False, and nothing is taken, when there are not enough.
  bool take(double amount, Time now) {
    const double passed = std::chrono::duration<double>(now - at_).count();
    at_ = now;
    tokens_ = std::min(rate_.burst, tokens_ + passed * rate_.per_second);
    if (amount > tokens_) return false;
    tokens_ -= amount;
    return true;
  }
  // Until `amount` can be taken.
  std::chrono::milliseconds wait(double amount) const {
    constexpr double kMs = 1000;
    const double missing = std::max(0.0, std::min(amount, rate_.burst) - tokens_);
    return std::chrono::milliseconds(static_cast<long>(missing / rate_.per_second * kMs) + 1);
  }

 private:
  Rate rate_;
  double tokens_;
  Time at_;
};

}  // namespace aa::collab
