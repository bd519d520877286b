#include "kernel/graph/tfjs_import.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "kernel/graph/keras_layers.hpp"
#include "kernel/graph/op_table.hpp"
#include "kernel/graph/tfjs_weights.hpp"

namespace aa::graph {
namespace {

// A float32 tensor stored as bytes grows fourfold; turning and reshaping it makes two copies more.
constexpr std::size_t kFoldPerWeightByte = 12;
constexpr std::size_t kFoldBytesMin = 64ULL << 20;
constexpr std::size_t kOnnxWeightBytesMax = 2'000ULL << 20;  // leaves 48 MiB for the graph

std::string without_port_zero(std::string_view reference) {
  if (reference.ends_with(":0")) reference.remove_suffix(2);
  return std::string(reference);
}

class Import {
 public:
  Import(const json::Value& model, std::span<const std::byte> weights, const ImportOptions& options)
      : options_(options),
        weights_(index_weights(model, weights)),
        tf_(is_layers_model(model) ? read_tf_graph(layers_as_graph(model, weights_))
                                   : read_tf_graph(model)),
        outputs_(output_names()),
        graph_(reserved(), kFoldBytesMin + kFoldPerWeightByte * weights.size()),
        results_(tf_.nodes.size()) {}

  OnnxGraph run(std::vector<std::string>& notes);

 private:
  std::vector<std::string> output_names() const;
  std::unordered_set<std::string> reserved() const;
  void check_cuts() const;
  bool is_source(const TfNode& node) const;
  std::vector<std::uint32_t> sorted_nodes() const;
  void convert(std::uint32_t index);
  void convert_source(std::uint32_t index);
  void convert_placeholder(std::uint32_t index);
  Layout fed_layout() const;
  Value result(TfInput from, const TfNode& asking) const;

