#include "kernel/graph/tfjs_weights.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::graph {
namespace {

std::vector<std::byte> to_bytes(std::initializer_list<int> values) {
  std::vector<std::byte> out;
  for (const int value : values) out.push_back(static_cast<std::byte>(value));
  return out;
}

Tensor decode(std::string_view weight, std::span<const std::byte> bytes) {
  const auto model = json::parse(R"({"weightsManifest":[{"paths":["a"],"weights":[)" +
                                 std::string(weight) + "]}]}");
  return decode_weight(index_weights(model, bytes).at("w"));
}

std::string slug_of(std::string_view weight, std::size_t bytes) {
  try {
    decode(weight, std::vector<std::byte>(bytes));
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

TEST(Weights, float16_special_values) {
  EXPECT_EQ(from_float16(0x3c00), 1.0F);
  EXPECT_EQ(from_float16(0xc000), -2.0F);
  EXPECT_EQ(from_float16(0x7bff), 65504.0F);
  EXPECT_EQ(from_float16(0x0001), std::ldexp(1.0F, -24));  // the smallest subnormal
  EXPECT_EQ(from_float16(0x03ff), std::ldexp(1023.0F, -24));
  EXPECT_EQ(from_float16(0x0400), std::ldexp(1.0F, -14));  // the smallest normal
  EXPECT_TRUE(std::signbit(from_float16(0x8000)));
  EXPECT_EQ(from_float16(0x7c00), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(from_float16(0x7e00)));
}

TEST(Weights, quantised_bytes_become_scale_times_value_plus_min) {
  const auto tensor = decode(R"({"name":"w","shape":[3],"dtype":"float32",
      "quantization":{"dtype":"uint8","scale":0.5,"min":-1}})",
                             to_bytes({0, 1, 255}));
  EXPECT_EQ(to_doubles(tensor), (std::vector<double>{-1, -0.5, 126.5}));
  EXPECT_EQ(tensor.dtype, DType::float32);
}

TEST(Weights, quantised_integers_round_half_up) {
  const auto tensor = decode(R"({"name":"w","shape":[2],"dtype":"int32",
      "quantization":{"dtype":"uint16","scale":0.5,"min":0}})",
                             to_bytes({1, 0, 0, 1}));
  EXPECT_EQ(to_doubles(tensor), (std::vector<double>{1, 128}));
}

TEST(Weights, float16_tensor_and_booleans) {
  const auto half = decode(R"({"name":"w","shape":[1,2],"dtype":"float32",
      "quantization":{"dtype":"float16"}})",
                           to_bytes({0, 0x3c, 0, 0xc0}));
  EXPECT_EQ(to_doubles(half), (std::vector<double>{1, -2}));
  EXPECT_EQ(half.dims, (Dims{1, 2}));
  const auto flags = decode(R"({"name":"w","shape":[3],"dtype":"bool"})", to_bytes({0, 1, 7}));
  EXPECT_EQ(to_doubles(flags), (std::vector<double>{0, 1, 1}));
}

TEST(Weights, the_second_tensor_follows_the_first) {
  const auto model = json::parse(R"({"weightsManifest":[
      {"weights":[{"name":"a","shape":[],"dtype":"int32"}]},
      {"weights":[{"name":"b","shape":[2],"dtype":"bool"}]}]})");
  const auto bytes = to_bytes({5, 0, 0, 0, 1, 0});
  const auto index = index_weights(model, bytes);
  EXPECT_EQ(to_doubles(decode_weight(index.at("a"))), (std::vector<double>{5}));
  EXPECT_EQ(to_doubles(decode_weight(index.at("b"))), (std::vector<double>{1, 0}));
}

TEST(Weights, refuses_what_does_not_fit) {
  EXPECT_EQ(slug_of(R"({"name":"w","shape":[3],"dtype":"float32"})", 11), "tfjs_bad_weights");
  EXPECT_EQ(slug_of(R"({"name":"w","shape":[-1],"dtype":"float32"})", 64), "tfjs_bad_weights");
  EXPECT_EQ(slug_of(R"({"name":"w","shape":[1],"dtype":"string"})", 64), "tfjs_bad_weights");
  EXPECT_EQ(slug_of(R"({"name":"w","shape":[4611686018427387904,4],"dtype":"bool"})", 64),
            "tensor_too_large");
  EXPECT_EQ(slug_of(R"({"name":"w","shape":[1,1,1,1,1,1,1,1,1],"dtype":"bool"})", 64),
            "tensor_too_large");
  EXPECT_EQ(slug_of(R"({"name":"w","shape":[1],"dtype":"float32",
      "quantization":{"dtype":"int4"}})",
                    64),
            "tfjs_bad_weights");
}

}  // namespace
}  // namespace aa::graph
