#include <array>
#include <numbers>

#include "kernel/graph/op_table.hpp"
#include "kernel/graph/tflite_ops.hpp"
#include "kernel/graph/tflite_tensor.hpp"

namespace aa::graph {
namespace {

Value number(const TfliteContext& op, double value) {
  return op.graph.scalar(op.graph.dtype(op.input(0)), value);
}

}  // namespace

void convert_clip_range(TfliteContext& op) {
  const double low = op.row.name == "RELU_N1_TO_1" ? -1 : 0;
  op.push(clip(op.graph, op.input(0), low, 1));
}

void convert_hard_swish(TfliteContext& op) {
  op.push(activation(op.graph, "HardSwish", op.input(0)));
}

// x / 2 * (1 + erf(x / sqrt 2)), or its approximation by tanh: arXiv:1606.08415.
void convert_gelu(TfliteContext& op) {
  constexpr unsigned kApproximate = 0;
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  Value inner = graph.binary("Mul", x, number(op, 1 / std::numbers::sqrt2));
  if (op.small_option(kApproximate) != 0) {
    const Value cube = graph.binary("Mul", graph.binary("Mul", x, x), x);
    const Value sum = graph.binary("Add", x, graph.binary("Mul", cube, number(op, 0.044715)));
    inner = graph.binary("Mul", sum, number(op, std::numbers::sqrt2 * std::numbers::inv_sqrtpi));
    inner = graph.unary("Tanh", inner);
  } else {
    inner = graph.unary("Erf", inner);
  }
  const Value half = graph.binary("Mul", x, number(op, 0.5));
  op.push(graph.binary("Mul", half, graph.binary("Add", inner, number(op, 1))));
}

void convert_l2_normalization(TfliteContext& op) {
  constexpr double kLeast = 1e-6;
  const Value last = op.graph.int64s(std::array<std::int64_t, 1>{-1});
  const Value x = op.input(0);
  TfAttributes keep;
  keep.flag("keep_dims", true);
  const Value sum = op.tensorflow("Sum", {op.graph.binary("Mul", x, x), last}, keep).at(0);
  const Value length = op.graph.binary("Max", op.graph.unary("Sqrt", sum), number(op, kLeast));
  op.push(op.graph.binary("Div", x, length));
}

void convert_tflite_softmax(TfliteContext& op) {
  constexpr unsigned kBeta = 0;
  const float beta = op.node.options ? op.node.options->number<float>(kBeta, 0) : 1;
  Value x = op.input(0);
  if (beta != 1) x = op.graph.binary("Mul", x, number(op, static_cast<double>(beta)));
  op.outputs = op.tensorflow(op.row.tensorflow, {x});
}

// Integer quotients are rounded to zero, as ONNX rounds them.
void convert_tflite_div(TfliteContext& op) {
  op.push(op.graph.binary("Div", op.input(0), op.input(1)));
}

void convert_tflite_cast(TfliteContext& op) {
  op.push(op.graph.cast(op.input(0), computed_type(op.output())));
}

}  // namespace aa::graph
