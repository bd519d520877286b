#include "kernel/graph/keras_layers.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/graph/tfjs_import.hpp"

namespace aa::graph {
namespace {

// A layers model under construction: layers one after another, their weights beside them.
struct TinyLayers {
  std::string layers;
  std::string manifest;
  std::vector<std::byte> weights;
  std::string last;

  TinyLayers& layer(const std::string& class_name, const std::string& name,
                    const std::string& config = "", std::string inputs = "-") {
    if (inputs == "-") inputs = last.empty() ? "" : reference(last);
    layers += (layers.empty() ? "" : ",") + std::string(R"({"class_name":")") + class_name +
              R"(","name":")" + name + R"(","config":{"name":")" + name + "\"" +
              (config.empty() ? "" : "," + config) + R"(},"inbound_nodes":[)" +
              (inputs.empty() ? "" : "[" + inputs + "]") + "]}";
    last = name;
    return *this;
  }
  static std::string reference(const std::string& name) { return "[\"" + name + "\",0,0,{}]"; }
  TinyLayers& input(const std::string& dims) {
    return layer("InputLayer", "x", R"("batch_input_shape":[)" + dims + "]");
  }
  TinyLayers& weight(const std::string& name, const Dims& dims) {
    manifest += (manifest.empty() ? "" : ",") + std::string(R"({"name":")") + name +
                R"(","dtype":"float32","shape":)" + to_text(dims) + "}";
    const std::vector<double> values(static_cast<std::size_t>(element_count(dims)), 0.5);
    const Tensor tensor = from_doubles(DType::float32, dims, values);
    weights.insert(weights.end(), tensor.bytes.begin(), tensor.bytes.end());
    return *this;
  }
  std::string json(const std::string& kind = "Model") const {
    return R"({"modelTopology":{"model_config":{"class_name":")" + kind +
           R"(","config":{"layers":[)" + layers + R"(],"output_layers":[[")" + last +
           R"(",0,0]]}}},"weightsManifest":[{"weights":[)" + manifest + "]}]}";
  }
  OnnxGraph convert(const std::string& kind = "Model", const ImportOptions& options = {}) const {
    std::vector<std::string> notes;
    return convert_tfjs({.model_json = json(kind), .weights = weights}, options, notes);
  }
};

std::string operations(const OnnxGraph& graph) {
  std::string out;
  for (const auto& node : graph.nodes) {
    if (node.op != "Transpose") out += (out.empty() ? "" : " ") + node.op;
  }
  return out;
}

Error refusal(const TinyLayers& model, const std::string& kind = "Model") {
  try {
    model.convert(kind);
  } catch (const Error& error) {
    return error;
  }
  return internal_error("it was taken");
}

TEST(KerasLayers, a_small_network_becomes_onnx) {
  TinyLayers model;
  model.input("null,8,8,3")
      .layer("ZeroPadding2D", "pad", R"("padding":[[0,1],[0,1]])")
      .layer("Conv2D", "conv", R"("strides":[2,2],"padding":"valid","use_bias":false)")
      .weight("conv/kernel", {3, 3, 3, 4})
      .layer("BatchNormalization", "norm", R"("axis":[3],"scale":false,"epsilon":0.001)")
      .weight("norm/beta", {4})
      .weight("norm/moving_mean", {4})
      .weight("norm/moving_variance", {4})
      .layer("ReLU", "relu", R"("max_value":6,"negative_slope":0,"threshold":0)")
      .layer("GlobalAveragePooling2D", "mean")
      .layer("Dropout", "drop", R"("rate":0.5)")
      .layer("Dense", "dense", R"("activation":"softmax")")
      .weight("dense/kernel", {4, 5})
      .weight("dense/bias", {5});
  const auto graph = model.convert();
  EXPECT_EQ(operations(graph), "Pad Conv BatchNormalization Clip ReduceMean Gemm Add Softmax");
  ASSERT_EQ(graph.outputs.size(), 1U);
  EXPECT_EQ(graph.outputs[0].name, "dense");
  EXPECT_EQ(graph.outputs[0].dims, (Dims{1, 5}));
  EXPECT_EQ(graph.inputs[0].dims, (Dims{1, 8, 8, 3}));
}

