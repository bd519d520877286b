// onnx_inspect_tool model.onnx ...: what is in each file, and whether it would be taken.
#include <cstdio>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "base/error.hpp"
#include "kernel/graph/onnx_inspect.hpp"

namespace aa::graph {
namespace {

void print_port(const char* kind, const OnnxPort& port) {
  fmt::print("  {} {} type {} {}\n", kind, port.name, port.element_type, to_text(port.dims));
}

void inspect(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw not_found("file " + std::string(path));
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const OnnxSummary summary = inspect_onnx(std::as_bytes(std::span(bytes)));
  fmt::print("{}: ir {}, {}, {} nodes, {} initializers\n", path, summary.ir_version,
             summary.producer, summary.nodes, summary.initializers);
  for (const auto& [domain, version] : summary.opsets)
    fmt::print("  opset '{}' {}\n", domain, version);
  for (const OnnxPort& port : summary.inputs) print_port("in ", port);
  for (const OnnxPort& port : summary.outputs) print_port("out", port);
  require_safe(summary);
}

}  // namespace
}  // namespace aa::graph

int main(int count, char** words) {
  int failures = 0;
  for (int i = 1; i < count; ++i) {
    try {
      aa::graph::inspect(words[i]);
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}: {}\n", words[i], error.what());
      ++failures;
    }
  }
  return failures == 0 ? 0 : 1;
}
