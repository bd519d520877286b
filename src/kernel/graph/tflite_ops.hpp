// TFLite operator -> ONNX: one row per operator, most by way of the TensorFlow op it came from.
//
// A row names the TensorFlow op whose converter (op_table.hpp) does the work and which options
// become which attributes; where layouts of weights, orders of inputs or meanings differ, its
// function does the difference. A fused activation is applied to the first output afterwards.
// Errors: Error(unsupported, "tflite_unsupported_op") from find_tflite_op's callers,
// Error(invalid_argument, "tflite_bad_model") naming operator and tensor.
// Thread rule: the table is constant; a context is local to one import.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "kernel/graph/graph_builder.hpp"
#include "kernel/graph/tflite_model.hpp"

namespace aa::graph {

inline constexpr int kTfliteCustom = 32;  // operators that have a name instead of a code

struct TfliteRow;

// Attributes of a TensorFlow node, spelled as its JSON spells them.
class TfAttributes {
 public:
  TfAttributes& integer(std::string_view name, std::int64_t value);
  TfAttributes& integers(std::string_view name, std::span<const std::int64_t> values);
  TfAttributes& real(std::string_view name, double value);
  TfAttributes& flag(std::string_view name, bool value);
  TfAttributes& text(std::string_view name, std::string_view value);
  TfAttributes& texts(std::string_view name, std::string_view value);  // a list of one
  const json::Object& object() const { return object_; }

 private:
  json::Object object_;
};

struct TfliteContext {
  GraphBuilder& graph;
  const TfliteModel& model;
  const TfliteOperator& node;
  const TfliteRow& row;
  std::vector<std::optional<Value>> inputs;
  std::vector<Value> outputs = {};

  const TfliteTensor& output() const;  // the first, as the file declares it
  Value input(std::size_t index) const;
  bool has_input(std::size_t index) const { return index < inputs.size() && inputs[index]; }
  std::vector<Value> given() const;  // the inputs that are not left out
  std::int32_t option(unsigned field, std::int32_t otherwise) const;
  std::int8_t small_option(unsigned field) const;  // enums and flags of one byte
  // Runs the converter of a TensorFlow op.
  std::vector<Value> tensorflow(std::string_view op, std::vector<Value> operands,
                                const TfAttributes& attributes = {}) const;
  void push(Value value) { outputs.push_back(value); }
  [[noreturn]] void fail(std::string_view what) const;
};

// How an option of one field becomes an attribute.
enum class OptionKind : std::uint8_t { integer, flag, real, integers };

struct OptionRow {
  std::string_view attribute;  // empty: none
  unsigned field = 0;
  OptionKind kind = OptionKind::integer;
};

struct TfliteRow {
  int code;
  std::string_view name;  // for custom operators the name in the file
  void (*convert)(TfliteContext&);
  std::string_view tensorflow = {};
  std::array<OptionRow, 5> options = {};
  int activation = -1;  // field of the fused activation; -1 where there can be none
};

const TfliteRow* find_tflite_op(const TfliteOperator& node);
std::span<const TfliteRow> tflite_table();

void apply_tflite_activation(TfliteContext& op);
Value clip(GraphBuilder& graph, Value value, double low, double high);

// tflite_ops.cpp
void convert_as_tensorflow(TfliteContext& op);
void convert_tflite_alias(TfliteContext& op);

// tflite_layers.cpp
void convert_tflite_conv(TfliteContext& op);
void convert_tflite_depthwise(TfliteContext& op);
void convert_tflite_conv_transpose(TfliteContext& op);
void convert_conv_transpose_bias(TfliteContext& op);
void convert_tflite_pool(TfliteContext& op);
void convert_fully_connected(TfliteContext& op);

// tflite_arithmetic.cpp
void convert_clip_range(TfliteContext& op);
void convert_hard_swish(TfliteContext& op);
void convert_gelu(TfliteContext& op);
void convert_l2_normalization(TfliteContext& op);
void convert_tflite_softmax(TfliteContext& op);
void convert_tflite_div(TfliteContext& op);
void convert_tflite_cast(TfliteContext& op);

// tflite_shapes.cpp
void convert_tflite_reshape(TfliteContext& op);
void convert_concatenation(TfliteContext& op);
void convert_tflite_gather(TfliteContext& op);
void convert_mirror_pad(TfliteContext& op);
void convert_tflite_slice(TfliteContext& op);
void convert_space_to_batch(TfliteContext& op);
void convert_batch_to_space(TfliteContext& op);

}  // namespace aa::graph
