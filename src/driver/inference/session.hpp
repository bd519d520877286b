// One loaded model: an ONNX Runtime session with its description.
//
// Two kinds of session exist because they were measured to differ (YOLOX-Nano, 2 cores): bulk work
// does 215 runs/s as two runs of one thread each, against 116 as one run of two threads; a single
// run takes 8.3 ms on two threads that spin, 11.3 ms when they sleep.
//
// The memory arena stays on: without it MobileSAM's encoder takes 868 ms instead of 417 (page
// faults). It is freed with the session.
//
// Thread rule: run() may be called by several threads at once.
// Errors: see engine.hpp.
#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "driver/inference/detail/onnx_runtime.hpp"
#include "driver/inference/tensor.hpp"

namespace aa::inference::detail {

struct SessionOptions {
  unsigned threads = 1;
  bool spin = false;
  std::vector<std::string> providers;  // tried in order; CPU needs no mention
};

// Lets another thread end a run in flight.
class RunControl {
 public:
  explicit RunControl(const Runtime& runtime);
  void terminate();
  bool terminated() const { return terminated_; }
  const OrtRunOptions* options() const { return options_.get(); }

 private:
  const Runtime& runtime_;
  Owned<OrtRunOptions> options_;
  std::atomic<bool> terminated_ = false;
};

class Session {
 public:
  Session(std::shared_ptr<const Runtime> runtime, const std::filesystem::path& file,
          const SessionOptions& options);

  const ModelInfo& info() const { return info_; }
  std::uint64_t bytes() const { return bytes_; }
  const std::string& label() const { return label_; }
  std::vector<Tensor> run(const std::vector<Tensor>& inputs, RunControl& control);
  // Whether a batch was once seen to give what its parts give alone.
  bool batch_trusted() const { return batch_trusted_; }
  void trust_batch() { batch_trusted_ = true; }

 private:
  bool create(std::span<const std::byte> file, const SessionOptions& options, bool accelerated);
  void describe();
  void check_inputs(const std::vector<Tensor>& inputs) const;

  std::shared_ptr<const Runtime> runtime_;
  Owned<OrtSession> session_;
  Owned<OrtMemoryInfo> memory_;
  ModelInfo info_;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<bool> first_run_ = true;
  std::atomic<bool> batch_trusted_ = false;
  std::string label_;
};

// What metrics and logs call a model: its folder and stem, "mobilesam/encoder".
std::string model_label(const std::filesystem::path& file);

// Gives memory freed by sessions back to the system.
void return_free_memory();

}  // namespace aa::inference::detail
