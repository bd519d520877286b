// One Keras layer while it is written out as TensorFlow nodes: its configuration, its weights, and
// the list to which nodes are added. Values are named by the node that computes them.
//
// Errors: Error(invalid_argument, "tfjs_bad_model") naming the layer. Thread rule: local to one
// import; refers to the caller's lists.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "kernel/graph/tfjs_weights.hpp"

namespace aa::graph {

class KerasLayer {
 public:
  struct Model {
    json::Array nodes;
    WeightIndex& weights;
  };

  KerasLayer(Model& model, std::string name, const json::Object& config,
             std::vector<std::string> inputs)
      : model_(model), name_(std::move(name)), config_(config), inputs_(std::move(inputs)) {}

  const std::string& name() const { return name_; }
  const std::vector<std::string>& inputs() const { return inputs_; }
  const std::string& input() const;  // the only one

  // Of its configuration. null counts as absent; `pair` takes one number or two.
  const json::Value* find(std::string_view key) const;
  std::int64_t integer(std::string_view key, std::int64_t otherwise) const;
  double real(std::string_view key, double otherwise) const;
  bool flag(std::string_view key, bool otherwise) const;
  std::string text(std::string_view key, std::string_view otherwise) const;
  std::vector<std::int64_t> integers(std::string_view key) const;
  std::vector<std::int64_t> pair(std::string_view key, std::vector<std::int64_t> otherwise) const;

  bool has_weight(std::string_view kind) const;
  std::string weight(std::string_view kind);  // "kernel", "bias", ...
  std::string constant(std::string_view kind, DType dtype, Dims dims,
                       std::span<const double> values);
  const Dims& weight_dims(std::string_view kind) const;

  std::string node(std::string_view op, std::vector<std::string> inputs,
                   json::Object attributes = {});
  void finish(const std::string& value);  // what the layer gives
  void placeholder(const json::Value* shape);
  [[noreturn]] void fail(std::string_view what) const;

 private:
  void add(std::string_view op, const std::string& name, const std::vector<std::string>& inputs,
           json::Object attributes);

  Model& model_;
  std::string name_;
  const json::Object& config_;
  std::vector<std::string> inputs_;
  int made_ = 0;
};

// Attributes as model.json spells them.
json::Value integers_attribute(std::span<const std::int64_t> values);
json::Value integer_attribute(std::int64_t value);
json::Value text_attribute(std::string_view text);
json::Value real_attribute(double value);
json::Value flag_attribute(bool value);

// Writes the layer's nodes; throws "tfjs_unsupported_layer" for a class without a row.
void write_layer(KerasLayer& layer, std::string_view class_name);

}  // namespace aa::graph
