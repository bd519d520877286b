#include "kernel/decode/grid.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/error.hpp"

namespace aa::decode {
namespace {

constexpr std::int64_t kSideMax = 16'384;

[[noreturn]] void refuse(const TensorView& tensor) {
  throw invalid("model_output",
                fmt::format("Output '{}' has shape [{}]; planes over the input were expected.",
                            tensor.name, fmt::join(tensor.shape, ", ")));
}

bool has_aspect(std::int64_t height, std::int64_t width, const Frame& frame) {
  return height * frame.input_width == width * frame.input_height;
}

// Runs of one class, column by column.
class RunList {
 public:
  void add(std::size_t start, std::size_t length) {
    if (start == end_ && !runs_.empty()) {
      runs_.back() += static_cast<std::uint32_t>(length);
    } else {
      runs_.push_back(static_cast<std::uint32_t>(start - end_));
      runs_.push_back(static_cast<std::uint32_t>(length));
    }
    end_ = start + length;
    if (runs_.size() > raster::kRunsMax) {
      throw too_large("mask_too_detailed", "A mask of the model has too many parts to be kept.");
    }
  }
  raster::Rle finish(std::uint32_t height, std::uint32_t width) {
    const auto pixels = static_cast<std::size_t>(height) * width;
    if (end_ < pixels) runs_.push_back(static_cast<std::uint32_t>(pixels - end_));
    return {height, width, std::move(runs_)};
  }

