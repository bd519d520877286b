#include "service/identity/attempt_guard.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace aa::identity {
namespace {

constexpr std::chrono::minutes kWindow{15};
constexpr std::size_t kNamesMax = 100'000;

}  // namespace

void AttemptGuard::check(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto it = records_.find(name);
  if (it == records_.end()) return;
  const auto age = clock_.steady() - it->second.first;
  if (age >= kWindow) {
    records_.erase(it);
    return;
  }
  if (it->second.failures < failures_max_) return;
  const auto wait = std::chrono::duration_cast<std::chrono::seconds>(kWindow - age);
  throw Error(ErrorCode::rate_limited, "too_many_attempts",
              "Too many failed attempts for this account. Wait, then try again.")
      .with_retry_after(wait + std::chrono::seconds(1));
}

bool AttemptGuard::failed(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (records_.size() >= kNamesMax && !records_.contains(name)) {
    records_.erase(std::ranges::min_element(records_, {},
                                            [](const auto& entry) { return entry.second.first; }));
  }
  auto& record = records_[name];
  if (record.failures++ == 0) record.first = clock_.steady();
  return record.failures == failures_max_;
}

void AttemptGuard::succeeded(const std::string& name) {
  const std::lock_guard lock(mutex_);
  records_.erase(name);
}

}  // namespace aa::identity
