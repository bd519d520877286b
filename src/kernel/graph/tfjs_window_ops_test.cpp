// Products, convolutions and other windows over images, as tfjs_ops_test.cpp does the rest.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/graph/op_rows.hpp"

namespace aa::graph {
namespace {

TEST(Operations, products) {
  expect_rows({
      {.op = "MatMul",
       .x = "2,3",
       .inputs = R"("x","w")",
       .constants = {floats("w", {5, 3})},
       .attributes = R"({"transpose_b":{"b":true}})",
       .becomes = "Gemm",
       .dims = {2, 5}},
      {.op = "_FusedMatMul",
       .x = "2,3",
       .inputs = R"("x","w","b","s")",
       .constants = {floats("w", {3, 5}), floats("b", {5}), floats("s", {5})},
       .attributes =
           R"({"fused_ops":{"list":{"s":["Qmlhc0FkZA==","UHJlbHU="]}}})",  // BiasAdd Prelu
       .becomes = "Gemm PRelu",
       .dims = {2, 5}},
      {.op = "BatchMatMulV2",
       .x = "4,2,3",
       .inputs = R"("x","w")",
       .constants = {floats("w", {5, 3})},
       .attributes = R"({"adj_y":{"b":true}})",
       .becomes = "MatMul",
       .dims = {4, 2, 5}},
  });
  expect_refused({
      {.op = "MatMul",
       .x = "2,3",
       .inputs = R"("x","w")",
       .constants = {floats("w", {5, 4})},
       .becomes = "do not fit"},
      {.op = "MatMul", .x = "2,3,4", .inputs = R"("x","x")", .becomes = "rank 2"},
  });
}

constexpr std::string_view kEveryFused = R"({"fused_ops":{"list":{"s":["NAMES"]}}})";

std::string fused(const std::string& names) {
  std::string out(kEveryFused);
  return out.replace(out.find("NAMES"), 5, names);
}

TEST(Operations, what_is_fused_to_a_convolution_follows_it) {
  const auto row = [](const std::string& names, const std::string& becomes) {
    return Row{.op = "_FusedConv2D",
               .x = "1,4,4,2",
               .inputs = R"("x","w","b")",
               .constants = {floats("w", {1, 1, 2, 3}), floats("b", {3})},
               .attributes = fused(names),
               .becomes = becomes,
               .dims = {1, 4, 4, 3}};
  };
  const std::string bias = R"(Qmlhc0FkZA==",")";
  expect_rows({
      row(bias + "UmVsdQ==", "Conv Relu"),
      row(bias + "UmVsdTY=", "Conv Clip"),
      row(bias + "TGVha3lSZWx1", "Conv LeakyRelu"),
      row("U2lnbW9pZA==", "Conv Sigmoid"),
  });
  expect_refused({
      row(bias + "U3dpc2g=", "'Swish' is not taken"),
      row(R"(UmVsdQ==","Qmlhc0FkZA==)", "must come first"),
  });
}

TEST(Operations, windows_of_images) {
  const std::string sizes =
      R"("ksize":{"list":{"i":["1","2","2","1"]}},"strides":{"list":{"i":["1","2","2","1"]}})";
  const auto image = [](const std::string& op, const std::string& inputs,
                        std::vector<Constant> constants, const std::string& attributes,
                        const std::string& becomes, Dims dims) {
    return Row{.op = op,
               .x = "1,6,6,4",
               .inputs = inputs,
               .constants = std::move(constants),
               .attributes = attributes,
               .becomes = becomes,
               .dims = std::move(dims)};
  };
  const auto four = [](const char* name) { return floats(name, {4}); };
  expect_rows({
      image("AvgPool", R"("x")", {}, "{" + sizes + "}", "AveragePool", {1, 3, 3, 4}),
      image("FusedBatchNormV3", R"("x","a","b","c","d")",
            {four("a"), four("b"), four("c"), four("d")}, "{}", "BatchNormalization", {1, 6, 6, 4}),
      image("DepthToSpace", R"("x")", {}, R"({"block_size":{"i":"2"}})",
            "DepthToSpace Reshape",  // one channel: nothing to turn

            {1, 12, 12, 1}),
      image("SpaceToDepth", R"("x")", {}, R"({"block_size":{"i":"3"}})", "SpaceToDepth",
            {1, 2, 2, 36}),
      image("Conv2D", R"("x","w")", {floats("w", {3, 3, 4, 5})},
            R"({"padding":{"s":"RVhQTElDSVQ="},)"  // EXPLICIT
            R"("explicit_paddings":{"list":{"i":["0","0","1","1","1","2","0","0"]}}})",
            "Conv", {1, 6, 7, 5}),
      image("Conv2DBackpropInput", R"("to","w","x")",
            {ints("to", {1, 12, 12, 3}), floats("w", {2, 2, 3, 4})},
            R"({"strides":{"list":{"i":["1","2","2","1"]}},"padding":{"s":"U0FNRQ=="}})",
            "ConvTranspose", {1, 12, 12, 3}),
      image("ResizeNearestNeighbor", R"("x","s")", {ints("s", {9, 3})},
            R"({"align_corners":{"b":true}})", "Resize", {1, 9, 3, 4}),
  });
}

TEST(Operations, windows_of_images_refuse_what_does_not_fit) {
  const auto image = [](const std::string& op, const std::string& inputs,
                        std::vector<Constant> constants, const std::string& attributes,
                        const std::string& says) {
    return Row{.op = op,
               .x = "1,6,6,4",
               .inputs = inputs,
               .constants = std::move(constants),
               .attributes = attributes,
               .becomes = says};
  };
  const std::string xw = R"("x","w")";
  expect_refused({
      image("Conv2D", xw, {floats("w", {3, 3, 3, 5})}, "{}", "input's channels"),
      image("Conv2D", xw, {floats("w", {9, 9, 4, 1})}, "{}", "larger than its input"),
      image("Conv2D", xw, {floats("w", {3, 4})}, "{}", "rank-4"),
      image("Conv2D", xw, {floats("w", {1, 1, 4, 1})},
            R"({"strides":{"list":{"i":["2","1","1","1"]}}})", "over batch or channels"),
      image("Conv2D", xw, {floats("w", {1, 1, 4, 1})},
            R"({"strides":{"list":{"i":["1","0","1","1"]}}})", "out of range"),
      image("Conv2D", xw, {floats("w", {1, 1, 4, 1})},
            R"({"strides":{"list":{"i":["1","1","1"]}}})", "malformed"),
      image("Conv2D", xw, {floats("w", {1, 1, 4, 1})}, R"({"data_format":{"s":"TkNIVw=="}})",
            "NHWC"),
      image("DepthwiseConv2dNative", xw, {floats("w", {1, 1, 3, 1})}, "{}", "input's channels"),
      image("DepthToSpace", R"("x")", {}, R"({"block_size":{"i":"3"}})", "does not divide"),
      image("Conv2DBackpropInput", R"("to","w","x")",
            {ints("to", {1, 99, 12, 3}), floats("w", {2, 2, 3, 4})},
            R"({"strides":{"list":{"i":["1","2","2","1"]}},"padding":{"s":"U0FNRQ=="}})",
            "does not fit its input"),
      image("FusedBatchNormV3", R"("x")", {}, R"({"is_training":{"b":true}})", "training"),
      image("ResizeBilinear", R"("x","s")", {ints("s", {9})}, "{}", "height and width"),
  });
}

}  // namespace
}  // namespace aa::graph
