#include "driver/inference/tensor_convert.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace aa::inference::detail {
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

TEST(TensorConvert, whole_numbers_round_to_even_and_saturate) {
  const auto from = floats({0.5F, 1.5F, -1.2F, 300, -300, std::nanf("")});
  EXPECT_EQ(values_of<std::uint8_t>(from_floats(from, ElementType::uint8)),
            (std::vector<std::uint8_t>{0, 2, 0, 255, 0, 0}));
  EXPECT_EQ(values_of<std::int8_t>(from_floats(from, ElementType::int8)),
            (std::vector<std::int8_t>{0, 2, -1, 127, -128, 0}));
  EXPECT_EQ(values_of<std::int32_t>(from_floats(floats({4e9F, -4e9F}), ElementType::int32)),
            (std::vector<std::int32_t>{std::numeric_limits<std::int32_t>::max(),
                                       std::numeric_limits<std::int32_t>::min()}));
  EXPECT_EQ(values_of<std::int64_t>(from_floats(from, ElementType::int64))[3], 300);
}

TEST(TensorConvert, halves_come_back_as_floats) {
  const auto half = from_floats(floats({1, -0.5F, 65504}), ElementType::float16);
  EXPECT_EQ(half.bytes.size(), 6U);
  const auto back = widened(half);
  EXPECT_EQ(back.type, ElementType::float32);
  EXPECT_EQ(values_of<float>(back), (std::vector<float>{1, -0.5F, 65504}));
  EXPECT_EQ(back.shape, half.shape);
}

TEST(TensorConvert, other_types_stay) {
  EXPECT_FALSE(converts_from_floats(ElementType::boolean));
  EXPECT_FALSE(converts_from_floats(ElementType::float32));
  EXPECT_EQ(widened(floats({2})).floats()[0], 2.0F);
}

}  // namespace
}  // namespace aa::inference::detail
