#include <array>

#include "kernel/graph/op_table.hpp"

namespace aa::graph {

void convert_gather(OpContext& op) {
  const Value x = op.input(0);
  if (op.node.integer("batch_dims", 0) != 0) op.fail("batch_dims other than 0 are not taken.");
  const std::int64_t axis = op.has_input(2) ? op.integer(2) : 0;
  op.push(op.graph.gather(x, op.input(1), op.axis(axis, op.graph.rank(x))));
}

void convert_gather_nd(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  const Dims indices = graph.dims(op.input(1));
  const std::size_t rank = graph.rank(x);
  if (indices.empty() || indices.back() < 1 || indices.back() > static_cast<std::int64_t>(rank)) {
    op.fail("its indices do not fit its input.");
  }
  Dims out(indices.begin(), indices.end() - 1);
  for (auto i = static_cast<std::size_t>(indices.back()); i < rank; ++i) {
    out.push_back(graph.dims(x)[i]);
  }
  const Value wide = graph.cast(op.input(1), DType::int64);
  op.push(
      graph.emit("GatherND", {graph.name(x), graph.name(wide)}, {graph.dtype(x), std::move(out)}));
}

void convert_top_k(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  const std::int64_t k = op.integer(1);
  Dims out = graph.dims(x);
  if (out.empty() || k < 0 || (out.back() != kUnknownDim && k > out.back())) {
    op.fail("k is larger than its last axis.");
  }
  out.back() = k;
  const auto results = graph.emit_many(
      "TopK", {graph.name(x), graph.name(graph.int64s(std::array{k}))},
      {{graph.dtype(x), out}, {DType::int64, out}},
      {{"axis", std::int64_t{-1}}, {"sorted", std::int64_t{op.node.boolean("sorted", true)}}});
  op.push(results[0]);
  op.push(graph.cast(results[1], DType::int32));
}

// One class, one image. Suppresses above the threshold where TF.js does at it: they differ only
// for pairs whose overlap equals the threshold to the last bit.
void convert_nms(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value boxes = op.input(0);
  const Value scores = op.input(1);
  if (graph.rank(boxes) != 2 || graph.rank(scores) != 1)
    op.fail("it needs boxes and their scores.");
  const bool soft = op.node.op == "NonMaxSuppressionV5";
  if (soft && op.has_input(5)) {
    const Tensor* sigma = graph.tensor(op.input(5));
    if (sigma == nullptr || sigma->count() != 1 || to_doubles(*sigma)[0] != 0) {
      op.fail("soft suppression (sigma other than 0) is not taken.");
    }
  }
  const Value limit = graph.reshape(graph.cast(op.input(2), DType::int64), {1});
  std::vector<std::string> inputs{
      graph.name(graph.unsqueeze(boxes, std::array<std::size_t, 1>{0})),
      graph.name(graph.unsqueeze(scores, std::array<std::size_t, 2>{0, 1})), graph.name(limit),
      graph.name(graph.reshape(op.input(3), {1})), graph.name(graph.reshape(op.input(4), {1}))};
  const Value picked =
      graph.emit("NonMaxSuppression", std::move(inputs), {DType::int64, {kUnknownDim, 3}});
  const Value column = graph.slice(picked, std::array{GraphBuilder::Range{1, 2, 3, 1, 1}});
  const Value rows = graph.squeeze(column, std::array<std::size_t, 1>{1});
  op.push(graph.cast(rows, DType::int32));
  if (!soft) return;
  op.push(graph.gather(scores, rows, 0));
  op.push(graph.cast(graph.emit("Size", {graph.name(rows)}, {DType::int64, {}}), DType::int32));
}

void convert_where(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  const auto rank = static_cast<std::int64_t>(graph.rank(x));
  const Value found = graph.emit("NonZero", {graph.name(x)}, {DType::int64, {rank, kUnknownDim}});
  const Value rows = graph.transpose(found, std::array<std::size_t, 2>{1, 0});
  op.push(graph.cast(rows, DType::int32));
}

void convert_one_hot(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value indices = op.graph.cast(op.input(0), DType::int64);  // int32 has no kernel
  const std::int64_t depth = op.integer(1);
  const std::size_t rank = graph.rank(indices);
  const std::size_t axis = op.axis(op.node.integer("axis", -1), rank + 1);
  Dims out = graph.dims(indices);
  if (depth < 0) op.fail("its depth is negative.");
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(axis), depth);
  const std::array parts{graph.reshape(op.input(3), {1}), graph.reshape(op.input(2), {1})};
  const Value off_on = graph.concat(parts, 0);
  const Value count = graph.scalar(DType::int64, static_cast<double>(depth));
  op.push(graph.emit("OneHot", {graph.name(indices), graph.name(count), graph.name(off_on)},
                     {graph.dtype(off_on), std::move(out)},
                     {{"axis", static_cast<std::int64_t>(axis)}}));
}

}  // namespace aa::graph
