// What the importer hands to the ONNX writer: a flat graph of opset 17, and its serialisation.
//
// Source: onnx.proto of ONNX 1.12 (IR version 8). The writer spells out the fields it needs and
// never references data outside the file. Thread rule: values.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "kernel/graph/constant_tensor.hpp"

namespace aa::graph {

inline constexpr std::int64_t kOnnxIrVersion = 8;
inline constexpr std::int64_t kOnnxOpset = 17;

struct TensorInfo {
  std::string name;
  DType dtype = DType::float32;
  Dims dims;  // kUnknownDim where known only at run time
};

using AttributeValue = std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>>;

struct OnnxAttribute {
  std::string name;
  AttributeValue value;
};

struct OnnxNode {
  std::string op;
  std::vector<std::string> inputs;  // "" is an absent optional input
  std::vector<std::string> outputs;
  std::vector<OnnxAttribute> attributes;
};

struct OnnxInitializer {
  std::string name;
  std::shared_ptr<const Tensor> tensor;
};

struct OnnxGraph {
  std::string name;
  std::vector<OnnxNode> nodes;  // sorted: every input is made before it is used
  std::vector<OnnxInitializer> initializers;
  std::vector<TensorInfo> inputs;
  std::vector<TensorInfo> outputs;
  std::map<std::string, std::string> metadata;
};

std::string write_onnx(const OnnxGraph& graph);

}  // namespace aa::graph
