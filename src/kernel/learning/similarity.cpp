#include "kernel/learning/similarity.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace aa::learning {
namespace {

// Eight lanes, as GCC's and Clang's vector extension has them. The compiler may not add up floats
// in another order by itself, hence the lanes by hand.
using Lanes = float __attribute__((vector_size(32)));
constexpr std::size_t kLanes = 8;

}  // namespace

// Four sums at once hide the latency of adding.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
__attribute__((target_clones("avx2", "default")))
#endif
float dot(const float* a, const float* b, std::size_t count) {
  Lanes sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 * kLanes <= count; i += 4 * kLanes) {
    for (std::size_t j = 0; j < 4; ++j) {
      Lanes x;
      Lanes y;
      std::memcpy(&x, a + i + j * kLanes, sizeof x);
      std::memcpy(&y, b + i + j * kLanes, sizeof y);
      sums[j] += x * y;
    }
  }
  const Lanes all = sums[0] + sums[1] + sums[2] + sums[3];
  float total = 0;
  for (std::size_t j = 0; j < kLanes; ++j) total += all[j];
  for (; i < count; ++i) total += a[i] * b[i];
  return total;
}

bool normalise(std::span<float> values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * value;
  if (!std::isfinite(sum) || !(sum > 0)) return false;
  const auto scale = 1 / std::sqrt(sum);
  for (float& value : values) value = static_cast<float>(value * scale);
  return true;
}

std::vector<std::vector<std::size_t>> connected(
    std::size_t count, std::span<const std::pair<std::size_t, std::size_t>> pairs) {
  std::vector<std::size_t> parent(count);
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&](std::size_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (const auto& [a, b] : pairs) {
    const auto [low, high] = std::minmax({root(a), root(b)});
    parent[high] = low;
  }
  std::vector<std::vector<std::size_t>> by_root(count);
  for (std::size_t i = 0; i < count; ++i) by_root[root(i)].push_back(i);
  std::erase_if(by_root, [](const auto& group) { return group.size() < 2; });
  std::ranges::stable_sort(by_root, std::ranges::greater{}, [](const auto& g) { return g.size(); });
  return by_root;
}

}  // namespace aa::learning
