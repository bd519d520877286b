#include "kernel/graph/tfjs_import.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/graph/onnx_inspect.hpp"
#include "kernel/graph/op_table.hpp"
#include "kernel/graph/tiny_model.hpp"

namespace aa::graph {
namespace {

const OnnxNode& only(const OnnxGraph& graph, std::string_view op) {
  const OnnxNode* found = nullptr;
  for (const OnnxNode& node : graph.nodes) {
    if (node.op != op) continue;
    EXPECT_EQ(found, nullptr) << "two nodes " << op;
    found = &node;
  }
  if (found == nullptr) throw std::runtime_error("no node " + std::string(op));
  return *found;
}

std::size_t count(const OnnxGraph& graph, std::string_view op) {
  return static_cast<std::size_t>(std::count_if(graph.nodes.begin(), graph.nodes.end(),
                                                [&](const OnnxNode& n) { return n.op == op; }));
}

AttributeValue attribute(const OnnxNode& node, std::string_view name) {
  for (const OnnxAttribute& a : node.attributes) {
    if (a.name == name) return a.value;
  }
  throw std::runtime_error("no attribute " + std::string(name));
}

std::vector<std::int64_t> list(const OnnxNode& node, std::string_view name) {
  return std::get<std::vector<std::int64_t>>(attribute(node, name));
}

std::vector<double> initializer(const OnnxGraph& graph, const std::string& name) {
  for (const OnnxInitializer& i : graph.initializers) {
    if (i.name == name) return to_doubles(*i.tensor);
  }
  throw std::runtime_error("no initializer " + name);
}

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return internal_error("nothing was thrown");
}

const std::string kStride2 =
    R"({"strides":{"list":{"i":["1","2","2","1"]}},"padding":{"s":"U0FNRQ=="}})";  // SAME

TinyModel conv_model(const std::string& dims, const std::string& attributes) {
  std::vector<double> weights(3 * 3 * 2 * 1);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<double>(i);
  TinyModel model;
  model.placeholder(dims).constant("w", DType::float32, {3, 3, 2, 1}, weights);
  model.node("y", "Conv2D", R"("x","w")", attributes);
  return model;
}

TEST(OpTable, is_sorted_and_every_op_is_found) {
  const auto table = op_table();
  EXPECT_TRUE(std::is_sorted(table.begin(), table.end(),
                             [](const OpRow& a, const OpRow& b) { return a.tf < b.tf; }));
  for (const OpRow& row : table) EXPECT_EQ(find_op(row.tf), &row);
  EXPECT_EQ(find_op("Loop"), nullptr);
}

TEST(Convolution, same_padding_puts_the_odd_pixel_after) {
  const OnnxGraph even = conv_model("1,6,6,2", kStride2).convert();
  EXPECT_EQ(list(only(even, "Conv"), "pads"), (Dims{0, 0, 1, 1}));  // total 1 at stride 2
  EXPECT_EQ(even.outputs[0].dims, (Dims{1, 3, 3, 1}));
  const OnnxGraph odd = conv_model("1,7,6,2", kStride2).convert();
  EXPECT_EQ(list(only(odd, "Conv"), "pads"), (Dims{1, 0, 1, 1}));
  EXPECT_EQ(odd.outputs[0].dims, (Dims{1, 4, 3, 1}));
}

TEST(Convolution, filter_turns_from_hwio_to_oihw) {
  const OnnxGraph graph = conv_model("1,6,6,2", kStride2).convert();
  const auto weights = initializer(graph, only(graph, "Conv").inputs[1]);
  EXPECT_EQ(weights, (std::vector<double>{0, 2, 4, 6, 8, 10, 12, 14, 16,  //
                                          1, 3, 5, 7, 9, 11, 13, 15, 17}));
}

TEST(Convolution, depthwise_makes_groups_with_the_multiplier_inside) {
  TinyModel model;
  model.placeholder("1,5,5,2").constant("w", DType::float32, {1, 1, 2, 2}, {1, 2, 3, 4});
  model.node("y", "DepthwiseConv2dNative", R"("x","w")");
  const OnnxGraph graph = model.convert();
  const OnnxNode& conv = only(graph, "Conv");
  EXPECT_EQ(std::get<std::int64_t>(attribute(conv, "group")), 2);
  EXPECT_EQ(initializer(graph, conv.inputs[1]), (std::vector<double>{1, 2, 3, 4}));
  EXPECT_EQ(graph.outputs[0].dims, (Dims{1, 5, 5, 4}));
}

TEST(Layout, a_convolutional_body_needs_two_transposes) {
  TinyModel model = conv_model("1,8,8,2", kStride2);
  model.constant("c", DType::float32, {1}, {0.5}).node("scaled", "Mul", R"("y","c")");
  model.node("bent", "Relu", R"("scaled")")
      .constant("w2", DType::float32, {1, 1, 1, 4}, {1, 2, 3, 4});
  model.node("z", "Conv2D", R"("bent","w2")");
  const OnnxGraph graph = model.convert();
  EXPECT_EQ(count(graph, "Transpose"), 2U);  // in front of the first, behind the last
  const ImportOptions planar{.channels_first_inputs = true};
  const OnnxGraph fed = model.convert(planar);
  EXPECT_EQ(count(fed, "Transpose"), 1U);
  EXPECT_EQ(fed.inputs[0].dims, (Dims{1, 2, 8, 8}));
}

TEST(Layout, a_transposition_that_is_already_in_memory_costs_nothing) {
  TinyModel model = conv_model("1,8,8,2", kStride2);
  model.constant("p", DType::int32, {4}, {0, 3, 1, 2}).node("t", "Transpose", R"("y","p")");
  const OnnxGraph graph = model.convert();
  EXPECT_EQ(count(graph, "Transpose"), 1U);
  EXPECT_EQ(graph.outputs[0].dims, (Dims{1, 1, 4, 4}));
}

TEST(Resize, coordinate_rules) {
  const auto mode = [](const std::string& op, const std::string& attributes) {
    TinyModel model;
    model.placeholder("1,4,4,1").constant("s", DType::int32, {2}, {8, 8});
    model.node("y", op, R"("x","s")", attributes);
    const OnnxGraph graph = model.convert();
    return std::get<std::string>(
        attribute(only(graph, "Resize"), "coordinate_transformation_mode"));
  };
  EXPECT_EQ(mode("ResizeBilinear", R"({"half_pixel_centers":{"b":true}})"), "half_pixel");
  EXPECT_EQ(mode("ResizeBilinear", R"({"align_corners":{"b":true}})"), "align_corners");
  EXPECT_EQ(mode("ResizeBilinear", "{}"), "asymmetric");
  EXPECT_EQ(mode("ResizeNearestNeighbor", R"({"half_pixel_centers":{"b":true}})"), "half_pixel");
}

TEST(Folding, shapes_are_computed_at_import) {
  TinyModel model;
  model.placeholder("-1,4,6,2").node("shape", "Shape", R"("x")");
  model.constant("b", DType::int32, {1}, {0}).constant("e", DType::int32, {1}, {1});
  model.node("n", "StridedSlice", R"("shape","b","e","e")", R"({"shrink_axis_mask":{"i":"1"}})");
  model.constant("rest", DType::int32, {}, {-1});
  model.node("to", "Pack", R"("n","rest")", R"({"axis":{"i":"0"}})");
  model.node("y", "Reshape", R"("x","to")");
  const OnnxGraph fixed = model.convert();
  EXPECT_EQ(fixed.nodes.size(), 1U);
  EXPECT_EQ(fixed.outputs[0].dims, (Dims{1, 48}));
  const ImportOptions open{.batch = 0};
  EXPECT_EQ(count(model.convert(open), "Shape"), 1U);
}

TEST(Folding, strided_slice_with_every_mask) {
  TinyModel model;
  model.constant("v", DType::int32, {2, 3, 4}, [] {
    std::vector<double> values(24);
    for (std::size_t i = 0; i < 24; ++i) values[i] = static_cast<double>(i);
    return values;
  }());
  model.constant("b", DType::int32, {4}, {0, 7, -1, 1})
      .constant("e", DType::int32, {4}, {0, 7, 7, 3});
  model.constant("s", DType::int32, {4}, {1, 1, 1, 2});
  // v[newaxis, ..., -1, 1::2]: end of the last is masked, row -1 shrinks.
  model.node("y", "StridedSlice", R"("v","b","e","s")",
             R"({"new_axis_mask":{"i":"1"},"ellipsis_mask":{"i":"2"},"shrink_axis_mask":{"i":"4"},
                 "end_mask":{"i":"8"}})");
  const OnnxGraph graph = model.convert();
  EXPECT_EQ(graph.outputs[0].dims, (Dims{1, 2, 2}));
  EXPECT_EQ(initializer(graph, graph.nodes[0].inputs[0]), (std::vector<double>{9, 11, 21, 23}));
}

