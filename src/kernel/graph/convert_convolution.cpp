#include <algorithm>
#include <array>

#include "kernel/graph/op_table.hpp"

namespace aa::graph {
namespace {

constexpr std::int64_t kExtentMax = 1 << 20;  // of kernels, strides, dilations and pads

// A sliding window over height and width; pads are top, left, bottom, right as ONNX wants them.
struct Window {
  std::array<std::int64_t, 2> kernel{1, 1};
  std::array<std::int64_t, 2> stride{1, 1};
  std::array<std::int64_t, 2> dilation{1, 1};
  std::array<std::int64_t, 4> pads{};
  bool same_at_run_time = false;  // SAME padding of an input whose size is not known yet
  std::array<std::int64_t, 2> out{kUnknownDim, kUnknownDim};
};

std::array<std::int64_t, 2> height_width(const OpContext& op, std::string_view attribute) {
  const auto list = op.node.integers(attribute);
  if (list.empty()) return {1, 1};
  const std::size_t skip = list.size() == 4 ? 1 : 0;
  if (list.size() != 4 && list.size() != 2) op.fail(std::string(attribute) + " is malformed.");
  if (skip == 1 && (list[0] != 1 || list[3] != 1)) {
    op.fail(std::string(attribute) + " over batch or channels is not taken.");
  }
  for (const std::int64_t value : list) {
    if (value < 1 || value > kExtentMax) op.fail(std::string(attribute) + " is out of range.");
  }
  return {list[skip], list[skip + 1]};
}

// tensorflow.org/api_docs/python/tf/nn "Notes on padding": the odd pixel goes after.
void place(const OpContext& op, Window& window, const Dims& in) {
  const std::string padding = op.node.text("padding", "VALID");
  const auto explicit_pads = op.node.integers("explicit_paddings");
  if (padding == "EXPLICIT" && explicit_pads.size() != 8)
    op.fail("explicit_paddings need 8 numbers.");
  for (std::size_t i = 0; i < 2; ++i) {
    const std::int64_t size = in[i + 1];
    const std::int64_t reach = (window.kernel[i] - 1) * window.dilation[i] + 1;
    if (padding == "EXPLICIT") {
      window.pads[i] = std::clamp<std::int64_t>(explicit_pads[2 + 2 * i], 0, kExtentMax);
      window.pads[i + 2] = std::clamp<std::int64_t>(explicit_pads[3 + 2 * i], 0, kExtentMax);
    }
    if (size == kUnknownDim) {
      window.same_at_run_time |= padding == "SAME";
      continue;
    }
    if (padding == "SAME") {
      window.out[i] = (size + window.stride[i] - 1) / window.stride[i];
      const std::int64_t total =
          std::max<std::int64_t>((window.out[i] - 1) * window.stride[i] + reach - size, 0);
      window.pads[i] = total / 2;
      window.pads[i + 2] = total - total / 2;
    } else {
      const std::int64_t room = size + window.pads[i] + window.pads[i + 2] - reach;
      if (room < 0) op.fail("its kernel is larger than its input " + to_text(in) + ".");
      window.out[i] = room / window.stride[i] + 1;
    }
  }
}

std::vector<OnnxAttribute> attributes_of(const Window& window) {
  const auto list = [](const auto& a) { return std::vector<std::int64_t>(a.begin(), a.end()); };
  std::vector<OnnxAttribute> out{{"kernel_shape", list(window.kernel)},
                                 {"strides", list(window.stride)}};
  if (window.same_at_run_time)
    out.push_back({"auto_pad", std::string("SAME_UPPER")});
  else
    out.push_back({"pads", list(window.pads)});
  return out;
}

// fused_ops name what follows a convolution or product, in order; extra inputs start at `next`.
Value apply_fused(OpContext& op, Value value, std::size_t next) {
  for (const std::string& name : op.node.texts("fused_ops")) {
    if (name == "BiasAdd") {
      ++next;  // was given to the op itself
    } else if (name == "Relu" || name == "Elu" || name == "Sigmoid" || name == "Tanh") {
      value = activation(op.graph, name, value);
    } else if (name == "Relu6") {
      value = relu6(op.graph, value);
    } else if (name == "LeakyRelu") {
      const auto alpha = static_cast<float>(op.node.real("leakyrelu_alpha", 0.2));
      value = activation(op.graph, name, value, {{"alpha", alpha}});
    } else if (name == "Prelu") {
      value = prelu(op.graph, value, op.input(next++));
    } else {
      op.fail("fused op '" + name + "' is not taken.");
    }
  }
  return value;
}

bool fuses_bias(const OpContext& op) {
  const auto fused = op.node.texts("fused_ops");
  if (fused.empty() || fused[0] != "BiasAdd") {
    if (std::find(fused.begin(), fused.end(), "BiasAdd") != fused.end()) {
      op.fail("BiasAdd must come first among its fused ops.");
    }
    return false;
  }
  return true;
}

// `weights` are in ONNX's order [out, in / group, height, width].
void emit_conv(OpContext& op, Value weights, std::int64_t group) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  const Dims& in = graph.dims(x);
  const Dims filter = graph.dims(weights);
  Window window{.kernel = {filter[2], filter[3]},
                .stride = height_width(op, "strides"),
                .dilation = height_width(op, "dilations")};
  place(op, window, in);
  Dims out{in[0], window.out[0], window.out[1], filter[0]};
  auto attributes = attributes_of(window);
  attributes.push_back({"dilations", std::vector(window.dilation.begin(), window.dilation.end())});
  attributes.push_back({"group", group});
  std::vector<std::string> inputs{graph.name(x, Layout::channels_first), graph.name(weights)};
  const bool bias = fuses_bias(op);
  if (bias) {
    const Value b = op.input(2);
    if (graph.dims(b) != Dims{filter[0]}) op.fail("its bias does not fit its filter.");
    inputs.push_back(graph.name(b));
  }
  const Value y =
      graph.emit("Conv", std::move(inputs),
                 {DType::float32, std::move(out), Layout::channels_first}, std::move(attributes));
  op.push(apply_fused(op, y, 2));
}

Dims filter_dims(const OpContext& op, Value filter) {
  const Dims dims = op.graph.dims(filter);
  if (dims.size() != 4 || !is_known(dims)) op.fail("its filter must be a known rank-4 tensor.");
  for (const std::int64_t dim : dims) {
    if (dim < 1 || dim > kExtentMax) op.fail("its filter " + to_text(dims) + " is out of range.");
  }
  return dims;
}

}  // namespace

