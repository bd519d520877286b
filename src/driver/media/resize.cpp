// Separable resampling. Shrinking averages the covered area exactly; growing interpolates
// linearly between pixel centres (half-pixel convention), repeating the border.
//
// Rows first, in floats over whole rows, which compilers turn into vector code.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "driver/media/image_codec.hpp"

namespace aa::media {
namespace {

// The sources of each output position: `weights[first .. first + count)` from `start` on.
struct Taps {
  struct Span {
    int start;
    std::size_t first;
    std::size_t count;
  };
  std::vector<Span> spans;
  std::vector<float> weights;
};

void add_area(Taps& taps, double from, double to, int size) {
  const int start = static_cast<int>(from);
  const int end = std::min(size, static_cast<int>(std::ceil(to - 1e-9)));
  taps.spans.push_back(
      {start, taps.weights.size(), static_cast<std::size_t>(std::max(1, end - start))});
  for (int i = start; i < std::max(end, start + 1); ++i) {
    const double covered = std::min<double>(to, i + 1) - std::max<double>(from, i);
    taps.weights.push_back(static_cast<float>(covered / (to - from)));
  }
}

void add_linear(Taps& taps, double center, int size) {
  const double at = std::clamp(center - 0.5, 0.0, size - 1.0);
  const int start = std::min(static_cast<int>(at), std::max(0, size - 2));
  const auto part = static_cast<float>(at - start);
  taps.spans.push_back({start, taps.weights.size(), size > 1 ? 2U : 1U});
  taps.weights.push_back(size > 1 ? 1 - part : 1);
  if (size > 1) taps.weights.push_back(part);
}

Taps make_taps(int from, int to) {
  Taps taps;
  const double scale = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    if (to < from)
      add_area(taps, i * scale, (i + 1) * scale, from);
    else if (to == from)
      add_area(taps, i, i + 1, from);
    else
      add_linear(taps, (i + 0.5) * scale, from);
  }
  return taps;
}

void add_row(float* sum, const std::uint8_t* row, float weight, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sum[i] += weight * static_cast<float>(row[i]);
}

template <int Channels>
void shrink_row(const float* sums, const Taps& taps, std::uint8_t* out) {
  for (const auto& span : taps.spans) {
    float total[Channels] = {};
    const float* in = sums + static_cast<std::ptrdiff_t>(span.start) * Channels;
    const float* weight = taps.weights.data() + span.first;
    for (std::size_t i = 0; i < span.count; ++i, in += Channels) {
      for (int c = 0; c < Channels; ++c) total[c] += weight[i] * in[c];
    }
    for (int c = 0; c < Channels; ++c) {
      *out++ = static_cast<std::uint8_t>(std::min(255.0F, total[c] + 0.5F));
    }
  }
}

using ShrinkRow = void (*)(const float*, const Taps&, std::uint8_t*);
constexpr ShrinkRow kShrinkRow[] = {shrink_row<1>, shrink_row<2>, shrink_row<3>, shrink_row<4>};

}  // namespace

raster::Image resize(const raster::ImageView& image, std::uint32_t width, std::uint32_t height) {
  if (image.empty() || image.channels < 1 || image.channels > 4) {
    throw invalid("image_empty", "There are no pixels to resize.");
  }
  raster::Image out(static_cast<int>(width), static_cast<int>(height), image.channels);
  const auto across = make_taps(image.width, out.width());
  const auto down = make_taps(image.height, out.height());
  std::vector<float> sums(static_cast<std::size_t>(image.width) *
                          static_cast<std::size_t>(image.channels));
  for (int y = 0; y < out.height(); ++y) {
    const auto& span = down.spans[static_cast<std::size_t>(y)];
    std::ranges::fill(sums, 0.0F);
    for (std::size_t i = 0; i < span.count; ++i) {
      add_row(sums.data(), image.row(span.start + static_cast<int>(i)),
              down.weights[span.first + i], sums.size());
    }
    kShrinkRow[image.channels - 1](sums.data(), across, out.row(y));
  }
  return out;
}

raster::Image thumbnail(const raster::ImageView& image, std::uint32_t side) {
  const double longest = std::max(image.width, image.height);
  const double scale = std::min(1.0, side / std::max(1.0, longest));
  const auto scaled = [&](int length) {
    return static_cast<std::uint32_t>(std::max(1L, std::lround(length * scale)));
  };
  return resize(image, scaled(image.width), scaled(image.height));
}

}  // namespace aa::media
