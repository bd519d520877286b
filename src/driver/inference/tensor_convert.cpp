#include "driver/inference/tensor_convert.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/half_float.hpp"

namespace aa::inference::detail {
namespace {

template <class T>
T rounded(float value) {
  constexpr auto kLow = static_cast<double>(std::numeric_limits<T>::lowest());
  constexpr auto kHigh = static_cast<double>(std::numeric_limits<T>::max());
  if (std::isnan(value)) return 0;
  const double whole = std::nearbyint(static_cast<double>(value));
  if (whole <= kLow) return std::numeric_limits<T>::lowest();
  if (whole >= kHigh) return std::numeric_limits<T>::max();
  return static_cast<T>(whole);
}

template <class T, class F>
void fill(const Tensor& from, Tensor& to, F convert) {
  auto* out = reinterpret_cast<T*>(to.bytes.data());
  for (const float value : from.floats()) *out++ = convert(value);
}

}  // namespace

bool converts_from_floats(ElementType type) {
  return type == ElementType::float16 || type == ElementType::uint8 || type == ElementType::int8 ||
         type == ElementType::int32 || type == ElementType::int64;
}

Tensor from_floats(const Tensor& floats, ElementType type) {
  Tensor out{.name = floats.name, .type = type, .shape = floats.shape};
  out.bytes.resize(floats.floats().size() * size_of(type));
  switch (type) {
    case ElementType::float16:
      fill<std::uint16_t>(floats, out, to_half);
      return out;
    case ElementType::uint8:
      fill<std::uint8_t>(floats, out, rounded<std::uint8_t>);
      return out;
    case ElementType::int8:
      fill<std::int8_t>(floats, out, rounded<std::int8_t>);
      return out;
    case ElementType::int32:
      fill<std::int32_t>(floats, out, rounded<std::int32_t>);
      return out;
    case ElementType::int64:
      fill<std::int64_t>(floats, out, rounded<std::int64_t>);
      return out;
    case ElementType::float32:
    case ElementType::boolean:
      return floats;
  }
  return floats;
}

Tensor widened(Tensor tensor) {
  if (tensor.type != ElementType::float16) return tensor;
  Tensor out{.name = std::move(tensor.name), .shape = std::move(tensor.shape)};
  const std::size_t count = tensor.bytes.size() / sizeof(std::uint16_t);
  out.bytes.resize(count * sizeof(float));
  const auto to = out.floats();
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t half = 0;
    std::memcpy(&half, tensor.bytes.data() + i * sizeof half, sizeof half);
    to[i] = from_half(half);
  }
  return out;
}

}  // namespace aa::inference::detail
