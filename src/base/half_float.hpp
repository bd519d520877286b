// IEEE 754 binary16 as 16 bits: to it, rounding to nearest even, and back.
//
// What is too large for it becomes the largest value, 65504, and not infinity. Thread rule: pure
// functions. Errors: none.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace aa {

inline std::uint16_t to_half(float value) {
  constexpr std::uint32_t kLargest = 0x7bff;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000);
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | 0x7e00);
  const auto exponent = static_cast<std::int32_t>((bits >> 23) & 0xff) - 127 + 15;
  std::uint32_t mantissa = bits & 0x7fffff;
  std::uint32_t kept = 0;
  std::uint32_t dropped_bits = 13;
  if (exponent >= 31) return static_cast<std::uint16_t>(sign | kLargest);
  if (exponent > 0) {
    kept = static_cast<std::uint32_t>(exponent) << 10;
  } else {
    if (exponent < -10) return sign;
    mantissa |= 0x800000;
    dropped_bits = static_cast<std::uint32_t>(14 - exponent);
  }
  kept |= mantissa >> dropped_bits;
  const std::uint32_t dropped = mantissa & ((1U << dropped_bits) - 1);
  const std::uint32_t middle = 1U << (dropped_bits - 1);
  if (dropped > middle || (dropped == middle && (kept & 1) != 0)) ++kept;
  return static_cast<std::uint16_t>(sign | std::min(kept, kLargest));
}

inline float from_half(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
  const std::uint32_t exponent = (half >> 10) & 31;
  const std::uint32_t mantissa = half & 0x3ff;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000 | mantissa << 13);
  if (exponent == 0) {
    const float value = std::ldexp(static_cast<float>(mantissa), -24);
    return sign != 0 ? -value : value;
  }
  return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
}

}  // namespace aa
