// Builds an ONNX graph out of values in TensorFlow's terms, choosing memory layouts as it goes.
//
// A value keeps its TensorFlow shape (NHWC) as the logical one. A rank-4 value may exist in memory
// as it is, with channels first (NCHW, what ONNX convolutions read and write), or both; the missing
// one is made by a Transpose only when an op asks for it, and at most once. Ops that do not care
// run in the layout their inputs already have, so a convolutional body keeps NCHW throughout.
//
// The operations below that can, compute constants at once (shapes, anchors); what is left becomes
// nodes. Constants become initializers when a node first names them.
// Limits: folded results <= 1 million elements each; everything that is folded or turned into
// another layout together <= the budget given, since one tensor may be asked for many times.
// Errors: Error(too_large, "tfjs_too_large"), tensor.hpp's. Thread rule: local to one import.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "kernel/graph/onnx_model.hpp"

namespace aa::graph {

enum class Layout : std::uint8_t { as_is, channels_first };

inline constexpr std::array<std::size_t, 4> kToChannelsFirst{0, 3, 1, 2};
inline constexpr std::array<std::size_t, 4> kToChannelsLast{0, 2, 3, 1};

// Where a logical NHWC axis lies in that layout.
std::size_t axis_in(Layout layout, std::size_t axis);

struct Value {
  int id = -1;
};

struct ResultInfo {
  DType dtype = DType::float32;
  Dims dims;  // logical
  Layout layout = Layout::as_is;
};

class GraphBuilder {
 public:
  GraphBuilder(std::unordered_set<std::string> reserved_names, std::size_t budget_bytes);

  // Facts
  DType dtype(Value value) const { return info(value).dtype; }
  const Dims& dims(Value value) const { return info(value).dims; }
  std::size_t rank(Value value) const { return info(value).dims.size(); }
  const Tensor* tensor(Value value) const { return info(value).tensor.get(); }
  std::optional<std::vector<std::int64_t>> ints(Value value) const;

  // Sources. `physical` is the layout in which the caller of the model feeds the input.
  Value input(const std::string& name, DType dtype, Dims dims, Layout physical);
  Value constant(Tensor tensor);
  Value folded(Tensor tensor);  // one that was computed here, which takes from the budget
  Value int64s(std::span<const std::int64_t> values);  // rank 1

  // Layout
  Layout preferred(std::span<const Value> values) const;
  std::string name(Value value, Layout layout = Layout::as_is);
  // The name for an operand that is broadcast against rank-4 values in that layout.
  std::string operand(Value value, Layout layout);

  // Raw nodes: inputs are names, results are given in `layout`.
  Value emit(std::string_view op, std::vector<std::string> inputs, ResultInfo result,
             std::vector<OnnxAttribute> attributes = {});
  std::vector<Value> emit_many(std::string_view op, std::vector<std::string> inputs,
                               std::vector<ResultInfo> results,
                               std::vector<OnnxAttribute> attributes = {});

  // Operations that fold constants and follow layouts
  Value cast(Value value, DType dtype);
  Value unary(std::string_view op, Value value);
  Value binary(std::string_view op, Value a, Value b);
  Value compare(std::string_view op, Value a, Value b);  // boolean result
  Value as_boolean(Value value);          // states that the op just emitted makes booleans
  Value reshape(Value value, Dims dims);  // at most one kUnknownDim
  Value squeeze(Value value, std::span<const std::size_t> axes);
  Value unsqueeze(Value value, std::span<const std::size_t> axes);  // axes of the result
  Value transpose(Value value, std::span<const std::size_t> permutation);
  Value concat(std::span<const Value> values, std::size_t axis);
  Value gather(Value value, Value indices, std::size_t axis);
  struct Range {
    std::size_t axis = 0;
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t step = 1;
    std::int64_t size = 0;  // of the result, kUnknownDim when the input's dim is unknown
  };
  Value slice(Value value, std::span<const Range> ranges);
  Value expand(Value value, const Dims& dims);  // numpy broadcasting to known dims
  Value scalar(DType dtype, double number);

  // New tensors are named after the TensorFlow node that is being converted.
  void set_hint(std::string hint) { hint_ = std::move(hint); }
  void add_output(const std::string& name, Value value);
  // Drops what no output needs. The builder is empty afterwards.
  OnnxGraph finish(std::string graph_name);

 private:
  struct Info {
    DType dtype{};
    Dims dims;
    std::array<std::string, 2> names;  // by Layout; empty where it does not exist
    std::shared_ptr<const Tensor> tensor;
  };
  const Info& info(Value value) const { return values_[static_cast<std::size_t>(value.id)]; }
  Info& info(Value value) { return values_[static_cast<std::size_t>(value.id)]; }
  Value add(Info info);
  std::string fresh_name();
  std::string add_initializer(std::shared_ptr<const Tensor> tensor);
  std::string relayout(Value value, Layout layout);
  bool may_fold(const Dims& dims);
  void spend(std::size_t bytes);
  void sweep();

  std::vector<Info> values_;
  OnnxGraph graph_;
  std::unordered_set<std::string> names_;
  std::vector<std::pair<std::string, std::string>> outputs_;  // tensor name, output name
  std::string hint_ = "constant";
  std::size_t budget_bytes_;
};

// Numpy broadcasting; an unknown dim against 1 stays unknown. Throws tfjs_bad_model on a clash.
Dims broadcast(const Dims& a, const Dims& b);

// Arithmetic on constants. nullopt when the op is none of those that fold.
std::optional<Tensor> fold_unary(std::string_view op, const Tensor& in);
std::optional<Tensor> fold_binary(std::string_view op, const Tensor& a, const Tensor& b);
Tensor fold_concat(std::span<const Tensor* const> parts, std::size_t axis);
Tensor fold_gather(const Tensor& in, const Tensor& indices, std::size_t axis);

}  // namespace aa::graph
