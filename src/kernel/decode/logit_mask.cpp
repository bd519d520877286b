#include "kernel/decode/logit_mask.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace aa::decode {
namespace {

// Runs column by column, from foreground pixels that come in that order.
class RunWriter {
 public:
  RunWriter(std::uint32_t height, std::uint32_t width) {
    rle_.height = height;
    rle_.width = width;
  }
  void add(std::uint64_t at) {
    if (at == end_ && foreground_ > 0) {
      ++foreground_;
    } else {
      flush();
      rle_.runs.push_back(static_cast<std::uint32_t>(at - end_));
      foreground_ = 1;
    }
    end_ = at + 1;
  }
  raster::Rle finish() {
    flush();
    const auto pixels = std::uint64_t{rle_.height} * rle_.width;
    if (pixels > end_) rle_.runs.push_back(static_cast<std::uint32_t>(pixels - end_));
    return std::move(rle_);
  }

 private:
  void flush() {
    if (foreground_ > 0) rle_.runs.push_back(foreground_);
    foreground_ = 0;
  }

  raster::Rle rle_;
  std::uint64_t end_ = 0;  // one past the last foreground pixel
  std::uint32_t foreground_ = 0;
};

float sample(const LogitGrid& grid, double x, double y) {
  x = std::clamp(x, 0.0, grid.width - 1.0);
  y = std::clamp(y, 0.0, grid.height - 1.0);
  const int left = static_cast<int>(x);
  const int top = static_cast<int>(y);
  const int right = std::min(left + 1, grid.width - 1);
  const int bottom = std::min(top + 1, grid.height - 1);
  const auto wx = static_cast<float>(x - left);
  const auto wy = static_cast<float>(y - top);
  const auto at = [&](int column, int row) {
    return grid.values[static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.width) +
                       static_cast<std::size_t>(column)];
  };
  const float upper = at(left, top) + (at(right, top) - at(left, top)) * wx;
  const float lower = at(left, bottom) + (at(right, bottom) - at(left, bottom)) * wx;
  return upper + (lower - upper) * wy;
}

// The first whole pixel whose centre is at or after a coordinate.
int first_pixel(double at, int side) {
  return static_cast<int>(std::clamp(std::ceil(at - 0.5), 0.0, static_cast<double>(side)));
}

}  // namespace

raster::Rle MaskCanvas::draw(const LogitGrid& grid, const geometry::Rect& box) {
  if (grid.width < 1 || grid.height < 1 ||
      grid.values.size() !=
          static_cast<std::size_t>(grid.width) * static_cast<std::size_t>(grid.height)) {
    throw invalid("model_output", "A mask's grid has another size than its numbers.");
  }
  const int x0 = first_pixel(box.x0, frame_.image_width);
  const int x1 = first_pixel(box.x1, frame_.image_width);
  const int y0 = first_pixel(box.y0, frame_.image_height);
  const int y1 = first_pixel(box.y1, frame_.image_height);
  looked_at_ += static_cast<std::uint64_t>(std::max(x1 - x0, 0)) *
                static_cast<std::uint64_t>(std::max(y1 - y0, 0));
  if (looked_at_ > kMaskPixelsMax) {
    throw invalid("model_output", "The model's masks cover more pixels than are looked at.");
  }
  const double sx = static_cast<double>(grid.width) / frame_.input_width;
  const double sy = static_cast<double>(grid.height) / frame_.input_height;
  const auto place = [&](double x, double y) {
    const auto model = frame_.to_model({x, y});
    return geometry::Point{model.x * sx - 0.5, model.y * sy - 0.5};
  };
  // The map is affine: one step down the image is always the same step over the grid.
  const auto origin = place(0.5, 0.5);
  const auto below = place(0.5, 1.5);
  const geometry::Point step{below.x - origin.x, below.y - origin.y};
  const auto height = static_cast<std::uint64_t>(frame_.image_height);
  RunWriter runs(static_cast<std::uint32_t>(frame_.image_height),
                 static_cast<std::uint32_t>(frame_.image_width));
  for (int x = x0; x < x1; ++x) {
    const auto top = place(x + 0.5, 0.5);
    for (int y = y0; y < y1; ++y) {
      if (!(sample(grid, top.x + y * step.x, top.y + y * step.y) > 0)) continue;
      runs.add(static_cast<std::uint64_t>(x) * height + static_cast<std::uint64_t>(y));
    }
  }
  return runs.finish();
}

}  // namespace aa::decode
