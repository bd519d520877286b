#include "kernel/graph/tflite_ops.hpp"

#include <algorithm>

namespace aa::graph {
namespace {

using enum OptionKind;

constexpr auto kAs = convert_as_tensorflow;
constexpr std::array<OptionRow, 5> kNone{};
constexpr std::array<OptionRow, 5> kKeepDims{{{"keep_dims", 0, flag}}};

// Sorted by code, and by name where the code is that of custom operators; a test checks both.
constexpr TfliteRow kRows[] = {
    {0, "ADD", kAs, "AddV2", kNone, 0},
    {1, "AVERAGE_POOL_2D", convert_tflite_pool, "AvgPool", kNone, 5},
    {2, "CONCATENATION", convert_concatenation, "ConcatV2", kNone, 1},
    {3, "CONV_2D", convert_tflite_conv, "Conv2D", kNone, 3},
    {4, "DEPTHWISE_CONV_2D", convert_tflite_depthwise, "DepthwiseConv2dNative", kNone, 4},
    {5, "DEPTH_TO_SPACE", kAs, "DepthToSpace", {{{"block_size", 0}}}},
    {6, "DEQUANTIZE", convert_tflite_alias},
    {8, "FLOOR", kAs, "Floor"},
    {9, "FULLY_CONNECTED", convert_fully_connected, "MatMul", kNone, 0},
    {11, "L2_NORMALIZATION", convert_l2_normalization, "", kNone, 0},
    {14, "LOGISTIC", kAs, "Sigmoid"},
    {17, "MAX_POOL_2D", convert_tflite_pool, "MaxPool", kNone, 5},
    {18, "MUL", kAs, "Mul", kNone, 0},
    {19, "RELU", kAs, "Relu"},
    {20, "RELU_N1_TO_1", convert_clip_range},
    {21, "RELU6", kAs, "Relu6"},
    {22, "RESHAPE", convert_tflite_reshape},
    {23,
     "RESIZE_BILINEAR",
     kAs,
     "ResizeBilinear",
     {{{"align_corners", 2, flag}, {"half_pixel_centers", 3, flag}}}},
    {25, "SOFTMAX", convert_tflite_softmax, "Softmax"},
    {26, "SPACE_TO_DEPTH", kAs, "SpaceToDepth", {{{"block_size", 0}}}},
    {28, "TANH", kAs, "Tanh"},
    {32, "Convolution2DTransposeBias", convert_conv_transpose_bias, "Conv2DBackpropInput"},
    {34, "PAD", kAs, "Pad"},
    {36, "GATHER", convert_tflite_gather, "GatherV2", {{{"batch_dims", 1}}}},
    {37, "BATCH_TO_SPACE_ND", convert_batch_to_space},
    {38, "SPACE_TO_BATCH_ND", convert_space_to_batch},
    {39, "TRANSPOSE", kAs, "Transpose"},
    {40, "MEAN", kAs, "Mean", kKeepDims},
    {41, "SUB", kAs, "Sub", kNone, 0},
    {42, "DIV", convert_tflite_div, "", kNone, 0},
    {43, "SQUEEZE", kAs, "Squeeze", {{{"squeeze_dims", 0, integers}}}},
    {45,
     "STRIDED_SLICE",
     convert_tflite_slice,
     "StridedSlice",
     {{{"begin_mask", 0},
       {"end_mask", 1},
       {"ellipsis_mask", 2},
       {"new_axis_mask", 3},
       {"shrink_axis_mask", 4}}}},
    {47, "EXP", kAs, "Exp"},
    {48, "TOPK_V2", kAs, "TopKV2"},
    {49, "SPLIT", kAs, "Split", {{{"num_split", 0}}}},
    {50, "LOG_SOFTMAX", kAs, "LogSoftmax"},
    {53, "CAST", convert_tflite_cast},
    {54, "PRELU", kAs, "Prelu"},
    {55, "MAXIMUM", kAs, "Maximum"},
    {56, "ARG_MAX", kAs, "ArgMax"},
    {57, "MINIMUM", kAs, "Minimum"},
    {58, "LESS", kAs, "Less"},
    {59, "NEG", kAs, "Neg"},
    {60, "PADV2", kAs, "PadV2"},
    {61, "GREATER", kAs, "Greater"},
    {62, "GREATER_EQUAL", kAs, "GreaterEqual"},
    {63, "LESS_EQUAL", kAs, "LessEqual"},
    {64, "SELECT", kAs, "Select"},
    {65, "SLICE", kAs, "Slice"},
    {66, "SIN", kAs, "Sin"},
    {67, "TRANSPOSE_CONV", convert_tflite_conv_transpose, "Conv2DBackpropInput", kNone, 3},
    {69, "TILE", kAs, "Tile"},
    {70, "EXPAND_DIMS", kAs, "ExpandDims"},
    {71, "EQUAL", kAs, "Equal"},
    {72, "NOT_EQUAL", kAs, "NotEqual"},
    {73, "LOG", kAs, "Log"},
    {74, "SUM", kAs, "Sum", kKeepDims},
    {75, "SQRT", kAs, "Sqrt"},
    {76, "RSQRT", kAs, "Rsqrt"},
    {77, "SHAPE", kAs, "Shape"},
    {78, "POW", kAs, "Pow"},
    {79, "ARG_MIN", kAs, "ArgMin"},
    {81, "REDUCE_PROD", kAs, "Prod", kKeepDims},
    {82, "REDUCE_MAX", kAs, "Max", kKeepDims},
    {83, "PACK", kAs, "Pack", {{{"axis", 1}}}},
    {84, "LOGICAL_OR", kAs, "LogicalOr"},
    {85, "ONE_HOT", kAs, "OneHot", {{{"axis", 0}}}},
    {86, "LOGICAL_AND", kAs, "LogicalAnd"},
    {87, "LOGICAL_NOT", kAs, "LogicalNot"},
    {88, "UNPACK", kAs, "Unpack", {{{"num", 0}, {"axis", 1}}}},
    {89, "REDUCE_MIN", kAs, "Min", kKeepDims},
    {90, "FLOOR_DIV", kAs, "FloorDiv"},
    {91, "REDUCE_ANY", kAs, "Any", kKeepDims},
    {92, "SQUARE", kAs, "Square"},
    {93, "ZEROS_LIKE", kAs, "ZerosLike"},
    {94, "FILL", kAs, "Fill"},
    {95, "FLOOR_MOD", kAs, "FloorMod"},
    {96, "RANGE", kAs, "Range"},
    {97,
     "RESIZE_NEAREST_NEIGHBOR",
     kAs,
     "ResizeNearestNeighbor",
     {{{"align_corners", 0, flag}, {"half_pixel_centers", 1, flag}}}},
    {98, "LEAKY_RELU", kAs, "LeakyRelu", {{{"alpha", 0, real}}}},
    {99, "SQUARED_DIFFERENCE", kAs, "SquaredDifference"},
    {100, "MIRROR_PAD", convert_mirror_pad, "MirrorPad"},
    {101, "ABS", kAs, "Abs"},
    {102, "SPLIT_V", kAs, "SplitV"},
    {104, "CEIL", kAs, "Ceil"},
    {105, "REVERSE_V2", kAs, "ReverseV2"},
    {106, "ADD_N", kAs, "AddN"},
    {107, "GATHER_ND", kAs, "GatherNd"},
    {108, "COS", kAs, "Cos"},
    {109, "WHERE", kAs, "Where"},
    {110, "RANK", kAs, "Rank"},
    {111, "ELU", kAs, "Elu"},
    {114, "QUANTIZE", convert_tflite_alias},
    {116, "ROUND", kAs, "Round"},
    {117, "HARD_SWISH", convert_hard_swish},
    {123, "SELECT_V2", kAs, "SelectV2"},
    {124, "DENSIFY", convert_tflite_alias},
    {126, "BATCH_MATMUL", kAs, "BatchMatMulV2", {{{"adj_x", 0, flag}, {"adj_y", 1, flag}}}},
    {128, "CUMSUM", kAs, "Cumsum", {{{"exclusive", 0, flag}, {"reverse", 1, flag}}}},
    {130, "BROADCAST_TO", kAs, "BroadcastTo"},
    {150, "GELU", convert_gelu},
    {152, "RELU_0_TO_1", convert_clip_range},
    {158, "SIGN", kAs, "Sign"},
};

void add_option(TfAttributes& attributes, const OptionRow& row, const FlatTable& options) {
  constexpr std::size_t kListMax = 16;
  switch (row.kind) {
    case integer:
      attributes.integer(row.attribute, options.number<std::int32_t>(row.field, 0));
      return;
    case flag:
      attributes.flag(row.attribute, options.flag(row.field));
      return;
    case real:
      attributes.real(row.attribute, static_cast<double>(options.number<float>(row.field, 0)));
      return;
    case integers:
      const auto list = options.numbers<std::int32_t>(row.field, kListMax);
      attributes.integers(row.attribute, std::vector<std::int64_t>(list.begin(), list.end()));
      return;
  }
}

}  // namespace

std::span<const TfliteRow> tflite_table() { return kRows; }

const TfliteRow* find_tflite_op(const TfliteOperator& node) {
  const auto* row = std::ranges::find_if(kRows, [&](const TfliteRow& r) {
    return r.code == node.code && (r.code != kTfliteCustom || r.name == node.custom);
  });
  return row == std::end(kRows) ? nullptr : row;
}

void convert_as_tensorflow(TfliteContext& op) {
  TfAttributes attributes;
  for (const OptionRow& row : op.row.options) {
    if (!row.attribute.empty() && op.node.options) add_option(attributes, row, *op.node.options);
  }
  op.outputs = op.tensorflow(op.row.tensorflow, op.given(), attributes);
}

void convert_tflite_alias(TfliteContext& op) { op.push(op.input(0)); }

}  // namespace aa::graph