 private:
  std::vector<std::uint32_t> runs_;
  std::size_t end_ = 0;
};

// The four cells of one axis each way: nearest below, nearest above, and the weight of the second.
struct Tap {
  std::size_t first;
  std::size_t second;
  float weight;
};
Tap tap_of(double at, int cells) {
  const double inside = std::clamp(at, 0.0, cells - 1.0);
  const auto first = static_cast<std::size_t>(inside);
  return {first, std::min(first + 1, static_cast<std::size_t>(cells) - 1),
          static_cast<float>(inside - static_cast<double>(first))};
}

}  // namespace

Planes Planes::only(std::size_t plane) const {
  Planes out = *this;
  out.data += plane * plane_step;
  out.count = 1;
  return out;
}

Planes planes_of(const TensorView& tensor, const Frame& frame, Layout layout) {
  auto shape = std::vector<std::int64_t>(tensor.shape.begin(), tensor.shape.end());
  if (shape.size() == 4 && shape[0] == 1) shape.erase(shape.begin());
  if (shape.size() == 3 && shape[0] == 1) shape.erase(shape.begin());
  if (shape.size() == 2) shape.insert(shape.begin(), 1);
  if (shape.size() != 3) refuse(tensor);
  bool planes_first = layout == Layout::nchw;
  const bool first_fits = has_aspect(shape[1], shape[2], frame);
  const bool last_fits = has_aspect(shape[0], shape[1], frame);
  if (first_fits != last_fits) planes_first = first_fits;
  if (shape[0] == 1) planes_first = true;
  if (!planes_first) shape = {shape[2], shape[0], shape[1]};
  const auto [count, height, width] = std::tuple(shape[0], shape[1], shape[2]);
  const bool sized = count > 0 && height > 0 && width > 0 && height <= kSideMax &&
                     width <= kSideMax && std::cmp_less_equal(count, tensor.values.size());
  if (!sized || std::cmp_not_equal(count * height * width, tensor.values.size())) refuse(tensor);
  const auto cells = static_cast<std::size_t>(height * width);
  const auto planes = static_cast<std::size_t>(count);
  return {.data = tensor.values.data(),
          .count = planes,
          .width = static_cast<int>(width),
          .height = static_cast<int>(height),
          .cell_step = planes_first ? 1 : planes,
          .plane_step = planes_first ? cells : 1};
}

Grid::Grid(const Frame& frame, int width, int height) : width_(width), height_(height) {
  const double det = frame.a[0] * frame.a[4] - frame.a[1] * frame.a[3];
  const double sx = static_cast<double>(width) / frame.input_width / det;
  const double sy = static_cast<double>(height) / frame.input_height / det;
  a_ = {
      frame.a[4] * sx,  -frame.a[1] * sx, (frame.a[1] * frame.a[5] - frame.a[4] * frame.a[2]) * sx,
      -frame.a[3] * sy, frame.a[0] * sy,  (frame.a[3] * frame.a[2] - frame.a[0] * frame.a[5]) * sy};
  seen_ = frame.to_image(geometry::Rect{0, 0, static_cast<double>(frame.input_width),
                                        static_cast<double>(frame.input_height)});
}

bool Grid::find(int x, int y, Cell& out) const {
  const double u = a_[0] * (x + 0.5) + a_[1] * (y + 0.5) + a_[2];
  const double v = a_[3] * (x + 0.5) + a_[4] * (y + 0.5) + a_[5];
  if (!(u >= 0 && v >= 0 && u <= width_ && v <= height_)) return false;
  const auto across = tap_of(u - 0.5, width_);
  const auto down = tap_of(v - 0.5, height_);
  const auto stride = static_cast<std::size_t>(width_);
  out = {{down.first * stride + across.first, down.first * stride + across.second,
          down.second * stride + across.first, down.second * stride + across.second},
         across.weight,
         down.weight};
  return true;
}

std::vector<ClassMask> class_masks(const Frame& frame, const Grid& grid,
                                   const std::function<int(const Cell&)>& class_of) {
  std::map<int, RunList> lists;
  const auto& seen = grid.seen();
  const int x1 = static_cast<int>(std::ceil(seen.x1));
  const int y0 = static_cast<int>(seen.y0);
  const int y1 = static_cast<int>(std::ceil(seen.y1));
  const auto height = static_cast<std::size_t>(frame.image_height);
  Cell cell;
  for (int x = static_cast<int>(seen.x0); x < x1; ++x) {
    const std::size_t column = static_cast<std::size_t>(x) * height;
    int current = -1;
    int start = y0;
    for (int y = y0; y <= y1; ++y) {
      const int found = y < y1 && grid.find(x, y, cell) ? class_of(cell) : -1;
      if (found == current && y < y1) continue;
      if (current >= 0) {
        lists[current].add(column + static_cast<std::size_t>(start),
                           static_cast<std::size_t>(y - start));
      }
      current = found;
      start = y;
    }
  }
  std::vector<ClassMask> out;
  for (auto& [index, list] : lists) {
    out.push_back({index, list.finish(static_cast<std::uint32_t>(frame.image_height),
                                      static_cast<std::uint32_t>(frame.image_width))});
  }
  return out;
}

raster::Rle mask_of(const Planes& plane, const Frame& frame, float least) {
  const Grid grid(frame, plane.width, plane.height);
  auto masks = class_masks(
      frame, grid, [&](const Cell& cell) { return plane.value(0, cell) >= least ? 0 : -1; });
  if (!masks.empty()) return std::move(masks.front().rle);
  return raster::empty_rle(static_cast<std::uint32_t>(frame.image_height),
                           static_cast<std::uint32_t>(frame.image_width));
}

std::optional<ScalarMap> map_of(const Planes& plane, const Frame& frame) {
  if (!frame.letterbox) return std::nullopt;
  const auto& box = *frame.letterbox;
  const auto cells = [](int pixels, int side, int input) {
    return static_cast<int>(std::lround(static_cast<double>(pixels) * side / input));
  };
  const int left = cells(box.left, plane.width, frame.input_width);
  const int top = cells(box.top, plane.height, frame.input_height);
  const int right = cells(box.left + box.resized_width, plane.width, frame.input_width);
  const int bottom = cells(box.top + box.resized_height, plane.height, frame.input_height);
  ScalarMap out{right - left, bottom - top, {}};
  if (out.width < 1 || out.height < 1) return std::nullopt;
  for (int y = top; y < bottom; ++y) {
    const auto row = static_cast<std::size_t>(y) * static_cast<std::size_t>(plane.width);
    for (int x = left; x < right; ++x) {
      out.values.push_back(plane.value(0, row + static_cast<std::size_t>(x)));
    }
  }
  return out;
}

}  // namespace aa::decode