void convert_conv2d(OpContext& op) {
  op.need_images(op.input(0));
  const Dims filter = filter_dims(op, op.input(1));  // [height, width, in, out]
  const std::int64_t channels = op.graph.dims(op.input(0))[3];
  std::int64_t group = 1;
  if (channels != kUnknownDim) {
    if (channels % filter[2] != 0) op.fail("its filter does not fit its input's channels.");
    group = channels / filter[2];
  }
  constexpr std::array<std::size_t, 4> kToOnnx{3, 2, 0, 1};
  emit_conv(op, op.graph.transpose(op.input(1), kToOnnx), group);
}

void convert_depthwise(OpContext& op) {
  op.need_images(op.input(0));
  const Dims filter = filter_dims(op, op.input(1));  // [height, width, in, multiplier]
  const std::int64_t channels = op.graph.dims(op.input(0))[3];
  if (channels != kUnknownDim && channels != filter[2]) {
    op.fail("its filter does not fit its input's channels.");
  }
  constexpr std::array<std::size_t, 4> kToOnnx{2, 3, 0, 1};
  const Value turned = op.graph.transpose(op.input(1), kToOnnx);
  const Dims flat{filter[2] * filter[3], 1, filter[0], filter[1]};
  emit_conv(op, op.graph.reshape(turned, flat), filter[2]);
}

void convert_conv_transpose(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const auto size = op.ints(0);
  const Value x = op.input(2);
  op.need_images(x);
  const Dims filter = filter_dims(op, op.input(1));  // [height, width, out, in]
  if (size.size() != 4) op.fail("its output shape needs 4 dims.");
  Window window{.kernel = {filter[0], filter[1]},
                .stride = height_width(op, "strides"),
                .dilation = height_width(op, "dilations")};
  Dims out{graph.dims(x)[0], size[1], size[2], filter[2]};
  element_count({1, out[1], out[2], out[3]});
  place(op, window, out);  // the padding is that of the convolution this op inverts
  std::vector<std::int64_t> extra;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::int64_t in = graph.dims(x)[i + 1];
    if (in != window.out[i]) op.fail("its output shape does not fit its input.");
    const std::int64_t natural = (in - 1) * window.stride[i] - window.pads[i] - window.pads[i + 2] +
                                 (window.kernel[i] - 1) * window.dilation[i] + 1;
    extra.push_back(size[i + 1] - natural);
  }
  auto attributes = attributes_of(window);
  attributes.push_back({"dilations", std::vector(window.dilation.begin(), window.dilation.end())});
  attributes.push_back({"output_padding", extra});
  constexpr std::array<std::size_t, 4> kToOnnx{3, 2, 0, 1};
  const Value weights = graph.transpose(op.input(1), kToOnnx);
  op.push(graph.emit("ConvTranspose", {graph.name(x, Layout::channels_first), graph.name(weights)},
                     {DType::float32, std::move(out), Layout::channels_first},
                     std::move(attributes)));
}

