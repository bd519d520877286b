// Tensors and descriptions of models, as they go into and come out of the engine.
//
// Row-major and dense; a dimension of -1 in a description is free.
// Thread rule: values.
// Errors: invalid_argument "model_input" when floats() is asked of another type.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/raw_bytes.hpp"

namespace aa::inference {

enum class ElementType { float32, int64, int32, uint8, int8, boolean, float16 };

std::size_t size_of(ElementType type);  // bytes of one element
std::string_view name_of(ElementType type);

// A dense row-major tensor that owns its bytes.
struct Tensor {
  std::string name;
  ElementType type = ElementType::float32;
  std::vector<std::int64_t> shape;
  RawBytes bytes;

  std::span<const float> floats() const;  // type must be float32
  std::span<float> floats();
  std::size_t elements() const;
  static Tensor of_floats(std::string name, std::vector<std::int64_t> shape);  // values unset
};

// The same numbers as another type: levels of an image for models that take whole numbers (rounded,
// clamped to the type) or halves, and answers of any type as floats.
Tensor converted(Tensor tensor, ElementType type);

struct TensorSpec {
  std::string name;
  ElementType type = ElementType::float32;
  std::vector<std::int64_t> shape;  // -1: free
};

struct ModelInfo {
  std::vector<TensorSpec> inputs;
  std::vector<TensorSpec> outputs;
  // Axis 0 of every input and output is free, and one and the same dimension in all inputs.
  bool batches = false;
  std::vector<std::pair<std::string, std::string>> metadata;
};

struct RunTiming {
  std::chrono::nanoseconds queued{};
  std::chrono::nanoseconds run{};
  std::size_t batch = 1;  // runs that were joined into this one
};

struct RunResult {
  std::vector<Tensor> outputs;
  RunTiming timing;
};

}  // namespace aa::inference
