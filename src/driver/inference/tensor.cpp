#include "driver/inference/tensor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "base/error.hpp"

namespace aa::inference {
namespace {

void require_floats(const Tensor& tensor) {
  if (tensor.type == ElementType::float32) return;
  throw invalid("model_input", "Tensor '" + tensor.name + "' holds " +
                                   std::string(name_of(tensor.type)) + ", not float32.");
}

template <class T>
std::vector<float> read_as(const Tensor& tensor) {
  const std::span<const T> from(reinterpret_cast<const T*>(tensor.bytes.data()),
                                tensor.bytes.size() / sizeof(T));
  return {from.begin(), from.end()};
}

// IEEE 754 binary16 is what the compiler calls _Float16 here.
std::vector<float> floats_of(const Tensor& tensor) {
  switch (tensor.type) {
    case ElementType::float32:
      return read_as<float>(tensor);
    case ElementType::float16:
      return read_as<_Float16>(tensor);
    case ElementType::int32:
      return read_as<std::int32_t>(tensor);
    case ElementType::int64:
      return read_as<std::int64_t>(tensor);
    case ElementType::int8:
      return read_as<std::int8_t>(tensor);
    case ElementType::uint8:
    case ElementType::boolean:
      return read_as<std::uint8_t>(tensor);
  }
  return {};
}

template <class T>
void write_as(const std::vector<float>& from, Tensor& to) {
  to.bytes.resize(from.size() * sizeof(T));
  auto* out = reinterpret_cast<T*>(to.bytes.data());
  for (const float value : from) {
    if constexpr (std::is_integral_v<T>) {
      constexpr auto kLow = static_cast<double>(std::numeric_limits<T>::min());
      // The largest double that the type holds: 2^63 - 1 itself is none.
      constexpr double kHigh = sizeof(T) == 8 ? 9223372036854774784.0
                                              : static_cast<double>(std::numeric_limits<T>::max());
      const double whole = std::isnan(value) ? 0 : std::nearbyint(static_cast<double>(value));
      *out++ = static_cast<T>(std::clamp(whole, kLow, kHigh));
    } else {
      *out++ = static_cast<T>(value);
    }
  }
}

}  // namespace

Tensor converted(Tensor tensor, ElementType type) {
  if (tensor.type == type) return tensor;
  const auto values = floats_of(tensor);
  tensor.type = type;
  switch (type) {
    case ElementType::float32:
      write_as<float>(values, tensor);
      break;
    case ElementType::float16:
      write_as<_Float16>(values, tensor);
      break;
    case ElementType::int32:
      write_as<std::int32_t>(values, tensor);
      break;
    case ElementType::int64:
      write_as<std::int64_t>(values, tensor);
      break;
    case ElementType::int8:
      write_as<std::int8_t>(values, tensor);
      break;
    case ElementType::uint8:
    case ElementType::boolean:
      write_as<std::uint8_t>(values, tensor);
      break;
  }
  return tensor;
}

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
    case ElementType::int8:
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
    case ElementType::int8:
      return "int8";
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
