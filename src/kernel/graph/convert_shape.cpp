#include <algorithm>
#include <array>
#include <cmath>

#include "kernel/graph/op_table.hpp"

namespace aa::graph {
namespace {

Value as_ints32(GraphBuilder& graph, std::span<const std::int64_t> values) {
  return graph.constant(
      ints_tensor(DType::int32, {static_cast<std::int64_t>(values.size())}, values));
}

Value filled_like(OpContext& op, double number) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  const Value value = graph.scalar(graph.dtype(x), number);
  if (is_known(graph.dims(x))) return graph.expand(value, graph.dims(x));
  const Value shape = graph.emit("Shape", {graph.name(x)},
                                 {DType::int64, {static_cast<std::int64_t>(graph.rank(x))}});
  return graph.emit("Expand", {graph.name(value), graph.name(shape)},
                    {graph.dtype(x), graph.dims(x)});
}

// The rank of what a run-time shape vector describes.
Dims open_dims(const OpContext& op, Value shape) {
  const Dims& dims = op.graph.dims(shape);
  if (dims.size() != 1 || dims[0] == kUnknownDim || dims[0] > static_cast<std::int64_t>(kRankMax)) {
    op.fail("the rank of its result is not known.");
  }
  return Dims(static_cast<std::size_t>(dims[0]), kUnknownDim);
}

}  // namespace

void convert_shape(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  if (is_known(graph.dims(x))) {
    op.push(as_ints32(graph, graph.dims(x)));
    return;
  }
  const Value shape = graph.emit("Shape", {graph.name(x)},
                                 {DType::int64, {static_cast<std::int64_t>(graph.rank(x))}});
  op.push(graph.cast(shape, DType::int32));
}

void convert_size(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  if (is_known(graph.dims(x))) {
    op.push(graph.scalar(DType::int32, static_cast<double>(element_count(graph.dims(x)))));
    return;
  }
  op.push(graph.cast(graph.emit("Size", {graph.name(x)}, {DType::int64, {}}), DType::int32));
}

void convert_rank(OpContext& op) {
  op.push(op.graph.scalar(DType::int32, static_cast<double>(op.graph.rank(op.input(0)))));
}

void convert_reshape(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  const Value shape = op.input(1);
  if (const auto to = graph.ints(shape)) {
    for (const std::int64_t dim : *to) {
      if (dim < -1) op.fail("its shape holds a negative dim.");
    }
    op.push(graph.reshape(x, *to));
    return;
  }
  Dims to = open_dims(op, shape);
  const Value wide = graph.cast(shape, DType::int64);
  op.push(
      graph.emit("Reshape", {graph.name(x), graph.name(wide)}, {graph.dtype(x), std::move(to)}));
}

void convert_expand_dims(OpContext& op) {
  const Value x = op.input(0);
  const std::size_t axis = op.axis(op.integer(1), op.graph.rank(x) + 1);
  op.push(op.graph.unsqueeze(x, std::array{axis}));
}

void convert_squeeze(OpContext& op) {
  const Value x = op.input(0);
  const Dims& dims = op.graph.dims(x);
  std::vector<std::size_t> axes;
  for (const std::int64_t axis : op.node.integers("squeeze_dims")) {
    axes.push_back(op.axis(axis, dims.size()));
    if (dims[axes.back()] > 1) op.fail("it squeezes a dim that is not 1.");
  }
  for (std::size_t i = 0; i < dims.size() && op.node.integers("squeeze_dims").empty(); ++i) {
    if (dims[i] == kUnknownDim) op.fail("it squeezes an input whose dims are not known.");
    if (dims[i] == 1) axes.push_back(i);
  }
  op.push(op.graph.squeeze(x, axes));
}

void convert_transpose(OpContext& op) {
  const Value x = op.input(0);
  const std::size_t rank = op.graph.rank(x);
  std::vector<std::size_t> permutation;
  if (op.has_input(1)) {
    for (const std::int64_t axis : op.ints(1)) permutation.push_back(op.axis(axis, rank));
  } else {
    for (std::size_t i = rank; i-- > 0;) permutation.push_back(i);
  }
  std::vector<std::size_t> sorted = permutation;
  std::sort(sorted.begin(), sorted.end());
  if (permutation.size() != rank ||
      std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    op.fail("its permutation does not name every axis once.");
  }
  op.push(op.graph.transpose(x, permutation));
}

