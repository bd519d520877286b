// Writes small TFLite files, for tests: FlatBuffers front to back, and a graph around operators.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "kernel/graph/constant_tensor.hpp"
#include "kernel/graph/tflite_model.hpp"

namespace aa::graph {

struct FlatNode;
using FlatChild = std::shared_ptr<FlatNode>;
using FlatValue =
    std::variant<std::int8_t, std::int32_t, float, std::uint64_t, FlatChild>;  // of a field

struct FlatNode {
  std::map<unsigned, FlatValue> fields;  // a table's
  std::vector<FlatChild> children;       // a list of tables'
  std::string raw;                       // any other list's elements
  std::uint32_t count = 0;               // of that list
  enum class Kind : std::uint8_t { table, tables, list } kind = Kind::table;
};

inline FlatChild flat_table(std::map<unsigned, FlatValue> fields) {
  return std::make_shared<FlatNode>(
      FlatNode{.fields = std::move(fields), .children = {}, .raw = {}});
}
inline FlatChild flat_tables(std::vector<FlatChild> children) {
  return std::make_shared<FlatNode>(FlatNode{
      .fields = {}, .children = std::move(children), .raw = {}, .kind = FlatNode::Kind::tables});
}
template <class T>
FlatChild flat_list(const std::vector<T>& values) {
  FlatNode node{.fields = {}, .children = {}, .raw = {}, .kind = FlatNode::Kind::list};
  node.raw.assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  node.count = static_cast<std::uint32_t>(values.size());
  return std::make_shared<FlatNode>(std::move(node));
}
inline FlatChild flat_text(const std::string& text) {
  return flat_list(std::vector<char>(text.begin(), text.end()));
}

class FlatWriter {
 public:
  std::string file(const FlatChild& root, std::string_view identifier) {
    out_.assign(8, '\0');
    out_.replace(4, identifier.size(), identifier);
    refer(0, *root);
    return std::move(out_);
  }

 private:
  template <class T>
  void put(std::size_t at, T value) {
    std::memcpy(out_.data() + at, &value, sizeof value);
  }
  std::size_t grow(std::size_t size) {
    out_.append(size, '\0');
    return out_.size() - size;
  }
  void refer(std::size_t at, const FlatNode& child) {
    const std::size_t place = write(child);
    put(at, static_cast<std::uint32_t>(place - at));
  }
  std::size_t write(const FlatNode& node) {
    if (node.kind == FlatNode::Kind::table) return write_table(node);
    const bool tables = node.kind == FlatNode::Kind::tables;
    const std::size_t at = grow(4);
    put(at, tables ? static_cast<std::uint32_t>(node.children.size()) : node.count);
    if (!tables) {
      out_ += node.raw;
      return at;
    }
    grow(4 * node.children.size());
    for (std::size_t i = 0; i < node.children.size(); ++i) refer(at + 4 + 4 * i, *node.children[i]);
    return at;
  }
  std::size_t write_table(const FlatNode& node) {
    constexpr std::size_t kSlot = 8;  // each field gets as much, whatever its type
    const std::size_t slots = node.fields.empty() ? 0 : node.fields.rbegin()->first + 1;
    const std::size_t vtable = grow(4 + 2 * slots);
    const std::size_t at = grow(4 + kSlot * node.fields.size());
    put(vtable, static_cast<std::uint16_t>(4 + 2 * slots));
    put(vtable + 2, static_cast<std::uint16_t>(4 + kSlot * node.fields.size()));
    put(at, static_cast<std::int32_t>(at - vtable));
    std::size_t offset = 4;
    for (const auto& [field, value] : node.fields) {
      put(vtable + 4 + 2 * field, static_cast<std::uint16_t>(offset));
      if (const auto* child = std::get_if<FlatChild>(&value))
        refer(at + offset, **child);
      else
        std::visit(
            [&](auto v) {
              if constexpr (!std::is_same_v<decltype(v), FlatChild>) put(at + offset, v);
            },
            value);
      offset += kSlot;
    }
    return at;
  }

  std::string out_;
};

using FlatFields = std::map<unsigned, FlatValue>;

struct TinyTensor {
  std::vector<std::int32_t> dims;
  TfliteType type = TfliteType::float32;
  std::string data;  // empty: not constant
  FlatChild quantization;
  FlatChild sparsity;
  std::string name;
};

struct TinyOperator {
  std::int32_t code = 0;
  std::vector<std::int32_t> inputs;
  std::vector<std::int32_t> outputs;
  FlatFields options;
  std::string custom;
  std::string custom_options;
};

struct TinyTflite {
  std::vector<TinyTensor> tensors;
  std::vector<TinyOperator> operators;
  std::vector<std::int32_t> inputs;
  std::vector<std::int32_t> outputs;
  std::int32_t version = 3;

  std::int32_t add(TinyTensor tensor) {
    if (tensor.name.empty()) tensor.name = "t" + std::to_string(tensors.size());
    tensors.push_back(std::move(tensor));
    return static_cast<std::int32_t>(tensors.size()) - 1;
  }
  std::int32_t feed(std::vector<std::int32_t> dims, TfliteType type = TfliteType::float32) {
    inputs.push_back(add({.dims = std::move(dims), .type = type}));
    return inputs.back();
  }
  template <class T>
  std::int32_t constant(std::vector<std::int32_t> dims, TfliteType type,
                        const std::vector<T>& values) {
    const std::string data(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    return add({.dims = std::move(dims), .type = type, .data = data});
  }

  FlatChild model() const {
    std::vector<FlatChild> buffers{flat_table({})}, tensor_list, operator_list, codes;
    for (const TinyTensor& tensor : tensors) {
      FlatFields fields{{0, flat_list(tensor.dims)},
                        {1, static_cast<std::int8_t>(tensor.type)},
                        {3, flat_text(tensor.name)}};
      if (!tensor.data.empty()) {
        fields[2] = static_cast<std::int32_t>(buffers.size());
        buffers.push_back(flat_table({{0, flat_text(tensor.data)}}));
      }
      if (tensor.quantization) fields[4] = tensor.quantization;
      if (tensor.sparsity) fields[6] = tensor.sparsity;
      tensor_list.push_back(flat_table(std::move(fields)));
    }
    for (const TinyOperator& node : operators) {
      FlatFields fields{{0, static_cast<std::int32_t>(codes.size())},
                        {1, flat_list(node.inputs)},
                        {2, flat_list(node.outputs)},
                        {4, flat_table(node.options)}};
      if (!node.custom_options.empty()) fields[5] = flat_text(node.custom_options);
      operator_list.push_back(flat_table(std::move(fields)));
      const auto narrow = static_cast<std::int8_t>(std::min(node.code, 127));
      codes.push_back(flat_table({{0, narrow}, {1, flat_text(node.custom)}, {3, node.code}}));
    }
    const FlatChild graph = flat_table({{0, flat_tables(std::move(tensor_list))},
                                        {1, flat_list(inputs)},
                                        {2, flat_list(outputs)},
                                        {3, flat_tables(std::move(operator_list))}});
    return flat_table({{0, version},
                       {1, flat_tables(std::move(codes))},
                       {2, flat_tables({graph})},
                       {4, flat_tables(std::move(buffers))}});
  }
  std::string bytes() const { return FlatWriter().file(model(), "TFL3"); }
};

}  // namespace aa::graph
