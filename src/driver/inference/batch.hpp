// Joining waiting runs of one model along axis 0, and splitting what comes out again.
//
//   runs may be joined when the graph's axis 0 is free (ModelInfo::batches), each run has a batch
//   of 1, and all other sizes and types agree; the first batch is compared with a run alone
//
// Whether it pays is measured and not assumed: on a CPU a batch is often no faster than its parts.
// BatchChoice tries 2, then 4, then 8 and stops where a run of twice the size no longer saves
// kGainMin of the time per item, or would take longer than kBatchTimeMax.
//
// Thread rule: values and pure functions; BatchChoice is not synchronised.
// Errors: split throws internal "model_failed" when an output does not have one row per run.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "driver/inference/tensor.hpp"

namespace aa::inference::detail {

inline constexpr std::size_t kBatchMax = 8;
inline constexpr double kGainMin = 0.05;
// A click may have to wait for a run to end.
inline constexpr std::chrono::milliseconds kBatchTimeMax{100};

bool joinable(const std::vector<Tensor>& a, const std::vector<Tensor>& b);
std::vector<Tensor> join(const std::vector<const std::vector<Tensor>*>& runs);
// One list of outputs per run.
std::vector<std::vector<Tensor>> split(const std::vector<Tensor>& outputs, std::size_t runs);
// Whether two runs gave the same but for rounding: |a - b| <= 0.001 + 0.01 |a| for nearly all.
bool agree(const std::vector<Tensor>& a, const std::vector<Tensor>& b);

class BatchChoice {
 public:
  std::size_t limit() const { return settled_ ? chosen_ : trial_; }  // runs to be joined now
  bool settled() const { return settled_; }
  void measured(std::size_t size, std::chrono::nanoseconds took);
  void give_up();  // the graph does not do what it says: never again

 private:
  void decide();

  std::size_t chosen_ = 1;
  std::size_t trial_ = 1;
  bool settled_ = false;
  int seen_ = 0;                            // of the trial's size
  std::chrono::nanoseconds best_{};         // per item, of the trial's size
  std::chrono::nanoseconds chosen_best_{};  // of the chosen size
};

}  // namespace aa::inference::detail