TEST(KerasLayers, any_layer_can_be_the_output) {
  TinyLayers model;
  model.input("null,4,4,2")
      .layer("AveragePooling2D", "pool", R"("pool_size":[4,4],"strides":null)")
      .layer("Flatten", "flat")
      .layer("Activation", "soft", R"("activation":"softmax")");
  const auto graph = model.convert("Model", {.outputs = {"flat"}});
  EXPECT_EQ(graph.outputs[0].dims, (Dims{1, 2}));
  EXPECT_EQ(operations(graph), "AveragePool Reshape Reshape") << "one of them a cheap Transpose";
}

TEST(KerasLayers, an_open_batch_stays_open) {
  TinyLayers model;
  model.input("null,2,2,3")
      .layer("Flatten", "flat")
      .layer("Reshape", "back", R"("target_shape":[4,3])");
  const auto graph = model.convert("Model", {.batch = 0});
  EXPECT_EQ(graph.outputs[0].dims.size(), 3U);
  EXPECT_EQ(graph.outputs[0].dims[0], kUnknownDim);
}

TEST(KerasLayers, branches_are_joined) {
  TinyLayers model;
  const auto both = TinyLayers::reference("a") + "," + TinyLayers::reference("b");
  model.input("null,4,4,2")
      .layer("MaxPooling2D", "a", R"("pool_size":2,"padding":"same","strides":[1,1])")
      .layer("DepthwiseConv2D", "b", R"("padding":"same","use_bias":true)",
             TinyLayers::reference("x"))
      .weight("b/depthwise_kernel", {3, 3, 2, 1})
      .weight("b/bias", {2})
      .layer("Add", "sum", "", both)
      .layer("Concatenate", "all", R"("axis":-1)", TinyLayers::reference("sum") + "," + both);
  const auto graph = model.convert();
  EXPECT_EQ(graph.outputs[0].dims, (Dims{1, 4, 4, 6}));
  EXPECT_EQ(operations(graph), "MaxPool Conv Add Add Concat");
}

TEST(KerasLayers, a_sequential_model_needs_no_input_layer) {
  TinyLayers model;
  model.layer("Dense", "first", R"("batch_input_shape":[null,3],"activation":"swish")")
      .weight("first/kernel", {3, 2})
      .weight("first/bias", {2})
      .layer("LeakyReLU", "leak", R"("alpha":0.1)");
  const auto graph = model.convert("Sequential");
  EXPECT_EQ(graph.inputs[0].name, "first_input");
  EXPECT_EQ(operations(graph), "Gemm Add Sigmoid Mul LeakyRelu");
}

// As trainers for the browser write them: a base cut off and a head, each a model of its own.
TEST(KerasLayers, models_inside_models_are_unfolded) {
  const std::string base = R"({"class_name":"Model","config":{"name":"base","layers":[)"
                           R"({"class_name":"InputLayer","name":"in","inbound_nodes":[],)"
                           R"("config":{"name":"in","batch_input_shape":[null,4,4,2]}},)"
                           R"({"class_name":"GlobalAveragePooling2D","name":"mean","config":{},)"
                           R"("inbound_nodes":[[["in",0,0,{}]]]}],)"
                           R"("input_layers":[["in",0,0]],"output_layers":[["mean",0,0]]}})";
  const std::string head = R"({"class_name":"Sequential","config":{"name":"head","layers":[)"
                           R"({"class_name":"Dense","config":{"name":"d","activation":"softmax",)"
                           R"("batch_input_shape":[null,2]}}]}})";
  TinyLayers weights;
  weights.weight("d/kernel", {2, 3}).weight("d/bias", {3});
  const std::string json = R"({"modelTopology":{"class_name":"Sequential","config":{"layers":[)" +
                           base + "," + head + R"(]}},"weightsManifest":[{"weights":[)" +
                           weights.manifest + "]}]}";
  std::vector<std::string> notes;
  const auto graph = convert_tfjs({.model_json = json, .weights = weights.weights}, {}, notes);
  EXPECT_EQ(operations(graph), "ReduceMean Gemm Add Softmax");
  ASSERT_EQ(graph.inputs.size(), 1U);
  EXPECT_EQ(graph.inputs[0].name, "in");
  EXPECT_EQ(graph.outputs[0].name, "head");
  EXPECT_EQ(graph.outputs[0].dims, (Dims{1, 3}));
}

