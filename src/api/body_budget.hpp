// Memory for request bodies that are read whole before anything is done with them: all of them
// together stay within a limit, however many clients send at once.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "base/error.hpp"

namespace aa::api {

class BodyBudget {
 public:
  explicit BodyBudget(std::uint64_t limit) : left_(static_cast<std::int64_t>(limit)) {}

  // Held for as long as the lease lives. Error unavailable "too_busy" when it does not fit now.
  std::shared_ptr<const void> take(std::uint64_t bytes) {
    const auto part = static_cast<std::int64_t>(bytes);
    if (left_.fetch_sub(part) < part) {
      left_.fetch_add(part);
      throw unavailable("too_busy", "Too many large requests at once. Try again in a moment.");
    }
    return {this, [this, part](const void*) { left_.fetch_add(part); }};
  }

 private:
  std::atomic<std::int64_t> left_;
};

}  // namespace aa::api
