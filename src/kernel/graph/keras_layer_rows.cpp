#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "kernel/graph/keras_layer.hpp"

namespace aa::graph {
namespace {

using Ints = std::vector<std::int64_t>;

std::string ints_constant(KerasLayer& layer, std::string_view kind, const Ints& values) {
  const std::vector<double> numbers(values.begin(), values.end());
  return layer.constant(kind, DType::int32, {static_cast<std::int64_t>(values.size())}, numbers);
}

void need_channels_last(const KerasLayer& layer) {
  if (layer.text("data_format", "channels_last") != "channels_last") {
    layer.fail("only data_format channels_last is taken.");
  }
}

Ints over_height_width(const Ints& pair) { return {1, pair[0], pair[1], 1}; }

std::string padding_of(const KerasLayer& layer) {
  const std::string padding = layer.text("padding", "valid");
  if (padding == "same") return "SAME";
  if (padding != "valid") layer.fail("padding '" + padding + "' is not taken.");
  return "VALID";
}

std::string activate(KerasLayer& layer, const std::string& x, const std::string& name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kOps{
      {{"relu", "Relu"},
       {"relu6", "Relu6"},
       {"sigmoid", "Sigmoid"},
       {"softmax", "Softmax"},
       {"tanh", "Tanh"},
       {"elu", "Elu"},
       {"selu", "Selu"},
       {"softplus", "Softplus"}}};
  if (name == "linear") return x;
  if (name == "swish" || name == "silu") return layer.node("Mul", {x, layer.node("Sigmoid", {x})});
  const auto* row = std::ranges::find(kOps, name, [](const auto& r) { return r.first; });
  if (row == kOps.end()) layer.fail("activation '" + name + "' is not taken.");
  return layer.node(row->second, {x});
}

void finish_with_bias(KerasLayer& layer, std::string x) {
  if (layer.flag("use_bias", true)) x = layer.node("BiasAdd", {x, layer.weight("bias")});
  layer.finish(activate(layer, x, layer.text("activation", "linear")));
}

std::string convolve(KerasLayer& layer, std::string_view op, std::string_view kernel) {
  need_channels_last(layer);
  return layer.node(
      op, {layer.input(), layer.weight(kernel)},
      {{"strides", integers_attribute(over_height_width(layer.pair("strides", {1, 1})))},
       {"dilations", integers_attribute(over_height_width(layer.pair("dilation_rate", {1, 1})))},
       {"padding", text_attribute(padding_of(layer))}});
}

void conv2d(KerasLayer& layer) { finish_with_bias(layer, convolve(layer, "Conv2D", "kernel")); }

void depthwise_conv2d(KerasLayer& layer) {
  finish_with_bias(layer, convolve(layer, "DepthwiseConv2dNative", "depthwise_kernel"));
}

void separable_conv2d(KerasLayer& layer) {
  const std::string deep = convolve(layer, "DepthwiseConv2dNative", "depthwise_kernel");
  finish_with_bias(layer, layer.node("Conv2D", {deep, layer.weight("pointwise_kernel")},
                                     {{"strides", integers_attribute(Ints{1, 1, 1, 1})},
                                      {"padding", text_attribute("VALID")}}));
}

void batch_normalization(KerasLayer& layer) {
  const auto* axis = layer.find("axis");
  const auto* axes = axis != nullptr ? axis->if_array() : nullptr;
  const auto listed = axes != nullptr ? layer.integers("axis") : std::vector<std::int64_t>{};
  if (axes != nullptr && listed.size() != 1) layer.fail("it normalises along several axes.");
  const std::int64_t at = axes != nullptr ? listed[0] : layer.integer("axis", -1);
  if (at != -1 && at != 3) layer.fail("it normalises along another axis than the last.");
  const Dims dims = layer.weight_dims("moving_variance");
  const std::vector<double> ones(static_cast<std::size_t>(element_count(dims)), 1);
  const std::vector<double> zeros(ones.size(), 0);
  const std::string gamma = layer.flag("scale", true)
                                ? layer.weight("gamma")
                                : layer.constant("implied_gamma", DType::float32, dims, ones);
  const std::string beta = layer.flag("center", true)
                               ? layer.weight("beta")
                               : layer.constant("implied_beta", DType::float32, dims, zeros);
  layer.finish(layer.node(
      "FusedBatchNormV3",
      {layer.input(), gamma, beta, layer.weight("moving_mean"), layer.weight("moving_variance")},
      {{"epsilon", real_attribute(layer.real("epsilon", 1e-3))}}));
}

void relu(KerasLayer& layer) {
  constexpr double kNone = -1;
  const double most = layer.real("max_value", kNone);
  const double slope = layer.real("negative_slope", 0);
  if (layer.real("threshold", 0) != 0) layer.fail("a threshold is not taken.");
  if (slope != 0 && most != kNone) layer.fail("a slope below a maximum is not taken.");
  if (slope != 0)
    layer.finish(layer.node("LeakyRelu", {layer.input()}, {{"alpha", real_attribute(slope)}}));
  else if (most == 6)
    layer.finish(layer.node("Relu6", {layer.input()}));
  else if (most == kNone)
    layer.finish(layer.node("Relu", {layer.input()}));
  else
    layer.fail("a maximum other than 6 is not taken.");
}

void leaky_relu(KerasLayer& layer) {
  const double alpha = layer.real("alpha", layer.real("negative_slope", 0.3));
  layer.finish(layer.node("LeakyRelu", {layer.input()}, {{"alpha", real_attribute(alpha)}}));
}

void activation(KerasLayer& layer) {
  layer.finish(activate(layer, layer.input(), layer.text("activation", "linear")));
}

void softmax(KerasLayer& layer) {
  const auto axis = integer_attribute(layer.integer("axis", -1));
  layer.finish(layer.node("Softmax", {layer.input()}, {{"axis", axis}}));
}

void merge(KerasLayer& layer, std::string_view op) {
  if (layer.inputs().empty()) layer.fail("it has no inputs.");
  std::string sum = layer.inputs()[0];
  for (std::size_t i = 1; i < layer.inputs().size(); ++i) {
    sum = layer.node(op, {sum, layer.inputs()[i]});
  }
  layer.finish(sum);
}
void add(KerasLayer& layer) { merge(layer, "AddV2"); }
void subtract(KerasLayer& layer) { merge(layer, "Sub"); }
void multiply(KerasLayer& layer) { merge(layer, "Mul"); }
void maximum(KerasLayer& layer) { merge(layer, "Maximum"); }
void minimum(KerasLayer& layer) { merge(layer, "Minimum"); }

void concatenate(KerasLayer& layer) {
  if (layer.inputs().empty()) layer.fail("it has no inputs.");
  auto inputs = layer.inputs();
  const auto axis = static_cast<double>(layer.integer("axis", -1));
  inputs.push_back(layer.constant("implied_axis", DType::int32, {}, std::span(&axis, 1)));
  layer.finish(layer.node("ConcatV2", std::move(inputs)));
}

void pool(KerasLayer& layer, std::string_view op) {
  need_channels_last(layer);
  const Ints size = layer.pair("pool_size", {2, 2});
  layer.finish(
      layer.node(op, {layer.input()},
                 {{"ksize", integers_attribute(over_height_width(size))},
                  {"strides", integers_attribute(over_height_width(layer.pair("strides", size)))},
                  {"padding", text_attribute(padding_of(layer))}}));
}
void average_pooling(KerasLayer& layer) { pool(layer, "AvgPool"); }
void max_pooling(KerasLayer& layer) { pool(layer, "MaxPool"); }

void pool_all(KerasLayer& layer, std::string_view op) {
  need_channels_last(layer);
  const std::string axes = ints_constant(layer, "implied_axes", {1, 2});
  layer.finish(layer.node(op, {layer.input(), axes},
                          {{"keep_dims", flag_attribute(layer.flag("keepdims", false))}}));
}
void global_average_pooling(KerasLayer& layer) { pool_all(layer, "Mean"); }
void global_max_pooling(KerasLayer& layer) { pool_all(layer, "Max"); }

void zero_padding(KerasLayer& layer) {
  need_channels_last(layer);
  Ints amounts{1, 1, 1, 1};
  const auto* padding = layer.find("padding");
  const auto* sides = padding != nullptr ? padding->if_array() : nullptr;
  if (sides != nullptr && sides->size() == 2 && (*sides)[0].is_array()) {
    amounts.clear();
    for (const json::Value& side : *sides) {
      const auto* both = side.if_array();
      if (both == nullptr || both->size() != 2) layer.fail("its padding is malformed.");
      for (const json::Value& amount : *both) {
        if (!amount.is_int64()) layer.fail("its padding is malformed.");
        amounts.push_back(amount.get_int64());
      }
    }
  } else {
    const Ints both = layer.pair("padding", {1, 1});
    amounts = {both[0], both[0], both[1], both[1]};
  }
  const std::array<double, 8> all{
      0, 0, double(amounts[0]), double(amounts[1]), double(amounts[2]), double(amounts[3]), 0, 0};
  layer.finish(layer.node(
      "Pad", {layer.input(), layer.constant("implied_paddings", DType::int32, {4, 2}, all)}));
}

// The batch stays, whatever it is; `dims` is the rest.
void reshape_to(KerasLayer& layer, const Ints& dims) {
  const std::string shape = layer.node("Shape", {layer.input()});
  const std::string batch =
      layer.node("StridedSlice", {shape, ints_constant(layer, "implied_begin", {0}),
                                  ints_constant(layer, "implied_end", {1}),
                                  ints_constant(layer, "implied_step", {1})});
  const std::string rest = ints_constant(layer, "implied_dims", dims);
  const double first = 0;
  const std::string axis = layer.constant("implied_axis", DType::int32, {}, std::span(&first, 1));
  layer.finish(layer.node("Reshape", {layer.input(), layer.node("ConcatV2", {batch, rest, axis})}));
}
void flatten(KerasLayer& layer) { reshape_to(layer, {-1}); }
void reshape(KerasLayer& layer) { reshape_to(layer, layer.integers("target_shape")); }

void dense(KerasLayer& layer) {
  finish_with_bias(layer, layer.node("MatMul", {layer.input(), layer.weight("kernel")}));
}

void pass_on(KerasLayer& layer) { layer.finish(layer.input()); }
void input_layer(KerasLayer& layer) {
  const auto* shape = layer.find("batch_input_shape");
  layer.placeholder(shape != nullptr ? shape : layer.find("batch_shape"));
}

struct LayerRow {
  std::string_view class_name;
  void (*write)(KerasLayer&);
};

constexpr LayerRow kRows[] = {
    {"Activation", activation},
    {"ActivityRegularization", pass_on},
    {"Add", add},
    {"AveragePooling2D", average_pooling},
    {"BatchNormalization", batch_normalization},
    {"Concatenate", concatenate},
    {"Conv2D", conv2d},
    {"Dense", dense},
    {"DepthwiseConv2D", depthwise_conv2d},
    {"Dropout", pass_on},
    {"Flatten", flatten},
    {"GaussianDropout", pass_on},
    {"GaussianNoise", pass_on},
    {"GlobalAveragePooling2D", global_average_pooling},
    {"GlobalMaxPooling2D", global_max_pooling},
    {"InputLayer", input_layer},
    {"LeakyReLU", leaky_relu},
    {"MaxPooling2D", max_pooling},
    {"Maximum", maximum},
    {"Minimum", minimum},
    {"Multiply", multiply},
    {"ReLU", relu},
    {"Reshape", reshape},
    {"SeparableConv2D", separable_conv2d},
    {"Softmax", softmax},
    {"SpatialDropout2D", pass_on},
    {"Subtract", subtract},
    {"ZeroPadding2D", zero_padding},
};

}  // namespace

void write_layer(KerasLayer& layer, std::string_view class_name) {
  const auto* row = std::ranges::find(kRows, class_name, &LayerRow::class_name);
  if (row == std::end(kRows)) {
    throw Error(ErrorCode::unsupported, "tfjs_unsupported_layer",
                "Layer '" + layer.name() + "' of class " + std::string(class_name) +
                    " is not supported. Convert the model to a graph model with "
                    "tensorflowjs_converter first.");
  }
  row->write(layer);
}

}  // namespace aa::graph
