#include "kernel/decode/tensor_view.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace aa::decode {
namespace {

Error bad_shape(const TensorView& tensor, const std::string& wanted) {
  return invalid("model_output",
                 fmt::format("Output '{}' has shape [{}] and {} numbers; {}.", tensor.name,
                             fmt::join(tensor.shape, ", "), tensor.values.size(), wanted));
}

std::int64_t checked_elements(const TensorView& tensor) {
  std::uint64_t count = 1;
  for (const auto size : tensor.shape) {
    if (size < 0 || (size > 0 && count > tensor.values.size() / static_cast<std::uint64_t>(size))) {
      throw bad_shape(tensor, "they do not agree");
    }
    count *= static_cast<std::uint64_t>(size);
  }
  if (count != tensor.values.size()) throw bad_shape(tensor, "they do not agree");
  return static_cast<std::int64_t>(count);
}

}  // namespace

Matrix as_matrix(const TensorView& tensor) {
  checked_elements(tensor);
  std::vector<std::int64_t> sizes;
  for (const auto size : tensor.shape) {
    if (size != 1) sizes.push_back(size);
  }
  if (sizes.size() != 2) throw bad_shape(tensor, "two dimensions larger than 1 were expected");
  return {sizes[0], sizes[1], tensor.values.data()};
}

Matrix as_matrix(const TensorView& tensor, std::int64_t columns) {
  const auto count = checked_elements(tensor);
  if (columns < 1 || tensor.shape.empty() || tensor.shape.back() != columns) {
    throw bad_shape(tensor, fmt::format("rows of {} were expected", columns));
  }
  return {count / columns, columns, tensor.values.data()};
}

}  // namespace aa::decode
