// Constants of a TFLite model as dense tensors: float16, quantised and sparse ones are unfolded.
//
// float16 becomes float32, exactly. A quantised tensor becomes scale * (q - zero_point) in float32,
// with one scale for all or one for each index of an axis. Integers without a scale that ONNX has
// no arithmetic for (8 and 16 bits) become int32. A sparse tensor (levels of dense or compressed
// indices, possibly in blocks) is written out with zeros between.
// Limits: what is unfolded is taken from the caller's budget in bytes.
// Errors: Error(invalid_argument, "tflite_bad_model") naming the tensor;
// Error(too_large, "tflite_too_large"). Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <vector>

#include "kernel/graph/tflite_model.hpp"

namespace aa::graph {

// The type in which it is computed with. Throws where it is none that is taken.
DType computed_type(const TfliteTensor& tensor);
bool is_quantized(const TfliteTensor& tensor);

Tensor decode_tensor(const TfliteTensor& tensor, std::size_t& budget_bytes);

// The stored values of a sparse tensor at their places among zeros; `size` is of an element.
std::vector<std::byte> unfold_sparse(const TfliteTensor& tensor, std::size_t size);

Error bad_tensor(const TfliteTensor& tensor, std::string_view what);

}  // namespace aa::graph
