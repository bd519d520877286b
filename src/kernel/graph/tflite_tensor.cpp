#include "kernel/graph/tflite_tensor.hpp"

#include <algorithm>
#include <cmath>

#include "kernel/graph/tfjs_weights.hpp"

namespace aa::graph {
namespace {

// Fields of QuantizationParameters.
constexpr unsigned kScale = 2, kZeroPoint = 3, kAxis = 6;

std::size_t stored_size(const TfliteTensor& tensor) {
  switch (tensor.type) {
    case TfliteType::uint8:
    case TfliteType::int8:
    case TfliteType::boolean:
      return 1;
    case TfliteType::float16:
    case TfliteType::int16:
      return 2;
    case TfliteType::float32:
    case TfliteType::int32:
      return 4;
    case TfliteType::int64:
      return 8;
  }
  throw bad_tensor(tensor, "its type " + std::to_string(static_cast<int>(tensor.type)) +
                               " is not taken; float, float16, bool and integers of 8 to 64 bits "
                               "are.");
}

template <class T>
T load(std::span<const std::byte> bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

std::int64_t integer_at(TfliteType type, std::span<const std::byte> bytes, std::size_t i) {
  switch (type) {
    case TfliteType::uint8:
      return load<std::uint8_t>(bytes, i);
    case TfliteType::int8:
      return load<std::int8_t>(bytes, i);
    case TfliteType::int16:
      return load<std::int16_t>(bytes, i);
    case TfliteType::int32:
      return load<std::int32_t>(bytes, i);
    default:
      return load<std::int64_t>(bytes, i);
  }
}

struct Scales {
  std::vector<float> scales;
  std::vector<std::int64_t> zeros;
  std::size_t inner = 1;  // elements that share a scale follow each other
};

Scales read_scales(const TfliteTensor& tensor) {
  const auto longest = std::ranges::max_element(tensor.dims);
  const auto most = longest == tensor.dims.end() ? 1 : std::max<std::int64_t>(*longest, 1);
  const auto count_max = static_cast<std::size_t>(most);
  Scales out{.scales = tensor.quantization->numbers<float>(kScale, count_max),
             .zeros = tensor.quantization->numbers<std::int64_t>(kZeroPoint, count_max)};
  if (out.zeros.empty()) out.zeros.assign(out.scales.size(), 0);
  if (out.zeros.size() == 1) out.zeros.resize(out.scales.size(), out.zeros[0]);
  const auto axis = tensor.quantization->number<std::int32_t>(kAxis, 0);
  const bool single = out.scales.size() == 1;
  const bool on_axis = axis >= 0 && static_cast<std::size_t>(axis) < tensor.dims.size();
  const bool fits = single || (on_axis && tensor.dims[static_cast<std::size_t>(axis)] ==
                                              static_cast<std::int64_t>(out.scales.size()));
  if (!fits || out.zeros.size() != out.scales.size() ||
      !std::ranges::all_of(out.scales, [](float s) { return std::isfinite(s); })) {
    throw bad_tensor(tensor, "its scales do not fit its shape " + to_text(tensor.dims) + ".");
  }
  for (auto i = static_cast<std::size_t>(axis) + 1; !single && i < tensor.dims.size(); ++i) {
    out.inner *= static_cast<std::size_t>(tensor.dims[i]);
  }
  return out;
}

std::vector<float> dequantized(const TfliteTensor& tensor, std::span<const std::byte> raw,
                               std::size_t count) {
  const Scales by = read_scales(tensor);
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t channel = i / by.inner % by.scales.size();
    const auto stored = static_cast<double>(integer_at(tensor.type, raw, i));
    // a zero point is any 64-bit number in a hostile file: integers would overflow here
    const double from_zero = stored - static_cast<double>(by.zeros[channel]);
    out[i] = by.scales[channel] * static_cast<float>(from_zero);
  }
  return out;
}

std::vector<float> widened(std::span<const std::byte> raw, std::size_t count) {
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = from_float16(load<std::uint16_t>(raw, i));
  return out;
}

Tensor to_tensor(const TfliteTensor& tensor, std::span<const std::byte> raw, std::size_t count) {
  if (is_quantized(tensor)) return float_tensor(tensor.dims, dequantized(tensor, raw, count));
  if (tensor.type == TfliteType::float16) return float_tensor(tensor.dims, widened(raw, count));
  const DType dtype = computed_type(tensor);
  if (element_size(dtype) == stored_size(tensor) && dtype != DType::boolean) {
    return {.dtype = dtype, .dims = tensor.dims, .bytes = {raw.begin(), raw.end()}};
  }
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const bool flag = tensor.type == TfliteType::boolean;
    values[i] = static_cast<double>(integer_at(flag ? TfliteType::uint8 : tensor.type, raw, i));
  }
  return from_doubles(dtype, tensor.dims, values);
}

}  // namespace

Error bad_tensor(const TfliteTensor& tensor, std::string_view what) {
  return bad_tflite("Tensor '" + tensor.name + "': " + std::string(what));
}

bool is_quantized(const TfliteTensor& tensor) {
  const bool integer = tensor.type == TfliteType::uint8 || tensor.type == TfliteType::int8 ||
                       tensor.type == TfliteType::int16 || tensor.type == TfliteType::int32 ||
                       tensor.type == TfliteType::int64;
  return integer && tensor.quantization && !tensor.quantization->bytes(kScale).empty();
}

DType computed_type(const TfliteTensor& tensor) {
  stored_size(tensor);
  if (is_quantized(tensor)) return DType::float32;
  switch (tensor.type) {
    case TfliteType::float32:
    case TfliteType::float16:
      return DType::float32;
    case TfliteType::int64:
      return DType::int64;
    case TfliteType::boolean:
      return DType::boolean;
    default:
      return DType::int32;
  }
}

Tensor decode_tensor(const TfliteTensor& tensor, std::size_t& budget_bytes) {
  const std::size_t size = stored_size(tensor);
  const auto count = static_cast<std::size_t>(element_count(tensor.dims));
  const std::size_t cost = count * (tensor.sparsity ? 2 * sizeof(double) : sizeof(double));
  if (cost > budget_bytes) {
    throw too_large("tflite_too_large", "The model's constants unfold to far more than its file.");
  }
  budget_bytes -= cost;
  std::vector<std::byte> unfolded;
  if (tensor.sparsity) unfolded = unfold_sparse(tensor, size);
  const std::span<const std::byte> raw = tensor.sparsity ? unfolded : tensor.data;
  if (raw.size() != count * size) {
    throw bad_tensor(tensor, "it has " + std::to_string(raw.size()) + " bytes where its shape " +
                                 to_text(tensor.dims) + " needs " + std::to_string(count * size) +
                                 ".");
  }
  return to_tensor(tensor, raw, count);
}

}  // namespace aa::graph
