#include <array>

#include "kernel/graph/tflite_ops.hpp"

namespace aa::graph {
namespace {

constexpr std::array<std::size_t, 4> kToTensorflow{1, 2, 3, 0};  // OHWI to HWIO

TfAttributes window(std::int64_t padding, std::int64_t height, std::int64_t width) {
  constexpr std::int64_t kSame = 0;
  TfAttributes out;
  out.text("padding", padding == kSame ? "SAME" : "VALID");
  out.integers("strides", std::array<std::int64_t, 4>{1, height, width, 1});
  return out;
}

// Padding and strides stand in the first three fields of all options of layers.
TfAttributes window(const TfliteContext& op) {
  constexpr unsigned kPadding = 0, kStrideWidth = 1, kStrideHeight = 2;
  return window(op.small_option(kPadding), op.option(kStrideHeight, 1), op.option(kStrideWidth, 1));
}

void dilate(const TfliteContext& op, TfAttributes& attributes, unsigned width_field) {
  const std::int64_t width = op.option(width_field, 1);
  const std::int64_t height = op.option(width_field + 1, 1);
  attributes.integers("dilations", std::array<std::int64_t, 4>{1, height, width, 1});
}

Value rank4(const TfliteContext& op, std::size_t index) {
  const Value value = op.input(index);
  if (op.graph.rank(value) != 4) {
    op.fail("input " + std::to_string(index) + " must have rank 4, not " +
            to_text(op.graph.dims(value)) + ".");
  }
  return value;
}

std::vector<Value> with_bias(const TfliteContext& op, Value x, Value filter,
                             TfAttributes& attributes) {
  std::vector<Value> operands{x, filter};
  if (op.has_input(2)) {
    operands.push_back(op.input(2));
    attributes.texts("fused_ops", "BiasAdd");
  }
  return operands;
}

// `filter` is OHWI; `bias` may be absent.
void push_conv_transpose(TfliteContext& op, Value size, Value filter, Value x,
                         std::optional<Value> bias, const TfAttributes& attributes) {
  constexpr std::array<std::size_t, 4> kTurned{1, 2, 0, 3};  // to HWOI
  const Value turned = op.graph.transpose(filter, kTurned);
  op.outputs = op.tensorflow(op.row.tensorflow, {size, turned, x}, attributes);
  if (bias) op.outputs = op.tensorflow("BiasAdd", {op.outputs.at(0), *bias});
}

}  // namespace

void convert_tflite_conv(TfliteContext& op) {
  constexpr unsigned kDilation = 4;
  TfAttributes attributes = window(op);
  dilate(op, attributes, kDilation);
  const Value filter = op.graph.transpose(rank4(op, 1), kToTensorflow);
  op.outputs =
      op.tensorflow(op.row.tensorflow, with_bias(op, op.input(0), filter, attributes), attributes);
}

// The file's filter is [1, height, width, channels * multiplier].
void convert_tflite_depthwise(TfliteContext& op) {
  constexpr unsigned kDilation = 5;
  TfAttributes attributes = window(op);
  dilate(op, attributes, kDilation);
  const Value x = rank4(op, 0);
  const Dims filter = op.graph.dims(rank4(op, 1));
  const std::int64_t channels = op.graph.dims(x)[3];
  if (filter[0] != 1 || channels < 1 || filter[3] % channels != 0) {
    op.fail("its filter " + to_text(filter) + " does not fit its input's channels.");
  }
  const Value reshaped =
      op.graph.reshape(op.input(1), {filter[1], filter[2], channels, filter[3] / channels});
  op.outputs = op.tensorflow(op.row.tensorflow, with_bias(op, x, reshaped, attributes), attributes);
}

void convert_tflite_conv_transpose(TfliteContext& op) {
  std::optional<Value> bias;
  if (op.has_input(3)) bias = op.input(3);
  push_conv_transpose(op, op.input(0), rank4(op, 1), rank4(op, 2), bias, window(op));
}

// MediaPipe's operator: the size of its result follows from its input instead of being given. Its
// options are three 32-bit numbers: padding (1 is SAME), stride over width, over height.
void convert_conv_transpose_bias(TfliteContext& op) {
  constexpr std::size_t kOptions = 3;
  constexpr std::int32_t kStrideMax = 1 << 16;
  std::array<std::int32_t, kOptions> options{};
  if (op.node.custom_options.size() < sizeof options) op.fail("its options are cut short.");
  std::memcpy(options.data(), op.node.custom_options.data(), sizeof options);
  const auto [padding, stride_width, stride_height] = options;
  const bool same = padding == 1;
  const Value x = rank4(op, 0);
  const Value filter = rank4(op, 1);
  const std::array<std::int64_t, 2> strides{stride_height, stride_width};
  Dims size{op.graph.dims(x)[0], 0, 0, op.graph.dims(filter)[0]};
  for (std::size_t i = 0; i < 2; ++i) {
    if (strides[i] < 1 || strides[i] > kStrideMax) op.fail("a stride is out of range.");
    const std::int64_t steps = op.graph.dims(x)[i + 1] - 1;
    const std::int64_t extent = op.graph.dims(filter)[i + 1];
    const std::int64_t cut = std::max<std::int64_t>(0, extent - steps % strides[i] - 1);
    size[i + 1] = strides[i] * steps + extent - (same ? cut : 0);
  }
  push_conv_transpose(op, op.graph.int64s(size), filter, x, op.input(2),
                      window(same ? 0 : 1, strides[0], strides[1]));
}

void convert_tflite_pool(TfliteContext& op) {
  constexpr unsigned kWidth = 3, kHeight = 4;
  TfAttributes attributes = window(op);
  const std::int64_t height = op.option(kHeight, 0);
  const std::int64_t width = op.option(kWidth, 0);
  attributes.integers("ksize", std::array<std::int64_t, 4>{1, height, width, 1});
  op.outputs = op.tensorflow(op.row.tensorflow, {op.input(0)}, attributes);
}

void convert_fully_connected(TfliteContext& op) {
  constexpr unsigned kWeightsFormat = 1, kKeepDims = 2;
  GraphBuilder& graph = op.graph;
  const Value weights = op.input(1);
  if (op.small_option(kWeightsFormat) != 0) op.fail("its weights are shuffled.");
  if (graph.rank(weights) != 2) op.fail("its weights must have rank 2.");
  const Dims filter = graph.dims(weights);  // [out, in]
  const Dims in = graph.dims(op.input(0));
  if (filter[1] < 1 || (is_known(in) && element_count(in) % filter[1] != 0)) {
    op.fail("its weights " + to_text(filter) + " do not fit its input " + to_text(in) + ".");
  }
  TfAttributes attributes;
  attributes.flag("transpose_b", true);
  const Value flat = graph.reshape(op.input(0), {kUnknownDim, filter[1]});
  op.outputs =
      op.tensorflow(op.row.tensorflow, with_bias(op, flat, weights, attributes), attributes);
  if (op.small_option(kKeepDims) == 0 || in.empty()) return;
  Dims out(in.begin(), in.end() - 1);
  out.push_back(filter[0]);
  op.outputs[0] = graph.reshape(op.outputs.at(0), std::move(out));
}

}  // namespace aa::graph
