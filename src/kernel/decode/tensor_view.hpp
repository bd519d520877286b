// What a decoder sees of a model: names, shapes and floats, without any runtime.
//
// Shapes are row-major; -1 in a Port is a free dimension. A view must not outlive its numbers.
// Thread rule: values. Errors: invalid_argument "model_output" when a shape does not fit its
// numbers or what a decoder expects.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aa::decode {

struct TensorView {
  std::string_view name;
  std::span<const std::int64_t> shape;
  std::span<const float> values;
};

using Outputs = std::span<const TensorView>;

struct Port {
  std::string name;
  std::vector<std::int64_t> shape;
};

struct GraphSignature {
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  std::vector<std::pair<std::string, std::string>> metadata;
};

// From any runtime's own types that have the same members (driver/inference: Tensor, ModelInfo).
template <class Tensors>
std::vector<TensorView> views_of(const Tensors& tensors) {
  std::vector<TensorView> out;
  for (const auto& tensor : tensors) out.push_back({tensor.name, tensor.shape, tensor.floats()});
  return out;
}

template <class Info>
GraphSignature signature_of(const Info& info) {
  GraphSignature out{.metadata = info.metadata};
  for (const auto& port : info.inputs) out.inputs.push_back({port.name, port.shape});
  for (const auto& port : info.outputs) out.outputs.push_back({port.name, port.shape});
  return out;
}

// A matrix [rows, columns] inside a tensor whose other dimensions are 1.
struct Matrix {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  const float* data = nullptr;
  const float* row(std::int64_t i) const { return data + i * columns; }
};

// Squeezes all dimensions of size 1 away; exactly two must remain, or `columns` fixes the last.
Matrix as_matrix(const TensorView& tensor);
Matrix as_matrix(const TensorView& tensor, std::int64_t columns);

}  // namespace aa::decode
