#include "driver/inference/providers.hpp"

#include <algorithm>

#include "core/observe/log.hpp"

namespace aa::inference::detail {
namespace {

OrtStatus* append_cuda(const Runtime& ort, OrtSessionOptions* options) {
  OrtCUDAProviderOptionsV2* cuda = nullptr;
  if (auto* status = ort->CreateCUDAProviderOptions(&cuda)) return status;
  auto* status = ort->SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda);
  ort->ReleaseCUDAProviderOptions(cuda);
  return status;
}

OrtStatus* append_tensorrt(const Runtime& ort, OrtSessionOptions* options) {
  OrtTensorRTProviderOptionsV2* tensorrt = nullptr;
  if (auto* status = ort->CreateTensorRTProviderOptions(&tensorrt)) return status;
  auto* status = ort->SessionOptionsAppendExecutionProvider_TensorRT_V2(options, tensorrt);
  ort->ReleaseTensorRTProviderOptions(tensorrt);
  return status;
}

OrtStatus* append_provider(const Runtime& ort, OrtSessionOptions* options,
                           const std::string& provider) {
  if (provider == "CUDA") return append_cuda(ort, options);
  if (provider == "TensorRT") return append_tensorrt(ort, options);
  if (provider == "OpenVINO") {
    return ort->SessionOptionsAppendExecutionProvider_OpenVINO_V2(options, nullptr, nullptr, 0);
  }
  return ort->SessionOptionsAppendExecutionProvider(options, provider.c_str(), nullptr, nullptr, 0);
}

}  // namespace

bool only_cpu(const std::vector<std::string>& providers) {
  return std::ranges::all_of(providers, [](const auto& name) { return name == "CPU"; });
}

std::vector<std::string> append_providers(const Runtime& ort, OrtSessionOptions* options,
                                          const std::vector<std::string>& providers) {
  std::vector<std::string> out;
  for (const auto& provider : providers) {
    if (provider == "CPU") continue;
    const auto problem = ort.take_message(append_provider(ort, options, provider));
    if (problem.empty()) {
      out.push_back(provider);
    } else {
      observe::warn("inference_provider",
                    {{"provider", provider}, {"used", false}, {"reason", problem}});
    }
  }
  return out;
}

}  // namespace aa::inference::detail
