#include "kernel/graph/keras_layers.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "kernel/graph/keras_layer.hpp"
#include "kernel/graph/tf_graph.hpp"

namespace aa::graph {
namespace {

constexpr int kModelDepthMax = 4;

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

using Names = std::vector<std::string>;

// What a list of references names: [["a", 0, 0], ...], or one reference alone.
Names names_in(const json::Object& config, std::string_view key) {
  const auto* value = config.if_contains(key);
  const auto* list = value != nullptr ? value->if_array() : nullptr;
  Names out;
  if (list == nullptr || list->empty()) return out;
  if ((*list)[0].is_string()) return {referred(*value, std::string(key))};
  for (const json::Value& reference : *list) out.push_back(referred(reference, std::string(key)));
  return out;
}

// Writes a model's layers one after another; the layers of a model inside it stand beside them,
// and its name stands for what it gives.
class ModelWriter {
 public:
  explicit ModelWriter(WeightIndex& weights) : out_{.nodes = {}, .weights = weights} {}

  // `inputs` is empty for the outermost model, whose inputs are the graph's.
  Names write(const json::Object& model, const Names& inputs, int depth);
  json::Array nodes() { return std::move(out_.nodes); }

 private:
  Names write_functional(const json::Array& layers, const json::Object& config, const Names& inputs,
                         int depth);
  Names write_sequential(const json::Array& layers, Names previous, int depth);
  void write_one(const LayerJson& row, const Names& inputs, int depth);

  KerasLayer::Model out_;
  std::size_t layers_ = 0;
};

bool is_model(std::string_view class_name) {
  return class_name == "Model" || class_name == "Functional" || class_name == "Sequential";
}

Names ModelWriter::write(const json::Object& model, const Names& inputs, int depth) {
  if (depth > kModelDepthMax) throw bad_model("Models stand in models more than 4 deep.");
  const std::string kind = member_text(model, "class_name");
  const auto* config = model.if_contains("config");
  const auto* object = config != nullptr ? config->if_object() : nullptr;
  const auto* listed = object != nullptr ? object->if_contains("layers") : config;
  if (listed == nullptr || !listed->is_array()) throw bad_model("A model has no list of layers.");
  layers_ += listed->get_array().size();
  if (layers_ > kKerasLayersMax) throw bad_model("The model has more than 10,000 layers.");
  if (kind == "Sequential") return write_sequential(listed->get_array(), inputs, depth);
  if (!is_model(kind) || object == nullptr) {
    throw bad_model("A layers model of class '" + kind + "' is not taken.");
  }
  return write_functional(listed->get_array(), *object, inputs, depth);
}

void ModelWriter::write_one(const LayerJson& row, const Names& inputs, int depth) {
  KerasLayer layer(out_, row.name, row.config, inputs);
  if (row.class_name == "InputLayer" && !inputs.empty()) return layer.finish(layer.input());
  if (!is_model(row.class_name)) return write_layer(layer, row.class_name);
  const Names outputs = write(row.whole, inputs, depth + 1);
  if (outputs.size() != 1) layer.fail("a model inside another must give one output.");
  layer.finish(outputs[0]);
}

Names ModelWriter::write_functional(const json::Array& layers, const json::Object& config,
                                    const Names& inputs, int depth) {
  const Names fed = names_in(config, "input_layers");
  if (!inputs.empty() && fed.size() != inputs.size()) {
    throw bad_model("A model inside another is not given what it takes.");
  }
  for (const json::Value& value : layers) {
    const LayerJson row = layer_json(value);
    Names given = inbound(row.whole, row.name);
    const auto at = std::ranges::find(fed, row.name);
    if (!inputs.empty() && at != fed.end()) {
      given = {inputs[static_cast<std::size_t>(at - fed.begin())]};
    }
    write_one(row, given, depth);
  }
  Names outputs = names_in(config, "output_layers");
  if (outputs.empty()) throw bad_model("A model names no output layers.");
  return outputs;
}

Names ModelWriter::write_sequential(const json::Array& layers, Names previous, int depth) {
  for (const json::Value& value : layers) {
    const LayerJson row = layer_json(value);
    if (previous.empty() && row.class_name != "InputLayer" && !is_model(row.class_name)) {
      KerasLayer input(out_, row.name + "_input", row.config, {});
      write_layer(input, "InputLayer");
      previous = {input.name()};
    }
    write_one(row, previous, depth);
    previous = {row.name};
  }
  return previous;
}

}  // namespace

bool is_layers_model(const json::Value& model) { return topology_of(model) != nullptr; }

json::Value layers_as_graph(const json::Value& model, WeightIndex& weights) {
  const auto* topology = topology_of(model);
  if (topology == nullptr) throw bad_model("This is no TF.js layers model: it has no config.");
  ModelWriter writer(weights);
  json::Object signature;
  for (const auto& output : writer.write(*topology, {}, 0)) {
    signature[output] = {{"name", output}};
  }
  return json::Object{{"modelTopology", {{"node", writer.nodes()}}},
                      {"signature", {{"outputs", std::move(signature)}}}};
}

}  // namespace aa::graph
