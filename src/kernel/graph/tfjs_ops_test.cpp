// Every kind of TF.js operation that the importer knows: what it becomes, the dims that come out,
// and what is refused. That the results are right is the conformance test's matter.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/graph/op_rows.hpp"

namespace aa::graph {
namespace {

Row unary(const std::string& op, const std::string& becomes, const std::string& attributes = "{}") {
  return {.op = op, .x = "2,3", .attributes = attributes, .becomes = becomes, .dims = {2, 3}};
}
Row binary(const std::string& op, const std::string& becomes) {
  return {.op = op,
          .x = "2,3",
          .inputs = R"("x","b")",
          .constants = {floats("b", {3})},
          .becomes = becomes,
          .dims = {2, 3}};
}

TEST(Operations, of_one_input) {
  expect_rows({
      unary("Abs", "Abs"),
      unary("Exp", "Exp"),
      unary("Elu", "Elu"),
      unary("Relu", "Relu"),
      unary("Relu6", "Clip"),
      unary("LeakyRelu", "LeakyRelu", R"({"alpha":{"f":0.1}})"),
      unary("Softmax", "Softmax"),
      unary("LogSoftmax", "LogSoftmax"),
      unary("Rsqrt", "Sqrt Reciprocal"),
      unary("Log1p", "Add Log"),
      unary("Square", "Mul"),
      unary("Cast", "Cast", R"({"DstT":{"type":"DT_INT32"}})"),
  });
}

TEST(Operations, of_two_inputs) {
  expect_rows({
      binary("Sub", "Sub"),
      binary("Maximum", "Max"),
      binary("SquaredDifference", "Sub Mul"),
      binary("Div", "Div"),
      binary("FloorDiv", "Div Floor"),
      binary("FloorMod", "Div Floor Mul Sub"),
      binary("AddN", "Add"),
      binary("Prelu", "PRelu"),
      binary("BiasAdd", "Add"),
  });
}

TEST(Operations, clip_is_a_maximum_and_a_minimum) {
  expect_rows({{.op = "ClipByValue",
                .x = "2,3",
                .inputs = R"("x","low","high")",
                .constants = {number("low", 0, DType::float32), number("high", 1, DType::float32)},
                .becomes = "Max Min",
                .dims = {2, 3}}});
}

TEST(Operations, mixed_types_are_computed_in_floats) {
  const Row row{.op = "Mul",
                .x = "2,3",
                .inputs = R"("x","b")",
                .constants = {ints("b", {1, 2, 3})},
                .becomes = "Mul",
                .dims = {2, 3}};
  expect_rows({row});
}

TEST(Operations, that_gather) {
  expect_rows({
      {.op = "GatherV2",
       .x = "4,5",
       .inputs = R"("x","i","axis")",
       .constants = {ints("i", {1, 0}), number("axis", -1)},
       .becomes = "Gather",
       .dims = {4, 2}},
      {.op = "GatherNd",
       .x = "4,5,6",
       .inputs = R"("x","i")",
       .constants = {{"i", DType::int32, {3, 2}, {0, 0, 1, 1, 2, 2}}},
       .becomes = "GatherND",
       .dims = {3, 6}},
      {.op = "TopKV2",
       .x = "2,9",
       .inputs = R"("x","k")",
       .constants = {number("k", 4)},
       .becomes = "TopK",
       .dims = {2, 4}},
  });
  expect_refused({
      {.op = "GatherV2",
       .x = "4,5",
       .inputs = R"("x","i")",
       .constants = {ints("i", {1, 0})},
       .attributes = R"({"batch_dims":{"i":"1"}})",
       .becomes = "batch_dims"},
      {.op = "GatherNd",
       .x = "4",
       .inputs = R"("x","i")",
       .constants = {{"i", DType::int32, {1, 2}, {0, 0}}},
       .becomes = "indices do not fit"},
      {.op = "TopKV2",
       .x = "2,3",
       .inputs = R"("x","k")",
       .constants = {number("k", 4)},
       .becomes = "k is larger"},
  });
}

TEST(Operations, one_hot_puts_its_axis_where_it_is_asked) {
  const auto row = [](const std::string& attributes, Dims dims) {
    return Row{.op = "OneHot",
               .x = "2",
               .inputs = R"("x","depth","on","off")",
               .constants = {number("depth", 5), number("on", 1, DType::float32),
                             number("off", 0, DType::float32)},
               .attributes = attributes,
               .becomes = "Cast OneHot",
               .dims = std::move(dims)};
  };
  expect_rows({row("{}", {2, 5}), row(R"({"axis":{"i":"0"}})", {5, 2})});
}

TEST(Operations, suppression_is_of_one_class_and_hard) {
  const auto model = [](double sigma) {
    TinyModel out;
    out.placeholder("8,4").constant("scores", DType::float32, {8}, std::vector<double>(8, 0.5));
    out.constant("count", DType::int32, {}, {3}).constant("iou", DType::float32, {}, {0.5});
    out.constant("score", DType::float32, {}, {0.1}).constant("s", DType::float32, {}, {sigma});
    out.node("y", "NonMaxSuppressionV5", R"("x","scores","count","iou","score","s")");
    return out;
  };
  const ImportOptions all{.outputs = {"y:0", "y:1", "y:2"}};
  const auto graph = model(0).convert(all);
  EXPECT_EQ(graph.outputs.size(), 3U);
  EXPECT_NE(operations(graph).find("NonMaxSuppression"), std::string::npos);
  EXPECT_EQ(graph.outputs[0].dims, (Dims{kUnknownDim}));
  EXPECT_THROW(model(0.5).convert(all), Error);
}

TEST(Operations, that_reduce) {
  const auto row = [](const std::string& op, std::vector<double> axes, const std::string& becomes,
                      Dims dims, const std::string& attributes = "{}") {
    return Row{.op = op,
               .x = "2,3,4",
               .inputs = R"("x","axes")",
               .constants = {ints("axes", std::move(axes))},
               .attributes = attributes,
               .becomes = becomes,
               .dims = std::move(dims)};
  };
  const std::string keep = R"({"keep_dims":{"b":true}})";
  expect_rows({
      row("Mean", {1, 2}, "ReduceMean", {2}),
      row("Mean", {1, 2}, "ReduceMean", {2, 1, 1}, keep),
      row("Sum", {-1}, "ReduceSum", {2, 3}),
      row("Max", {0, 0}, "ReduceMax", {3, 4}),
      row("ArgMax", {2}, "ArgMax Cast", {2, 3}),
      row("Any", {1}, "Cast ReduceMax Cast", {2, 4}),
      row("Cumsum", {1}, "CumSum", {2, 3, 4}),
  });
  expect_refused({row("Sum", {3}, "outside rank 3", {})});
}

TEST(Operations, a_product_of_sizes_is_computed_at_import) {
  TinyModel model;
  model.placeholder("2,3,4").node("shape", "Shape", R"("x")");
  model.constant("axis", DType::int32, {1}, {0}).node("all", "Prod", R"("shape","axis")");
  model.constant("one", DType::int32, {1}, {1});
  model.node("y", "Reshape", R"("x","to")");
  model.node("to", "Pack", R"("all")");
  EXPECT_EQ(model.convert().outputs[0].dims, (Dims{24}));
}

TEST(Operations, on_images_reduce_in_the_layout_at_hand) {
  const auto pooled = [](std::vector<double> axes, const std::string& attributes, Dims dims) {
    TinyModel model;
    model.placeholder("1,6,6,2").node(
        "p", "MaxPool", R"("x")",
        R"({"ksize":{"list":{"i":["1","2","2","1"]}},"strides":{"list":{"i":["1","2","2","1"]}}})");
    const auto count = static_cast<std::int64_t>(axes.size());
    model.constant("axes", DType::int32, {count}, axes);
    model.node("y", "Mean", R"("p","axes")", attributes);
    const auto graph = model.convert();
    EXPECT_EQ(graph.outputs[0].dims, dims);
    EXPECT_TRUE(operations(graph).starts_with("MaxPool ReduceMean")) << operations(graph);
  };
  pooled({1, 2}, "{}", {1, 2});
  pooled({1, 2}, R"({"keep_dims":{"b":true}})", {1, 1, 1, 2});
  pooled({1}, "{}", {1, 3, 2});
  pooled({3}, "{}", {1, 3, 3});
}

TEST(Operations, that_change_shapes) {
  const auto row = [](const std::string& op, std::vector<Constant> constants,
                      const std::string& inputs, const std::string& becomes, Dims dims,
                      const std::string& attributes = "{}") {
    return Row{.op = op,
               .x = "2,1,3",
               .inputs = inputs,
               .constants = std::move(constants),
               .attributes = attributes,
               .becomes = becomes,
               .dims = std::move(dims)};
  };
  const std::string xc = R"("x","c")";
  expect_rows({
      row("ExpandDims", {number("c", 1)}, xc, "Reshape", {2, 1, 1, 3}),
      row("Squeeze", {}, R"("x")", "Reshape", {2, 3}),
      row("Squeeze", {}, R"("x")", "Reshape", {2, 3}, R"({"squeeze_dims":{"list":{"i":["1"]}}})"),
      row("Tile", {ints("c", {2, 1, 4})}, xc, "Tile", {4, 1, 12}),
      row("BroadcastTo", {ints("c", {2, 5, 3})}, xc, "Expand", {2, 5, 3}),
      row("ConcatV2", {number("c", 2)}, R"("x","x","c")", "Concat", {2, 1, 6}),
      row("ReverseV2", {ints("c", {2})}, xc, "Slice", {2, 1, 3}),
      row("Pad", {ints("c", {0, 0, 1, 2, 0, 1})}, xc, "Pad", {2, 4, 4}),
      row("MirrorPad", {ints("c", {0, 0, 0, 0, 1, 1})}, xc, "Pad", {2, 1, 5}),
      row("PadV2", {ints("c", {0, 1, 0, 0, 0, 0}), number("v", 7, DType::float32)},
          R"("x","c","v")", "Pad", {3, 1, 3}),
      row("Slice", {ints("c", {0, 0, 1}), ints("d", {-1, 1, 2})}, R"("x","c","d")", "Slice",
          {2, 1, 2}),
      row("Where", {}, R"("x")", "NonZero Cast", {kUnknownDim, 3}),
  });
}

TEST(Operations, that_change_shapes_refuse_what_does_not_fit) {
  const auto row = [](const std::string& op, std::vector<Constant> constants,
                      const std::string& inputs, const std::string& says,
                      const std::string& attributes = "{}") {
    return Row{.op = op,
               .x = "2,1,3",
               .inputs = inputs,
               .constants = std::move(constants),
               .attributes = attributes,
               .becomes = says};
  };
  const std::string xc = R"("x","c")";
  expect_refused({
      row("Squeeze", {}, R"("x")", "not 1", R"({"squeeze_dims":{"list":{"i":["0"]}}})"),
      row("Tile", {ints("c", {2, 2})}, xc, "one multiple per axis"),
      row("Tile", {ints("c", {2, 2, -1})}, xc, "negative"),
      row("BroadcastTo", {ints("c", {2, 5, 4})}, xc, "cannot be"),
      row("Transpose", {ints("c", {0, 0, 1})}, xc, "every axis once"),
      row("ConcatV2", {number("c", 5)}, R"("x","x","c")", "outside rank 3"),
      row("Pad", {ints("c", {0, 0})}, xc, "two amounts per axis"),
      row("Pad", {ints("c", {0, 0, -1, 0, 0, 0})}, xc, "negative"),
      row("MirrorPad", {ints("c", {0, 0, 0, 0, 1, 1})}, xc, "REFLECT",
          R"({"mode":{"s":"U1lNTUVUUklD"}})"),
      row("Slice", {ints("c", {0, 0, 2}), ints("d", {-1, 1, 2})}, R"("x","c","d")", "outside"),
      row("Slice", {ints("c", {0, 0}), ints("d", {1, 1})}, R"("x","c","d")", "per axis"),
      row("Reshape", {ints("c", {-2, 3})}, xc, "negative dim"),
      row("Cast", {}, R"("x")", "target type", R"({"DstT":{"type":"DT_STRING"}})"),
  });
}

TEST(Operations, splits_give_one_output_each) {
  const auto dims_of = [](const std::string& op, const std::string& inputs,
                          const std::vector<Constant>& constants, const std::string& attributes,
                          std::size_t count) {
    TinyModel model;
    model.placeholder("2,6");
    for (const auto& c : constants) model.constant(c.name, c.dtype, c.dims, c.values);
    model.node("y", op, inputs, attributes);
    ImportOptions options;
    for (std::size_t i = 0; i < count; ++i) options.outputs.push_back("y:" + std::to_string(i));
    std::vector<Dims> out;
    for (const auto& output : model.convert(options).outputs) out.push_back(output.dims);
    return out;
  };
  using Many = std::vector<Dims>;
  EXPECT_EQ(dims_of("Split", R"("axis","x")", {number("axis", 1)}, R"({"num_split":{"i":"3"}})", 3),
            (Many{{2, 2}, {2, 2}, {2, 2}}));
  EXPECT_EQ(dims_of("SplitV", R"("x","sizes","axis")", {ints("sizes", {1, -1}), number("axis", 1)},
                    "{}", 2),
            (Many{{2, 1}, {2, 5}}));
  EXPECT_EQ(dims_of("Unpack", R"("x")", {}, R"({"axis":{"i":"0"}})", 2), (Many{{6}, {6}}));
  EXPECT_THROW(
      dims_of("Split", R"("axis","x")", {number("axis", 1)}, R"({"num_split":{"i":"4"}})", 3),
      Error);
  EXPECT_THROW(dims_of("SplitV", R"("x","sizes","axis")",
                       {ints("sizes", {1, 7}), number("axis", 1)}, "{}", 2),
               Error);
  EXPECT_THROW(dims_of("SplitV", R"("x","sizes","axis")",
                       {ints("sizes", {1, 2}), number("axis", 1)}, "{}", 2),
               Error);
}

TEST(Operations, strided_slices_of_what_is_only_known_at_run_time) {
  const auto row = [](const std::string& x, std::vector<double> begin, std::vector<double> end,
                      std::vector<double> step, const std::string& attributes, Dims dims) {
    return Row{.op = "StridedSlice",
               .x = x,
               .inputs = R"("x","b","e","s")",
               .constants = {ints("b", std::move(begin)), ints("e", std::move(end)),
                             ints("s", std::move(step))},
               .attributes = attributes,
               .becomes = "Slice",
               .dims = std::move(dims)};
  };
  expect_rows({
      row("4,5", {1, 0}, {3, 5}, {1, 2}, "{}", {2, 3}),
      row("4,5", {-1, 0}, {-5, 5}, {-1, 1}, "{}", {4, 5}),
      row("4,5", {3, 4}, {0, 0}, {-2, -1}, R"({"end_mask":{"i":"3"}})", {2, 5}),
  });
  Row outside = row("4,5", {4, 0}, {5, 5}, {1, 1}, R"({"shrink_axis_mask":{"i":"1"}})", {});
  outside.becomes = "outside its input";
  Row long_one = row("4", {0, 0}, {1, 1}, {1, 1}, "{}", {});
  long_one.becomes = "more axes";
  Row no_stride = row("4", {0}, {1}, {0}, "{}", {});
  no_stride.becomes = "stride";
  Row uneven = row("4,5", {0}, {1, 1}, {1}, "{}", {});
  uneven.becomes = "differ in length";
  expect_refused({outside, long_one, no_stride, uneven});
}

TEST(Operations, an_open_batch_is_carried_to_the_output) {
  const ImportOptions open{.batch = 0};
  const auto check = [&](const Row& row) {
    SCOPED_TRACE(row.op);
    const auto graph = convert(row, open);
    EXPECT_EQ(operations(graph), row.becomes);
    EXPECT_EQ(graph.outputs.at(0).dims, row.dims);
  };
  check({.op = "Shape", .x = "-1,3", .becomes = "Shape Cast", .dims = {2}});
  check({.op = "Size", .x = "-1,3", .becomes = "Size Cast", .dims = {}});
  check({.op = "ZerosLike", .x = "-1,3", .becomes = "Shape Expand", .dims = {kUnknownDim, 3}});
  check({.op = "ExpandDims",
         .x = "-1,3",
         .inputs = R"("x","c")",
         .constants = {number("c", 1)},
         .becomes = "Unsqueeze",
         .dims = {kUnknownDim, 1, 3}});
  check({.op = "Squeeze",
         .x = "-1,1,3",
         .attributes = R"({"squeeze_dims":{"list":{"i":["1"]}}})",
         .becomes = "Squeeze",
         .dims = {kUnknownDim, 3}});
  check({.op = "StridedSlice",
         .x = "-1,3",
         .inputs = R"("x","b","e")",
         .constants = {ints("b", {-1}), ints("e", {0})},
         .attributes = R"({"shrink_axis_mask":{"i":"1"}})",
         .becomes = "Slice Reshape",
         .dims = {3}});
  check({.op = "ResizeBilinear",
         .x = "-1,4,4,3",
         .inputs = R"("x","s")",
         .constants = {ints("s", {8, 6})},
         .becomes = "Shape Concat Resize",
         .dims = {kUnknownDim, 8, 6, 3}});
}

TEST(Operations, shapes_of_run_time_keep_their_rank) {
  TinyModel model;
  model.placeholder("-1,6").node("shape", "Shape", R"("x")");
  model.constant("v", DType::float32, {}, {3}).node("y", "Fill", R"("shape","v")");
  model.constant("zero", DType::int32, {}, {0}).constant("one", DType::int32, {}, {1});
  model.node("n", "Size", R"("x")").node("r", "Range", R"("zero","n","one")");
  model.node("again", "Reshape", R"("x","shape")");
  const ImportOptions open{.outputs = {"y", "r", "again"}, .batch = 0};
  const auto graph = model.convert(open);
  EXPECT_EQ(graph.outputs[0].dims, (Dims{kUnknownDim, kUnknownDim}));
  EXPECT_EQ(graph.outputs[1].dims, (Dims{kUnknownDim}));
  EXPECT_EQ(graph.outputs[2].dims, (Dims{kUnknownDim, kUnknownDim}));
}

TEST(Operations, constants_are_computed_at_import) {
  const auto becomes_dims = [](const std::string& op, const std::string& inputs,
                               const std::vector<Constant>& constants, const Dims& dims) {
    SCOPED_TRACE(op);
    TinyModel model;
    model.placeholder("2,3");
    for (const auto& c : constants) model.constant(c.name, c.dtype, c.dims, c.values);
    model.node("y", op, inputs);
    const ImportOptions wanted{.outputs = {"y"}};
    const auto graph = model.convert(wanted);
    EXPECT_EQ(operations(graph), "Identity");
    EXPECT_EQ(graph.outputs[0].dims, dims);
  };
  becomes_dims("Rank", R"("x")", {}, {});
  becomes_dims("Size", R"("x")", {}, {});
  becomes_dims("OnesLike", R"("x")", {}, {2, 3});
  becomes_dims("Fill", R"("d","v")", {ints("d", {4, 5}), number("v", 1)}, {4, 5});
  becomes_dims("Range", R"("a","b","c")", {number("a", 1), number("b", 8), number("c", 3)}, {3});
  becomes_dims("Neg", R"("a")", {ints("a", {1, 2})}, {2});
  becomes_dims("Less", R"("a","b")", {ints("a", {1, 2}), ints("b", {2, 2})}, {2});
  becomes_dims("ConcatV2", R"("a","b","zero")",
               {ints("a", {1, 2}), ints("b", {3}), number("zero", 0)}, {3});
  becomes_dims("GatherV2", R"("a","b","zero")",
               {ints("a", {1, 2, 3}), ints("b", {2, -1}), number("zero", 0)}, {2});
}

TEST(Operations, select_takes_rows_by_a_vector) {
  const Row rows{.op = "Select",
                 .x = "2,3",
                 .inputs = R"("c","x","x")",
                 .constants = {{"c", DType::boolean, {2}, {1, 0}}},
                 .becomes = "Where",
                 .dims = {2, 3}};
  expect_rows({rows});
}

}  // namespace
}  // namespace aa::graph
