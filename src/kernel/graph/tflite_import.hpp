// TFLite models to ONNX (opset 17): a .tflite file in, a file out.
//
// The main graph's inputs and outputs keep their names and NHWC shapes; activations run with
// channels first. float16 weights become float32; quantised models are computed in float32, their
// inputs and outputs being the real values that the integers stood for. Control flow, variables,
// strings and custom operators but MediaPipe's transposed convolution are not taken.
// Errors (all aa::Error): malformed "malformed_flatbuffer"; unsupported "tflite_unsupported_op"
// naming operator and tensor; invalid_argument "tflite_bad_model"; too_large "tflite_too_large".
// Never anything else, for any bytes. Thread rule: pure function, call from anywhere.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/graph/tfjs_import.hpp"

namespace aa::graph {

ImportedModel import_tflite(std::span<const std::byte> file,
                            const std::map<std::string, std::string>& metadata = {});

// The same before it is serialised; notes are appended.
OnnxGraph convert_tflite(std::span<const std::byte> file, std::vector<std::string>& notes);

// For fuzzing: every failure but an Error is a defect.
void fuzz_tflite_import(std::string_view bytes);

}  // namespace aa::graph
