#include "base/error.hpp"
#include "kernel/graph/op_table.hpp"
#include "kernel/graph/tflite_ops.hpp"

namespace aa::graph {
namespace {

enum class Activation : std::int8_t { none = 0, relu = 1, relu_n1_to_1 = 2, relu6 = 3 };

json::Array bytes_of(std::string_view text) {
  json::Array out;
  for (const char c : text) out.emplace_back(std::int64_t{static_cast<unsigned char>(c)});
  return out;
}

std::string title(const TfliteContext& op) {
  const std::string output = op.node.outputs.empty() ? "" : op.output().name;
  return std::string(op.row.name) + " operator of '" + output + "': ";
}

}  // namespace

TfAttributes& TfAttributes::integer(std::string_view name, std::int64_t value) {
  object_[name] = json::Object{{"i", value}};
  return *this;
}

TfAttributes& TfAttributes::integers(std::string_view name, std::span<const std::int64_t> values) {
  json::Array list(values.begin(), values.end());
  object_[name] = json::Object{{"list", json::Object{{"i", std::move(list)}}}};
  return *this;
}

TfAttributes& TfAttributes::real(std::string_view name, double value) {
  object_[name] = json::Object{{"f", value}};
  return *this;
}

TfAttributes& TfAttributes::flag(std::string_view name, bool value) {
  object_[name] = json::Object{{"b", value}};
  return *this;
}

TfAttributes& TfAttributes::text(std::string_view name, std::string_view value) {
  object_[name] = json::Object{{"s", bytes_of(value)}};
  return *this;
}

TfAttributes& TfAttributes::texts(std::string_view name, std::string_view value) {
  json::Array list;
  list.push_back(bytes_of(value));
  object_[name] = json::Object{{"list", json::Object{{"s", std::move(list)}}}};
  return *this;
}

void TfliteContext::fail(std::string_view what) const {
  throw bad_tflite(title(*this) + std::string(what));
}

const TfliteTensor& TfliteContext::output() const {
  if (node.outputs.empty()) throw bad_tflite(std::string(row.name) + " operator without outputs.");
  return model.tensors[static_cast<std::size_t>(node.outputs[0])];
}

Value TfliteContext::input(std::size_t index) const {
  if (!has_input(index)) fail("input " + std::to_string(index) + " is missing.");
  return *inputs[index];
}

std::vector<Value> TfliteContext::given() const {
  std::vector<Value> out;
  for (const auto& value : inputs) {
    if (value) out.push_back(*value);
  }
  return out;
}

std::int32_t TfliteContext::option(unsigned field, std::int32_t otherwise) const {
  return node.options ? node.options->number<std::int32_t>(field, otherwise) : otherwise;
}

std::int8_t TfliteContext::small_option(unsigned field) const {
  return node.options ? node.options->number<std::int8_t>(field, 0) : std::int8_t{0};
}

std::vector<Value> TfliteContext::tensorflow(std::string_view op, std::vector<Value> operands,
                                             const TfAttributes& attributes) const {
  const TfNode tf{.name = output().name,
                  .op = std::string(op),
                  .inputs = {},
                  .attributes = attributes.object()};
  const OpRow* found = find_op(op);
  if (found == nullptr) throw internal_error("TensorFlow op without a row: " + tf.op);
  OpContext context{.graph = graph,
                    .node = tf,
                    .onnx = found->onnx,
                    .inputs = std::move(operands),
                    .outputs = {}};
  try {
    found->convert(context);
  } catch (const Error& error) {
    const std::string theirs = tf.op + " node '" + tf.name + "': ";
    std::string_view what = error.message();
    if (what.starts_with(theirs)) what.remove_prefix(theirs.size());
    throw Error(error.code(), "tflite_bad_model", title(*this) + std::string(what));
  }
  return std::move(context.outputs);
}

Value clip(GraphBuilder& graph, Value value, double low, double high) {
  const Layout layout = graph.preferred(std::span(&value, 1));
  const DType dtype = graph.dtype(value);
  std::vector<std::string> inputs{graph.name(value, layout), graph.name(graph.scalar(dtype, low)),
                                  graph.name(graph.scalar(dtype, high))};
  return graph.emit("Clip", std::move(inputs), {dtype, graph.dims(value), layout});
}

void apply_tflite_activation(TfliteContext& op) {
  if (op.row.activation < 0 || op.outputs.empty()) return;
  Value& value = op.outputs[0];
  switch (static_cast<Activation>(op.small_option(static_cast<unsigned>(op.row.activation)))) {
    case Activation::none:
      return;
    case Activation::relu:
      value = activation(op.graph, "Relu", value);
      return;
    case Activation::relu_n1_to_1:
      value = clip(op.graph, value, -1, 1);
      return;
    case Activation::relu6:
      value = clip(op.graph, value, 0, 6);
      return;
  }
  op.fail("its fused activation is none that TensorFlow Lite computes.");
}

}  // namespace aa::graph
