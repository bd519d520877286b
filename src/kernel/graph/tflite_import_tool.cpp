// tflite_import_tool model.tflite out.onnx
// Imports a TFLite model and prints what became of it.
#include <cstdio>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "base/error.hpp"
#include "kernel/graph/tflite_import.hpp"

namespace aa::graph {
namespace {

void run(int count, char** words) {
  if (count != 3) throw invalid("usage", "tflite_import_tool model.tflite out.onnx");
  std::ifstream in(words[1], std::ios::binary);
  if (!in) throw not_found("file " + std::string(words[1]));
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const ImportedModel model = import_tflite(std::as_bytes(std::span(bytes)));
  std::ofstream(words[2], std::ios::binary) << model.onnx;
  for (const auto& input : model.inputs) fmt::print("in  {} {}\n", input.name, to_text(input.dims));
  for (const auto& output : model.outputs) {
    fmt::print("out {} {}\n", output.name, to_text(output.dims));
  }
  for (const auto& [op, number] : model.onnx_ops) fmt::print("op  {} {}\n", op, number);
  for (const std::string& note : model.notes) fmt::print("note {}\n", note);
}

}  // namespace
}  // namespace aa::graph

int main(int count, char** words) {
  try {
    aa::graph::run(count, words);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
