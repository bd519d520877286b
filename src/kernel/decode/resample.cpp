#include "kernel/decode/resample.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace aa::decode {
namespace {

double weight_at(double x, Resampling filter) {
  x = std::abs(x);
  if (filter != Resampling::bicubic) return std::max(0.0, 1 - x);
  constexpr double kA = -0.5;
  if (x < 1) return ((kA + 2) * x - (kA + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * kA;
  return 0;
}

// The source pixels that one output coordinate is made of.
struct Window {
  int first = 0;
  std::vector<float> weights;
};

std::vector<Window> windows(double from, double to, int source, int count, Resampling filter) {
  std::vector<Window> out(static_cast<std::size_t>(count));
  const double scale = (to - from) / count;
  const double widened = std::max(scale, 1.0);
  const double reach = (filter == Resampling::bicubic ? 2 : 1) * widened;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double center = from + (static_cast<double>(i) + 0.5) * scale;
    const int first = std::clamp(static_cast<int>(std::floor(center - reach + 0.5)), 0, source - 1);
    const int end =
        std::clamp(static_cast<int>(std::floor(center + reach + 0.5)), first + 1, source);
    double sum = 0;
    out[i].first = first;
    for (int at = first; at < end; ++at) {
      const double weight = weight_at((at + 0.5 - center) / widened, filter);
      out[i].weights.push_back(static_cast<float>(weight));
      sum += weight;
    }
    for (float& weight : out[i].weights) {
      weight = sum == 0 ? 1 / static_cast<float>(out[i].weights.size())
                        : static_cast<float>(weight / sum);
    }
  }
  return out;
}

std::uint8_t level(float value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

// One row of the image in its new width, RGB.
void shrink_row(const raster::ImageView& image, int y, const std::vector<Window>& columns,
                std::uint8_t* out) {
  const auto channels = static_cast<std::size_t>(image.channels);
  for (const auto& window : columns) {
    const auto* pixel = image.at(window.first, y);
    float sum[3] = {0, 0, 0};
    for (const float weight : window.weights) {
      for (std::size_t c = 0; c < 3; ++c) {
        sum[c] += weight * static_cast<float>(pixel[channels == 1 ? 0 : c]);
      }
      pixel += channels;
    }
    for (const float value : sum) *out++ = level(value);
  }
}

}  // namespace

std::vector<std::uint8_t> resample(const raster::ImageView& image, const geometry::Rect& part,
                                   int width, int height, Resampling filter) {
  const bool channels_known = image.channels == 1 || image.channels == 3 || image.channels == 4;
  if (image.empty() || !channels_known) {
    throw invalid("bad_image", "The image is empty or has unknown channels.");
  }
  if (!geometry::is_finite(part) || part.empty() || width < 1 || height < 1) {
    throw invalid("bad_region", "The part of the image to look at is empty or not finite.");
  }
  const auto columns = windows(part.x0, part.x1, image.width, width, filter);
  const auto lines = windows(part.y0, part.y1, image.height, height, filter);
  const int top = lines.front().first;
  const int bottom = lines.back().first + static_cast<int>(lines.back().weights.size());
  const std::size_t row = static_cast<std::size_t>(width) * 3;
  std::vector<std::uint8_t> rows(static_cast<std::size_t>(bottom - top) * row);
  for (int y = top; y < bottom; ++y) {
    shrink_row(image, y, columns, rows.data() + static_cast<std::size_t>(y - top) * row);
  }
  std::vector<std::uint8_t> out;
  out.reserve(row * static_cast<std::size_t>(height));
  std::vector<float> sum(row);
  for (const auto& window : lines) {
    std::ranges::fill(sum, 0.0F);
    const auto* line = rows.data() + static_cast<std::size_t>(window.first - top) * row;
    for (const float weight : window.weights) {
      for (std::size_t i = 0; i < row; ++i) sum[i] += weight * static_cast<float>(line[i]);
      line += row;
    }
    for (const float value : sum) out.push_back(level(value));
  }
  return out;
}

}  // namespace aa::decode
