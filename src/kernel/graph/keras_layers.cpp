#include "kernel/graph/keras_layers.hpp"

#include "base/error.hpp"
#include "kernel/graph/keras_layer.hpp"
#include "kernel/graph/tf_graph.hpp"

namespace aa::graph {
namespace {

const json::Object* member_object(const json::Object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr ? value->if_object() : nullptr;
}

std::string member_text(const json::Object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string(std::string_view(*text)) : std::string();
}

const json::Object* topology_of(const json::Value& model) {
  const auto* object = model.if_object();
  const auto* topology = object != nullptr ? member_object(*object, "modelTopology") : nullptr;
  if (topology == nullptr || topology->contains("node")) return nullptr;
  if (const auto* config = member_object(*topology, "model_config")) return config;
  return topology->contains("class_name") ? topology : nullptr;
}

// One of a list of references, ["layer", call, port, ...]: the layer.
std::string referred(const json::Value& reference, const std::string& by) {
  const auto* list = reference.if_array();
  const bool sound = list != nullptr && list->size() >= 3 && (*list)[0].is_string();
  const bool first = sound && (*list)[1].is_int64() && (*list)[1].get_int64() == 0 &&
                     (*list)[2].is_int64() && (*list)[2].get_int64() == 0;
  if (!first) {
    throw bad_model("Layer '" + by + "': what it is given cannot be told; layers with one call " +
                    "and one output are taken.");
  }
  return std::string(std::string_view((*list)[0].get_string()));
}

std::vector<std::string> inbound(const json::Object& layer, const std::string& name) {
  std::vector<std::string> out;
  const auto* calls = layer.if_contains("inbound_nodes");
  const auto* list = calls != nullptr ? calls->if_array() : nullptr;
  if (list == nullptr || list->empty()) return out;
  const auto* inputs = (*list)[0].if_array();
  if (list->size() != 1 || inputs == nullptr) {
    throw bad_model("Layer '" + name + "': it is called more than once, which is not taken.");
  }
  for (const json::Value& input : *inputs) out.push_back(referred(input, name));
  return out;
}

struct LayerJson {
  std::string class_name;
  std::string name;
  const json::Object& config;
  const json::Object& whole;
};

LayerJson layer_json(const json::Value& value) {
  const auto* layer = value.if_object();
  const auto* config = layer != nullptr ? member_object(*layer, "config") : nullptr;
  if (config == nullptr) throw bad_model("A layer has no configuration.");
  std::string name = member_text(*layer, "name");
  if (name.empty()) name = member_text(*config, "name");
  if (name.empty()) throw bad_model("A layer has no name.");
  return {member_text(*layer, "class_name"), std::move(name), *config, *layer};
}

std::vector<std::string> write_functional(KerasLayer::Model& out, const json::Array& layers,
                                          const json::Object& config) {
  for (const json::Value& value : layers) {
    const LayerJson row = layer_json(value);
    KerasLayer layer(out, row.name, row.config, inbound(row.whole, row.name));
    write_layer(layer, row.class_name);
  }
  std::vector<std::string> outputs;
  const auto* list = config.if_contains("output_layers");
  if (list == nullptr || !list->is_array() || list->get_array().empty()) {
    throw bad_model("The model names no output layers.");
  }
  const json::Array& references = list->get_array();
  if (references[0].is_string()) return {referred(*list, "output")};
  for (const json::Value& reference : references) outputs.push_back(referred(reference, "output"));
  return outputs;
}

std::vector<std::string> write_sequential(KerasLayer::Model& out, const json::Array& layers) {
  std::vector<std::string> previous;
  for (const json::Value& value : layers) {
    const LayerJson row = layer_json(value);
    if (previous.empty() && row.class_name != "InputLayer") {
      KerasLayer input(out, row.name + "_input", row.config, {});
      write_layer(input, "InputLayer");
      previous = {input.name()};
    }
    KerasLayer layer(out, row.name, row.config, previous);
    write_layer(layer, row.class_name);
    previous = {row.name};
  }
  return previous;
}

}  // namespace

bool is_layers_model(const json::Value& model) { return topology_of(model) != nullptr; }

json::Value layers_as_graph(const json::Value& model, WeightIndex& weights) {
  const auto* topology = topology_of(model);
  const auto* config = topology != nullptr ? topology->if_contains("config") : nullptr;
  if (config == nullptr) throw bad_model("This is no TF.js layers model: it has no config.");
  const auto* object = config->if_object();
  const auto* listed = object != nullptr ? object->if_contains("layers") : config;
  if (listed == nullptr || !listed->is_array() || listed->get_array().size() > kKerasLayersMax) {
    throw bad_model("The model has no list of layers, or more than 10,000.");
  }
  const std::string kind = member_text(*topology, "class_name");
  KerasLayer::Model out{.nodes = {}, .weights = weights};
  std::vector<std::string> outputs;
  if (kind == "Sequential")
    outputs = write_sequential(out, listed->get_array());
  else if ((kind == "Model" || kind == "Functional") && object != nullptr)
    outputs = write_functional(out, listed->get_array(), *object);
  else
    throw bad_model("A layers model of class '" + kind + "' is not taken.");
  json::Object signature;
  for (const auto& output : outputs) signature[output] = {{"name", output}};
  return json::Object{{"modelTopology", {{"node", std::move(out.nodes)}}},
                      {"signature", {{"outputs", std::move(signature)}}}};
}

}  // namespace aa::graph
