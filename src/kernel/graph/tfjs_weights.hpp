// Weights of a TF.js model: where each named tensor lies in the shards, and its decoded values.
//
// Dtypes: float32, int32, bool, and these stored quantised as float16, uint8 or uint16
// (value = stored * scale + min, computed in double, rounded once to float32 as TF.js does).
// `index_weights` checks that every tensor lies inside the bytes given, before any is decoded.
// Errors: Error(invalid_argument, "tfjs_bad_weights" | "tfjs_bad_model") naming the tensor.
// Thread rule: values; the index refers to the caller's bytes.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "kernel/graph/constant_tensor.hpp"

namespace aa::graph {

enum class Stored : std::uint8_t { plain, float16, uint8, uint16 };

struct WeightEntry {
  DType dtype = DType::float32;
  Stored stored = Stored::plain;
  Dims dims;
  double scale = 1;
  double min = 0;
  std::span<const std::byte> bytes;
  std::shared_ptr<const std::vector<std::byte>> own;  // where no file holds them
};

using WeightIndex = std::unordered_map<std::string, WeightEntry>;

// The files that hold the weights, in order, as model.json's manifest names them.
std::vector<std::string> shard_names(const json::Value& model);
WeightIndex index_weights(const json::Value& model, std::span<const std::byte> weights);
Tensor decode_weight(const WeightEntry& entry);

// IEEE 754 binary16 to binary32, exact.
float from_float16(std::uint16_t half);

}  // namespace aa::graph
