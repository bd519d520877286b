// Runs the fuzzer's entry point over pairs with a piece of one in the other, so that it is sound
// before any fuzzer is.
#include "kernel/ot/fuzz_transform.hpp"

#include <gtest/gtest.h>

#include "kernel/ot/random_changes.hpp"

namespace aa::ot {
namespace {

TEST(FuzzEntry, Transform) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    RandomChanges random(seed);
    auto& source = random.random();
    const auto target = random.annotation();
    std::string text;
    for (int i = 0; i < 2; ++i) {
      document::Operation operation;
      operation.change = random.change(target);
      text += document::write_operation(operation) + '\n';
    }
    for (auto left = source.below(3); left > 0; --left) {
      text.insert(source.below(text.size()), text.substr(source.below(text.size()), 6));
    }
    fuzz_transform(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }
}

}  // namespace
}  // namespace aa::ot
