// Every row of the table in a model of its own: what it becomes, of which shape. What it computes
// is held against TensorFlow Lite by tests/conformance/tflite.
#include "kernel/graph/tflite_ops.hpp"

#include <set>

#include <gtest/gtest.h>

#include "kernel/graph/tflite_import.hpp"
#include "kernel/graph/tflite_writer.hpp"

namespace aa::graph {
namespace {

using Ints = std::vector<std::int32_t>;

struct In {
  Ints dims;
  TfliteType type = TfliteType::float32;
  std::optional<Ints> values;  // a constant's; absent: fed
};

In x(Ints dims) { return {.dims = std::move(dims), .values = {}}; }
In xi(Ints dims) { return {.dims = std::move(dims), .type = TfliteType::int32, .values = {}}; }
In xb(Ints dims) { return {.dims = std::move(dims), .type = TfliteType::boolean, .values = {}}; }
In weights(Ints dims) {
  std::int32_t count = 1;
  for (const auto dim : dims) count *= dim;
  return {.dims = std::move(dims), .values = Ints(static_cast<std::size_t>(count), 1)};
}
In k(const Ints& values, Ints dims = {}) {
  if (dims.empty()) dims = {static_cast<std::int32_t>(values.size())};
  return {.dims = std::move(dims), .type = TfliteType::int32, .values = values};
}
In one(std::int32_t value) {
  return {.dims = {}, .type = TfliteType::int32, .values = Ints{value}};
}

struct Case {
  int code = 0;
  std::vector<In> inputs;
  std::string becomes;  // without transpositions
  Dims dims;            // of the first output
  FlatFields options = {};
  TfliteType type = TfliteType::float32;  // of the outputs
  int outputs = 1;
};

std::int8_t byte(int value) { return static_cast<std::int8_t>(value); }
FlatFields window(int padding, std::int32_t stride) {
  return {{0, byte(padding)}, {1, stride}, {2, stride}};
}
FlatFields pool(std::int32_t size) {
  return {{0, byte(0)}, {1, 2}, {2, 2}, {3, size}, {4, size}, {5, byte(1)}};
}

TinyTflite model_of(const Case& row) {
  TinyTflite model;
  TinyOperator node{.code = row.code, .inputs = {}, .outputs = {}, .options = row.options};
  for (const In& in : row.inputs) {
    if (!in.values) {
      node.inputs.push_back(model.feed(in.dims, in.type));
    } else if (in.type == TfliteType::float32) {
      node.inputs.push_back(model.constant(
          in.dims, in.type, std::vector<float>(in.values->begin(), in.values->end())));
    } else {
      node.inputs.push_back(model.constant(in.dims, in.type, *in.values));
    }
  }
  for (int i = 0; i < row.outputs; ++i) {
    node.outputs.push_back(model.add({.dims = {1}, .type = row.type}));
  }
  model.outputs = node.outputs;
  if (row.code == kTfliteCustom) {
    node.custom = "Convolution2DTransposeBias";
    constexpr std::array<std::int32_t, 3> kOptions{1, 2, 2};  // SAME, strides of two
    node.custom_options.assign(reinterpret_cast<const char*>(kOptions.data()), sizeof kOptions);
  }
  model.operators = {node};
  return model;
}

std::string operations(const OnnxGraph& graph) {
  std::string out;
  for (const auto& node : graph.nodes) {
    if (node.op != "Transpose") out += (out.empty() ? "" : " ") + node.op;
  }
  return out;
}

std::vector<Case> layers() {
  const In image = x({1, 8, 8, 4});
  return {
      {0, {x({2, 3}), x({3})}, "Add Relu", {2, 3}, {{0, byte(1)}}},
      {1, {image}, "AveragePool Relu", {1, 4, 4, 4}, pool(2)},
      {3,
       {image, weights({6, 3, 3, 4}), weights({6})},
       "Conv Clip",
       {1, 4, 4, 6},
       {{0, byte(0)}, {1, 2}, {2, 2}, {3, byte(3)}}},
      {3, {image, weights({6, 3, 3, 2})}, "Conv", {1, 6, 6, 6}, window(1, 1)},  // in two groups
      {4, {image, weights({1, 3, 3, 8}), weights({8})}, "Conv", {1, 8, 8, 8}, window(0, 1)},
      {9, {x({2, 5}), weights({3, 5}), weights({3})}, "Gemm Relu", {2, 3}, {{0, byte(1)}}},
      {9, {x({1, 4, 5}), weights({3, 5})}, "Reshape Gemm Reshape", {1, 4, 3}, {{2, byte(1)}}},
      {17, {image}, "MaxPool Relu", {1, 4, 4, 4}, pool(3)},
      {32,
       {x({1, 4, 4, 4}), weights({2, 2, 2, 4}), weights({2})},
       "ConvTranspose Add",
       {1, 8, 8, 2}},
      {32,
       {x({1, 5, 4, 4}), weights({2, 3, 3, 4}), weights({2})},
       "ConvTranspose Add",
       {1, 9, 8, 2}},
      {67,
       {k({1, 8, 8, 2}), weights({2, 3, 3, 4}), x({1, 4, 4, 4})},
       "ConvTranspose",
       {1, 8, 8, 2},
       window(0, 2)},
      {67,
       {k({1, 9, 9, 2}), weights({2, 3, 3, 4}), x({1, 4, 4, 4}), weights({2})},
       "ConvTranspose Add",
       {1, 9, 9, 2},
       window(1, 2)},
      {126, {x({2, 3, 4}), x({2, 5, 4})}, "MatMul", {2, 3, 5}, {{1, byte(1)}}},
  };
}

std::vector<Case> functions() {
  std::vector<Case> out;
  const std::pair<int, const char*> unary[] = {{8, "Floor"},
                                               {14, "Sigmoid"},
                                               {19, "Relu"},
                                               {20, "Clip"},
                                               {21, "Clip"},
                                               {28, "Tanh"},
                                               {47, "Exp"},
                                               {50, "LogSoftmax"},
                                               {59, "Neg"},
                                               {66, "Sin"},
                                               {73, "Log"},
                                               {75, "Sqrt"},
                                               {76, "Sqrt Reciprocal"},
                                               {92, "Mul"},
                                               {98, "LeakyRelu"},
                                               {101, "Abs"},
                                               {104, "Ceil"},
                                               {108, "Cos"},
                                               {111, "Elu"},
                                               {116, "Round"},
                                               {117, "HardSwish"},
                                               {152, "Clip"},
                                               {158, "Sign"},
                                               {6, "Identity"},
                                               {114, "Identity"},
                                               {124, "Identity"},
                                               {11, "Mul ReduceSum Sqrt Max Div"},
                                               {150, "Mul Erf Mul Add Mul"}};
  for (const auto& [code, becomes] : unary) out.push_back({code, {x({2, 5})}, becomes, {2, 5}});
  const std::pair<int, const char*> binary[] = {
      {18, "Mul"},     {41, "Sub"}, {42, "Div"},       {55, "Max"},
      {57, "Min"},     {78, "Pow"}, {90, "Div Floor"}, {95, "Div Floor Mul Sub"},
      {99, "Sub Mul"}, {106, "Add"}};
  for (const auto& [code, becomes] : binary) {
    out.push_back({code, {x({2, 5}), x({2, 5})}, becomes, {2, 5}});
  }
  const std::pair<int, const char*> compare[] = {{58, "Less"},           {61, "Greater"},
                                                 {62, "GreaterOrEqual"}, {63, "LessOrEqual"},
                                                 {71, "Equal"},          {72, "Equal Not"}};
  for (const auto& [code, becomes] : compare) {
    out.push_back({code, {xi({4}), xi({4})}, becomes, {4}, {}, TfliteType::boolean});
  }
  out.push_back({84, {xb({4}), xb({4})}, "Or", {4}, {}, TfliteType::boolean});
  out.push_back({86, {xb({4}), xb({4})}, "And", {4}, {}, TfliteType::boolean});
  out.push_back({87, {xb({4})}, "Not", {4}, {}, TfliteType::boolean});
  out.push_back({25, {x({2, 5})}, "Softmax", {2, 5}, {{0, 1.0F}}});
  out.push_back({25, {x({2, 5})}, "Mul Softmax", {2, 5}, {{0, 0.5F}}});
  out.push_back({53, {x({4})}, "Cast", {4}, {}, TfliteType::int32});
  out.push_back({54, {x({1, 3, 3, 4}), weights({1, 1, 4})}, "PRelu", {1, 3, 3, 4}});
  out.push_back({64, {xb({4}), x({4}), x({4})}, "Where", {4}});
  out.push_back({123, {xb({4}), x({2, 4}), x({2, 4})}, "Where", {2, 4}});
  out.push_back({150, {x({9})}, "Mul Mul Mul Add Mul Tanh Mul Add Mul", {9}, {{0, byte(1)}}});
  return out;
}

std::vector<Case> shapes() {
  const In image = x({1, 4, 6, 8});
  return {
      {2, {x({1, 2, 3}), x({1, 2, 4})}, "Concat", {1, 2, 7}, {{0, -1}}},
      {5, {image}, "DepthToSpace", {1, 8, 12, 2}, {{0, 2}}},
      {22, {x({2, 6}), k({3, -1})}, "Reshape", {3, 4}},
      {22, {x({2, 6})}, "Reshape", {4, 3}, {{0, flat_list(Ints{4, 3})}}},
      {23, {image, k({8, 12})}, "Resize", {1, 8, 12, 8}, {{2, byte(1)}}},
      {26, {image}, "SpaceToDepth", {1, 2, 3, 32}, {{0, 2}}},
      {34, {image, k({0, 0, 1, 2, 0, 1, 0, 3}, {4, 2})}, "Pad", {1, 7, 7, 11}},
      {37,
       {x({6, 3, 2, 2}), k({2, 3}), k({1, 0, 0, 2}, {2, 2})},
       "Reshape Reshape Slice",
       {1, 5, 4, 2}},
      {38,
       {x({1, 5, 6, 2}), k({2, 3}), k({1, 0, 0, 0}, {2, 2})},
       "Pad Reshape Reshape",
       {6, 3, 2, 2}},
      {39, {x({2, 3, 4}), k({2, 0, 1})}, "", {4, 2, 3}},
      {43, {x({1, 2, 1, 3})}, "Reshape", {2, 1, 3}, {{0, flat_list(Ints{0})}}},
      {45, {x({4, 5}), k({1, 0}), k({3, 5}), k({1, 2})}, "Slice", {2, 3}},
      {45, {x({4, 5}), k({1, 0}), k({2, 5}), k({1, 1})}, "Slice Reshape", {5}, {{4, 1}}},
      {49, {one(1), x({2, 6})}, "Slice Slice Slice", {2, 2}, {{0, 3}}, TfliteType::float32, 3},
      {60, {x({2, 3}), k({1, 2, 0, 1}, {2, 2}), weights({})}, "Pad", {5, 4}},
      {65, {x({3, 4}), k({1, 0}), k({2, -1})}, "Slice", {2, 4}},
      {69, {x({2, 3}), k({2, 2})}, "Tile", {4, 6}},
      {70, {x({2, 3}), one(-1)}, "Reshape", {2, 3, 1}},
      {77, {x({2, 3})}, "Identity", {2}, {}, TfliteType::int32},
      {83, {x({2, 3}), x({2, 3})}, "Reshape Reshape Concat", {2, 2, 3}, {{1, 1}}},
      {85, {xi({5}), one(4), weights({}), weights({})}, "Cast OneHot", {5, 4}, {{0, -1}}},
      {88, {x({2, 3})}, "Slice Slice Reshape Reshape", {3}, {}, TfliteType::float32, 2},
      {93, {x({2, 3})}, "Identity", {2, 3}},
      {94, {k({2, 3}), x({})}, "Expand", {2, 3}},
      {96, {one(1), one(8), one(3)}, "Identity", {3}, {}, TfliteType::int32},
      {97, {image, k({8, 12})}, "Resize", {1, 8, 12, 8}, {{1, byte(1)}}},
      {100, {x({4, 3}), k({1, 2, 0, 1}, {2, 2})}, "Pad", {7, 4}},
      {102, {x({2, 6}), k({1, 5}), one(1)}, "Slice Slice", {2, 1}, {}, TfliteType::float32, 2},
      {105, {x({2, 3}), k({1})}, "Slice", {2, 3}},
      {110, {x({2, 3})}, "Identity", {}, {}, TfliteType::int32},
      {130, {x({3, 1}), k({2, 3, 4})}, "Expand", {2, 3, 4}},
  };
}

std::vector<Case> reductions() {
  std::vector<Case> out;
  const std::pair<int, const char*> rows[] = {{40, "ReduceMean"},
                                              {74, "ReduceSum"},
                                              {81, "ReduceProd"},
                                              {82, "ReduceMax"},
                                              {89, "ReduceMin"}};
  for (const auto& [code, becomes] : rows) {
    out.push_back({code, {x({2, 3, 4}), k({1})}, becomes, {2, 1, 4}, {{0, byte(1)}}});
    out.push_back({code, {x({2, 3, 4}), k({-1, 0})}, becomes, {3}});
  }
  out.push_back({91, {xb({4, 2}), k({0})}, "Cast ReduceMax Cast", {2}, {}, TfliteType::boolean});
  out.push_back({36, {x({4, 3}), k({2, 0, 1})}, "Gather", {4, 3}, {{0, 1}}});
  out.push_back({48, {x({2, 9}), one(4)}, "TopK", {2, 4}});
  out.push_back({56, {x({2, 5}), one(1)}, "ArgMax Cast", {2}, {}, TfliteType::int32});
  out.push_back({79, {x({2, 5}), one(1)}, "ArgMin Cast", {2}, {}, TfliteType::int32});
  out.push_back({107, {x({4, 3, 2}), k({2, 0, 1, 2}, {2, 2})}, "GatherND", {2, 2}});
  out.push_back({109, {xb({4})}, "NonZero Cast Cast", {kUnknownDim, 1}, {}, TfliteType::int64});
  out.push_back({128, {x({2, 5}), one(1)}, "CumSum", {2, 5}, {{1, byte(1)}}});
  return out;
}

std::vector<Case> all_cases() {
  std::vector<Case> out;
  for (const auto& group : {layers(), functions(), shapes(), reductions()}) {
    out.insert(out.end(), group.begin(), group.end());
  }
  return out;
}

OnnxGraph convert(const TinyTflite& model) {
  const std::string bytes = model.bytes();
  std::vector<std::string> notes;
  return convert_tflite(std::as_bytes(std::span(bytes)), notes);
}

std::string refusal(const TinyTflite& model) {
  try {
    convert(model);
  } catch (const Error& error) {
    return error.message();
  }
  return "was taken";
}

TEST(TfliteOperators, are_rows_in_order_of_their_codes) {
  const auto rows = tflite_table();
  EXPECT_TRUE(std::ranges::is_sorted(rows, {}, [](const TfliteRow& row) { return row.code; }));
}

TEST(TfliteOperators, become_onnx_operators_of_the_same_shape) {
  for (const Case& row : all_cases()) {
    SCOPED_TRACE("operator " + std::to_string(row.code));
    try {
      const auto graph = convert(model_of(row));
      EXPECT_EQ(operations(graph), row.becomes);
      ASSERT_FALSE(graph.outputs.empty());
      EXPECT_EQ(graph.outputs[0].dims, row.dims);
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
}

TEST(TfliteOperators, are_all_tried_here) {
  std::set<int> tried;
  for (const Case& row : all_cases()) tried.insert(row.code);
  for (const TfliteRow& row : tflite_table()) {
    EXPECT_TRUE(tried.contains(row.code)) << row.name;
  }
}

TEST(TfliteOperators, refuse_what_does_not_fit) {
  const In image = x({1, 8, 8, 4});
  const std::pair<Case, std::string> rows[] = {
      {{3, {image, weights({6, 3, 3})}, "", {}}, "must have rank 4"},
      {{3, {image, weights({6, 3, 3, 3}), weights({6})}, "", {}, window(0, 1)}, "channels"},
      {{3, {image, weights({6, 3, 3, 4}), weights({5})}, "", {}, window(0, 1)}, "bias"},
      {{3, {image, weights({6, 3, 3, 4})}, "", {}, window(0, 0)}, "strides is out of range"},
      {{3, {image, weights({6, 9, 9, 4})}, "", {}, window(1, 1)}, "larger than its input"},
      {{3, {image}, "", {}, window(1, 1)}, "input 1 is missing"},
      {{4, {image, weights({1, 3, 3, 6})}, "", {}, window(0, 1)}, "channels"},
      {{0, {x({2}), x({3})}, "", {}}, "cannot be combined"},
      {{0, {x({2}), x({2})}, "", {}, {{0, byte(4)}}}, "fused activation"},
      {{9, {x({2, 5}), weights({3, 4})}, "", {}}, "do not fit its input"},
      {{9, {x({2, 5}), weights({3, 5})}, "", {}, {{1, byte(1)}}}, "shuffled"},
      {{22, {x({2, 5}), k({3, 4})}, "", {}}, "cannot be reshaped"},
      {{23, {image, xi({2})}, "", {}}, "needs it constant"},
      {{36, {x({4, 3}), x({2})}, "", {}}, "no integers"},
      {{36, {x({4, 3}), k({1})}, "", {}, {{1, 1}}}, "batch_dims"},
      {{37, {x({5, 3, 2, 2}), k({2, 3}), k({0, 0, 0, 0}, {2, 2})}, "", {}}, "divide its batch"},
      {{38, {x({1, 5, 6, 2}), k({2, 3}), k({0, 0, 0, 0}, {2, 2})}, "", {}}, "divide its input"},
      {{38, {x({1, 5, 6, 2}), k({2, 0}), k({0, 0, 0, 0}, {2, 2})}, "", {}}, "block's size"},
      {{45, {x({4}), k({0}), k({1}), k({1})}, "", {}, {{5, byte(1)}}}, "offsets"},
      {{88, {x({2, 3})}, "", {}, {}, TfliteType::float32, 3}, "3 outputs where it can have 2"},
      {{100, {x({4}), k({1, 1}, {1, 2})}, "", {}, {{0, byte(1)}}}, "REFLECT"},
  };
  for (const auto& [row, says] : rows) {
    SCOPED_TRACE("operator " + std::to_string(row.code));
    const std::string message = refusal(model_of(row));
    EXPECT_NE(message.find(says), std::string::npos) << message;
  }
}

TEST(TfliteOperators, of_a_transposed_convolution_with_bias_need_their_options) {
  TinyTflite model = model_of(layers()[8]);
  model.operators[0].custom_options.resize(8);
  EXPECT_NE(refusal(model).find("cut short"), std::string::npos);
  const std::array<std::int32_t, 3> zero{1, 0, 2};
  model.operators[0].custom_options.assign(reinterpret_cast<const char*>(zero.data()), sizeof zero);
  EXPECT_NE(refusal(model).find("stride"), std::string::npos);
}

}  // namespace
}  // namespace aa::graph
