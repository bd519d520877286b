#include "kernel/graph/tflite_tensor.hpp"

#include <gtest/gtest.h>

#include "kernel/graph/tflite_writer.hpp"

namespace aa::graph {
namespace {

using Ints = std::vector<std::int32_t>;
using Doubles = std::vector<double>;

template <class T>
TinyTensor stored(Ints dims, TfliteType type, const std::vector<T>& values) {
  return {.dims = std::move(dims),
          .type = type,
          .data = {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)}};
}

Tensor decoded(const TinyTensor& tensor, std::size_t budget = 1 << 20) {
  TinyTflite file;
  file.add(tensor);
  file.outputs = {0};
  const std::string bytes = file.bytes();
  const TfliteModel model = read_tflite(std::as_bytes(std::span(bytes)));
  return decode_tensor(model.tensors[0], budget);
}

std::string refusal(const TinyTensor& tensor) {
  try {
    decoded(tensor);
  } catch (const Error& error) {
    return error.message();
  }
  return "was taken";
}

FlatChild scales(const std::vector<float>& list, const std::vector<std::int64_t>& zeros,
                 std::int32_t axis = 0) {
  return flat_table({{2, flat_list(list)}, {3, flat_list(zeros)}, {6, axis}});
}

FlatChild dense(std::int32_t size) { return flat_table({{0, std::int8_t{0}}, {1, size}}); }
template <class T = std::int32_t>
FlatChild sparse(const std::vector<T>& segments, const std::vector<T>& indices,
                 std::int8_t kind = 1) {
  return flat_table({{0, std::int8_t{1}},
                     {2, kind},
                     {3, flat_table({{0, flat_list(segments)}})},
                     {4, kind},
                     {5, flat_table({{0, flat_list(indices)}})}});
}
FlatChild levels(const Ints& order, std::vector<FlatChild> list, const Ints& blocks = {}) {
  return flat_table(
      {{0, flat_list(order)}, {1, flat_list(blocks)}, {2, flat_tables(std::move(list))}});
}

TEST(TfliteTensor, keeps_plain_values) {
  const Tensor real = decoded(stored<float>({2}, TfliteType::float32, {1.5F, -2}));
  EXPECT_EQ(real.dtype, DType::float32);
  EXPECT_EQ(to_doubles(real), (Doubles{1.5, -2}));
  const Tensor wide = decoded(stored<std::int64_t>({2}, TfliteType::int64, {1LL << 40, -1}));
  EXPECT_EQ(wide.dtype, DType::int64);
  EXPECT_EQ(to_doubles(wide), (Doubles{1099511627776.0, -1}));
  const Tensor flags = decoded(stored<std::uint8_t>({3}, TfliteType::boolean, {0, 1, 2}));
  EXPECT_EQ(flags.dtype, DType::boolean);
  EXPECT_EQ(to_doubles(flags), (Doubles{0, 1, 1}));
  const Tensor half =
      decoded(stored<std::uint16_t>({4}, TfliteType::float16, {0x3c00, 0xc000, 0x0001, 0x7bff}));
  EXPECT_EQ(to_doubles(half), (Doubles{1, -2, 5.9604644775390625e-08, 65504}));
  const Tensor small = decoded(stored<std::int8_t>({2}, TfliteType::int8, {-128, 5}));
  EXPECT_EQ(small.dtype, DType::int32);
  EXPECT_EQ(to_doubles(small), (Doubles{-128, 5}));
}

TEST(TfliteTensor, turns_quantised_values_into_real_ones) {
  TinyTensor tensor = stored<std::uint8_t>({3}, TfliteType::uint8, {0, 128, 255});
  tensor.quantization = scales({0.5F}, {128});
  EXPECT_EQ(to_doubles(decoded(tensor)), (Doubles{-64, 0, 63.5}));
  tensor = stored<std::int8_t>({2, 3}, TfliteType::int8, {1, 2, 3, -1, -2, -3});
  tensor.quantization = scales({0.5F, 2}, {0, 1}, 0);
  EXPECT_EQ(to_doubles(decoded(tensor)), (Doubles{0.5, 1, 1.5, -4, -6, -8}));
  tensor.quantization = scales({0.5F, 2, 4}, {0, 0, 0}, 1);
  EXPECT_EQ(to_doubles(decoded(tensor)), (Doubles{0.5, 4, 12, -0.5, -4, -12}));
  tensor = stored<std::int32_t>({2}, TfliteType::int32, {100, -100});
  tensor.quantization = scales({0.25F}, {});
  EXPECT_EQ(to_doubles(decoded(tensor)), (Doubles{25, -25}));
}

TEST(TfliteTensor, takes_a_zero_point_at_the_end_of_what_64_bits_hold) {
  TinyTensor tensor = stored<std::uint8_t>({1}, TfliteType::uint8, {5});
  tensor.quantization = scales({0.5F}, {std::numeric_limits<std::int64_t>::min() + 2});
  EXPECT_EQ(to_doubles(decoded(tensor)), (Doubles{4611686018427387904.0}));
  tensor = stored<std::int64_t>({1}, TfliteType::int64, {std::numeric_limits<std::int64_t>::max()});
  tensor.quantization = scales({1}, {-1});
  EXPECT_EQ(to_doubles(decoded(tensor)), (Doubles{9223372036854775808.0}));
}

TEST(TfliteTensor, refuses_scales_that_do_not_fit) {
  TinyTensor tensor = stored<std::int8_t>({2, 3}, TfliteType::int8, {1, 2, 3, 4, 5, 6});
  for (const auto& wrong :
       {scales({1, 2}, {0, 0}, 1), scales({1, 2, 3}, {0, 0}, 1), scales({1, 2, 3}, {0, 0, 0}, 9),
        scales({1, 2}, {0, 0}, -1), scales({std::numeric_limits<float>::infinity()}, {0})}) {
    tensor.quantization = wrong;
    EXPECT_NE(refusal(tensor).find("scales do not fit"), std::string::npos) << refusal(tensor);
  }
  tensor.quantization = scales(std::vector<float>(1'000, 1), {0}, 0);
  EXPECT_NE(refusal(tensor).find("too long"), std::string::npos);
}

TEST(TfliteTensor, refuses_types_that_are_not_taken) {
  const auto text = stored<std::uint8_t>({1}, static_cast<TfliteType>(5), {0});
  EXPECT_NE(refusal(text).find("its type 5 is not taken"), std::string::npos);
  const auto four_bits = stored<std::uint8_t>({1}, static_cast<TfliteType>(17), {0});
  EXPECT_NE(refusal(four_bits).find("not taken"), std::string::npos);
}

TEST(TfliteTensor, is_unfolded_within_a_budget) {
  EXPECT_THROW(decoded(stored<float>({4}, TfliteType::float32, {1, 2, 3, 4}), 16), Error);
}

TEST(TfliteTensor, writes_out_sparse_rows_and_columns) {
  TinyTensor tensor = stored<float>({3, 4}, TfliteType::float32, {1, 2, 3, 4});
  tensor.sparsity = levels({0, 1}, {dense(3), sparse<>({0, 2, 2, 4}, {1, 3, 0, 2})});
  EXPECT_EQ(to_doubles(decoded(tensor)), (Doubles{0, 1, 0, 2, 0, 0, 0, 0, 3, 0, 4, 0}));
  tensor.sparsity =
      levels({1, 0}, {dense(4), sparse<std::uint8_t>({0, 1, 1, 3, 4}, {2, 0, 1, 1}, 3)});
  EXPECT_EQ(to_doubles(decoded(tensor)), (Doubles{0, 0, 2, 0, 0, 0, 3, 4, 1, 0, 0, 0}));
}

TEST(TfliteTensor, writes_out_sparse_blocks) {
  TinyTensor tensor = stored<float>({4, 4}, TfliteType::float32, {1, 2, 3, 4, 5, 6, 7, 8});
  tensor.sparsity =
      levels({0, 1, 2, 3},
             {dense(2), sparse<std::uint16_t>({0, 1, 2}, {1, 0}, 2), dense(2), dense(2)}, {0, 1});
  EXPECT_EQ(to_doubles(decoded(tensor)), (Doubles{0, 0, 1, 2, 0, 0, 3, 4, 5, 6, 0, 0, 7, 8, 0, 0}));
}

TEST(TfliteTensor, refuses_sparse_levels_that_do_not_fit) {
  const auto rows = sparse<>({0, 2, 2, 4}, {1, 3, 0, 2});
  const std::pair<FlatChild, const char*> wrong[] = {
      {levels({0, 0}, {dense(3), rows}), "every axis once"},
      {levels({0, 5}, {dense(3), rows}), "every axis once"},
      {levels({0}, {dense(3)}), "every axis once"},
      {levels({0, 1}, {dense(4), rows}), "dense level's size"},
      {levels({0, 1}, {dense(3), sparse<>({0, 2, 4}, {1, 3, 0, 2})}), "level above"},
      {levels({0, 1}, {dense(3), sparse<>({0, 2, 2, 4}, {1, 4, 0, 2})}), "do not rise"},
      {levels({0, 1}, {dense(3), sparse<>({0, 2, 2, 4}, {3, 1, 0, 2})}), "do not rise"},
      {levels({0, 1}, {dense(3), sparse<>({0, 2, 2, 9}, {1, 3, 0, 2})}), "do not rise"},
      {levels({0, 1}, {dense(3), sparse<>({0, 2, 2, 3}, {1, 3, 0})}), "sparse values"},
      {levels({0, 1}, {dense(3), sparse<>({0, 2, 2, 4}, {1, 3, 0, 2}, 9)}), "no known kind"},
      {levels({0, 1, 2}, {dense(1), rows, dense(2)}, {0}), "blocks do not fit"},
      {levels({0, 1, 2}, {dense(3), rows, dense(2)}, {7}), "every axis once"},
      {levels({0, 1}, {dense(3), flat_table({{0, std::int8_t{1}}})}), "lacks its indices"},
  };
  for (const auto& [sparsity, says] : wrong) {
    TinyTensor tensor = stored<float>({3, 4}, TfliteType::float32, {1, 2, 3, 4});
    tensor.sparsity = sparsity;
    EXPECT_NE(refusal(tensor).find(says), std::string::npos) << refusal(tensor) << " not " << says;
  }
}

}  // namespace
}  // namespace aa::graph
