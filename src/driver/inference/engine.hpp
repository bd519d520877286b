// Model inference: sessions on ONNX Runtime, loaded on demand, lent, unloaded by memory budget, and
// run in two lanes: interactive (a person waits) before bulk.
//
// The library is loaded with dlopen on first use (settings, then next to the program, then the
// system); its C API is versioned. Providers are tried in order and logged; CPU is always last.
//
// Thread rule: Engine is shared by all threads. A run happens on the compute executor; at most one
// run per lane slot. Nothing here blocks an io thread.
// Errors: not_found (no such file), invalid_argument "model_invalid" (the file is no model, or
// holds external data, custom domains), "model_input" (wrong shape or type), internal
// "model_failed", unavailable "inference_busy" (queue full) and "runtime_missing", cancelled.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/observe/metrics.hpp"
#include "core/runtime/executors.hpp"

namespace aa::inference {

using runtime::Task;

enum class ElementType { float32, int64, int32, uint8, boolean, float16 };

// A dense row-major tensor that owns its bytes.
struct Tensor {
  std::string name;
  ElementType type = ElementType::float32;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;

  std::span<const float> floats() const;          // type must be float32
  std::span<float> floats();
  std::size_t elements() const;
  static Tensor of_floats(std::string name, std::vector<std::int64_t> shape);  // zeros
};

struct TensorSpec {
  std::string name;
  ElementType type = ElementType::float32;
  std::vector<std::int64_t> shape;                // -1: free
};

struct ModelInfo {
  std::vector<TensorSpec> inputs;
  std::vector<TensorSpec> outputs;
  std::vector<std::pair<std::string, std::string>> metadata;
};

struct RunTiming {
  std::chrono::nanoseconds queued{};
  std::chrono::nanoseconds run{};
};

struct RunResult {
  std::vector<Tensor> outputs;
  RunTiming timing;
};

enum class Lane { interactive, bulk };

struct EngineSettings {
  std::filesystem::path library;                  // empty: search
  std::uint64_t memory_budget_bytes = 3ULL << 30; // of loaded model files, times two
  unsigned threads = 0;                           // 0: compute threads
  std::size_t queue_max = 256;                    // waiting runs per lane
  std::vector<std::string> providers = {"CPU"};
};

class Engine {
 public:
  Engine(EngineSettings settings, runtime::Executors& executors, observe::Metrics& metrics);
  ~Engine();

  // Loads when needed (one load for all who wait) and describes the model.
  Task<ModelInfo> info(std::filesystem::path model);
  Task<RunResult> run(std::filesystem::path model, std::vector<Tensor> inputs, Lane lane);
  // Blocking twins for the command line and for workers that are on a thread of their own.
  ModelInfo info_blocking(const std::filesystem::path& model);
  RunResult run_blocking(const std::filesystem::path& model, std::vector<Tensor> inputs);

  std::uint64_t loaded_bytes() const;
  void unload_all();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace aa::inference
