#include "kernel/graph/onnx_model.hpp"

#include <string_view>
#include <type_traits>

#include "kernel/graph/protobuf.hpp"

namespace aa::graph {
namespace {

std::int64_t onnx_type(DType dtype) {  // TensorProto.DataType
  switch (dtype) {
    case DType::float32:
      return 1;
    case DType::int32:
      return 6;
    case DType::int64:
      return 7;
    case DType::boolean:
      return 9;
  }
  return 0;
}

void write_attribute(ProtoWriter& out, const OnnxAttribute& attribute) {
  constexpr int kName = 1, kFloat = 2, kInt = 3, kString = 4, kInts = 8, kType = 20;
  constexpr int kTypeFloat = 1, kTypeInt = 2, kTypeString = 3, kTypeInts = 7;
  out.bytes(kName, attribute.name);
  std::visit(
      [&](const auto& value) {
        using T = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<T, float>) {
          out.real(kFloat, value);
          out.integer(kType, kTypeFloat);
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          out.integer(kInt, value);
          out.integer(kType, kTypeInt);
        } else if constexpr (std::is_same_v<T, std::string>) {
          out.bytes(kString, value);
          out.integer(kType, kTypeString);
        } else {
          for (const std::int64_t item : value) out.integer(kInts, item);
          out.integer(kType, kTypeInts);
        }
      },
      attribute.value);
}

void write_node(ProtoWriter& out, const OnnxNode& node) {
  constexpr int kInput = 1, kOutput = 2, kName = 3, kOpType = 4, kAttribute = 5;
  for (const std::string& name : node.inputs) out.bytes(kInput, name);
  for (const std::string& name : node.outputs) out.bytes(kOutput, name);
  out.bytes(kName, node.outputs.front());
  out.bytes(kOpType, node.op);
  for (const OnnxAttribute& attribute : node.attributes) {
    out.message(kAttribute, [&](ProtoWriter& inner) { write_attribute(inner, attribute); });
  }
}

void write_initializer(ProtoWriter& out, const OnnxInitializer& initializer) {
  constexpr int kDims = 1, kDataType = 2, kName = 8, kRawData = 9;
  const Tensor& tensor = *initializer.tensor;
  for (const std::int64_t dim : tensor.dims) out.integer(kDims, dim);
  out.integer(kDataType, onnx_type(tensor.dtype));
  out.bytes(kName, initializer.name);
  out.bytes(kRawData, std::string_view(reinterpret_cast<const char*>(tensor.bytes.data()),
                                       tensor.bytes.size()));
}

void write_info(ProtoWriter& out, const TensorInfo& info) {
  constexpr int kName = 1, kType = 2, kTensorType = 1, kElemType = 1, kShape = 2, kDim = 1;
  constexpr int kDimValue = 1, kDimParam = 2;
  const auto write_dims = [&](ProtoWriter& shape) {
    for (std::size_t i = 0; i < info.dims.size(); ++i) {
      shape.message(kDim, [&](ProtoWriter& dim) {
        if (info.dims[i] >= 0)
          dim.integer(kDimValue, info.dims[i]);
        else
          dim.bytes(kDimParam, info.name + "_dim" + std::to_string(i));
      });
    }
  };
  out.bytes(kName, info.name);
  out.message(kType, [&](ProtoWriter& type) {
    type.message(kTensorType, [&](ProtoWriter& tensor) {
      tensor.integer(kElemType, onnx_type(info.dtype));
      tensor.message(kShape, write_dims);
    });
  });
}

void write_graph(ProtoWriter& out, const OnnxGraph& graph) {
  constexpr int kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12;
  for (const OnnxNode& node : graph.nodes) {
    out.message(kNode, [&](ProtoWriter& inner) { write_node(inner, node); });
  }
  out.bytes(kName, graph.name);
  for (const OnnxInitializer& initializer : graph.initializers) {
    out.message(kInitializer, [&](ProtoWriter& inner) { write_initializer(inner, initializer); });
  }
  for (const TensorInfo& info : graph.inputs) {
    out.message(kInput, [&](ProtoWriter& inner) { write_info(inner, info); });
  }
  for (const TensorInfo& info : graph.outputs) {
    out.message(kOutput, [&](ProtoWriter& inner) { write_info(inner, info); });
  }
}

}  // namespace

std::string write_onnx(const OnnxGraph& graph) {
  constexpr int kIrVersion = 1, kProducer = 2, kGraph = 7, kOpsetImport = 8, kMetadata = 14;
  constexpr int kDomain = 1, kVersion = 2, kKey = 1, kValue = 2;
  ProtoWriter out;
  out.integer(kIrVersion, kOnnxIrVersion);
  out.bytes(kProducer, "annotateai");
  out.message(kGraph, [&](ProtoWriter& inner) { write_graph(inner, graph); });
  out.message(kOpsetImport, [](ProtoWriter& opset) {
    opset.bytes(kDomain, "");
    opset.integer(kVersion, kOnnxOpset);
  });
  for (const auto& [key, value] : graph.metadata) {
    out.message(kMetadata, [&](ProtoWriter& entry) {
      entry.bytes(kKey, key);
      entry.bytes(kValue, value);
    });
  }
  return out.take();
}

}  // namespace aa::graph
