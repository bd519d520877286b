#include <cmath>
#include <cstring>
#include <functional>

#include "base/error.hpp"
#include "kernel/graph/graph_builder.hpp"

namespace aa::graph {
namespace {

using Unary = double (*)(double);
using Binary = double (*)(double, double);

struct UnaryRow {
  std::string_view op;
  Unary apply;
};
struct BinaryRow {
  std::string_view op;
  Binary apply;
  bool boolean = false;
};

constexpr UnaryRow kUnary[] = {
    {"Abs", [](double x) { return std::abs(x); }},
    {"Neg", [](double x) { return -x; }},
    {"Ceil", [](double x) { return std::ceil(x); }},
    {"Floor", [](double x) { return std::floor(x); }},
    {"Sqrt", [](double x) { return std::sqrt(x); }},
    {"Exp", [](double x) { return std::exp(x); }},
    {"Log", [](double x) { return std::log(x); }},
    {"Reciprocal", [](double x) { return 1 / x; }},
    {"Not", [](double x) { return x == 0 ? 1.0 : 0.0; }},
};

double floor_modulo(double a, double b) {  // the divisor's sign, as ONNX Mod on integers
  const double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

constexpr BinaryRow kBinary[] = {
    {"Add", [](double a, double b) { return a + b; }},
    {"Sub", [](double a, double b) { return a - b; }},
    {"Mul", [](double a, double b) { return a * b; }},
    {"Div", [](double a, double b) { return a / b; }},
    {"Mod", floor_modulo},
    {"Max", [](double a, double b) { return a > b ? a : b; }},
    {"Min", [](double a, double b) { return a < b ? a : b; }},
    {"Equal", [](double a, double b) { return a == b ? 1.0 : 0.0; }, true},
    {"Greater", [](double a, double b) { return a > b ? 1.0 : 0.0; }, true},
    {"GreaterOrEqual", [](double a, double b) { return a >= b ? 1.0 : 0.0; }, true},
    {"Less", [](double a, double b) { return a < b ? 1.0 : 0.0; }, true},
    {"LessOrEqual", [](double a, double b) { return a <= b ? 1.0 : 0.0; }, true},
    {"And", [](double a, double b) { return a != 0 && b != 0 ? 1.0 : 0.0; }, true},
    {"Or", [](double a, double b) { return a != 0 || b != 0 ? 1.0 : 0.0; }, true},
};

std::vector<std::int64_t> broadcast_strides(const Tensor& tensor, const Dims& out) {
  std::vector<std::int64_t> strides(out.size(), 0);
  const auto own = strides_of(tensor.dims);
  const std::size_t missing = out.size() - tensor.dims.size();
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (tensor.dims[i] != 1) strides[missing + i] = own[i];
  }
  return strides;
}

}  // namespace

std::optional<Tensor> fold_unary(std::string_view op, const Tensor& in) {
  for (const UnaryRow& row : kUnary) {
    if (row.op != op) continue;
    std::vector<double> values = to_doubles(in);
    for (double& value : values) value = row.apply(value);
    return from_doubles(in.dtype, in.dims, values);
  }
  return std::nullopt;
}

std::optional<Tensor> fold_binary(std::string_view op, const Tensor& a, const Tensor& b) {
  for (const BinaryRow& row : kBinary) {
    if (row.op != op) continue;
    const Dims dims = broadcast(a.dims, b.dims);
    std::vector<double> left = to_doubles(copy_strided(a, dims, 0, broadcast_strides(a, dims)));
    const std::vector<double> right =
        to_doubles(copy_strided(b, dims, 0, broadcast_strides(b, dims)));
    for (std::size_t i = 0; i < left.size(); ++i) left[i] = row.apply(left[i], right[i]);
    return from_doubles(row.boolean ? DType::boolean : a.dtype, dims, left);
  }
  return std::nullopt;
}

Tensor fold_concat(std::span<const Tensor* const> parts, std::size_t axis) {
  Tensor out{.dtype = parts[0]->dtype, .dims = parts[0]->dims, .bytes = {}};
  out.dims[axis] = 0;
  std::int64_t outer = 1;
  for (std::size_t i = 0; i < axis; ++i) outer *= out.dims[i];
  for (const Tensor* part : parts) out.dims[axis] += part->dims[axis];
  for (std::int64_t row = 0; row < outer; ++row) {
    for (const Tensor* part : parts) {
      const auto size = part->bytes.size() / static_cast<std::size_t>(outer);
      const auto begin = part->bytes.begin() + static_cast<std::ptrdiff_t>(size) * row;
      out.bytes.insert(out.bytes.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
    }
  }
  return out;
}

Tensor fold_gather(const Tensor& in, const Tensor& indices, std::size_t axis) {
  const std::int64_t length = in.dims[axis];
  Dims dims(in.dims.begin(), in.dims.begin() + static_cast<std::ptrdiff_t>(axis));
  dims.insert(dims.end(), indices.dims.begin(), indices.dims.end());
  std::size_t inner = element_size(in.dtype);
  for (std::size_t i = axis + 1; i < in.dims.size(); ++i) {
    dims.push_back(in.dims[i]);
    inner *= static_cast<std::size_t>(in.dims[i]);
  }
  std::int64_t outer = 1;
  for (std::size_t i = 0; i < axis; ++i) outer *= in.dims[i];
  Tensor out{.dtype = in.dtype, .dims = std::move(dims), .bytes = {}};
  const std::vector<double> rows = to_doubles(indices);
  for (std::int64_t o = 0; o < outer; ++o) {
    for (const double row : rows) {
      const double at = row < 0 ? row + static_cast<double>(length) : row;
      if (!(at >= 0 && at < static_cast<double>(length))) {
        throw invalid("tfjs_bad_model", "A constant gather index is outside its tensor.");
      }
      const auto begin =
          in.bytes.begin() +
          static_cast<std::ptrdiff_t>(
              (static_cast<std::size_t>(o * length) + static_cast<std::size_t>(at)) * inner);
      out.bytes.insert(out.bytes.end(), begin, begin + static_cast<std::ptrdiff_t>(inner));
    }
  }
  return out;
}

}  // namespace aa::graph