TEST(Folding, floor_division_of_negative_integers) {
  TinyModel model;
  model.constant("a", DType::int32, {4}, {7, -7, 7, -7})
      .constant("b", DType::int32, {4}, {2, 2, -2, -2});
  model.node("q", "FloorDiv", R"("a","b")").node("r", "FloorMod", R"("a","b")");
  const ImportOptions both{.outputs = {"q", "r"}};
  const OnnxGraph graph = model.convert(both);
  EXPECT_EQ(initializer(graph, graph.nodes[0].inputs[0]), (std::vector<double>{3, -4, -4, 3}));
  EXPECT_EQ(initializer(graph, graph.nodes[1].inputs[0]), (std::vector<double>{1, 1, -1, -1}));
}

TEST(Import, cut_replaces_what_lies_before) {
  TinyModel model;
  model.node("loop", "While", "").node("mid", "Mul", R"("loop","loop")", R"({"T":{"type":1}})");
  model.node("y", "Relu", R"("mid:0")");
  const Error uncut = error_of([&] { model.convert(); });
  EXPECT_EQ(uncut.slug(), "tfjs_unsupported_op");
  EXPECT_NE(uncut.message().find("While"), std::string::npos);
  EXPECT_NE(uncut.message().find("'loop'"), std::string::npos);
  ImportOptions options;
  options.cuts["mid"] = {.name = "images", .dims = {1, 2, 2, 3}};
  const OnnxGraph graph = model.convert(options);
  ASSERT_EQ(graph.inputs.size(), 1U);
  EXPECT_EQ(graph.inputs[0].name, "images");
  EXPECT_EQ(graph.nodes.size(), 1U);
}

