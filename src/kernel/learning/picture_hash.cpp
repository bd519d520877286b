#include "kernel/learning/picture_hash.hpp"

#include <algorithm>
#include <array>

namespace aa::learning {
namespace {

constexpr int kColumns = 9;
constexpr int kRows = 8;
constexpr int kSamples = 64;     // along each side of a cell, at most
constexpr int kTellingBits = 6;  // set and unset, at least
// Brighter by less than this, of 255, is noise of the compression.
constexpr double kStep = 1.0;

double luma(const std::uint8_t* pixel, int channels) {
  return channels < 3 ? pixel[0] : 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
}

double mean_luma(const raster::ImageView& image, int column, int row) {
  const auto edge = [](int i, int cells, int side) {
    return static_cast<int>(static_cast<std::int64_t>(i) * side / cells);
  };
  const int x0 = edge(column, kColumns, image.width);
  const int y0 = edge(row, kRows, image.height);
  const int x1 = std::max(x0 + 1, edge(column + 1, kColumns, image.width));
  const int y1 = std::max(y0 + 1, edge(row + 1, kRows, image.height));
  const int step_x = std::max(1, (x1 - x0) / kSamples);
  const int step_y = std::max(1, (y1 - y0) / kSamples);
  double sum = 0;
  int count = 0;
  for (int y = y0; y < std::min(y1, image.height); y += step_y) {
    for (int x = x0; x < std::min(x1, image.width); x += step_x, ++count) {
      sum += luma(image.at(x, y), image.channels);
    }
  }
  return count == 0 ? 0 : sum / count;
}

}  // namespace

std::uint64_t picture_hash(const raster::ImageView& image) {
  if (image.empty()) return 0;
  std::uint64_t hash = 0;
  for (int row = 0; row < kRows; ++row) {
    std::array<double, kColumns> cells{};
    for (int column = 0; column < kColumns; ++column) {
      cells[static_cast<std::size_t>(column)] = mean_luma(image, column, row);
    }
    for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
      hash = hash << 1 | (cells[i] > cells[i + 1] + kStep ? 1U : 0U);
    }
  }
  return hash;
}

bool is_telling(std::uint64_t hash) {
  const int set = std::popcount(hash);
  return set >= kTellingBits && set <= 64 - kTellingBits;
}

}  // namespace aa::learning
