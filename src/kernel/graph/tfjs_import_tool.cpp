// tfjs_import_tool model.json out.onnx [--cut NODE=NAME:1,300,300,3] [--output NODE] [--nchw]
//                 [--batch N]
// Imports a TF.js model whose shards lie beside its model.json and prints what became of it.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "kernel/graph/tfjs_import.hpp"
#include "kernel/graph/tfjs_weights.hpp"

namespace aa::graph {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw not_found("file " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string read_shards(const std::filesystem::path& model, std::string_view text) {
  std::string weights;
  for (const auto& name : shard_names(json::parse(text))) {
    weights += read_file(model.parent_path() / name);
  }
  return weights;
}

ImportOptions read_options(int count, char** words) {
  ImportOptions options;
  for (int i = 3; i < count; ++i) {
    const std::string_view flag = words[i];
    if (flag == "--nchw")
      options.channels_first_inputs = true;
    else if (i + 1 == count)
      throw invalid("bad_flag", std::string(flag) + " needs a value.");
    else if (flag == "--cut")
      add_cut(options, words[++i]);
    else if (flag == "--output")
      options.outputs.emplace_back(words[++i]);
    else if (flag == "--batch")
      options.batch = std::stoll(words[++i]);
    else
      throw invalid("bad_flag", "Unknown flag " + std::string(flag));
  }
  return options;
}

void run(int count, char** words) {
  if (count < 3) throw invalid("usage", "tfjs_import_tool model.json out.onnx [--cut ...]");
  const std::filesystem::path path = words[1];
  const std::string text = read_file(path);
  const std::string weights = read_shards(path, text);
  const ImportedModel model =
      import_tfjs({.model_json = text, .weights = std::as_bytes(std::span(weights))},
                  read_options(count, words));
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
