// Every family against models of random shapes and numbers: an Error or a sound reading.
#include "kernel/decode/fuzz_readers.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace aa::decode {
namespace {

TEST(ReadersProperty, AnyModelIsRefusedOrReadSoundly) {
  std::mt19937 random(20'261);
  std::vector<std::uint8_t> bytes(48);
  for (int i = 0; i < 20'000; ++i) {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    ASSERT_NO_THROW(fuzz_readers(bytes.data(), bytes.size())) << i;
  }
}

TEST(ReadersProperty, ShortInputsAreModelsToo) {
  std::vector<std::uint8_t> bytes(48, 1);
  for (std::size_t size = 0; size <= bytes.size(); ++size) fuzz_readers(bytes.data(), size);
}

}  // namespace
}  // namespace aa::decode