void convert_bias_add(OpContext& op) {
  if (op.node.text("data_format", "NHWC") != "NHWC") op.fail("only data_format NHWC is taken.");
  op.push(op.graph.binary("Add", op.input(0), op.input(1)));
}

void convert_batch_norm(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  op.need_images(x);
  if (op.node.boolean("is_training", false)) op.fail("it is in training mode.");
  std::vector<std::string> inputs{graph.name(x, Layout::channels_first)};
  for (std::size_t i = 1; i < 5; ++i) inputs.push_back(graph.name(op.input(i)));
  const auto epsilon = static_cast<float>(op.node.real("epsilon", 0.0001));
  op.push(graph.emit("BatchNormalization", std::move(inputs),
                     {DType::float32, graph.dims(x), Layout::channels_first},
                     {{"epsilon", epsilon}}));
}

void convert_pool(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  op.need_images(x);
  Window window{.kernel = height_width(op, "ksize"), .stride = height_width(op, "strides")};
  const Dims in = graph.dims(x);
  place(op, window, in);
  auto attributes = attributes_of(window);
  if (op.onnx == "AveragePool") attributes.push_back({"count_include_pad", std::int64_t{0}});
  op.push(graph.emit(
      op.onnx, {graph.name(x, Layout::channels_first)},
      {DType::float32, {in[0], window.out[0], window.out[1], in[3]}, Layout::channels_first},
      std::move(attributes)));
}

void convert_matmul(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value a = op.input(0);
  const Value b = op.input(1);
  if (graph.rank(a) != 2 || graph.rank(b) != 2) op.fail("both factors must have rank 2.");
  const bool turn_a = op.node.boolean("transpose_a", false);
  const bool turn_b = op.node.boolean("transpose_b", false);
  const std::int64_t inner_a = graph.dims(a)[turn_a ? 0 : 1];
  const std::int64_t inner_b = graph.dims(b)[turn_b ? 1 : 0];
  if (inner_a != inner_b && inner_a != kUnknownDim && inner_b != kUnknownDim) {
    op.fail("its factors do not fit: " + to_text(graph.dims(a)) + " by " + to_text(graph.dims(b)));
  }
  Dims out{graph.dims(a)[turn_a ? 1 : 0], graph.dims(b)[turn_b ? 0 : 1]};
  std::vector<std::string> inputs{graph.name(a), graph.name(b)};
  if (fuses_bias(op)) inputs.push_back(graph.name(op.input(2)));
  const Value y = graph.emit("Gemm", std::move(inputs), {DType::float32, std::move(out)},
                             {{"transA", std::int64_t{turn_a}}, {"transB", std::int64_t{turn_b}}});
  op.push(apply_fused(op, y, 2));
}

void convert_batch_matmul(OpContext& op) {
  GraphBuilder& graph = op.graph;
  std::array<Value, 2> factors{op.input(0), op.input(1)};
  constexpr std::array<std::string_view, 2> kTurned{"adj_x", "adj_y"};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t rank = graph.rank(factors[i]);
    if (rank < 2) op.fail("its factors need rank 2 or more.");
    if (!op.node.boolean(kTurned[i], false)) continue;
    std::vector<std::size_t> permutation;
    for (std::size_t axis = 0; axis < rank; ++axis) permutation.push_back(axis);
    std::swap(permutation[rank - 1], permutation[rank - 2]);
    factors[i] = graph.transpose(factors[i], permutation);
  }
  const Dims& a = graph.dims(factors[0]);
  const Dims& b = graph.dims(factors[1]);
  Dims out = broadcast({a.begin(), a.end() - 2}, {b.begin(), b.end() - 2});
  out.push_back(a[a.size() - 2]);
  out.push_back(b.back());
  op.push(graph.emit("MatMul", {graph.name(factors[0]), graph.name(factors[1])},
                     {DType::float32, std::move(out)}));
}

}  // namespace aa::graph
