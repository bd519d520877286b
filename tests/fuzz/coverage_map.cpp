#include "coverage_map.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace {

constexpr std::size_t kEdges = 1 << 16;
// Plain arrays: a call out of __sanitizer_cov_trace_pc, even of operator[], would come back to it.
constinit std::uint8_t run_counts[kEdges]{};
constinit std::uint8_t seen_counts[kEdges]{};
constinit std::uintptr_t previous = 0;

}  // namespace

extern "C" __attribute__((no_sanitize_coverage, no_sanitize_address, no_sanitize_undefined)) void
__sanitizer_cov_trace_pc() {
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  const auto edge = (here ^ (here >> 16) ^ (previous << 1)) % kEdges;
  previous = here;
  if (run_counts[edge] < 255) ++run_counts[edge];
}

namespace aa::fuzz {

__attribute__((no_sanitize_coverage)) void start_run() {
  std::memset(run_counts, 0, sizeof run_counts);
  previous = 0;
}

__attribute__((no_sanitize_coverage)) bool reached_something_new() {
  bool found = false;
  for (std::size_t i = 0; i < kEdges; ++i) {
    if (run_counts[i] == 0) continue;
    // Counts are told apart by their power of two.
    const auto bucket = static_cast<std::uint8_t>(1U << (std::bit_width(run_counts[i]) - 1U));
    if ((seen_counts[i] & bucket) == 0) {
      seen_counts[i] = static_cast<std::uint8_t>(seen_counts[i] | bucket);
      found = true;
    }
  }
  return found;
}

__attribute__((no_sanitize_coverage)) std::size_t edges_reached() {
  std::size_t count = 0;
  for (const auto bits : seen_counts) count += bits != 0;
  return count;
}

}  // namespace aa::fuzz
