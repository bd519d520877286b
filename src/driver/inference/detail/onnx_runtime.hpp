// ONNX Runtime's C API, found and opened once; everything of ours that touches it goes through
// here.
//
// The library is never closed again: its threads and static state do not survive dlclose. A header
// of one version drives any newer library (the API table is versioned); an older one is refused.
// Thread rule: a Runtime is immutable and shared by all threads.
// Errors: unavailable "runtime_missing" with the places that were looked at.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <onnxruntime/onnxruntime_c_api.h>

#include "base/error.hpp"

namespace aa::inference::detail {

class Runtime {
 public:
  Runtime(const std::filesystem::path& setting);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  const OrtApi* operator->() const { return api_; }
  const OrtApi& api() const { return *api_; }
  OrtEnv* env() const { return env_; }
  const std::string& version() const { return version_; }
  const std::string& path() const { return path_; }

  // Turns a failed status into an Error with ONNX Runtime's words as its cause.
  void check(OrtStatus* status, ErrorCode code, const char* slug, const std::string& message) const;
  // The words of a failed status, or empty; releases it.
  std::string take_message(OrtStatus* status) const;

 private:
  const OrtApi* api_ = nullptr;
  OrtEnv* env_ = nullptr;
  std::string version_;
  std::string path_;
};

// Where the library is looked for, in order.
std::vector<std::string> library_candidates(const std::filesystem::path& setting);

// Owns an object of the C API.
template <class T>
class Owned {
 public:
  using Release = void(ORT_API_CALL*)(T*);
  explicit Owned(Release release) : release_(release) {}
  Owned(Owned&& other) noexcept
      : release_(other.release_), object_(std::exchange(other.object_, nullptr)) {}
  Owned& operator=(Owned&&) = delete;
  ~Owned() {
    if (object_ != nullptr) release_(object_);
  }
  T* get() const { return object_; }
  T** out() { return &object_; }

 private:
  Release release_;
  T* object_ = nullptr;
};

}  // namespace aa::inference::detail
