// A TF.js model under construction, for tests: nodes as JSON, weights beside them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "kernel/graph/constant_tensor.hpp"
#include "kernel/graph/tfjs_import.hpp"

namespace aa::graph {

struct TinyModel {
  std::string nodes;
  std::string manifest;
  std::vector<std::byte> weights;

  TinyModel& node(const std::string& name, const std::string& op, const std::string& inputs,
                  const std::string& attributes = "{}") {
    nodes += (nodes.empty() ? "" : ",") + std::string(R"({"name":")") + name + R"(","op":")" + op +
             R"(","input":[)" + inputs + R"(],"attr":)" + attributes + "}";
    return *this;
  }
  TinyModel& placeholder(const std::string& dims) {
    std::string list;
    std::size_t at = 0;
    while (at < dims.size()) {
      const std::size_t comma = std::min(dims.find(',', at), dims.size());
      list += (list.empty() ? "" : ",") + std::string(R"({"size":")") +
              dims.substr(at, comma - at) + R"("})";
      at = comma + 1;
    }
    return node("x", "Placeholder", "",
                R"({"dtype":{"type":"DT_FLOAT"},"shape":{"shape":{"dim":[)" + list + "]}}}");
  }
  TinyModel& constant(const std::string& name, DType dtype, const Dims& dims,
                      const std::vector<double>& values) {
    node(name, "Const", "");
    std::string shape = to_text(dims);
    manifest += (manifest.empty() ? "" : ",") + std::string(R"({"name":")") + name +
                R"(","dtype":")" + std::string(to_string(dtype)) + R"(","shape":)" + shape + "}";
    const Tensor tensor = from_doubles(dtype, dims, values);
    weights.insert(weights.end(), tensor.bytes.begin(), tensor.bytes.end());
    return *this;
  }
  std::string json() const {
    return R"({"modelTopology":{"node":[)" + nodes + R"(]},"weightsManifest":[{"weights":[)" +
           manifest + "]}]}";
  }
  OnnxGraph convert(const ImportOptions& options = {}) const {
    std::vector<std::string> notes;
    return convert_tfjs({.model_json = json(), .weights = weights}, options, notes);
  }
};

}  // namespace aa::graph