TEST(Import, outputs_keep_the_order_asked_for) {
  TinyModel model;
  model.placeholder("2,2").node("b", "Relu", R"("x")").node("a", "Neg", R"("x")");
  const ImportOptions options{.outputs = {"b:0", "a", "b"}};
  const OnnxGraph graph = model.convert(options);
  ASSERT_EQ(graph.outputs.size(), 2U);
  EXPECT_EQ(graph.outputs[0].name, "b");
  EXPECT_EQ(graph.outputs[1].name, "a");
}

TEST(Import, an_output_may_be_an_input_or_a_constant) {
  TinyModel model;
  model.placeholder("2").constant("c", DType::int32, {}, {7}).node("y", "Identity", R"("x")");
  const ImportOptions options{.outputs = {"y", "c"}};
  const OnnxGraph graph = model.convert(options);
  EXPECT_EQ(count(graph, "Identity"), 2U);
  EXPECT_EQ(graph.inputs[0].name, "x");
  const ImportOptions same{.outputs = {"x"}};
  EXPECT_EQ(error_of([&] { model.convert(same); }).slug(), "tfjs_bad_model");
}

TEST(Import, file_is_what_the_inspector_reads) {
  const TinyModel model = conv_model("-1,6,6,2", kStride2);
  const std::string text = model.json();
  const ImportedModel imported = import_tfjs({.model_json = text, .weights = model.weights},
                                             {.batch = 0, .metadata = {{"family", "test"}}});
  const OnnxSummary seen = inspect_onnx(std::as_bytes(std::span(imported.onnx)));
  EXPECT_NO_THROW(require_safe(seen));
  ASSERT_EQ(seen.inputs.size(), 1U);
  EXPECT_EQ(seen.inputs[0].name, "x");
  EXPECT_EQ(seen.inputs[0].dims, (Dims{kUnknownDim, 6, 6, 2}));
  EXPECT_EQ(seen.outputs[0].name, "y");
  EXPECT_EQ(seen.opsets.at(""), kOnnxOpset);
  EXPECT_EQ(seen.metadata.at("family"), "test");
  EXPECT_EQ(seen.ops.at("Conv"), 1U);
}

TEST(Hostile, circles_are_named) {
  TinyModel model;
  model.node("a", "Relu", R"("b")").node("b", "Relu", R"("a")").node("y", "Relu", R"("a")");
  EXPECT_EQ(error_of([&] { model.convert(); }).slug(), "tfjs_cycle");
}

TEST(Hostile, a_long_chain_needs_no_stack) {
  TinyModel model;
  model.placeholder("1");
  std::string before = "x";
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = "n" + std::to_string(i);
    model.node(name, "Relu", "\"" + before + "\"");
    before = name;
  }
  EXPECT_EQ(model.convert().nodes.size(), 20'000U);
}

