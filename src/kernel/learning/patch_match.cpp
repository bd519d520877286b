#include "kernel/learning/patch_match.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace aa::learning {
namespace {

constexpr double kMargin = 0.15;  // of the part's size, on each side
constexpr double kReach = 0.5;
constexpr double kWindow = 1;    // of the part's size on each side: reach, growth and margin
constexpr int kCoarseSteps = 8;  // to each side
constexpr int kFineRounds = 4;
constexpr double kStructure = 1.5;  // deviation of grey levels, of 255, below which all is alike
constexpr int kSamplesInCell = 4;   // along each side
constexpr std::array kSizes = {0.8, 0.9, 1.0, 1.11, 1.25};

constexpr auto kCells = static_cast<std::size_t>(kPatchSide * kPatchSide);
using Patch = std::array<float, kCells>;

double luma(const raster::ImageView& image, int column, int row) {
  const auto* pixel =
      image.at(std::clamp(column, 0, image.width - 1), std::clamp(row, 0, image.height - 1));
  return image.channels < 3 ? pixel[0] : 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
}

// Part of an image as sums of grey levels over everything left of and above a sample, so that the
// mean of any cell costs four of them (Crow, "Summed-Area Tables", 1984). Samples lie a quarter of
// a cell apart; beyond the image its border goes on.
class GreyWindow {
 public:
  GreyWindow(const raster::ImageView& image, const geometry::Rect& window,
             const geometry::Rect& patch)
      : left_(window.x0),
        top_(window.y0),
        step_x_(std::max(1.0, patch.width() / kPatchSide / kSamplesInCell)),
        step_y_(std::max(1.0, patch.height() / kPatchSide / kSamplesInCell)),
        columns_(static_cast<int>(window.width() / step_x_) + 2),
        rows_(static_cast<int>(window.height() / step_y_) + 2),
        sums_(static_cast<std::size_t>((columns_ + 1) * (rows_ + 1))) {
    for (int j = 0; j < rows_; ++j) {
      double row = 0;
      for (int i = 0; i < columns_; ++i) {
        row += luma(image, static_cast<int>(std::floor(left_ + (i + 0.5) * step_x_)),
                    static_cast<int>(std::floor(top_ + (j + 0.5) * step_y_)));
        sums_[at(i + 1, j + 1)] = sums_[at(i + 1, j)] + row;
      }
    }
  }

  double mean(const geometry::Rect& cell) const {
    const auto index = [](double x, double origin, double step, int limit) {
      return std::clamp(static_cast<int>(std::lround((x - origin) / step)), 0, limit);
    };
    const int i0 = std::min(index(cell.x0, left_, step_x_, columns_), columns_ - 1);
    const int j0 = std::min(index(cell.y0, top_, step_y_, rows_), rows_ - 1);
    const int i1 = std::max(i0 + 1, index(cell.x1, left_, step_x_, columns_));
    const int j1 = std::max(j0 + 1, index(cell.y1, top_, step_y_, rows_));
    const double sum =
        sums_[at(i1, j1)] - sums_[at(i0, j1)] - sums_[at(i1, j0)] + sums_[at(i0, j0)];
    return sum / ((i1 - i0) * (j1 - j0));
  }

 private:
  std::size_t at(int i, int j) const { return static_cast<std::size_t>(j * (columns_ + 1) + i); }

  double left_;
  double top_;
  double step_x_;
  double step_y_;
  int columns_;
  int rows_;
  std::vector<double> sums_;
};

// Means of cells, less their mean, of length 1; false where all is alike.
bool sample(const GreyWindow& window, const geometry::Rect& box, Patch& out) {
  const double width = box.width() / kPatchSide;
  const double height = box.height() / kPatchSide;
  double mean = 0;
  for (std::size_t i = 0; i < kCells; ++i) {
    const double x = box.x0 + static_cast<double>(i % kPatchSide) * width;
    const double y = box.y0 + static_cast<double>(i / kPatchSide) * height;
    out[i] = static_cast<float>(window.mean({x, y, x + width, y + height}));
    mean += out[i];
  }
  mean /= static_cast<double>(kCells);
  double squares = 0;
  for (auto& value : out) {
    value -= static_cast<float>(mean);
    squares += static_cast<double>(value) * value;
  }
  if (std::sqrt(squares / static_cast<double>(kCells)) < kStructure) return false;
  for (auto& value : out) value = static_cast<float>(value / std::sqrt(squares));
  return true;
}

geometry::Rect with_margin(const geometry::Rect& box, double share) {
  const double x = box.width() * share;
  const double y = box.height() * share;
  return {box.x0 - x, box.y0 - y, box.x1 + x, box.y1 + y};
}

geometry::Rect placed(geometry::Point centre, double width, double height) {
  return {centre.x - width / 2, centre.y - height / 2, centre.x + width / 2, centre.y + height / 2};
}

class Search {
 public:
  Search(const Patch& wanted, const raster::ImageView& to, const geometry::Rect& guess)
      : wanted_(wanted),
        image_{0, 0, static_cast<double>(to.width), static_cast<double>(to.height)},
        guess_(guess),
        window_(to, with_margin(guess, kWindow), guess),
        best_{guess, -1} {}

  void look(geometry::Point centre, double size) {
    const auto box = placed(centre, guess_.width() * size, guess_.height() * size);
    if (geometry::intersection(box, image_).area() < box.area() / 2) return;
    Patch patch;
    if (!sample(window_, with_margin(box, kMargin), patch)) return;
    double correlation = 0;
    for (std::size_t i = 0; i < kCells; ++i) correlation += wanted_[i] * patch[i];
    if (correlation > best_.correlation) best_ = {box, correlation}, size_ = size;
  }

  PatchMatch run() {
    const auto centre = guess_.center();
    look(centre, 1);
    double step_x = guess_.width() * kReach / kCoarseSteps;
    double step_y = guess_.height() * kReach / kCoarseSteps;
    for (const double size : kSizes) around(centre, kCoarseSteps, step_x, step_y, size);
    double step = 0.05;
    for (int i = 0; i < kFineRounds; ++i, step /= 2) {
      step_x /= 2;
      step_y /= 2;
      const auto at = best_.box.center();
      const double size = size_;
      for (const double factor : {1 - step, 1.0, 1 + step}) {
        around(at, 1, step_x, step_y, size * factor);
      }
    }
    return best_;
  }

 private:
  void around(geometry::Point centre, int steps, double step_x, double step_y, double size) {
    for (int j = -steps; j <= steps; ++j) {
      for (int i = -steps; i <= steps; ++i) {
        look({centre.x + i * step_x, centre.y + j * step_y}, size);
      }
    }
  }

  const Patch& wanted_;
  geometry::Rect image_;
  geometry::Rect guess_;
  GreyWindow window_;
  PatchMatch best_;
  double size_ = 1;
};

}  // namespace

std::optional<PatchMatch> find_patch(const raster::ImageView& from, const geometry::Rect& part,
                                     const raster::ImageView& to) {
  const auto inside = geometry::clamped(part, from.width, from.height);
  if (from.empty() || to.empty() || inside.empty()) return std::nullopt;
  Patch wanted;
  const auto around = with_margin(inside, kMargin);
  if (!sample(GreyWindow(from, around, inside), around, wanted)) return std::nullopt;
  const double x = static_cast<double>(to.width) / from.width;
  const double y = static_cast<double>(to.height) / from.height;
  Search search(wanted, to, {inside.x0 * x, inside.y0 * y, inside.x1 * x, inside.y1 * y});
  const auto match = search.run();
  if (!(match.correlation > 0)) return std::nullopt;
  return match;
}

}  // namespace aa::learning
