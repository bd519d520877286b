// A TFLite model's main graph: its tensors and operators, checked, with views on its constants.
//
// Source: TensorFlow's tensorflow/lite/schema/schema.fbs, version 3. Every index is checked here;
// shapes, types and options are judged where they are used.
// Limits: 1 GiB, 100,000 tensors and operators, 400,000 edges, 1,000 inputs and outputs, rank 8,
// names of 512 bytes.
// Errors: Error(malformed, "malformed_flatbuffer"), Error(invalid_argument, "tflite_bad_model").
// Thread rule: values that refer to the caller's bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "kernel/graph/constant_tensor.hpp"
#include "kernel/graph/flatbuffer.hpp"

namespace aa::graph {

inline constexpr std::size_t kTfliteBytesMax = 1ULL << 30;

enum class TfliteType : std::int8_t {
  float32 = 0,
  float16 = 1,
  int32 = 2,
  uint8 = 3,
  int64 = 4,
  boolean = 6,
  int16 = 7,
  int8 = 9,
};

struct TfliteTensor {
  std::string name;
  TfliteType type = TfliteType::float32;  // as the file says; may be none of the above
  Dims dims;
  std::span<const std::byte> data;  // empty: not a constant
  std::optional<FlatTable> quantization;
  std::optional<FlatTable> sparsity;
};

struct TfliteOperator {
  std::int32_t code = 0;
  std::string_view custom;           // name of a custom op
  std::vector<std::int32_t> inputs;  // -1: an optional input that is absent
  std::vector<std::int32_t> outputs;
  std::optional<FlatTable> options;
  std::span<const std::byte> custom_options;
};

struct TfliteModel {
  std::vector<TfliteTensor> tensors;
  std::vector<TfliteOperator> operators;  // in order of execution
  std::vector<std::int32_t> inputs;
  std::vector<std::int32_t> outputs;
};

TfliteModel read_tflite(std::span<const std::byte> file);
bool is_tflite(std::span<const std::byte> file);  // by its identifier

Error bad_tflite(std::string message);

}  // namespace aa::graph