  const ImportOptions& options_;
  WeightIndex weights_;
  TfGraph tf_;
  std::vector<std::string> outputs_;
  GraphBuilder graph_;
  std::vector<std::vector<Value>> results_;
  std::vector<std::string> notes_;
};

std::vector<std::string> Import::output_names() const {
  std::vector<std::string> names = options_.outputs;
  if (names.empty()) names = tf_.signature_outputs;
  if (names.empty()) {  // old models carry no signature: whatever nobody reads
    std::vector<bool> read(tf_.nodes.size(), false);
    for (const TfNode& node : tf_.nodes) {
      for (const TfInput& input : node.inputs) read[input.node] = true;
    }
    for (std::size_t i = 0; i < tf_.nodes.size(); ++i) {
      const TfNode& node = tf_.nodes[i];
      if (!read[i] && node.op != "Const" && node.op != "NoOp") names.push_back(node.name);
    }
  }
  std::vector<std::string> out;  // in the order asked for, each once
  std::unordered_set<std::string> seen;
  for (const std::string& name : names) {
    if (seen.insert(without_port_zero(name)).second) out.push_back(without_port_zero(name));
  }
  if (out.empty()) throw bad_model("The graph has no outputs; name them.");
  return out;
}

std::unordered_set<std::string> Import::reserved() const {
  std::unordered_set<std::string> names(outputs_.begin(), outputs_.end());
  for (const auto& [node, cut] : options_.cuts) names.insert(cut.name);
  for (const TfNode& node : tf_.nodes) {
    if (node.op == "Placeholder") names.insert(node.name);
  }
  return names;
}

void Import::check_cuts() const {
  for (const auto& [node, cut] : options_.cuts) {
    const TfInput found = tf_.resolve(node);
    if (cut.name.empty() || cut.dims.size() > kRankMax) {
      throw bad_node(tf_.nodes[found.node], "its cut needs a name and at most 8 dims.");
    }
  }
}

bool Import::is_source(const TfNode& node) const {
  return node.op == "Const" || node.op == "Placeholder" || options_.cuts.contains(node.name);
}

// Depth first from the outputs without recursion: a hostile graph may be a chain of any length.
std::vector<std::uint32_t> Import::sorted_nodes() const {
  enum class Mark : std::uint8_t { fresh, open, done };
  struct Visit {
    std::uint32_t node;
    std::size_t next;
  };
  std::vector<Mark> marks(tf_.nodes.size(), Mark::fresh);
  std::vector<std::uint32_t> order;
  std::vector<Visit> stack;
  const auto enter = [&](std::uint32_t index) {
    const TfNode& node = tf_.nodes[index];
    if (!is_source(node) && find_op(node.op) == nullptr) {
      throw Error(ErrorCode::unsupported, "tfjs_unsupported_op",
                  "Op " + node.op + " of node '" + node.name +
                      "' is not supported. Cut the graph after it and feed its result instead.");
    }
    marks[index] = Mark::open;
    stack.push_back({index, 0});
  };
  for (const std::string& output : outputs_) {
    const std::uint32_t root = tf_.resolve(output).node;
    if (marks[root] == Mark::fresh) enter(root);
    while (!stack.empty()) {
      Visit& top = stack.back();
      const TfNode& node = tf_.nodes[top.node];
      if (is_source(node) || top.next == node.inputs.size()) {
        marks[top.node] = Mark::done;
        order.push_back(top.node);
        stack.pop_back();
        continue;
      }
      const std::uint32_t child = node.inputs[top.next++].node;
      if (marks[child] == Mark::fresh)
        enter(child);
      else if (marks[child] == Mark::open) {
        throw invalid("tfjs_cycle",
                      "The graph runs in a circle through node '" + tf_.nodes[child].name + "'.");
      }
    }
  }
  return order;
}

Value Import::result(TfInput from, const TfNode& asking) const {
  const auto& made = results_[from.node];
  if (from.port >= made.size()) {
    throw bad_node(asking, "it reads output " + std::to_string(from.port) + " of '" +
                               tf_.nodes[from.node].name + "', which has " +
                               std::to_string(made.size()) + ".");
  }
  return made[from.port];
}

Layout Import::fed_layout() const {
  return options_.channels_first_inputs ? Layout::channels_first : Layout::as_is;
}

void Import::convert_placeholder(std::uint32_t index) {
  const TfNode& node = tf_.nodes[index];
  const auto dtype = node.dtype("dtype");
  if (!dtype) throw bad_node(node, "its type is not taken; float, int32 and bool are.");
  std::optional<Dims> dims = node.shape("shape");
  if (const auto given = options_.input_dims.find(node.name); given != options_.input_dims.end()) {
    dims = given->second;
  }
  if (!dims || dims->size() > kRankMax) {
    throw bad_node(node, "its rank is not known or beyond 8; give its dims.");
  }
  if (!dims->empty() && dims->front() == kUnknownDim && options_.batch > 0) {
    dims->front() = options_.batch;
  }
  Dims known = *dims;
  std::replace(known.begin(), known.end(), kUnknownDim, std::int64_t{1});
  element_count(known);
  if (!is_known(*dims)) notes_.push_back("Input " + node.name + " has open dims " + to_text(*dims));
  results_[index] = {graph_.input(node.name, *dtype, *dims, fed_layout())};
}

void Import::convert_source(std::uint32_t index) {
  const TfNode& node = tf_.nodes[index];
  if (const auto cut = options_.cuts.find(node.name); cut != options_.cuts.end()) {
    element_count(cut->second.dims);
    const auto dtype = node.dtype(node.op == "Cast" ? "DstT" : "T").value_or(DType::float32);
    results_[index] = {graph_.input(cut->second.name, dtype, cut->second.dims, fed_layout())};
    notes_.push_back("Cut at " + node.name + ", fed by input " + cut->second.name);
  } else if (node.op == "Placeholder") {
    convert_placeholder(index);
  } else {
    const auto weight = weights_.find(node.name);
    if (weight == weights_.end()) throw bad_node(node, "the manifest holds no weight for it.");
    results_[index] = {graph_.constant(decode_weight(weight->second))};
  }
}

void Import::convert(std::uint32_t index) {
  const TfNode& node = tf_.nodes[index];
  graph_.set_hint(node.name);
  if (is_source(node)) return convert_source(index);
  const OpRow* row = find_op(node.op);
  OpContext op{.graph = graph_, .node = node, .onnx = row->onnx, .inputs = {}, .outputs = {}};
  for (const TfInput& input : node.inputs) op.inputs.push_back(result(input, node));
  try {
    row->convert(op);
  } catch (const Error& error) {
    if (error.message().find("'" + node.name + "'") != std::string::npos) throw;
    throw Error(error.code(), error.slug(),
                node.op + " node '" + node.name + "': " + error.message());
  }
  for (const Value value : op.outputs) {
    Dims least = graph_.dims(value);
    std::replace(least.begin(), least.end(), kUnknownDim, std::int64_t{1});
    element_count(least);
  }
  results_[index] = std::move(op.outputs);
}

OnnxGraph Import::run(std::vector<std::string>& notes) {
  check_cuts();
  for (const std::uint32_t index : sorted_nodes()) convert(index);
  for (const std::string& output : outputs_) {
    const TfInput from = tf_.resolve(output);
    if (tf_.nodes[from.node].op == "Placeholder" && tf_.nodes[from.node].name == output) {
      throw bad_node(tf_.nodes[from.node], "an input cannot be an output under the same name.");
    }
    graph_.set_hint(output);
    graph_.add_output(output, result(from, tf_.nodes[from.node]));
  }
  notes.insert(notes.end(), notes_.begin(), notes_.end());
  OnnxGraph onnx = graph_.finish("tfjs");
  onnx.metadata = options_.metadata;
  std::size_t bytes = 0;
  for (const OnnxInitializer& initializer : onnx.initializers) {
    bytes += initializer.tensor->bytes.size();
  }
  if (bytes > kOnnxWeightBytesMax) {
    throw too_large("tfjs_too_large", "The imported weights are beyond the 2 GiB of an ONNX file.");
  }
  return onnx;
}

}  // namespace

OnnxGraph convert_tfjs(const TfjsModel& model, const ImportOptions& options,
                       std::vector<std::string>& notes) {
  if (model.model_json.size() > kTfjsJsonBytesMax) {
    throw too_large("tfjs_too_large", "model.json is larger than 32 MiB.");
  }
  return Import(json::parse(model.model_json), model.weights, options).run(notes);
}

void add_cut(ImportOptions& options, std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::size_t colon = text.rfind(':');
  Dims dims;
  bool sound = equals != text.npos && colon != text.npos && equals < colon;
  for (auto rest = text.substr(sound ? colon + 1 : text.size()); sound && !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const auto [end, error] =
        std::from_chars(rest.data(), rest.data() + comma, dims.emplace_back());
    sound = error == std::errc{} && end == rest.data() + comma;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  if (!sound || dims.empty()) {
    throw invalid("bad_cut", "A cut is NODE=NAME:DIMS, such as a/b=images:1,300,300,3.");
  }
  options.cuts[std::string(text.substr(0, equals))] = {
      std::string(text.substr(equals + 1, colon - equals - 1)), std::move(dims)};
}

ImportedModel import_tfjs(const TfjsModel& model, const ImportOptions& options) {
  ImportedModel out;
  OnnxGraph onnx = convert_tfjs(model, options, out.notes);
  out.onnx = write_onnx(onnx);
  for (const OnnxNode& node : onnx.nodes) ++out.onnx_ops[node.op];
  out.inputs = std::move(onnx.inputs);
  out.outputs = std::move(onnx.outputs);
  return out;
}

void fuzz_tfjs_import(std::string_view text) {
  static const std::vector<std::byte> kZeros(1 << 16);
  try {
    import_tfjs({.model_json = text, .weights = kZeros});
  } catch (const Error&) {
    return;  // the only way to refuse
  }
}

}  // namespace aa::graph