TEST(Hostile, truncated_weights_name_the_tensor) {
  TinyModel model = conv_model("1,6,6,2", kStride2);
  model.weights.resize(10);
  const Error error = error_of([&] { model.convert(); });
  EXPECT_EQ(error.slug(), "tfjs_bad_weights");
  EXPECT_NE(error.message().find("'w'"), std::string::npos);
}

TEST(Hostile, absurd_sizes_are_refused_before_memory_is_taken) {
  const auto fill = [](double a, double b) {
    TinyModel model;
    model.constant("d", DType::int32, {2}, {a, b}).constant("v", DType::float32, {}, {1});
    model.node("y", "Fill", R"("d","v")");
    return error_of([&] { model.convert(); }).slug();
  };
  EXPECT_EQ(fill(2e9, 2e9), "tensor_too_large");
  EXPECT_EQ(fill(-5, 2), "tensor_too_large");
  TinyModel input;
  input.placeholder("1,4611686018427387904,4,4").node("y", "Relu", R"("x")");
  EXPECT_EQ(error_of([&] { input.convert(); }).slug(), "tensor_too_large");
  TinyModel tile;
  tile.placeholder("1,1000").constant("m", DType::int32, {2}, {2e9, 2e9});
  tile.node("y", "Tile", R"("x","m")");
  EXPECT_EQ(error_of([&] { tile.convert(); }).slug(), "tensor_too_large");
}

TEST(Hostile, reshapes_that_overflow) {
  TinyModel model;
  model.placeholder("1,4").constant("s", DType::int32, {4}, {2e9, 2e9, 2e9, -1});
  model.node("y", "Reshape", R"("x","s")");
  EXPECT_EQ(error_of([&] { model.convert(); }).slug(), "tensor_too_large");
}

TEST(Hostile, unfolding_has_a_budget) {
  TinyModel model;
  model.constant("d", DType::int32, {1}, {1e6}).constant("v", DType::float32, {}, {1});
  std::string all;
  for (int i = 0; i < 40; ++i) {  // 4 MB each
    model.node("f" + std::to_string(i), "Fill", R"("d","v")");
    all += (i > 0 ? ",\"f" : "\"f") + std::to_string(i) + "\"";
  }
  model.node("y", "AddN", all);
  EXPECT_EQ(error_of([&] { model.convert(); }).slug(), "tfjs_too_large");
}

TEST(Hostile, text_that_is_no_model) {
  const auto slug = [](std::string_view text) {
    return error_of([&] { import_tfjs({.model_json = text}); }).slug();
  };
  EXPECT_EQ(slug(""), "malformed_json");
  EXPECT_EQ(slug("[]"), "tfjs_bad_model");
  EXPECT_EQ(slug(R"({"modelTopology":{"model_config":{}}})"), "tfjs_bad_model");
  EXPECT_EQ(slug(R"({"modelTopology":{"node":[{"name":"a","op":"Relu","input":["b"]}]}})"),
            "tfjs_bad_model");
  EXPECT_EQ(slug(R"({"modelTopology":{"node":[{"name":"a","op":"Relu","input":[]}]}})"),
            "tfjs_bad_model");
  EXPECT_EQ(slug(R"({"modelTopology":{"node":[1]}})"), "tfjs_bad_model");
  EXPECT_EQ(slug(R"({"modelTopology":{"node":[]}})"), "tfjs_bad_model");
}

// Every byte of a good model replaced by a few others: an Error or a model, never anything else.
TEST(Hostile, mutations_never_escape) {
  const std::string text = conv_model("1,6,6,2", kStride2).json();
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'0', '9', '"', '{', '-', 'e'}) {
      std::string mutant = text;
      mutant[i] = c;
      EXPECT_NO_THROW(fuzz_tfjs_import(mutant));
    }
  }
}

TEST(TfjsImport, CutsAreReadAsPeopleWriteThem) {
  ImportOptions options;
  add_cut(options, "a/b=images:1,300,300,3");
  EXPECT_EQ(options.cuts.at("a/b").name, "images");
  EXPECT_EQ(options.cuts.at("a/b").dims, (Dims{1, 300, 300, 3}));
  for (const char* bad : {"", "a", "a=b", "a=b:", "a:1=b", "a=b:1,x", "a=b:1,,2", "a=b: 1"}) {
    EXPECT_THROW(add_cut(options, bad), Error) << bad;
  }
}

}  // namespace
}  // namespace aa::graph
