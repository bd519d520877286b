#include "driver/inference/detail/onnx_runtime.hpp"

#include <dlfcn.h>

#include <fmt/format.h>

#include "core/observe/log.hpp"

namespace aa::inference::detail {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "libonnxruntime.so.1";

void ORT_API_CALL forward_log(void*, OrtLoggingLevel, const char* category, const char*,
                              const char* location, const char* message) {
  observe::warn("onnxruntime", {{"category", category},
                                {"location", location},
                                {"message", std::string_view(message).substr(0, 2000)}});
}

const OrtApiBase* open_library(const std::string& candidate) {
  void* handle = dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return nullptr;
  using GetApiBase = const OrtApiBase*(ORT_API_CALL*)();
  const auto get = reinterpret_cast<GetApiBase>(dlsym(handle, "OrtGetApiBase"));
  return get != nullptr ? get() : nullptr;
}

}  // namespace

std::vector<std::string> library_candidates(const fs::path& setting) {
  if (!setting.empty()) return {setting.string()};
  std::vector<std::string> out;
  std::error_code ignored;
  const auto here = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  if (!here.empty()) {
    for (const auto& folder :
         {here, here / "../lib/annotateai", here / "../third_party/onnxruntime/lib"}) {
      const auto file = (folder / kFileName).lexically_normal();
      if (fs::exists(file, ignored)) out.push_back(file.string());
    }
  }
  out.emplace_back(kFileName);
  return out;
}

Runtime::Runtime(const fs::path& setting) {
  const auto candidates = library_candidates(setting);
  for (const auto& candidate : candidates) {
    const OrtApiBase* base = open_library(candidate);
    if (base == nullptr) continue;
    version_ = base->GetVersionString();
    path_ = candidate;
    api_ = base->GetApi(ORT_API_VERSION);
    if (api_ != nullptr) break;
  }
  if (api_ == nullptr) {
    throw unavailable(
        "runtime_missing",
        version_.empty()
            ? fmt::format("ONNX Runtime was not found (looked at {}). Run script/fetch_onnxruntime "
                          "or name the library in the settings.",
                          fmt::join(candidates, ", "))
            : fmt::format("ONNX Runtime {} in {} is too old; API version {} is needed.", version_,
                          path_, ORT_API_VERSION));
  }
  check(api_->CreateEnvWithCustomLogger(forward_log, nullptr, ORT_LOGGING_LEVEL_ERROR, "annotateai",
                                        &env_),
        ErrorCode::unavailable, "runtime_missing", "ONNX Runtime could not be started.");
  check(api_->DisableTelemetryEvents(env_), ErrorCode::unavailable, "runtime_missing",
        "ONNX Runtime could not be set up.");
  observe::info("onnxruntime_loaded", {{"version", version_}, {"path", path_}});
}

Runtime::~Runtime() {
  if (env_ != nullptr) api_->ReleaseEnv(env_);
}

std::string Runtime::take_message(OrtStatus* status) const {
  if (status == nullptr) return {};
  std::string text = api_->GetErrorMessage(status);
  api_->ReleaseStatus(status);
  return text.empty() ? "unknown failure" : text;
}

void Runtime::check(OrtStatus* status, ErrorCode code, const char* slug,
                    const std::string& message) const {
  if (status == nullptr) return;
  throw Error(code, slug, message).with_cause(take_message(status));
}

}  // namespace aa::inference::detail
