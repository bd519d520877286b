#include "kernel/graph/keras_layer.hpp"

#include "kernel/graph/tf_graph.hpp"

namespace aa::graph {

json::Value integers_attribute(std::span<const std::int64_t> values) {
  return {{"list", {{"i", json::Array(values.begin(), values.end())}}}};
}
json::Value integer_attribute(std::int64_t value) { return {{"i", value}}; }
json::Value text_attribute(std::string_view text) {
  json::Array bytes;
  for (const unsigned char byte : text) bytes.emplace_back(static_cast<std::int64_t>(byte));
  return {{"s", std::move(bytes)}};
}
json::Value real_attribute(double value) { return {{"f", value}}; }
json::Value flag_attribute(bool value) { return {{"b", value}}; }

void KerasLayer::fail(std::string_view what) const {
  throw bad_model("Layer '" + name_ + "': " + std::string(what));
}

const std::string& KerasLayer::input() const {
  if (inputs_.size() != 1) fail("it takes one input, not " + std::to_string(inputs_.size()) + ".");
  return inputs_[0];
}

const json::Value* KerasLayer::find(std::string_view key) const {
  const auto* value = config_.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::int64_t KerasLayer::integer(std::string_view key, std::int64_t otherwise) const {
  const auto* value = find(key);
  if (value == nullptr) return otherwise;
  const auto* number = value->if_int64();
  if (number == nullptr) fail(std::string(key) + " is no integer.");
  return *number;
}

double KerasLayer::real(std::string_view key, double otherwise) const {
  const auto* value = find(key);
  if (value == nullptr) return otherwise;
  if (!value->is_number()) fail(std::string(key) + " is no number.");
  return value->to_number<double>();
}

bool KerasLayer::flag(std::string_view key, bool otherwise) const {
  const auto* value = find(key);
  if (value == nullptr) return otherwise;
  if (!value->is_bool()) fail(std::string(key) + " is neither true nor false.");
  return value->get_bool();
}

std::string KerasLayer::text(std::string_view key, std::string_view otherwise) const {
  const auto* value = find(key);
  if (value == nullptr) return std::string(otherwise);
  const auto* text = value->if_string();
  if (text == nullptr) fail(std::string(key) + " is no text.");
  return std::string(std::string_view(*text));
}

std::vector<std::int64_t> KerasLayer::integers(std::string_view key) const {
  std::vector<std::int64_t> out;
  const auto* value = find(key);
  if (value == nullptr || !value->is_array()) fail(std::string(key) + " is no list.");
  for (const json::Value& item : value->get_array()) {
    const auto* number = item.if_int64();
    if (number == nullptr) fail(std::string(key) + " holds what is no integer.");
    out.push_back(*number);
  }
  return out;
}

std::vector<std::int64_t> KerasLayer::pair(std::string_view key,
                                           std::vector<std::int64_t> otherwise) const {
  const auto* value = find(key);
  if (value == nullptr) return otherwise;
  if (const auto* number = value->if_int64()) return {*number, *number};
  auto out = integers(key);
  if (out.size() != 2) fail(std::string(key) + " needs two numbers.");
  return out;
}

bool KerasLayer::has_weight(std::string_view kind) const {
  return model_.weights.contains(name_ + "/" + std::string(kind));
}

const Dims& KerasLayer::weight_dims(std::string_view kind) const {
  const auto found = model_.weights.find(name_ + "/" + std::string(kind));
  if (found == model_.weights.end()) {
    fail("the manifest holds no weight '" + name_ + "/" + std::string(kind) + "'.");
  }
  return found->second.dims;
}

std::string KerasLayer::weight(std::string_view kind) {
  weight_dims(kind);
  std::string name = name_ + "/" + std::string(kind);
  add("Const", name, {}, {});
  return name;
}

std::string KerasLayer::constant(std::string_view kind, DType dtype, Dims dims,
                                 std::span<const double> values) {
  if (has_weight(kind)) fail("two weights are named '" + std::string(kind) + "'.");
  auto bytes =
      std::make_shared<const std::vector<std::byte>>(from_doubles(dtype, dims, values).bytes);
  WeightEntry entry{.dtype = dtype, .dims = std::move(dims), .bytes = *bytes};
  entry.own = std::move(bytes);
  model_.weights.emplace(name_ + "/" + std::string(kind), std::move(entry));
  return weight(kind);
}

void KerasLayer::add(std::string_view op, const std::string& name,
                     const std::vector<std::string>& inputs, json::Object attributes) {
  if (model_.nodes.size() >= kTfNodesMax) fail("the model has more than 100,000 nodes.");
  model_.nodes.push_back(json::Object{{"name", name},
                                      {"op", op},
                                      {"input", json::Array(inputs.begin(), inputs.end())},
                                      {"attr", std::move(attributes)}});
}

std::string KerasLayer::node(std::string_view op, std::vector<std::string> inputs,
                             json::Object attributes) {
  std::string name = name_ + "/" + std::string(op) + "_" + std::to_string(++made_);
  add(op, name, inputs, std::move(attributes));
  return name;
}

void KerasLayer::finish(const std::string& value) { add("Identity", name_, {value}, {}); }

void KerasLayer::placeholder(const json::Value* shape) {
  json::Array dims;
  if (shape == nullptr || !shape->is_array()) fail("it has no batch_input_shape.");
  for (const json::Value& dim : shape->get_array()) {
    const auto* size = dim.if_int64();
    dims.push_back(json::Object{{"size", size != nullptr ? *size : kUnknownDim}});
  }
  add("Placeholder", name_, {},
      {{"dtype", {{"type", "DT_FLOAT"}}}, {"shape", {{"shape", {{"dim", std::move(dims)}}}}}});
}

}  // namespace aa::graph
