// Execution providers of ONNX Runtime: which are tried, and what is said of each.
//
// Names as in the setting INFERENCE_PROVIDERS: CPU, CUDA, TensorRT, OpenVINO, or any that ONNX
// Runtime's generic call takes (XNNPACK, QNN, ...). Those named first are asked first for each
// node; what none of them takes runs on the CPU, which is always there. Thread rule: pure but for
// the log. Errors: none; a provider that is not there is logged.
#pragma once

#include <string>
#include <vector>

#include "driver/inference/detail/onnx_runtime.hpp"

namespace aa::inference::detail {

bool only_cpu(const std::vector<std::string>& providers);
// The names of those that were taken, in order, without the CPU.
std::vector<std::string> append_providers(const Runtime& ort, OrtSessionOptions* options,
                                          const std::vector<std::string>& providers);

}  // namespace aa::inference::detail
