#include "kernel/graph/tf_graph.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace aa::graph {
namespace {

std::optional<std::int64_t> to_integer(const json::Value& value) {
  if (const auto* number = value.if_int64()) return *number;
  if (const auto* text = value.if_string()) {
    std::int64_t out = 0;
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, out);
    if (error == std::errc() && stop == end) return out;
  }
  return std::nullopt;
}

// RFC 4648 with or without padding; stops at the first character that is not of the alphabet.
std::string from_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    std::uint32_t digit = 0;
    if (c >= 'A' && c <= 'Z')
      digit = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      digit = static_cast<std::uint32_t>(c - 'a' + 26);
    else if (c >= '0' && c <= '9')
      digit = static_cast<std::uint32_t>(c - '0' + 52);
    else if (c == '+' || c == '-')
      digit = 62;
    else if (c == '/' || c == '_')
      digit = 63;
    else
      break;
    bits = (bits << 6) | digit;
    held += 6;
    if (held >= 8) out += static_cast<char>(bits >> (held -= 8));
  }
  return out;
}

std::string to_text_value(const json::Value& value) {
  if (const auto* text = value.if_string()) return from_base64(*text);
  std::string out;
  if (const auto* bytes = value.if_array()) {
    for (const json::Value& byte : *bytes) {
      out += static_cast<char>(to_integer(byte).value_or(0));
    }
  }
  return out;
}

std::optional<Dims> to_dims(const json::Value& shape) {
  const auto* object = shape.if_object();
  if (object == nullptr) return std::nullopt;
  if (const auto* unknown = object->if_contains("unknownRank")) {
    if (unknown->is_bool() && unknown->get_bool()) return std::nullopt;
  }
  Dims dims;
  const auto* list = object->if_contains("dim");
  if (list == nullptr || !list->is_array()) return dims;
  for (const json::Value& dim : list->get_array()) {
    const auto* fields = dim.if_object();
    const auto* size = fields != nullptr ? fields->if_contains("size") : nullptr;
    const auto value = size != nullptr ? to_integer(*size) : std::nullopt;
    dims.push_back(value && *value >= 0 ? *value : kUnknownDim);
  }
  return dims;
}

std::optional<DType> to_dtype(const json::Value& type) {
  constexpr std::array<std::pair<std::string_view, int>, 9> kNames{{{"DT_FLOAT", 1},
                                                                    {"DT_DOUBLE", 2},
                                                                    {"DT_INT32", 3},
                                                                    {"DT_UINT8", 4},
                                                                    {"DT_INT64", 9},
                                                                    {"DT_BOOL", 10},
                                                                    {"DT_QINT8", 11},
                                                                    {"DT_BFLOAT16", 14},
                                                                    {"DT_HALF", 19}}};
  std::int64_t number = 0;
  if (const auto* text = type.if_string()) {
    const auto* row =
        std::find_if(kNames.begin(), kNames.end(), [&](const auto& r) { return r.first == *text; });
    if (row != kNames.end()) number = row->second;
  } else {
    number = to_integer(type).value_or(0);
  }
  switch (number) {
    case 1:
    case 2:
    case 14:
    case 19:
      return DType::float32;
    case 3:
    case 4:
    case 9:
      return DType::int32;
    case 10:
      return DType::boolean;
    default:
      return std::nullopt;
  }
}

std::string_view text_member(const json::Object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

const json::Object* object_member(const json::Object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr ? value->if_object() : nullptr;
}

void add_node(TfGraph& graph, const json::Value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) throw bad_model("Every node of the topology must be an object.");
  TfNode node;
  node.name = text_member(*object, "name");
  node.op = text_member(*object, "op");
  if (node.name.empty() || node.op.empty()) {
    throw bad_model("Node " + std::to_string(graph.nodes.size()) + " has no name or no op.");
  }
  if (const auto* attributes = object_member(*object, "attr")) node.attributes = *attributes;
  const auto index = static_cast<std::uint32_t>(graph.nodes.size());
  if (!graph.by_name.emplace(node.name, index).second) {
    throw bad_model("Two nodes are named '" + node.name + "'.");
  }
  graph.nodes.push_back(std::move(node));
}

void link_inputs(TfGraph& graph, std::size_t index, const json::Value& value, std::size_t& edges) {
  const auto* list = value.get_object().if_contains("input");
  if (list == nullptr || !list->is_array()) return;
  TfNode& node = graph.nodes[index];
  for (const json::Value& input : list->get_array()) {
    const auto* reference = input.if_string();
    if (reference == nullptr) throw bad_node(node, "an input is not text.");
    if (reference->starts_with('^')) continue;
    if (++edges > kTfEdgesMax) throw bad_model("The graph has more than 4 million edges.");
    try {
      node.inputs.push_back(graph.resolve(*reference));
    } catch (const Error&) {
      throw bad_node(node, "its input '" + std::string(*reference) + "' is not in the graph.");
    }
  }
}

