#include "kernel/graph/tflite_import.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "kernel/graph/tflite_ops.hpp"
#include "kernel/graph/tflite_tensor.hpp"

namespace aa::graph {
namespace {

// A float32 tensor stored as bytes grows fourfold; turning and reshaping it makes two copies more.
constexpr std::size_t kFoldPerByte = 12;
constexpr std::size_t kFoldBytesMin = 64ULL << 20;
constexpr std::size_t kValuesMax = 100'000;                  // an operator may split into thousands
constexpr std::size_t kOnnxWeightBytesMax = 2'000ULL << 20;  // leaves 48 MiB for the graph

class TfliteImport {
 public:
  explicit TfliteImport(std::span<const std::byte> file)
      : model_(read_tflite(file)),
        budget_(kFoldBytesMin + kFoldPerByte * file.size()),
        input_names_(unique_names(model_.inputs)),
        output_names_(unique_names(model_.outputs)),
        graph_({names_.begin(), names_.end()}, budget_),
        values_(model_.tensors.size()) {}

  OnnxGraph run(std::vector<std::string>& notes);

 private:
  std::vector<std::string> unique_names(std::span<const std::int32_t> tensors);
  void add_inputs(std::vector<std::string>& notes);
  void convert(const TfliteOperator& node);
  std::string hint_for(const TfliteOperator& node, const TfliteRow& row);
  std::optional<Value> known(std::int32_t index);  // made before, or a constant
  Value operand(const TfliteContext& op, std::int32_t index);
  void keep_outputs(TfliteContext& op);
  std::optional<Value>& value(std::int32_t index) {
    return values_[static_cast<std::size_t>(index)];
  }
  const TfliteTensor& tensor(std::int32_t index) const {
    return model_.tensors[static_cast<std::size_t>(index)];
  }

