// Vectors of unit length: their cosine is their dot product.
//
// Limits: the vectors of a call are equally long. Thread rule: pure functions. Errors: none; a
// vector without length, or with a number that is not finite, is not normalised (false).
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace aa::learning {

float dot(const float* a, const float* b, std::size_t count);
inline float cosine_of_units(std::span<const float> a, std::span<const float> b) {
  return dot(a.data(), b.data(), a.size());
}
// Scales to length 1.
bool normalise(std::span<float> values);

// Which of `count` things hang together, directly or by way of others: groups of two and more, the
// largest first, their members ascending.
std::vector<std::vector<std::size_t>> connected(
    std::size_t count, std::span<const std::pair<std::size_t, std::size_t>> pairs);

}  // namespace aa::learning
