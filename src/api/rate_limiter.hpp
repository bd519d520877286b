// Token buckets per user (or address, before a login) and rate class.
//
// IPv6 addresses count by their /64. Bounded: when there are too many buckets, full ones are
// forgotten, which is what an unused bucket is anyway; when none is full, those that would be so
// soonest. Whoever is held longest is forgotten last, so that a flood of names frees nobody who
// matters.
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include <boost/asio/ip/address.hpp>

#include "api/route.hpp"
#include "base/clock.hpp"

namespace aa::api {

struct Budget {
  double per_second;
  double burst;
};
Budget budget_of(RateClass rate);

std::string address_key(const boost::asio::ip::address& address);

class RateLimiter {
 public:
  explicit RateLimiter(const Clock& clock) : clock_(clock) {}
  // Throws Error(rate_limited, "rate_limited") with the wait until a request is allowed again.
  void take(const std::string& who, RateClass rate);
  // The same without taking: for what only failures are charged for, by charge().
  void require(const std::string& who, RateClass rate);
  void charge(const std::string& who, RateClass rate);

 private:
  struct Bucket {
    double tokens = 0;
    std::chrono::steady_clock::time_point at;
  };
  using Buckets = std::map<std::pair<std::string, RateClass>, Bucket>;
  Bucket& refilled(const std::string& who, RateClass rate);  // with the mutex held
  void make_room(std::chrono::steady_clock::time_point now);

  const Clock& clock_;
  std::mutex mutex_;
  Buckets buckets_;
};

}  // namespace aa::api
