#include "driver/inference/tensor.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace aa::inference {
namespace {

Tensor floats(const std::vector<float>& values) {
  auto out = Tensor::of_floats("x", {static_cast<std::int64_t>(values.size())});
  std::copy(values.begin(), values.end(), out.floats().begin());
  return out;
}

template <class T>
std::vector<T> values_of(const Tensor& tensor) {
  const auto* data = reinterpret_cast<const T*>(tensor.bytes.data());
  return {data, data + tensor.bytes.size() / sizeof(T)};
}

TEST(Converted, whole_numbers_round_to_even_and_saturate) {
  const auto from = floats({0.5F, 1.5F, -1.2F, 300, -300, std::nanf("")});
  EXPECT_EQ(values_of<std::uint8_t>(converted(from, ElementType::uint8)),
            (std::vector<std::uint8_t>{0, 2, 0, 255, 0, 0}));
  EXPECT_EQ(values_of<std::int8_t>(converted(from, ElementType::int8)),
            (std::vector<std::int8_t>{0, 2, -1, 127, -128, 0}));
  EXPECT_EQ(values_of<std::int32_t>(converted(floats({4e9F, -4e9F}), ElementType::int32)),
            (std::vector<std::int32_t>{std::numeric_limits<std::int32_t>::max(),
                                       std::numeric_limits<std::int32_t>::min()}));
  EXPECT_EQ(values_of<std::int64_t>(converted(from, ElementType::int64))[3], 300);
}

TEST(Converted, every_type_comes_back_as_floats) {
  for (const auto type : {ElementType::float16, ElementType::int8, ElementType::uint8,
                          ElementType::int32, ElementType::int64}) {
    const auto there = converted(floats({1, 0, 127}), type);
    EXPECT_EQ(there.bytes.size(), 3 * size_of(type));
    const auto back = converted(there, ElementType::float32);
    EXPECT_EQ(values_of<float>(back), (std::vector<float>{1, 0, 127})) << name_of(type);
  }
}

}  // namespace
}  // namespace aa::inference
