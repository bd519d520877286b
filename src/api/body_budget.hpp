// Memory for request bodies that are read whole before anything is done with them: all of them
// together stay within a limit, however many clients send at once. What has arrived counts, not
// what was announced, so that slow clients hold little; small bodies are free.
//
// Thread rule: a BodyBudget any thread; a BodyLoan the thread of its request.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "base/error.hpp"
#include "driver/http/message.hpp"

namespace aa::api {

class BodyBudget {
 public:
  explicit BodyBudget(std::uint64_t limit) : left_(static_cast<std::int64_t>(limit)) {}

  // Error unavailable "too_busy" when it does not fit now.
  void take(std::uint64_t bytes) {
    const auto part = static_cast<std::int64_t>(bytes);
    if (left_.fetch_sub(part) >= part) return;
    left_.fetch_add(part);
    throw unavailable("too_busy", "Too many large requests at once. Try again in a moment.");
  }
  void give_back(std::uint64_t bytes) { left_.fetch_add(static_cast<std::int64_t>(bytes)); }

 private:
  std::atomic<std::int64_t> left_;
};

// While it lives, what is read of the request's body is charged to the budget.
class BodyLoan {
 public:
  BodyLoan(std::shared_ptr<http::Request> request, BodyBudget& budget);
  ~BodyLoan();
  BodyLoan(const BodyLoan&) = delete;
  BodyLoan& operator=(const BodyLoan&) = delete;

 private:
  std::shared_ptr<http::Request> request_;
  std::shared_ptr<http::BodySource> body_;
};

}  // namespace aa::api
