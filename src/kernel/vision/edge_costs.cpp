#include "kernel/vision/edge_costs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/error.hpp"

namespace aa::vision {
namespace {

constexpr float kCrossingWeight = 0.43F;
constexpr float kDirectionWeight = 0.43F;
constexpr float kGradientWeight = 0.14F;
// Of the Laplacian: smaller swings are noise.
constexpr float kCrossingMin = 6.0F;

// acos of -1 to 1, over pi.
constexpr int kAngleSteps = 1024;
const std::array<float, kAngleSteps + 1>& angles() {
  static const auto table = [] {
    std::array<float, kAngleSteps + 1> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double cosine = 2.0 * static_cast<double>(i) / kAngleSteps - 1.0;
      out[i] = static_cast<float>(std::acos(std::clamp(cosine, -1.0, 1.0)) / std::numbers::pi);
    }
    return out;
  }();
  return table;
}

float angle_of(float cosine) {
  const float at = (std::clamp(cosine, -1.0F, 1.0F) + 1.0F) * (kAngleSteps / 2);
  return angles()[static_cast<std::size_t>(at + 0.5F)];
}

// Reads pixels beyond the border as those on it.
struct Clamped {
  const raster::ImageView& image;
  int operator()(int x, int y, int channel) const {
    return image.at(std::clamp(x, 0, image.width - 1), std::clamp(y, 0, image.height - 1))[channel];
  }
};

struct Gradient {
  float x = 0;
  float y = 0;
  float squared() const { return x * x + y * y; }
};

Gradient sobel(const Clamped& at, int x, int y, int channel) {
  const auto v = [&](int dx, int dy) { return at(x + dx, y + dy, channel); };
  const int gx = v(1, -1) + 2 * v(1, 0) + v(1, 1) - v(-1, -1) - 2 * v(-1, 0) - v(-1, 1);
  const int gy = v(-1, 1) + 2 * v(0, 1) + v(1, 1) - v(-1, -1) - 2 * v(0, -1) - v(1, -1);
  return {static_cast<float>(gx), static_cast<float>(gy)};
}

// Of the channel where it is strongest: edges between colours of one brightness count too.
Gradient strongest(const Clamped& at, int x, int y) {
  Gradient best;
  for (int channel = 0; channel < std::min(at.image.channels, 3); ++channel) {
    const Gradient found = sobel(at, x, y, channel);
    if (found.squared() > best.squared()) best = found;
  }
  return best;
}

std::vector<float> grey(const raster::ImageView& image) {
  std::vector<float> out;
  out.reserve(image.pixels());
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const std::uint8_t* p = image.at(x, y);
      out.push_back(image.channels < 3
                        ? static_cast<float>(p[0])
                        : 0.299F * static_cast<float>(p[0]) + 0.587F * static_cast<float>(p[1]) +
                              0.114F * static_cast<float>(p[2]));
    }
  }
  return out;
}

// One pass of 1 2 1 along rows (step 1) or columns (step = width).
std::vector<float> smoothed(const std::vector<float>& from, int width, int height, bool rows) {
  std::vector<float> out(from.size());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto value = [&](int d) {
        const int u = rows ? std::clamp(x + d, 0, width - 1) : x;
        const int v = rows ? y : std::clamp(y + d, 0, height - 1);
        return from[static_cast<std::size_t>(v) * static_cast<std::size_t>(width) +
                    static_cast<std::size_t>(u)];
      };
      out[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
          static_cast<std::size_t>(x)] = (value(-1) + 2 * value(0) + value(1)) / 4;
    }
  }
  return out;
}

}  // namespace

EdgeCosts::EdgeCosts(const raster::ImageView& image) : width_(image.width), height_(image.height) {
  raster::check_image_size(image.width, image.height);
  if (image.pixels() > kEdgePixels) {
    throw too_large("image_too_large", "Edges are followed in at most 4 megapixels at a time.");
  }
  take_gradients(image);
  take_zero_crossings(image);
}

void EdgeCosts::take_gradients(const raster::ImageView& image) {
  const Clamped at{image};
  along_x_.reserve(image.pixels());
  along_y_.reserve(image.pixels());
  local_.reserve(image.pixels());
  float most = 1.0F;
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x) {
      const Gradient found = strongest(at, x, y);
      const float length = std::sqrt(found.squared());
      const float scale = length > 0 ? 1 / length : 0;
      along_x_.push_back(found.y * scale);
      along_y_.push_back(-found.x * scale);
      local_.push_back(length);
      most = std::max(most, length);
    }
  }
  for (float& value : local_) value = kGradientWeight * (1 - value / most);
}

void EdgeCosts::take_zero_crossings(const raster::ImageView& image) {
  auto soft = grey(image);
  for (const bool rows : {true, false, true, false}) soft = smoothed(soft, width_, height_, rows);
  const auto index = [this](int x, int y) {
    return static_cast<std::size_t>(std::clamp(y, 0, height_ - 1)) *
               static_cast<std::size_t>(width_) +
           static_cast<std::size_t>(std::clamp(x, 0, width_ - 1));
  };
  const auto laplacian = [&](int x, int y) {
    return soft[index(x - 1, y)] + soft[index(x + 1, y)] + soft[index(x, y - 1)] +
           soft[index(x, y + 1)] - 4 * soft[index(x, y)];
  };
  // Of two neighbours with different signs the one nearer to zero is the crossing.
  const auto crosses = [&](float here, float there) {
    return here * there <= 0 && std::abs(here) <= std::abs(there) &&
           std::abs(here - there) * 4 > kCrossingMin;
  };
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x) {
      const float here = laplacian(x, y);
      const bool edge = crosses(here, laplacian(x + 1, y)) || crosses(here, laplacian(x - 1, y)) ||
                        crosses(here, laplacian(x, y + 1)) || crosses(here, laplacian(x, y - 1));
      if (!edge) local_[index(x, y)] += kCrossingWeight;
    }
  }
}

int EdgeCosts::step(std::size_t from, std::size_t to, int direction) const {
  constexpr float kHalf = 0.70710678F;
  const bool diagonal = direction % 2 == 1;
  const float length = diagonal ? kHalf : 1.0F;
  const float lx = static_cast<float>(kStepX[direction]) * length;
  const float ly = static_cast<float>(kStepY[direction]) * length;
  float leaving = along_x_[from] * lx + along_y_[from] * ly;
  float arriving = along_x_[to] * lx + along_y_[to] * ly;
  // The link runs whichever way turns least against the edge it leaves.
  if (leaving < 0) {
    leaving = -leaving;
    arriving = -arriving;
  }
  const float turn = (angle_of(leaving) + angle_of(arriving)) * (2.0F / 3.0F);
  const float cost = local_[to] + kDirectionWeight * turn;
  return 1 + static_cast<int>(cost * static_cast<float>(kCostUnit) *
                              (diagonal ? std::numbers::sqrt2_v<float> : 1.0F));
}

}  // namespace aa::vision
