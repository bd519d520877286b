// Looks into an ONNX file without running it or trusting it: what it takes and gives, and whether
// it holds anything that a model from a stranger must not hold.
//
// inspect_onnx walks the bytes once in place and refuses lies about structure: lengths, dims whose
// product overflows or does not match the data, graphs with cycles or missing parts,
// functions that call themselves or unfold without end. require_safe then applies policy to the
// summary: no data outside the file, no foreign operator domains, no training graphs, nothing that
// steers the runtime (its options in the metadata, a provider's own compiled graphs).
// What a model does while it runs (an endless Loop, a huge Expand) only limits at run time can
// stop; `loops` tells that there is something to limit.
//
// Limits: 2 GiB - 1 of file, 100,000 nodes with all subgraphs and 1,000,000 once functions are
// inlined, 8 levels of subgraphs, 200,000 initializers, 1 MiB of metadata.
// Errors: Error(malformed, "malformed_protobuf" | "malformed_onnx"), Error(too_large,
// "onnx_too_large"), from require_safe Error(invalid_argument, "onnx_refused").
// Source: onnx.proto of ONNX 1.17. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "kernel/graph/constant_tensor.hpp"

namespace aa::graph {

struct OnnxPort {
  std::string name;
  std::int64_t element_type = 0;       // TensorProto.DataType; 0 for sequences, maps, optionals
  Dims dims;                           // kUnknownDim where open
  std::vector<std::string> dim_names;  // "batch", or "" where a dim is a number
  bool has_shape = false;
};

struct OnnxSummary {
  std::int64_t ir_version = 0;
  std::map<std::string, std::int64_t> opsets;  // by domain; "" is ONNX's own
  std::string producer;
  std::vector<OnnxPort> inputs;  // without those that are initializers
  std::vector<OnnxPort> outputs;
  std::map<std::string, std::string> metadata;
  std::map<std::string, std::size_t> ops;  // by op type
  std::set<std::string> foreign_domains;   // of nodes, beyond those ONNX Runtime brings along
  std::size_t nodes = 0;                   // with all subgraphs
  std::size_t initializers = 0;
  std::size_t initializer_bytes = 0;
  std::size_t functions = 0;
  bool external_data = false;
  bool training = false;
  bool sparse = false;
  bool loops = false;
};

OnnxSummary inspect_onnx(std::span<const std::byte> file);
void require_safe(const OnnxSummary& summary);

}  // namespace aa::graph