void read_signature(TfGraph& graph, const json::Object& model) {
  const auto* signature = object_member(model, "signature");
  if (signature == nullptr) {
    const auto* metadata = object_member(model, "userDefinedMetadata");
    if (metadata != nullptr) signature = object_member(*metadata, "signature");
  }
  const auto* outputs = signature != nullptr ? object_member(*signature, "outputs") : nullptr;
  if (outputs == nullptr) return;
  for (const auto& [key, output] : *outputs) {
    if (const auto* object = output.if_object()) {
      graph.signature_outputs.emplace_back(text_member(*object, "name"));
    }
  }
}

}  // namespace

Error bad_model(std::string message) { return invalid("tfjs_bad_model", std::move(message)); }

Error bad_node(const TfNode& node, std::string_view what) {
  return bad_model(node.op + " node '" + node.name + "': " + std::string(what));
}

const json::Value* TfNode::find(std::string_view attribute, std::string_view kind) const {
  const auto* object = object_member(attributes, attribute);
  return object != nullptr ? object->if_contains(kind) : nullptr;
}

std::int64_t TfNode::integer(std::string_view attribute, std::int64_t otherwise) const {
  const auto* value = find(attribute, "i");
  return value != nullptr ? to_integer(*value).value_or(otherwise) : otherwise;
}

double TfNode::real(std::string_view attribute, double otherwise) const {
  const auto* value = find(attribute, "f");
  if (value == nullptr || !value->is_number()) return otherwise;
  return value->to_number<double>();
}

bool TfNode::boolean(std::string_view attribute, bool otherwise) const {
  const auto* value = find(attribute, "b");
  return value != nullptr && value->is_bool() ? value->get_bool() : otherwise;
}

std::string TfNode::text(std::string_view attribute, std::string_view otherwise) const {
  const auto* value = find(attribute, "s");
  return value != nullptr ? to_text_value(*value) : std::string(otherwise);
}

std::vector<std::int64_t> TfNode::integers(std::string_view attribute) const {
  std::vector<std::int64_t> out;
  const auto* list = find(attribute, "list");
  const auto* object = list != nullptr ? list->if_object() : nullptr;
  const auto* items = object != nullptr ? object->if_contains("i") : nullptr;
  if (items == nullptr || !items->is_array()) return out;
  for (const json::Value& item : items->get_array()) {
    const auto value = to_integer(item);
    if (!value) throw bad_node(*this, "attribute '" + std::string(attribute) + "' is no integer.");
    out.push_back(*value);
  }
  return out;
}

std::vector<std::string> TfNode::texts(std::string_view attribute) const {
  std::vector<std::string> out;
  const auto* list = find(attribute, "list");
  const auto* object = list != nullptr ? list->if_object() : nullptr;
  const auto* items = object != nullptr ? object->if_contains("s") : nullptr;
  if (items == nullptr || !items->is_array()) return out;
  for (const json::Value& item : items->get_array()) out.push_back(to_text_value(item));
  return out;
}

std::optional<DType> TfNode::dtype(std::string_view attribute) const {
  const auto* value = find(attribute, "type");
  return value != nullptr ? to_dtype(*value) : std::nullopt;
}

std::optional<Dims> TfNode::shape(std::string_view attribute) const {
  const auto* value = find(attribute, "shape");
  return value != nullptr ? to_dims(*value) : std::nullopt;
}

TfInput TfGraph::resolve(std::string_view reference) const {
  std::uint32_t port = 0;
  std::string name(reference);
  if (const auto colon = reference.rfind(':'); colon != std::string_view::npos) {
    const char* end = reference.data() + reference.size();
    const auto [stop, error] = std::from_chars(reference.data() + colon + 1, end, port);
    if (error == std::errc() && stop == end && port < 10'000)
      name.resize(colon);
    else
      port = 0;
  }
  const auto found = by_name.find(name);
  if (found == by_name.end()) throw not_found("node '" + name + "' in the graph");
  return {.node = found->second, .port = port};
}

TfGraph read_tf_graph(const json::Value& model) {
  const auto* object = model.if_object();
  const auto* topology = object != nullptr ? object_member(*object, "modelTopology") : nullptr;
  const auto* list = topology != nullptr ? topology->if_contains("node") : nullptr;
  if (list == nullptr || !list->is_array()) {
    throw bad_model("This is no TF.js model: modelTopology has neither nodes nor a model_config.");
  }
  const json::Array& nodes = list->get_array();
  if (nodes.size() > kTfNodesMax) throw bad_model("The graph has more than 100,000 nodes.");
  TfGraph graph;
  graph.nodes.reserve(nodes.size());
  for (const json::Value& node : nodes) add_node(graph, node);
  std::size_t edges = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) link_inputs(graph, i, nodes[i], edges);
  read_signature(graph, *object);
  return graph;
}

}  // namespace aa::graph