TEST(KerasLayers, models_nested_too_deep_are_refused) {
  std::string json = R"({"class_name":"Dense","config":{"name":"d"}})";
  for (int i = 0; i < 6; ++i) {
    json = R"({"class_name":"Sequential","config":{"name":"m)" + std::to_string(i) +
           R"(","layers":[)" + json + "]}}";
  }
  json = R"({"modelTopology":)" + json + R"(,"weightsManifest":[]})";
  std::vector<std::string> notes;
  try {
    convert_tfjs({.model_json = json, .weights = {}}, {}, notes);
    ADD_FAILURE() << "was taken";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("4 deep"), std::string::npos) << error.message();
  }
}

TEST(KerasLayers, what_is_not_taken_is_named) {
  TinyLayers lstm;
  lstm.input("null,4,4,2").layer("LSTM", "memory");
  EXPECT_EQ(refusal(lstm).slug(), "tfjs_unsupported_layer");
  EXPECT_NE(refusal(lstm).message().find("'memory' of class LSTM"), std::string::npos);

  const auto says = [](const std::string& class_name, const std::string& config,
                       const std::string& why, std::string inputs = "-") {
    TinyLayers model;
    model.input("null,4,4,2").layer(class_name, "y", config, std::move(inputs));
    model.weight("y/kernel", {3, 3, 2, 1}).weight("y/moving_variance", {2});
    const auto error = refusal(model);
    EXPECT_EQ(error.slug(), "tfjs_bad_model") << error.message();
    EXPECT_NE(error.message().find(why), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("'y"), std::string::npos) << error.message();
  };
  says("Conv2D", R"("data_format":"channels_first")", "channels_last");
  says("Conv2D", R"("padding":"causal","use_bias":false)", "padding 'causal'");
  says("Conv2D", R"("strides":[1,2,3])", "needs two numbers");
  says("Conv2D", R"("strides":"two")", "is no list");
  says("Conv2D", "", "no weight 'y/bias'");
  says("Activation", R"("activation":"mish")", "'mish'");
  says("Activation", R"("activation":{"class_name":"x"})", "is no text");
  says("BatchNormalization", R"("axis":1)", "another axis");
  says("BatchNormalization", R"("axis":[])", "several axes");
  says("BatchNormalization", "", "no weight 'y/gamma'");
  says("ReLU", R"("threshold":1)", "threshold");
  says("ReLU", R"("max_value":3)", "maximum");
  says("ZeroPadding2D", R"("padding":[[1],[1,1]])", "malformed");
  says("Reshape", "", "is no list");
  says("Softmax", R"("axis":1)", "last axis");
  says("Add", "", "called more than once",
       TinyLayers::reference("x") + "],[" + TinyLayers::reference("x"));
  says("Flatten", "", "what it is given", R"(["x",0,1,{}])");
  says("Flatten", "", "takes one input", TinyLayers::reference("x") + "," + "[\"x\",0,0,{}]");
}

TEST(KerasLayers, a_layer_that_is_not_there_and_a_name_given_twice_are_refused) {
  TinyLayers lost;
  lost.input("null,4").layer("Activation", "y", "", TinyLayers::reference("z"));
  EXPECT_EQ(refusal(lost).slug(), "tfjs_bad_model");
  TinyLayers twice;
  twice.input("null,4").layer("Activation", "x");
  EXPECT_EQ(refusal(twice).slug(), "tfjs_bad_model");
  TinyLayers none;
  EXPECT_EQ(refusal(none, "Sequential").slug(), "tfjs_bad_model");
  EXPECT_EQ(refusal(none, "Subclass").slug(), "tfjs_bad_model");
}

}  // namespace
}  // namespace aa::graph
