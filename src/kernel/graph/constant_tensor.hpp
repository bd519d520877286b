// A dense tensor of constants: little-endian bytes in row-major order, as ONNX stores raw data.
//
// Dims are non-negative here; in values of a graph -1 marks a dim that is known only at run time.
// Limits: rank <= 8, elements <= 2^31 - 1 (protobuf cannot carry more than 2 GiB anyway).
// Errors: Error(too_large, "tensor_too_large"). Thread rule: values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aa::graph {

enum class DType : std::uint8_t { float32, int32, int64, boolean };

using Dims = std::vector<std::int64_t>;

inline constexpr std::int64_t kUnknownDim = -1;
inline constexpr std::size_t kRankMax = 8;

std::string_view to_string(DType dtype);
std::size_t element_size(DType dtype);
std::string to_text(const Dims& dims);  // "[1,?,3]"

bool is_known(const Dims& dims);
// Needs known dims; throws when a dim is negative or the product is beyond the limit.
std::int64_t element_count(const Dims& dims);
// Row-major, in elements.
std::vector<std::int64_t> strides_of(const Dims& dims);

struct Tensor {
  DType dtype = DType::float32;
  Dims dims;
  std::vector<std::byte> bytes;

  std::int64_t count() const {
    return static_cast<std::int64_t>(bytes.size() / element_size(dtype));
  }
};

Tensor ints_tensor(DType dtype, Dims dims, std::span<const std::int64_t> values);
Tensor float_tensor(Dims dims, std::span<const float> values);
Tensor float_scalar(float value);

// Values as doubles: exact for float32, int32 and bool; int64 beyond 2^53 rounds.
std::vector<double> to_doubles(const Tensor& tensor);
// Integers saturate and NaN becomes 0; booleans are "not zero".
Tensor from_doubles(DType dtype, Dims dims, std::span<const double> values);

// out[i0, i1, ...] = in[offset + i0 * strides[0] + i1 * strides[1] + ...], in elements: slices,
// transpositions, broadcasts and repetitions are all this one copy. The caller answers for bounds.
Tensor copy_strided(const Tensor& in, Dims out_dims, std::int64_t offset,
                    std::span<const std::int64_t> strides);
Tensor transposed(const Tensor& in, std::span<const std::size_t> permutation);

}  // namespace aa::graph
