// A model file from a stranger as an ONNX graph that passed inspection.
//
// Thread rule: any thread; blocks. Errors: see model_import.hpp.
#pragma once

#include <filesystem>
#include <string>

#include "kernel/graph/tfjs_import.hpp"

namespace aa::modelzoo {

// `path`: an .onnx or .tflite file, a model.json of TensorFlow.js, its folder, or that folder as a
// .zip; `options` are for the latter three.
std::string onnx_of(const std::filesystem::path& path, const graph::ImportOptions& options);

// The same into a file, which for an .onnx of 2 GiB takes no memory.
void take_model(const std::filesystem::path& path, const graph::ImportOptions& options,
                const std::filesystem::path& to);

}  // namespace aa::modelzoo
