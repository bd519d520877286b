#include "api/rate_limiter.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

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
    case RateClass::auth:
      return {1, 40};
    case RateClass::refused_login:
      return {1.0 / 30, 40};
    case RateClass::read:
      return {2000, 4000};
    case RateClass::write:
      return {1000, 2000};
    case RateClass::upload:
      return {20, 100};
    case RateClass::inference:
      return {50, 100};
    case RateClass::heavy:
      return {2, 40};
  }
  return {1, 1};
}

std::string address_key(const boost::asio::ip::address& address) {
  if (!address.is_v6() || address.to_v6().is_v4_mapped()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

// The tenth that will be full soonest goes, which takes in all that are full now.
void RateLimiter::make_room(std::chrono::steady_clock::time_point now) {
  std::vector<std::pair<double, Buckets::iterator>> order;
  order.reserve(buckets_.size());
  for (auto it = buckets_.begin(); it != buckets_.end(); ++it) {
    const auto budget = budget_of(it->first.second);
    const double missing = budget.burst - it->second.tokens;
    order.emplace_back(missing / budget.per_second - seconds_between(it->second.at, now), it);
  }
  const auto by_wait = [](const auto& a, const auto& b) { return a.first < b.first; };
  const auto cut = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 10);
  std::nth_element(order.begin(), cut, order.end(), by_wait);
  for (auto it = order.begin(); it != order.end(); ++it) {
    if (it < cut || it->first <= 0) buckets_.erase(it->second);
  }
}

RateLimiter::Bucket& RateLimiter::refilled(const std::string& who, RateClass rate) {
  const auto budget = budget_of(rate);
  const auto now = clock_.steady();
  if (buckets_.size() >= kBucketsMax) make_room(now);
  auto [it, fresh] = buckets_.try_emplace({who, rate}, Bucket{budget.burst, now});
  auto& bucket = it->second;
  bucket.tokens =
      std::min(budget.burst, bucket.tokens + seconds_between(bucket.at, now) * budget.per_second);
  bucket.at = now;
  return bucket;
}

namespace {

void require_token(double tokens, RateClass rate) {
  if (tokens >= 1) return;
  const double wait = std::ceil((1 - tokens) / budget_of(rate).per_second);
  throw Error(ErrorCode::rate_limited, "rate_limited", "Too many requests. Wait a moment.")
      .with_retry_after(
          std::chrono::seconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(wait))));
}

}  // namespace

void RateLimiter::take(const std::string& who, RateClass rate) {
  const std::lock_guard lock(mutex_);
  auto& bucket = refilled(who, rate);
  require_token(bucket.tokens, rate);
  bucket.tokens -= 1;
}

void RateLimiter::require(const std::string& who, RateClass rate) {
  const std::lock_guard lock(mutex_);
  require_token(refilled(who, rate).tokens, rate);
}

void RateLimiter::charge(const std::string& who, RateClass rate) {
  const std::lock_guard lock(mutex_);
  auto& bucket = refilled(who, rate);
  bucket.tokens = std::max(0.0, bucket.tokens - 1);
}

}  // namespace aa::api
