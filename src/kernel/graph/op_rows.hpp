// One TF.js operation in a model of its own, for tests: what it becomes, or why it is refused.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/graph/tiny_model.hpp"

namespace aa::graph {

struct Constant {
  std::string name;
  DType dtype = DType::float32;
  Dims dims;
  std::vector<double> values;
};

struct Row {
  std::string op;
  std::string x;  // dims of the input
  std::string inputs = R"("x")";
  std::vector<Constant> constants;
  std::string attributes = "{}";
  std::string becomes;  // without transpositions; "" for a constant
  Dims dims;
};

inline Constant ints(std::string name, std::vector<double> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return {std::move(name), DType::int32, {count}, std::move(values)};
}
inline Constant number(std::string name, double value, DType dtype = DType::int32) {
  return {std::move(name), dtype, {}, {value}};
}
inline Constant floats(std::string name, Dims dims) {
  std::size_t count = 1;
  for (const auto dim : dims) count *= static_cast<std::size_t>(dim);
  return {std::move(name), DType::float32, std::move(dims), std::vector<double>(count, 0.5)};
}

inline OnnxGraph convert(const Row& row, const ImportOptions& options = {}) {
  TinyModel model;
  model.placeholder(row.x);
  for (const auto& constant : row.constants) {
    model.constant(constant.name, constant.dtype, constant.dims, constant.values);
  }
  model.node("y", row.op, row.inputs, row.attributes);
  return model.convert(options);
}

inline std::string operations(const OnnxGraph& graph) {
  std::string out;
  for (const auto& node : graph.nodes) {
    if (node.op == "Transpose") continue;
    out += (out.empty() ? "" : " ") + node.op;
  }
  return out;
}

inline void expect_rows(const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.op + " " + row.attributes);
    try {
      const auto graph = convert(row);
      EXPECT_EQ(operations(graph), row.becomes);
      ASSERT_FALSE(graph.outputs.empty());
      EXPECT_EQ(graph.outputs[0].dims, row.dims);
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
}

// `becomes` is what the message must say.
inline void expect_refused(const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.op + " " + row.attributes);
    try {
      convert(row);
      ADD_FAILURE() << "was taken";
    } catch (const Error& error) {
      EXPECT_NE(error.message().find(row.becomes), std::string::npos) << error.message();
    }
  }
}

}  // namespace aa::graph