void convert_concat(OpContext& op) {
  if (op.inputs.size() < 2) op.fail("it needs values and an axis.");
  const std::int64_t axis = op.integer(op.inputs.size() - 1);
  std::vector<Value> values(op.inputs.begin(), op.inputs.end() - 1);
  op.push(op.graph.concat(values, op.axis(axis, op.graph.rank(values[0]))));
}

void convert_pack(OpContext& op) {
  const std::size_t rank = op.graph.rank(op.input(0));
  const std::size_t axis = op.axis(op.node.integer("axis", 0), rank + 1);
  std::vector<Value> values;
  for (const Value value : op.inputs) {
    if (op.graph.rank(value) != rank) op.fail("its inputs differ in rank.");
    values.push_back(op.graph.unsqueeze(value, std::array{axis}));
  }
  op.push(op.graph.concat(values, axis));
}

void convert_tile(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  const auto repeats = op.ints(1);
  Dims to = graph.dims(x);
  if (repeats.size() != to.size()) op.fail("it needs one multiple per axis.");
  bool same = true;
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (repeats[i] < 0) op.fail("a multiple is negative.");
    element_count({to[i] == kUnknownDim ? 1 : to[i], repeats[i]});
    if (to[i] != kUnknownDim) to[i] *= repeats[i];
    same &= repeats[i] == 1;
  }
  if (is_known(to)) element_count(to);
  if (same)
    op.push(x);
  else
    op.push(graph.emit("Tile", {graph.name(x), graph.name(graph.int64s(repeats))},
                       {graph.dtype(x), std::move(to)}));
}

void convert_fill(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value shape = op.input(0);
  const Value value = op.input(1);
  if (const auto dims = graph.ints(shape)) {
    element_count(*dims);
    op.push(graph.expand(value, *dims));
    return;
  }
  Dims dims = open_dims(op, shape);
  const Value wide = graph.cast(shape, DType::int64);
  op.push(graph.emit("Expand", {graph.name(value), graph.name(wide)},
                     {graph.dtype(value), std::move(dims)}));
}

void convert_range(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Tensor* start = graph.tensor(op.input(0));
  const Tensor* limit = graph.tensor(op.input(1));
  const Tensor* delta = graph.tensor(op.input(2));
  const DType dtype = graph.dtype(op.input(0));
  if (start == nullptr || limit == nullptr || delta == nullptr) {
    std::vector<std::string> inputs;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::vector<std::size_t> axes(graph.rank(op.input(i)), 0);
      inputs.push_back(graph.name(graph.cast(graph.squeeze(op.input(i), axes), dtype)));
    }
    op.push(graph.emit("Range", std::move(inputs), {dtype, {kUnknownDim}}));
    return;
  }
  if (start->count() != 1 || limit->count() != 1 || delta->count() != 1) op.fail("needs scalars.");
  const double first = to_doubles(*start)[0];
  const double step = to_doubles(*delta)[0];
  const double count = std::ceil((to_doubles(*limit)[0] - first) / step);
  if (!(std::abs(count) <= 1e6)) op.fail("it counts too far.");
  std::vector<double> values;
  for (int i = 0; i < static_cast<int>(count); ++i) values.push_back(first + i * step);
  const auto size = static_cast<std::int64_t>(values.size());
  op.push(graph.folded(from_doubles(dtype, {size}, values)));
}

void convert_broadcast_to(OpContext& op) {
  const Dims to = op.ints(1);
  element_count(to);
  if (broadcast(op.graph.dims(op.input(0)), to) != to) op.fail("its input does not fit its shape.");
  op.push(op.graph.expand(op.input(0), to));
}

void convert_zeros_like(OpContext& op) { op.push(filled_like(op, 0)); }
void convert_ones_like(OpContext& op) { op.push(filled_like(op, 1)); }

}  // namespace aa::graph
