// A model file from a stranger as the bytes of an ONNX graph that passed inspection.
//
// Thread rule: any thread; blocks. Errors: see model_import.hpp.
#pragma once

#include <filesystem>
#include <string>

#include "kernel/graph/tfjs_import.hpp"

namespace aa::modelzoo {

// `path`: an .onnx or .tflite file, a model.json of TensorFlow.js, or its folder; `options` are for
// the latter two.
std::string onnx_of(const std::filesystem::path& path, const graph::ImportOptions& options);

}  // namespace aa::modelzoo
