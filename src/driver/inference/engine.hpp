// Model inference: sessions on ONNX Runtime, loaded on demand, lent, unloaded by memory budget, and
// run in two lanes: interactive (a person waits) before bulk. A bulk run that stands in the way of
// an interactive one is ended and done again, unknown to who waits for it; bulk runs of one model
// are joined into a batch where the graph allows it and it was measured to help.
//
// float32 inputs are converted to what a half-precision or quantised model takes, and float16
// outputs to float32.
//
// The library is loaded with dlopen on first use (settings, then next to the program, then the
// system); its C API is versioned. Providers are tried in order and logged; CPU is always last.
//
// Thread rule: Engine is shared by all threads. Bulk runs happen on the compute executor,
// interactive ones on threads of the engine. Nothing here blocks an io thread. A coroutine that is
// cancelled leaves the queue at once; a run that is under way is told to end and is waited for. A
// file at a path is taken to stay what it is until unload_all(). Errors: not_found (no such file),
// invalid_argument "model_invalid" (the file is no model, or holds external data, custom domains),
// "model_input" (wrong shape or type), internal "model_failed", unavailable "inference_busy" (queue
// full) and "runtime_missing", cancelled, deadline_exceeded "model_timeout".
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/observe/metrics.hpp"
#include "core/runtime/executors.hpp"
#include "driver/inference/tensor.hpp"

namespace aa::inference {

using runtime::Task;

enum class Lane { interactive, bulk };

struct EngineSettings {
  std::filesystem::path library;  // empty: search
  // Of loaded models: each counts its file twice, and what its first run took besides.
  std::uint64_t memory_budget_bytes = 3ULL << 30;
  unsigned threads = 0;                    // 0: compute threads
  std::size_t queue_max = 256;             // waiting runs per lane
  std::chrono::seconds run_time_max{120};  // a run that takes longer is ended
  std::vector<std::string> providers = {"CPU"};
};

class Engine {
 public:
  Engine(EngineSettings settings, runtime::Executors& executors, observe::Metrics& metrics);
  ~Engine();

  // Loads when needed (one load for all who wait) and describes the model.
  // The lane says which kind of session is loaded for it: that of the runs that will follow.
  Task<ModelInfo> info(std::filesystem::path model, Lane lane = Lane::interactive);
  Task<RunResult> run(std::filesystem::path model, std::vector<Tensor> inputs, Lane lane);
  // Blocking twins for the command line and for workers that are on a thread of their own.
  ModelInfo info_blocking(const std::filesystem::path& model, Lane lane = Lane::interactive);
  // Runs on the calling thread, beside the queue. Lane::bulk: one thread per run, for callers that
  // run several at once; Lane::interactive: all threads for this one run.
  RunResult run_blocking(const std::filesystem::path& model, std::vector<Tensor> inputs,
                         Lane lane = Lane::interactive);

  // Where to prepare and read what a lane runs: the engine's own threads, which share the cores
  // with other work instead of waiting behind it, or the compute executor.
  runtime::Executor executor(Lane lane);

  std::uint64_t loaded_bytes() const;
  void unload(const std::filesystem::path& model);  // unless it is running
  void unload_all();                                // all that are not running

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace aa::inference
