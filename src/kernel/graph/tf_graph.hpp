// A TensorFlow.js graph model's topology: nodes by name, inputs resolved, attributes on demand.
//
// Attributes come in several spellings of the same protobuf JSON ("i" as text or number, "s" as
// base64 or a byte array, types as names or numbers); the readers below take all of them.
// Errors: Error(malformed, "malformed_json"), Error(invalid_argument, "tfjs_bad_model") naming the
// node. Limits: 100,000 nodes, 4 million edges. Thread rule: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "kernel/graph/constant_tensor.hpp"

namespace aa::graph {

inline constexpr std::size_t kTfNodesMax = 100'000;
inline constexpr std::size_t kTfEdgesMax = 4'000'000;

struct TfInput {
  std::uint32_t node = 0;
  std::uint32_t port = 0;
};

struct TfNode {
  std::string name;
  std::string op;
  std::vector<TfInput> inputs;  // control inputs ("^x") are left out
  json::Object attributes;

  bool has(std::string_view attribute) const { return attributes.contains(attribute); }
  std::int64_t integer(std::string_view attribute, std::int64_t otherwise) const;
  double real(std::string_view attribute, double otherwise) const;
  bool boolean(std::string_view attribute, bool otherwise) const;
  std::string text(std::string_view attribute, std::string_view otherwise) const;
  std::vector<std::int64_t> integers(std::string_view attribute) const;
  std::vector<std::string> texts(std::string_view attribute) const;
  // Types that TF.js does not keep apart are joined as it joins them: int64 and uint8 are int32.
  std::optional<DType> dtype(std::string_view attribute) const;
  // Absent when the rank is unknown; a dim may be kUnknownDim.
  std::optional<Dims> shape(std::string_view attribute) const;

 private:
  const json::Value* find(std::string_view attribute, std::string_view kind) const;
};

struct TfGraph {
  std::vector<TfNode> nodes;
  std::unordered_map<std::string, std::uint32_t> by_name;
  std::vector<std::string> signature_outputs;  // "node" or "node:port"

  // Accepts "node" and "node:port"; throws not_found naming it.
  TfInput resolve(std::string_view reference) const;
};

TfGraph read_tf_graph(const json::Value& model);

Error bad_model(std::string message);
// "Conv2D node 'a/b': <what>"
Error bad_node(const TfNode& node, std::string_view what);

}  // namespace aa::graph
