// TensorFlow.js graph and layers models to ONNX (opset 17): model.json and its weights in, a file
// out.
//
// Activations run with channels first; graph inputs and outputs keep TensorFlow's NHWC shapes
// unless `channels_first_inputs` is set. Weights are written as float32 whatever they were stored
// as. Control flow and tensor lists are not taken: cut the graph in front of what follows them.
// Errors (all aa::Error): malformed "malformed_json"; unsupported "tfjs_unsupported_op" naming op
// and node, "tfjs_unsupported_layer"; invalid_argument "tfjs_bad_model", "tfjs_bad_weights",
// "tfjs_cycle"; not_found; too_large. Never anything else, for any bytes. Thread rule: pure
// function, call from anywhere.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/graph/onnx_model.hpp"

namespace aa::graph {

inline constexpr std::size_t kTfjsJsonBytesMax = 32ULL << 20;

struct TfjsModel {
  std::string_view model_json;
  std::span<const std::byte> weights;  // all shards, in the manifest's order
};

// Replaces what a node computes by an input of the ONNX graph.
struct CutInput {
  std::string name;
  Dims dims;  // NHWC
};

struct ImportOptions {
  std::vector<std::string> outputs;             // "node" or "node:port"; empty: the signature's
  std::map<std::string, CutInput> cuts;         // by node
  std::map<std::string, Dims> input_dims;       // by placeholder, instead of its own
  std::int64_t batch = 1;                       // where a placeholder leaves it open; 0: keep open
  bool channels_first_inputs = false;           // rank-4 inputs are fed as NCHW
  std::map<std::string, std::string> metadata;  // written into the file
};

// "NODE=NAME:1,300,300,3" as people write it, into `options`; Error invalid_argument "bad_cut".
void add_cut(ImportOptions& options, std::string_view text);

struct ImportedModel {
  std::string onnx;
  std::vector<TensorInfo> inputs;
  std::vector<TensorInfo> outputs;
  std::vector<std::string> notes;       // for people: what was cut or left open
  std::map<std::string, int> onnx_ops;  // how many nodes of each op
};

ImportedModel import_tfjs(const TfjsModel& model, const ImportOptions& options = {});

// The same before it is serialised; notes are appended.
OnnxGraph convert_tfjs(const TfjsModel& model, const ImportOptions& options,
                       std::vector<std::string>& notes);

// For fuzzing: imports `text` with zero weights; every failure but an Error is a defect.
void fuzz_tfjs_import(std::string_view text);

}  // namespace aa::graph
