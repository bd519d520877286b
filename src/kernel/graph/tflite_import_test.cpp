#include "kernel/graph/tflite_import.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/graph/onnx_inspect.hpp"
#include "kernel/graph/tflite_tensor.hpp"
#include "kernel/graph/tflite_writer.hpp"

namespace aa::graph {
namespace {

constexpr int kAdd = 0, kDequantize = 6, kReshape = 22, kRelu = 19;

std::span<const std::byte> view(const std::string& bytes) {
  return std::as_bytes(std::span(bytes));
}

// x + w, both of two numbers.
TinyTflite sum() {
  TinyTflite model;
  const auto x = model.feed({2});
  const auto w = model.constant({2}, TfliteType::float32, std::vector<float>{1, 2});
  model.outputs = {model.add({.dims = {2}, .name = "sum"})};
  model.operators = {{.code = kAdd, .inputs = {x, w}, .outputs = model.outputs}};
  return model;
}

Error refusal(const std::string& bytes) {
  try {
    import_tflite(view(bytes));
  } catch (const Error& error) {
    return error;
  }
  return internal_error("was taken");
}

std::string message_of(const TinyTflite& model) { return refusal(model.bytes()).message(); }

TEST(TfliteImport, writes_a_file_that_passes_inspection) {
  const ImportedModel model = import_tflite(view(sum().bytes()), {{"family", "test"}});
  const OnnxSummary summary = inspect_onnx(view(model.onnx));
  require_safe(summary);
  ASSERT_EQ(model.inputs.size(), 1U);
  EXPECT_EQ(model.inputs[0].name, "t0");
  ASSERT_EQ(model.outputs.size(), 1U);
  EXPECT_EQ(model.outputs[0].name, "sum");
  EXPECT_EQ(model.outputs[0].dims, (Dims{2}));
  EXPECT_EQ(model.onnx_ops.at("Add"), 1);
}

TEST(TfliteImport, makes_names_unique) {
  TinyTflite model = sum();
  model.tensors[0].name = "same";
  model.tensors[2].name = "same";
  const ImportedModel imported = import_tflite(view(model.bytes()));
  EXPECT_EQ(imported.inputs[0].name, "same");
  EXPECT_NE(imported.outputs[0].name, "same");
  require_safe(inspect_onnx(view(imported.onnx)));
}

TEST(TfliteImport, gives_out_inputs_constants_and_one_value_twice) {
  TinyTflite model = sum();
  model.outputs = {2, 0, 2, 1};
  const ImportedModel imported = import_tflite(view(model.bytes()));
  EXPECT_EQ(imported.outputs.size(), 4U);
  require_safe(inspect_onnx(view(imported.onnx)));
}

TEST(TfliteImport, names_the_operator_that_it_does_not_take) {
  TinyTflite model = sum();
  model.operators[0].code = 119;  // WHILE
  const Error loop = refusal(model.bytes());
  EXPECT_EQ(loop.slug(), "tflite_unsupported_op");
  EXPECT_NE(loop.message().find("119 of tensor 'sum'"), std::string::npos) << loop.message();
  model.operators[0].code = 32;
  model.operators[0].custom = "TFLite_Detection_PostProcess";
  EXPECT_NE(message_of(model).find("TFLite_Detection_PostProcess"), std::string::npos);
}

TEST(TfliteImport, refuses_graphs_that_do_not_hang_together) {
  TinyTflite model = sum();
  model.tensors[1].data.clear();
  EXPECT_NE(message_of(model).find("neither a constant nor made before it"), std::string::npos);
  model = sum();
  model.operators.push_back({.code = kRelu, .inputs = {0}, .outputs = {2}});
  EXPECT_NE(message_of(model).find("made twice"), std::string::npos);
  model = sum();
  model.outputs = {model.add({.dims = {2}})};
  EXPECT_NE(message_of(model).find("nothing makes"), std::string::npos);
  model = sum();
  model.inputs = {0, 0};
  EXPECT_NE(message_of(model).find("input twice"), std::string::npos);
  model = sum();
  model.outputs.clear();
  EXPECT_NE(message_of(model).find("no outputs"), std::string::npos);
}

TEST(TfliteImport, refuses_indices_outside_and_other_versions) {
  TinyTflite model = sum();
  model.operators[0].inputs = {0, 99};
  EXPECT_NE(message_of(model).find("no tensor 99"), std::string::npos);
  model.operators[0].inputs = {0, -2};
  EXPECT_NE(message_of(model).find("no tensor -2"), std::string::npos);
  model = sum();
  model.outputs = {-1};
  EXPECT_NE(message_of(model).find("no tensor -1"), std::string::npos);
  model = sum();
  model.tensors[0].dims = {-5};
  EXPECT_NE(message_of(model).find("negative dim"), std::string::npos);
  model = sum();
  model.version = 2;
  EXPECT_NE(message_of(model).find("version 3"), std::string::npos);
}

TEST(TfliteImport, refuses_constants_that_are_too_short_or_unfold_too_far) {
  TinyTflite model = sum();
  model.tensors[1].data.resize(7);
  EXPECT_NE(message_of(model).find("7 bytes where its shape [2] needs 8"), std::string::npos);
  model = sum();
  model.tensors[1].dims = {1 << 20, 1 << 20};
  EXPECT_EQ(refusal(model.bytes()).slug(), "tensor_too_large");
  model.tensors[1].dims = {1 << 15, 1 << 15};
  EXPECT_EQ(refusal(model.bytes()).slug(), "tflite_too_large");
}

TEST(TfliteImport, computes_quantised_graphs_in_real_numbers_and_says_so) {
  TinyTflite model = sum();
  const auto scale = flat_table({{2, flat_list(std::vector<float>{0.5F})}});
  for (auto& tensor : model.tensors) tensor.quantization = scale;
  model.tensors[0].type = model.tensors[2].type = TfliteType::int8;
  const ImportedModel imported = import_tflite(view(model.bytes()));
  EXPECT_EQ(imported.inputs[0].dtype, DType::float32);
  EXPECT_EQ(imported.outputs[0].dtype, DType::float32);
  ASSERT_EQ(imported.notes.size(), 1U);
  EXPECT_NE(imported.notes[0].find("real values"), std::string::npos);
}

TEST(TfliteImport, takes_an_empty_constant) {
  TinyTflite model;
  const auto x = model.feed({1, 1});
  const auto shape = model.add({.dims = {0}, .type = TfliteType::int32});
  model.outputs = {model.add({.dims = {}})};
  model.operators = {{.code = kReshape, .inputs = {x, shape}, .outputs = model.outputs}};
  EXPECT_EQ(import_tflite(view(model.bytes())).outputs[0].dims, Dims{});
}

TEST(TfliteImport, unpacks_half_floats_for_the_operator_behind_them) {
  TinyTflite model = sum();
  const auto half = model.constant({2}, TfliteType::float16, std::vector<std::uint16_t>{0x3c00, 0});
  const auto wide = model.add({.dims = {2}});
  model.operators.insert(model.operators.begin(),
                         {.code = kDequantize, .inputs = {half}, .outputs = {wide}});
  model.operators[1].inputs = {0, wide};
  std::vector<std::string> notes;
  const std::string bytes = model.bytes();
  const OnnxGraph graph = convert_tflite(view(bytes), notes);
  ASSERT_EQ(graph.initializers.size(), 1U);
  EXPECT_EQ(to_doubles(*graph.initializers[0].tensor), (std::vector<double>{1, 0}));
}

// What a file of a few kilobytes asks for must not grow without bound.
TEST(TfliteImport, bounds_what_a_small_file_makes_of_itself) {
  TinyTflite ranges;
  ranges.feed({1});
  const auto number = [&](std::int32_t value) {
    return ranges.constant({}, TfliteType::int32, std::vector<std::int32_t>{value});
  };
  const auto from = number(0), to = number(1'000'000), step = number(1);
  for (int i = 0; i < 40; ++i) {
    const auto out = ranges.add({.dims = {1}, .type = TfliteType::int32, .name = "same"});
    ranges.operators.push_back({.code = 96, .inputs = {from, to, step}, .outputs = {out}});
    ranges.outputs = {out};
  }
  EXPECT_EQ(refusal(ranges.bytes()).code(), ErrorCode::too_large);
  TinyTflite ports = sum();
  ports.outputs.assign(1'001, 2);
  EXPECT_NE(message_of(ports).find("too long"), std::string::npos);
}

TEST(TfliteImport, takes_thousands_of_operators_of_one_name) {
  TinyTflite model;
  auto last = model.feed({2});
  for (int i = 0; i < 20'000; ++i) {
    const auto next = model.add({.dims = {2}, .name = "same"});
    model.operators.push_back({.code = kRelu, .inputs = {last}, .outputs = {next}});
    last = next;
  }
  model.outputs = {last};
  EXPECT_EQ(import_tflite(view(model.bytes())).onnx_ops.at("Relu"), 20'000);
}

// Whatever is cut off or overwritten, it is an Error or a model, never anything else.
TEST(TfliteImport, survives_every_cut_and_every_byte) {
  const std::string whole = sum().bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NO_THROW(fuzz_tflite_import(std::string_view(whole).substr(0, size))) << size;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : {'\x00', '\x01', '\x7f', '\x80', '\xff'}) {
      std::string damaged = whole;
      damaged[at] = byte;
      EXPECT_NO_THROW(fuzz_tflite_import(damaged)) << at;
    }
  }
}

}  // namespace
}  // namespace aa::graph
