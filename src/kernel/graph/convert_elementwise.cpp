#include <array>

#include "kernel/graph/op_table.hpp"

namespace aa::graph {
namespace {

// TF.js computes on mixed types in float32.
std::pair<Value, Value> matched(OpContext& op) {
  Value a = op.input(0);
  Value b = op.input(1);
  if (op.graph.dtype(a) != op.graph.dtype(b)) {
    a = op.graph.cast(a, DType::float32);
    b = op.graph.cast(b, DType::float32);
  }
  return {a, b};
}

}  // namespace

Value activation(GraphBuilder& graph, std::string_view onnx, Value value,
                 std::vector<OnnxAttribute> attributes) {
  const Layout layout = graph.preferred(std::span(&value, 1));
  return graph.emit(onnx, {graph.name(value, layout)},
                    {graph.dtype(value), graph.dims(value), layout}, std::move(attributes));
}

Value relu6(GraphBuilder& graph, Value value) {
  const Layout layout = graph.preferred(std::span(&value, 1));
  std::vector<std::string> inputs{graph.name(value, layout),
                                  graph.name(graph.scalar(graph.dtype(value), 0)),
                                  graph.name(graph.scalar(graph.dtype(value), 6))};
  return graph.emit("Clip", std::move(inputs), {graph.dtype(value), graph.dims(value), layout});
}

Value prelu(GraphBuilder& graph, Value value, Value slope) {
  const Layout layout = graph.preferred(std::array{value, slope});
  Dims dims = broadcast(graph.dims(value), graph.dims(slope));
  return graph.emit("PRelu", {graph.name(value, layout), graph.operand(slope, layout)},
                    {DType::float32, std::move(dims), layout});
}

void convert_alias(OpContext& op) {
  op.input(0);
  for (const Value value : op.inputs) op.push(value);
}

void convert_cast(OpContext& op) {
  const auto to = op.node.dtype("DstT");
  if (!to) op.fail("its target type is not taken; float, int32 and bool are.");
  op.push(op.graph.cast(op.input(0), *to));
}

void convert_unary(OpContext& op) {
  const Value result = op.graph.unary(op.onnx, op.input(0));
  op.push(op.onnx == "IsNaN" ? op.graph.as_boolean(result) : result);
}

void convert_activation(OpContext& op) {
  const Value x = op.input(0);
  if (op.onnx == "Relu6") {
    op.push(relu6(op.graph, x));
  } else if (op.onnx == "LeakyRelu") {
    const auto alpha = static_cast<float>(op.node.real("alpha", 0.2));
    op.push(activation(op.graph, op.onnx, x, {{"alpha", alpha}}));
  } else {
    op.push(activation(op.graph, op.onnx, x));
  }
}

void convert_clip(OpContext& op) {
  const Value low = op.graph.binary("Max", op.input(0), op.input(1));
  op.push(op.graph.binary("Min", low, op.input(2)));
}

void convert_square(OpContext& op) { op.push(op.graph.binary("Mul", op.input(0), op.input(0))); }

void convert_squared_difference(OpContext& op) {
  const auto [a, b] = matched(op);
  const Value difference = op.graph.binary("Sub", a, b);
  op.push(op.graph.binary("Mul", difference, difference));
}

void convert_rsqrt(OpContext& op) {
  op.push(op.graph.unary("Reciprocal", op.graph.unary("Sqrt", op.input(0))));
}

void convert_log1p(OpContext& op) {
  const Value one = op.graph.scalar(DType::float32, 1);
  op.push(op.graph.unary("Log", op.graph.binary("Add", op.input(0), one)));
}

void convert_binary(OpContext& op) {
  const auto [a, b] = matched(op);
  op.push(op.graph.binary(op.onnx, a, b));
}

void convert_compare(OpContext& op) {
  const auto [a, b] = matched(op);
  op.push(op.graph.compare(op.onnx, a, b));
}

void convert_not_equal(OpContext& op) {
  const auto [a, b] = matched(op);
  op.push(op.graph.unary("Not", op.graph.compare("Equal", a, b)));
}

void convert_divide(OpContext& op) {
  const auto [a, b] = matched(op);
  if (op.graph.dtype(a) == DType::int32)
    convert_floor_div(op);  // as TF.js divides integers
  else
    op.push(op.graph.binary("Div", a, b));
}

void convert_floor_div(OpContext& op) {
  const auto [a, b] = matched(op);
  if (op.graph.dtype(a) == DType::float32) {
    op.push(op.graph.unary("Floor", op.graph.binary("Div", a, b)));
    return;
  }
  // ONNX rounds integer quotients to zero; taking the floored rest off first makes it exact.
  const Value rest = op.graph.binary("Mod", a, b);
  op.push(op.graph.binary("Div", op.graph.binary("Sub", a, rest), b));
}

void convert_floor_mod(OpContext& op) {
  const auto [a, b] = matched(op);
  if (op.graph.dtype(a) != DType::float32) {
    op.push(op.graph.binary("Mod", a, b));
    return;
  }
  const Value quotient = op.graph.unary("Floor", op.graph.binary("Div", a, b));
  op.push(op.graph.binary("Sub", a, op.graph.binary("Mul", quotient, b)));
}

void convert_add_n(OpContext& op) {
  Value sum = op.input(0);
  for (std::size_t i = 1; i < op.inputs.size(); ++i) {
    sum = op.graph.binary("Add", sum, op.inputs[i]);
  }
  op.push(sum);
}

void convert_prelu(OpContext& op) { op.push(prelu(op.graph, op.input(0), op.input(1))); }

void convert_select(OpContext& op) {
  GraphBuilder& graph = op.graph;
  Value condition = graph.cast(op.input(0), DType::boolean);
  const Value a = op.input(1);
  const Value b = op.input(2);
  // The first Select chooses whole rows where the condition is a vector.
  if (op.node.op == "Select" && graph.rank(condition) == 1 && graph.rank(a) > 1) {
    std::vector<std::size_t> axes;
    for (std::size_t i = 1; i < graph.rank(a); ++i) axes.push_back(i);
    condition = graph.unsqueeze(condition, axes);
  }
  const Layout layout = graph.preferred(std::array{condition, a, b});
  Dims dims = broadcast(graph.dims(condition), broadcast(graph.dims(a), graph.dims(b)));
  std::vector<std::string> inputs{graph.operand(condition, layout), graph.operand(a, layout),
                                  graph.operand(b, layout)};
  op.push(graph.emit("Where", std::move(inputs), {graph.dtype(a), std::move(dims), layout}));
}

void convert_softmax(OpContext& op) {
  const Value x = op.input(0);
  const Layout layout = op.layout(x);
  const std::size_t last = op.axis(-1, op.graph.rank(x));
  // TensorFlow's op has no axis; a layer may name one.
  if (op.axis(op.node.integer("axis", -1), op.graph.rank(x)) != last) {
    op.fail("only the last axis is taken.");
  }
  op.push(activation(op.graph, op.onnx, x,
                     {{"axis", static_cast<std::int64_t>(axis_in(layout, last))}}));
}

}  // namespace aa::graph
