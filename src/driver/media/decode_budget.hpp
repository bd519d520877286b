// How much memory all image decodes of the process may hold at once. A caller leases
// ImageInfo::decoded_bytes before decode() and keeps the lease until the pixels are gone.
//
// Leases are given in the order of asking, so that a large image is not starved by small ones.
// Thread rule: may be shared. acquire() blocks: call it on the compute or blocking executor.
// Errors: too_large "image_too_large" for more than the whole budget; unavailable "decode_busy"
// when the deadline passes first.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

#include "base/limits.hpp"

namespace aa::media {

class DecodeBudget {
 public:
  // Gives its bytes back when it dies.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
    Lease& operator=(Lease&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Lease();
    std::uint64_t bytes() const { return budget_ == nullptr ? 0 : bytes_; }

   private:
    friend class DecodeBudget;
    Lease(DecodeBudget* budget, std::uint64_t bytes) : budget_(budget), bytes_(bytes) {}
    DecodeBudget* budget_ = nullptr;
    std::uint64_t bytes_ = 0;
  };

  explicit DecodeBudget(std::uint64_t bytes = limits::kDecodeBudgetBytes)
      : total_(bytes), free_(bytes) {}

  Lease acquire(std::uint64_t bytes, std::chrono::steady_clock::time_point deadline);
  // Without waiting; nullopt when others wait or too little is free.
  std::optional<Lease> try_acquire(std::uint64_t bytes);
  std::uint64_t free_bytes() const;

 private:
  void check(std::uint64_t bytes) const;
  void give_back(std::uint64_t bytes);

  const std::uint64_t total_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t free_;
  std::list<int> waiting_;  // its nodes' addresses are the tickets
};

// The one that all callers of decode() share.
DecodeBudget& process_decode_budget();

}  // namespace aa::media
