#include "driver/media/decode_budget.hpp"

#include "base/error.hpp"

namespace aa::media {

DecodeBudget::Lease::~Lease() {
  if (budget_ != nullptr) budget_->give_back(bytes_);
}

void DecodeBudget::check(std::uint64_t bytes) const {
  if (bytes > total_) {
    throw too_large("image_too_large", "The image needs more memory than all decoding may take.");
  }
}

DecodeBudget::Lease DecodeBudget::acquire(std::uint64_t bytes,
                                          std::chrono::steady_clock::time_point deadline) {
  check(bytes);
  std::unique_lock lock(mutex_);
  const auto ticket = waiting_.insert(waiting_.end(), 0);
  const bool mine = changed_.wait_until(
      lock, deadline, [&] { return ticket == waiting_.begin() && free_ >= bytes; });
  waiting_.erase(ticket);
  if (mine) free_ -= bytes;
  lock.unlock();
  changed_.notify_all();
  if (!mine) {
    throw unavailable("decode_busy", "Too many images are being decoded. Try again in a moment.")
        .with_retry_after(std::chrono::seconds(2));
  }
  return {this, bytes};
}

std::optional<DecodeBudget::Lease> DecodeBudget::try_acquire(std::uint64_t bytes) {
  check(bytes);
  const std::lock_guard lock(mutex_);
  if (!waiting_.empty() || free_ < bytes) return std::nullopt;
  free_ -= bytes;
  return Lease(this, bytes);
}

std::uint64_t DecodeBudget::free_bytes() const {
  const std::lock_guard lock(mutex_);
  return free_;
}

void DecodeBudget::give_back(std::uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    free_ += bytes;
  }
  changed_.notify_all();
}

DecodeBudget& process_decode_budget() {
  static DecodeBudget budget;
  return budget;
}

}  // namespace aa::media
