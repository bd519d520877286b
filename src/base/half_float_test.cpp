#include "base/half_float.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace aa {
namespace {

TEST(HalfFloat, every_half_comes_back) {
  for (std::uint32_t half = 0; half <= 0xffff; ++half) {
    if (((half >> 10) & 31) == 31) continue;  // infinities and NaNs
    ASSERT_EQ(to_half(from_half(static_cast<std::uint16_t>(half))), half);
  }
}

TEST(HalfFloat, rounds_to_nearest_even) {
  EXPECT_EQ(to_half(1.0F + 1.0F / 2048), to_half(1.0F));  // half way: to the even one
  EXPECT_EQ(to_half(1.0F + 3.0F / 2048), to_half(1.0F + 2.0F / 1024));
  EXPECT_EQ(to_half(1.0F + 1.1F / 2048), to_half(1.0F + 1.0F / 1024));
  EXPECT_EQ(to_half(std::ldexp(1.0F, -25)), 0);  // half the smallest
  EXPECT_EQ(to_half(std::ldexp(1.5F, -25)), 1);
  EXPECT_EQ(to_half(65519.0F), 0x7bff);
}

TEST(HalfFloat, what_is_too_large_becomes_the_largest) {
  EXPECT_EQ(from_half(to_half(1e6F)), 65504.0F);
  EXPECT_EQ(from_half(to_half(-std::numeric_limits<float>::infinity())), -65504.0F);
  EXPECT_TRUE(std::isnan(from_half(to_half(std::nanf("")))));
  EXPECT_TRUE(std::isinf(from_half(0x7c00)));
}

}  // namespace
}  // namespace aa
