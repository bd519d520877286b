#include "driver/inference/batch.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.hpp"

namespace aa::inference::detail {
namespace {

constexpr int kRunsPerTrial = 4;  // the first of which pays for memory and is not counted
constexpr double kDifferentMax = 0.001;

bool same_rows(const Tensor& a, const Tensor& b) {
  return a.name == b.name && a.type == b.type && a.shape == b.shape && !a.shape.empty() &&
         a.shape[0] == 1 && a.bytes.size() == b.bytes.size();
}

bool close(float a, float b) {
  return a == b || std::abs(a - b) <= 0.001F + 0.01F * std::abs(a) ||
         (std::isnan(a) && std::isnan(b));
}

bool agree(const Tensor& a, const Tensor& b) {
  if (a.type != b.type || a.shape != b.shape) return false;
  if (a.type != ElementType::float32) return std::ranges::equal(a.bytes, b.bytes);
  const auto x = a.floats();
  const auto y = b.floats();
  std::size_t different = 0;
  for (std::size_t i = 0; i < x.size(); ++i) different += close(x[i], y[i]) ? 0 : 1;
  return static_cast<double>(different) <= kDifferentMax * static_cast<double>(x.size());
}

}  // namespace

bool joinable(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  return std::ranges::equal(a, b, same_rows);
}

std::vector<Tensor> join(const std::vector<const std::vector<Tensor>*>& runs) {
  std::vector<Tensor> out;
  for (std::size_t input = 0; input < runs.front()->size(); ++input) {
    const Tensor& first = (*runs.front())[input];
    Tensor all{.name = first.name, .type = first.type, .shape = first.shape};
    all.shape[0] = static_cast<std::int64_t>(runs.size());
    const auto row = first.bytes.size();
    all.bytes.resize(row * runs.size());
    for (std::size_t i = 0; i < runs.size() && row > 0; ++i) {
      std::memcpy(all.bytes.data() + i * row, (*runs[i])[input].bytes.data(), row);
    }
    out.push_back(std::move(all));
  }
  return out;
}

std::vector<std::vector<Tensor>> split(const std::vector<Tensor>& outputs, std::size_t runs) {
  std::vector<std::vector<Tensor>> out(runs);
  for (const auto& all : outputs) {
    if (all.shape.empty() || all.shape[0] != static_cast<std::int64_t>(runs)) {
      throw Error(ErrorCode::internal, "model_failed",
                  "Output '" + all.name + "' does not have one row per input.");
    }
    const auto row = all.bytes.size() / runs;
    for (std::size_t i = 0; i < runs; ++i) {
      Tensor part{.name = all.name, .type = all.type, .shape = all.shape};
      part.shape[0] = 1;
      part.bytes.resize(row);
      if (row > 0) std::memcpy(part.bytes.data(), all.bytes.data() + i * row, row);
      out[i].push_back(std::move(part));
    }
  }
  return out;
}

bool agree(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  return std::ranges::equal(a, b, [](const Tensor& x, const Tensor& y) { return agree(x, y); });
}

void BatchChoice::measured(std::size_t size, std::chrono::nanoseconds took) {
  if (settled_ || size != trial_) return;
  if (++seen_ == 1) return;
  const auto each = took / static_cast<int>(size);
  best_ = seen_ == 2 ? each : std::min(best_, each);
  if (seen_ == kRunsPerTrial) decide();
}

void BatchChoice::decide() {
  const bool helps = trial_ == 1 || static_cast<double>(best_.count()) <=
                                        (1 - kGainMin) * static_cast<double>(chosen_best_.count());
  if (helps) {
    chosen_ = trial_;
    chosen_best_ = best_;
  }
  const auto next = chosen_best_ * static_cast<int>(2 * trial_);
  settled_ = !helps || 2 * trial_ > kBatchMax || next > kBatchTimeMax;
  trial_ *= 2;
  seen_ = 0;
}

void BatchChoice::give_up() {
  settled_ = true;
  chosen_ = 1;
}

}  // namespace aa::inference::detail
