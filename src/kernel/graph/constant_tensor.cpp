#include "kernel/graph/constant_tensor.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.hpp"

namespace aa::graph {
namespace {

template <class T>
void widen(const Tensor& tensor, std::vector<double>& out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    T value;
    std::memcpy(&value, tensor.bytes.data() + i * sizeof(T), sizeof(T));
    out[i] = static_cast<double>(value);
  }
}

template <class T>
T narrow(double value) {
  if constexpr (std::is_integral_v<T>) {
    if (std::isnan(value)) return 0;
    if (value >= static_cast<double>(std::numeric_limits<T>::max())) {
      return std::numeric_limits<T>::max();
    }
    if (value <= static_cast<double>(std::numeric_limits<T>::min())) {
      return std::numeric_limits<T>::min();
    }
  }
  return static_cast<T>(value);
}

template <class T>
void store(Tensor& tensor, std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const T value = narrow<T>(values[i]);
    std::memcpy(tensor.bytes.data() + i * sizeof(T), &value, sizeof(T));
  }
}

}  // namespace

std::string_view to_string(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return "float32";
    case DType::int32:
      return "int32";
    case DType::int64:
      return "int64";
    case DType::boolean:
      return "bool";
  }
  return "?";
}

std::size_t element_size(DType dtype) {
  switch (dtype) {
    case DType::float32:
    case DType::int32:
      return 4;
    case DType::int64:
      return 8;
    case DType::boolean:
      return 1;
  }
  return 1;
}

std::string to_text(const Dims& dims) {
  std::string out = "[";
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (i > 0) out += ',';
    out += dims[i] < 0 ? "?" : std::to_string(dims[i]);
  }
  return out + "]";
}

bool is_known(const Dims& dims) {
  return std::none_of(dims.begin(), dims.end(), [](std::int64_t d) { return d < 0; });
}

std::int64_t element_count(const Dims& dims) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
  const auto refuse = [&] {
    return too_large("tensor_too_large",
                     "A tensor of shape " + to_text(dims) + " is beyond rank 8 or 2^31 elements.");
  };
  if (dims.size() > kRankMax) throw refuse();
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) {
    if (dim < 0 || dim > kMax) throw refuse();
    count *= dim;
    if (count > kMax) throw refuse();
  }
  return count;
}

std::vector<std::int64_t> strides_of(const Dims& dims) {
  std::vector<std::int64_t> strides(dims.size(), 1);
  for (std::size_t i = dims.size(); i-- > 1;) strides[i - 1] = strides[i] * dims[i];
  return strides;
}

Tensor ints_tensor(DType dtype, Dims dims, std::span<const std::int64_t> values) {
  if (dtype == DType::int64) {  // not through doubles: slice ends use the extremes of int64
    Tensor out{.dtype = dtype, .dims = std::move(dims), .bytes = {}};
    out.bytes.resize(values.size_bytes());
    if (!values.empty()) std::memcpy(out.bytes.data(), values.data(), values.size_bytes());
    return out;
  }
  return from_doubles(dtype, std::move(dims), std::vector<double>(values.begin(), values.end()));
}

Tensor float_tensor(Dims dims, std::span<const float> values) {
  Tensor out{.dtype = DType::float32, .dims = std::move(dims), .bytes = {}};
  out.bytes.resize(values.size_bytes());
  if (!values.empty()) std::memcpy(out.bytes.data(), values.data(), values.size_bytes());
  return out;
}

Tensor float_scalar(float value) { return float_tensor({}, std::span(&value, 1)); }

std::vector<double> to_doubles(const Tensor& tensor) {
  std::vector<double> out(static_cast<std::size_t>(tensor.count()));
  switch (tensor.dtype) {
    case DType::float32:
      widen<float>(tensor, out);
      break;
    case DType::int32:
      widen<std::int32_t>(tensor, out);
      break;
    case DType::int64:
      widen<std::int64_t>(tensor, out);
      break;
    case DType::boolean:
      widen<std::uint8_t>(tensor, out);
      break;
  }
  return out;
}

Tensor from_doubles(DType dtype, Dims dims, std::span<const double> values) {
  Tensor out{.dtype = dtype, .dims = std::move(dims), .bytes = {}};
  out.bytes.resize(values.size() * element_size(dtype));
  switch (dtype) {
    case DType::float32:
      store<float>(out, values);
      break;
    case DType::int32:
      store<std::int32_t>(out, values);
      break;
    case DType::int64:
      store<std::int64_t>(out, values);
      break;
    case DType::boolean:
      for (std::size_t i = 0; i < values.size(); ++i) {
        out.bytes[i] = static_cast<std::byte>(values[i] != 0 ? 1 : 0);
      }
      break;
  }
  return out;
}

Tensor copy_strided(const Tensor& in, Dims out_dims, std::int64_t offset,
                    std::span<const std::int64_t> strides) {
  const std::size_t size = element_size(in.dtype);
  const auto count = static_cast<std::size_t>(element_count(out_dims));
  Tensor out{.dtype = in.dtype, .dims = std::move(out_dims), .bytes = {}};
  out.bytes.resize(count * size);
  Dims index(out.dims.size(), 0);
  std::int64_t at = offset;
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(out.bytes.data() + i * size, in.bytes.data() + at * static_cast<std::int64_t>(size),
                size);
    for (std::size_t axis = index.size(); axis-- > 0;) {
      at += strides[axis];
      if (++index[axis] < out.dims[axis]) break;
      at -= strides[axis] * index[axis];
      index[axis] = 0;
    }
  }
  return out;
}

Tensor transposed(const Tensor& in, std::span<const std::size_t> permutation) {
  const auto in_strides = strides_of(in.dims);
  Dims dims;
  std::vector<std::int64_t> strides;
  for (const std::size_t axis : permutation) {
    dims.push_back(in.dims[axis]);
    strides.push_back(in_strides[axis]);
  }
  return copy_strided(in, std::move(dims), 0, strides);
}

}  // namespace aa::graph
