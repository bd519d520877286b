#include <algorithm>
#include <array>

#include "kernel/graph/op_table.hpp"

namespace aa::graph {
namespace {

struct Reduction {
  std::vector<std::size_t> axes;  // sorted, logical
  bool keep = false;
  Layout layout = Layout::as_is;  // in which it can run
  Layout result_layout = Layout::as_is;
  Dims dims;
};

Reduction plan(const OpContext& op, Value x, std::vector<std::size_t> axes, bool keep) {
  std::sort(axes.begin(), axes.end());
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  Reduction out{.axes = std::move(axes), .keep = keep, .layout = op.layout(x)};
  const auto reduced = [&](std::size_t axis) {
    return std::binary_search(out.axes.begin(), out.axes.end(), axis);
  };
  const Dims& dims = op.graph.dims(x);
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (!reduced(i))
      out.dims.push_back(dims[i]);
    else if (keep)
      out.dims.push_back(1);
  }
  if (out.layout == Layout::channels_first && !keep) {
    // Dropping axes is safe only where channels do not end up before a kept height or width.
    const bool channels_lead = !reduced(3) && (!reduced(1) || !reduced(2));
    if (channels_lead) out.layout = Layout::as_is;
  } else {
    out.result_layout = out.layout;
  }
  return out;
}

std::vector<std::int64_t> places(const Reduction& reduction) {
  std::vector<std::int64_t> out;
  for (const std::size_t axis : reduction.axes) {
    out.push_back(static_cast<std::int64_t>(axis_in(reduction.layout, axis)));
  }
  std::sort(out.begin(), out.end());
  return out;
}

Value reduce(OpContext& op, Value x) {
  GraphBuilder& graph = op.graph;
  std::vector<std::size_t> axes;
  for (const std::int64_t axis : op.ints(1)) axes.push_back(op.axis(axis, graph.rank(x)));
  const bool keep = op.node.boolean("keep_dims", op.node.boolean("keepdims", false));
  if (axes.empty()) return x;
  Reduction r = plan(op, x, std::move(axes), keep);
  if (const Tensor* c = graph.tensor(x); c != nullptr && op.onnx == "ReduceProd" &&
                                         graph.rank(x) == 1) {  // sizes computed from shapes
    double product = 1;
    for (const double value : to_doubles(*c)) product *= value;
    return graph.constant(from_doubles(c->dtype, r.dims, std::span(&product, 1)));
  }
  const auto axis_list = places(r);
  std::vector<std::string> inputs{graph.name(x, r.layout)};
  std::vector<OnnxAttribute> attributes{{"keepdims", std::int64_t{keep}}};
  if (op.onnx == "ReduceSum")
    inputs.push_back(graph.name(graph.int64s(axis_list)));
  else
    attributes.push_back({"axes", axis_list});  // became an input for the others in opset 18
  return graph.emit(op.onnx, std::move(inputs),
                    {graph.dtype(x), std::move(r.dims), r.result_layout}, std::move(attributes));
}

}  // namespace

void convert_reduce(OpContext& op) { op.push(reduce(op, op.input(0))); }

void convert_reduce_boolean(OpContext& op) {
  const Value numbers = op.graph.cast(op.input(0), DType::int32);
  op.push(op.graph.cast(reduce(op, numbers), DType::boolean));
}

void convert_arg(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  const std::size_t axis =
      op.axis(op.has_input(1) ? op.integer(1) : op.node.integer("axis", 0), graph.rank(x));
  Reduction r = plan(op, x, {axis}, false);
  const Value index = graph.emit(op.onnx, {graph.name(x, r.layout)}, {DType::int64, r.dims},
                                 {{"axis", places(r)[0]}, {"keepdims", std::int64_t{0}}});
  op.push(graph.cast(index, DType::int32));
}

void convert_cumsum(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  const auto axis = static_cast<double>(op.axis(op.integer(1), graph.rank(x)));
  const Value place = graph.scalar(DType::int64, axis);
  op.push(graph.emit("CumSum", {graph.name(x), graph.name(place)}, {graph.dtype(x), graph.dims(x)},
                     {{"exclusive", std::int64_t{op.node.boolean("exclusive", false)}},
                      {"reverse", std::int64_t{op.node.boolean("reverse", false)}}}));
}

}  // namespace aa::graph