  TfliteModel model_;
  std::size_t budget_;
  std::unordered_set<std::string> names_;
  std::vector<std::string> input_names_;
  std::vector<std::string> output_names_;
  GraphBuilder graph_;
  std::vector<std::optional<Value>> values_;
  std::unordered_set<std::string> hints_;
  std::size_t made_ = 0;
};

// Names of tensors are for people: they may be missing or twice there.
std::vector<std::string> TfliteImport::unique_names(std::span<const std::int32_t> tensors) {
  std::vector<std::string> out;
  for (const std::int32_t index : tensors) {
    std::string name = tensor(index).name;
    if (name.empty() || names_.contains(name)) name += "#" + std::to_string(names_.size());
    while (!names_.insert(name).second) name += "+";
    out.push_back(name);
  }
  return out;
}

void TfliteImport::add_inputs(std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < model_.inputs.size(); ++i) {
    const TfliteTensor& fed = tensor(model_.inputs[i]);
    element_count(fed.dims);
    if (value(model_.inputs[i])) throw bad_tensor(fed, "it is an input twice.");
    value(model_.inputs[i]) =
        graph_.input(input_names_[i], computed_type(fed), fed.dims, Layout::as_is);
    if (is_quantized(fed)) {
      notes.push_back("Input " + input_names_[i] + " takes real values instead of quantised ones");
    }
  }
}

std::optional<Value> TfliteImport::known(std::int32_t index) {
  auto& made = value(index);
  const TfliteTensor& constant = tensor(index);
  const bool empty = std::ranges::count(constant.dims, 0) > 0;
  if (!made && (!constant.data.empty() || empty)) {
    made = graph_.constant(decode_tensor(constant, budget_));
  }
  return made;
}

Value TfliteImport::operand(const TfliteContext& op, std::int32_t index) {
  const auto made = known(index);
  if (!made) {
    op.fail("its input '" + tensor(index).name +
            "' is neither a constant nor made before it; variables are not taken.");
  }
  return *made;
}

void TfliteImport::keep_outputs(TfliteContext& op) {
  made_ += op.outputs.size();
  if (made_ > kValuesMax)
    throw too_large("tflite_too_large", "The graph makes over 100,000 values.");
  if (op.outputs.size() < op.node.outputs.size()) {
    op.fail("it has " + std::to_string(op.node.outputs.size()) + " outputs where it can have " +
            std::to_string(op.outputs.size()) + ".");
  }
  for (std::size_t i = 0; i < op.node.outputs.size(); ++i) {
    const std::int32_t index = op.node.outputs[i];
    Dims least = graph_.dims(op.outputs[i]);
    std::ranges::replace(least, kUnknownDim, std::int64_t{1});
    element_count(least);
    if (value(index)) op.fail("its output '" + tensor(index).name + "' is made twice.");
    value(index) = graph_.cast(op.outputs[i], computed_type(tensor(index)));
  }
}

// Another for each operator: the builder counts on from a name that is taken.
std::string TfliteImport::hint_for(const TfliteOperator& node, const TfliteRow& row) {
  std::string hint = node.outputs.empty() ? "" : tensor(node.outputs[0]).name;
  if (hint.empty()) hint = row.name;
  if (!hints_.insert(hint).second) hint += "@" + std::to_string(made_);
  return hint;
}

void TfliteImport::convert(const TfliteOperator& node) {
  const std::string name = node.outputs.empty() ? "" : tensor(node.outputs[0]).name;
  const TfliteRow* row = find_tflite_op(node);
  if (row == nullptr) {
    const std::string op = node.code == kTfliteCustom
                               ? "Custom operator " + std::string(node.custom)
                               : "Operator " + std::to_string(node.code);
    throw Error(ErrorCode::unsupported, "tflite_unsupported_op",
                op + " of tensor '" + name + "' is not supported.");
  }
  TfliteContext op{.graph = graph_, .model = model_, .node = node, .row = *row, .inputs = {}};
  for (const std::int32_t index : node.inputs) {
    op.inputs.push_back(index < 0 ? std::nullopt : std::optional(operand(op, index)));
  }
  graph_.set_hint(hint_for(node, *row));
  try {
    row->convert(op);
    apply_tflite_activation(op);
    keep_outputs(op);
  } catch (const Error& error) {
    if (!error.slug().starts_with("tfjs_")) throw;
    // Thrown by the graph builder, which does not know for whom it builds.
    throw Error(error.code(), "tflite" + error.slug().substr(4),
                std::string(row->name) + " operator of '" + name + "': " + error.message());
  }
}

OnnxGraph TfliteImport::run(std::vector<std::string>& notes) {
  add_inputs(notes);
  for (const TfliteOperator& node : model_.operators) convert(node);
  for (std::size_t i = 0; i < model_.outputs.size(); ++i) {
    const auto made = known(model_.outputs[i]);
    if (!made) throw bad_tensor(tensor(model_.outputs[i]), "it is an output that nothing makes.");
    graph_.set_hint(output_names_[i]);
    graph_.add_output(output_names_[i], *made);
  }
  OnnxGraph onnx = graph_.finish("tflite");
  std::size_t bytes = 0;
  for (const auto& initializer : onnx.initializers) bytes += initializer.tensor->bytes.size();
  if (bytes > kOnnxWeightBytesMax) {
    throw too_large("tflite_too_large", "The weights are beyond the 2 GiB of an ONNX file.");
  }
  return onnx;
}

}  // namespace

OnnxGraph convert_tflite(std::span<const std::byte> file, std::vector<std::string>& notes) {
  return TfliteImport(file).run(notes);
}

ImportedModel import_tflite(std::span<const std::byte> file,
                            const std::map<std::string, std::string>& metadata) {
  ImportedModel out;
  OnnxGraph onnx = convert_tflite(file, out.notes);
  onnx.metadata = metadata;
  out.onnx = write_onnx(onnx);
  for (const OnnxNode& node : onnx.nodes) ++out.onnx_ops[node.op];
  out.inputs = std::move(onnx.inputs);
  out.outputs = std::move(onnx.outputs);
  return out;
}

void fuzz_tflite_import(std::string_view bytes) {
  try {
    import_tflite(std::as_bytes(std::span(bytes)));
  } catch (const Error&) {
    return;  // the only way to refuse
  }
}

}  // namespace aa::graph
