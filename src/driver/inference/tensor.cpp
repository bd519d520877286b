#include "driver/inference/tensor.hpp"

#include "base/error.hpp"

namespace aa::inference {
namespace {

void require_floats(const Tensor& tensor) {
  if (tensor.type == ElementType::float32) return;
  throw invalid("model_input", "Tensor '" + tensor.name + "' holds " +
                                   std::string(name_of(tensor.type)) + ", not float32.");
}

}  // namespace

std::size_t size_of(ElementType type) {
  switch (type) {
    case ElementType::float32:
    case ElementType::int32:
      return 4;
    case ElementType::int64:
      return 8;
    case ElementType::float16:
      return 2;
    case ElementType::uint8:
    case ElementType::boolean:
      return 1;
  }
  return 0;
}

std::string_view name_of(ElementType type) {
  switch (type) {
    case ElementType::float32:
      return "float32";
    case ElementType::int32:
      return "int32";
    case ElementType::int64:
      return "int64";
    case ElementType::float16:
      return "float16";
    case ElementType::uint8:
      return "uint8";
    case ElementType::boolean:
      return "bool";
  }
  return "unknown";
}

std::span<const float> Tensor::floats() const {
  require_floats(*this);
  return {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float)};
}

std::span<float> Tensor::floats() {
  require_floats(*this);
  return {reinterpret_cast<float*>(bytes.data()), bytes.size() / sizeof(float)};
}

std::size_t Tensor::elements() const {
  std::size_t count = 1;
  for (const auto size : shape) count *= static_cast<std::size_t>(size);
  return count;
}

Tensor Tensor::of_floats(std::string name, std::vector<std::int64_t> shape) {
  Tensor out{.name = std::move(name), .type = ElementType::float32, .shape = std::move(shape)};
  out.bytes.resize(out.elements() * sizeof(float));
  return out;
}

}  // namespace aa::inference
