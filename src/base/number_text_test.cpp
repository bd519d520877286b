#include "base/number_text.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace aa {
namespace {

std::string reference(double number) {
  std::array<char, 400> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end};
}

TEST(NumberText, EqualsToCharsOnEveryKindOfNumber) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t bits = random();
    double number = std::bit_cast<double>(bits);
    if (i % 4 == 1) number = static_cast<double>(bits >> 40) / 64;
    if (i % 4 == 2) number = static_cast<double>(bits >> 11) * 0x1p-53 * 4000;
    if (i % 4 == 3) number = static_cast<double>(static_cast<std::int64_t>(bits >> (bits % 60)));
    if (!std::isfinite(number)) continue;
    ASSERT_EQ(shortest_text(number), reference(number));
  }
}

TEST(NumberText, EqualsToCharsAtPowersAndEdges) {
  for (int e = -1074; e < 1024; ++e) {
    const double power = std::ldexp(1.0, e);
    for (const double number : {power, std::nextafter(power, 0.0), -std::nextafter(power, 9e9)}) {
      ASSERT_EQ(shortest_text(number), reference(number)) << e;
    }
  }
  for (int e = -320; e < 308; ++e) {
    const double power = std::pow(10.0, e);
    ASSERT_EQ(shortest_text(power), reference(power)) << e;
  }
  EXPECT_EQ(shortest_text(-0.0), "-0");
  EXPECT_EQ(shortest_text(0.1), "0.1");
  EXPECT_EQ(shortest_text(100000), "1e+05");
}

}  // namespace
}  // namespace aa
