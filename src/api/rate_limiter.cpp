#include "api/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace aa::api {
namespace {

constexpr std::size_t kBucketsMax = 100'000;

double seconds_between(std::chrono::steady_clock::time_point from,
                       std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

Budget budget_of(RateClass rate) {
  switch (rate) {
    case RateClass::auth: return {1, 40};
    case RateClass::read: return {2000, 4000};
    case RateClass::write: return {1000, 2000};
    case RateClass::upload: return {20, 100};
    case RateClass::inference: return {50, 100};
    case RateClass::heavy: return {2, 40};
  }
  return {1, 1};
}

std::string address_key(const boost::asio::ip::address& address) {
  if (!address.is_v6() || address.to_v6().is_v4_mapped()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

void RateLimiter::forget_full(std::chrono::steady_clock::time_point now) {
  std::erase_if(buckets_, [&](const auto& entry) {
    const auto budget = budget_of(entry.first.second);
    return entry.second.tokens + seconds_between(entry.second.at, now) * budget.per_second >=
           budget.burst;
  });
  if (buckets_.size() >= kBucketsMax) buckets_.clear();
}

void RateLimiter::take(const std::string& who, RateClass rate) {
  const auto budget = budget_of(rate);
  const auto now = clock_.steady();
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kBucketsMax) forget_full(now);
  auto [it, fresh] = buckets_.try_emplace({who, rate}, Bucket{budget.burst, now});
  auto& bucket = it->second;
  bucket.tokens = std::min(budget.burst, bucket.tokens +
                                             seconds_between(bucket.at, now) * budget.per_second);
  bucket.at = now;
  if (bucket.tokens < 1) {
    const double wait = std::ceil((1 - bucket.tokens) / budget.per_second);
    throw Error(ErrorCode::rate_limited, "rate_limited", "Too many requests. Wait a moment.")
        .with_retry_after(std::chrono::seconds(std::max<std::int64_t>(
            1, static_cast<std::int64_t>(wait))));
  }
  bucket.tokens -= 1;
}

}  // namespace aa::api
