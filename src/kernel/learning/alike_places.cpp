#include "kernel/learning/alike_places.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "kernel/learning/similarity.hpp"

namespace aa::learning {
namespace {

constexpr float kOfPart = 0.1F;  // from this share on a cell is the part's own

std::size_t whole_cells(double cells, std::size_t side) {
  return std::min(side, static_cast<std::size_t>(std::max(1.0, std::ceil(cells))));
}

void check_grid(const FeatureGrid& grid, std::span<const float> part) {
  const auto cells = grid.side * grid.side;
  const bool fits = grid.side >= 1 && grid.side <= kAlikeSideMax && grid.channels >= 1 &&
                    grid.values.size() == grid.channels * cells && part.size() == cells;
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!fits || !std::ranges::all_of(grid.values, finite) || !std::ranges::all_of(part, finite)) {
    throw invalid("bad_grid", "The map of features has other sizes than it should, or no numbers.");
  }
}

}  // namespace

AlikePlaces::AlikePlaces(const FeatureGrid& grid, std::span<const float> part)
    : channels_(grid.channels), side_(grid.side), part_(part.begin(), part.end()) {
  check_grid(grid, part);
  columns_ = whole_cells(grid.columns, side_);
  rows_ = whole_cells(grid.rows, side_);
  const auto cells = side_ * side_;
  cells_.resize(cells * channels_);
  for (std::size_t c = 0; c < channels_; ++c) {
    const auto* plane = grid.values.data() + c * cells;
    double sum = 0;
    for (std::size_t y = 0; y < rows_; ++y) {
      for (std::size_t x = 0; x < columns_; ++x) sum += plane[y * side_ + x];
    }
    const auto mean = static_cast<float>(sum / static_cast<double>(rows_ * columns_));
    for (std::size_t i = 0; i < cells; ++i) cells_[i * channels_ + c] = plane[i] - mean;
  }
  target_ = mean_of(part_);
}

std::vector<float> AlikePlaces::mean_of(std::span<const float> part) const {
  std::vector<float> out(channels_);
  for (std::size_t y = 0; y < rows_; ++y) {
    for (std::size_t x = 0; x < columns_; ++x) {
      const auto i = y * side_ + x;
      if (!(part[i] > 0)) continue;
      const auto* cell = cells_.data() + i * channels_;
      for (std::size_t c = 0; c < channels_; ++c) out[c] += part[i] * cell[c];
    }
  }
  if (!normalise(out)) out.clear();
  return out;
}

float AlikePlaces::likeness(std::span<const float> part) const {
  if (part.size() != part_.size()) throw invalid("bad_grid", "The part has another grid.");
  const auto other = mean_of(part);
  return other.empty() || target_.empty() ? 0 : cosine_of_units(target_, other);
}

std::vector<AlikePlace> AlikePlaces::peaks(float likeness_min, std::size_t count_max) const {
  std::vector<float> map(columns_ * rows_, -1);
  if (target_.empty()) return {};
  std::vector<float> unit(channels_);
  for (std::size_t y = 0; y < rows_; ++y) {
    for (std::size_t x = 0; x < columns_; ++x) {
      const auto i = y * side_ + x;
      std::copy_n(cells_.data() + i * channels_, channels_, unit.data());
      if (normalise(unit)) map[y * columns_ + x] = cosine_of_units(target_, unit);
    }
  }
  std::vector<AlikePlace> out;
  for (std::size_t y = 0; y < rows_; ++y) {
    for (std::size_t x = 0; x < columns_; ++x) {
      const float here = map[y * columns_ + x];
      bool best = here >= likeness_min && part_[y * side_ + x] < kOfPart;
      for (std::size_t v = y > 0 ? y - 1 : 0; best && v < std::min(rows_, y + 2); ++v) {
        for (std::size_t u = x > 0 ? x - 1 : 0; u < std::min(columns_, x + 2); ++u) {
          // Of equals the first in reading order stays.
          const float there = map[v * columns_ + u];
          const bool before = v < y || (v == y && u < x);
          if (there > here || (before && there == here)) best = false;
        }
      }
      if (!best) continue;
      out.push_back({{static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5}, here});
    }
  }
  std::ranges::stable_sort(out, std::greater<>{}, &AlikePlace::likeness);
  if (out.size() > count_max) out.resize(count_max);
  return out;
}

}  // namespace aa::learning
