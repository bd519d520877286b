#include "kernel/graph/op_table.hpp"

#include <algorithm>

namespace aa::graph {
namespace {

// Sorted by name in byte order, which find_op relies on and a test checks.
constexpr OpRow kOps[] = {
    {"Abs", convert_unary, "Abs"},
    {"Acos", convert_unary, "Acos"},
    {"Add", convert_binary, "Add"},
    {"AddN", convert_add_n},
    {"AddV2", convert_binary, "Add"},
    {"All", convert_reduce_boolean, "ReduceMin"},
    {"Any", convert_reduce_boolean, "ReduceMax"},
    {"ArgMax", convert_arg, "ArgMax"},
    {"ArgMin", convert_arg, "ArgMin"},
    {"Asin", convert_unary, "Asin"},
    {"Atan", convert_unary, "Atan"},
    {"AvgPool", convert_pool, "AveragePool"},
    {"BatchMatMul", convert_batch_matmul},
    {"BatchMatMulV2", convert_batch_matmul},
    {"BiasAdd", convert_bias_add},
    {"BroadcastTo", convert_broadcast_to},
    {"Cast", convert_cast},
    {"Ceil", convert_unary, "Ceil"},
    {"ClipByValue", convert_clip},
    {"ConcatV2", convert_concat},
    {"Conv2D", convert_conv2d},
    {"Conv2DBackpropInput", convert_conv_transpose},
    {"Cos", convert_unary, "Cos"},
    {"Cumsum", convert_cumsum},
    {"DepthToSpace", convert_depth_space, "DepthToSpace"},
    {"DepthwiseConv2d", convert_depthwise},
    {"DepthwiseConv2dNative", convert_depthwise},
    {"Div", convert_divide},
    {"Elu", convert_activation, "Elu"},
    {"Equal", convert_compare, "Equal"},
    {"Erf", convert_unary, "Erf"},
    {"Exp", convert_unary, "Exp"},
    {"ExpandDims", convert_expand_dims},
    {"Fill", convert_fill},
    {"Floor", convert_unary, "Floor"},
    {"FloorDiv", convert_floor_div},
    {"FloorMod", convert_floor_mod},
    {"FusedBatchNorm", convert_batch_norm},
    {"FusedBatchNormV2", convert_batch_norm},
    {"FusedBatchNormV3", convert_batch_norm},
    {"FusedDepthwiseConv2dNative", convert_depthwise},
    {"GatherNd", convert_gather_nd},
    {"GatherV2", convert_gather},
    {"Greater", convert_compare, "Greater"},
    {"GreaterEqual", convert_compare, "GreaterOrEqual"},
    {"Identity", convert_alias},
    {"IdentityN", convert_alias},
    {"IsNan", convert_unary, "IsNaN"},
    {"LeakyRelu", convert_activation, "LeakyRelu"},
    {"Less", convert_compare, "Less"},
    {"LessEqual", convert_compare, "LessOrEqual"},
    {"Log", convert_unary, "Log"},
    {"Log1p", convert_log1p},
    {"LogSoftmax", convert_softmax, "LogSoftmax"},
    {"LogicalAnd", convert_compare, "And"},
    {"LogicalNot", convert_unary, "Not"},
    {"LogicalOr", convert_compare, "Or"},
    {"LogicalXor", convert_compare, "Xor"},
    {"MatMul", convert_matmul},
    {"Max", convert_reduce, "ReduceMax"},
    {"MaxPool", convert_pool, "MaxPool"},
    {"Maximum", convert_binary, "Max"},
    {"Mean", convert_reduce, "ReduceMean"},
    {"Min", convert_reduce, "ReduceMin"},
    {"Minimum", convert_binary, "Min"},
    {"MirrorPad", convert_pad},
    {"Mul", convert_binary, "Mul"},
    {"Neg", convert_unary, "Neg"},
    {"NonMaxSuppressionV3", convert_nms},
    {"NonMaxSuppressionV5", convert_nms},
    {"NotEqual", convert_not_equal},
    {"OneHot", convert_one_hot},
    {"OnesLike", convert_ones_like},
    {"Pack", convert_pack},
    {"Pad", convert_pad},
    {"PadV2", convert_pad},
    {"PlaceholderWithDefault", convert_alias},
    {"Pow", convert_binary, "Pow"},
    {"Prelu", convert_prelu},
    {"Prod", convert_reduce, "ReduceProd"},
    {"Range", convert_range},
    {"Rank", convert_rank},
    {"RealDiv", convert_divide},
    {"Reciprocal", convert_unary, "Reciprocal"},
    {"Relu", convert_activation, "Relu"},
    {"Relu6", convert_activation, "Relu6"},
    {"Reshape", convert_reshape},
    {"ResizeBilinear", convert_resize_bilinear},
    {"ResizeNearestNeighbor", convert_resize_nearest},
    {"ReverseV2", convert_reverse},
    {"Round", convert_unary, "Round"},
    {"Rsqrt", convert_rsqrt},
    {"Select", convert_select},
    {"SelectV2", convert_select},
    {"Selu", convert_activation, "Selu"},
    {"Shape", convert_shape},
    {"Sigmoid", convert_unary, "Sigmoid"},
    {"Sign", convert_unary, "Sign"},
    {"Sin", convert_unary, "Sin"},
    {"Size", convert_size},
    {"Slice", convert_slice},
    {"Softmax", convert_softmax, "Softmax"},
    {"Softplus", convert_unary, "Softplus"},
    {"SpaceToDepth", convert_depth_space, "SpaceToDepth"},
    {"Split", convert_split},
    {"SplitV", convert_split_sizes},
    {"Sqrt", convert_unary, "Sqrt"},
    {"Square", convert_square},
    {"SquaredDifference", convert_squared_difference},
    {"Squeeze", convert_squeeze},
    {"StopGradient", convert_alias},
    {"StridedSlice", convert_strided_slice},
    {"Sub", convert_binary, "Sub"},
    {"Sum", convert_reduce, "ReduceSum"},
    {"Tan", convert_unary, "Tan"},
    {"Tanh", convert_unary, "Tanh"},
    {"Tile", convert_tile},
    {"TopKV2", convert_top_k},
    {"Transpose", convert_transpose},
    {"Unpack", convert_unpack},
    {"Where", convert_where},
    {"ZerosLike", convert_zeros_like},
    {"_FusedConv2D", convert_conv2d},
    {"_FusedMatMul", convert_matmul},
};

}  // namespace

std::span<const OpRow> op_table() { return kOps; }

const OpRow* find_op(std::string_view tf) {
  const auto* row = std::lower_bound(std::begin(kOps), std::end(kOps), tf,
                                     [](const OpRow& r, std::string_view n) { return r.tf < n; });
  return row != std::end(kOps) && row->tf == tf ? row : nullptr;
}

Value OpContext::input(std::size_t index) const {
  if (index >= inputs.size()) fail("input " + std::to_string(index) + " is missing.");
  return inputs[index];
}

std::vector<std::int64_t> OpContext::ints(std::size_t index) const {
  auto values = graph.ints(input(index));
  if (!values) {
    fail("input " + std::to_string(index) +
         " is computed at run time; the importer needs it constant. Give the model's inputs fixed "
         "dims, or cut the graph after this node.");
  }
  return std::move(*values);
}

std::int64_t OpContext::integer(std::size_t index) const {
  const auto values = ints(index);
  if (values.size() != 1) fail("input " + std::to_string(index) + " must be one number.");
  return values[0];
}

std::size_t OpContext::axis(std::int64_t axis, std::size_t rank) const {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank) {
    fail("axis " + std::to_string(axis) + " is outside rank " + std::to_string(rank) + ".");
  }
  return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

void OpContext::need_images(Value value) const {
  if (node.text("data_format", "NHWC") != "NHWC") fail("only data_format NHWC is taken.");
  if (graph.rank(value) != 4) fail("its input must have rank 4, not " + to_text(graph.dims(value)));
}

}  // namespace aa::graph
