#include "kernel/vision/lab_colours.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace aa::vision {
namespace {

std::array<float, 256> linear_light() {
  std::array<float, 256> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double v = static_cast<double>(i) / 255;
    out[i] = static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
  }
  return out;
}

// The curve of L*a*b*, from a table: a cube root a pixel would be most of the work.
constexpr std::size_t kCurveSteps = 4096;
std::array<float, kCurveSteps + 1> curve() {
  std::array<float, kCurveSteps + 1> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = static_cast<double>(i) / kCurveSteps;
    constexpr double kDelta = 6.0 / 29;
    out[i] = static_cast<float>(
        t > kDelta * kDelta * kDelta ? std::cbrt(t) : t / (3 * kDelta * kDelta) + 4.0 / 29);
  }
  return out;
}

}  // namespace

std::vector<Lab> lab_of(const raster::ImageView& image) {
  static const auto light = linear_light();
  static const auto shaped = curve();
  const auto f = [](float t) {
    return shaped[static_cast<std::size_t>(std::min(1.0F, t) * kCurveSteps + 0.5F)];
  };
  std::vector<Lab> out;
  out.reserve(image.pixels());
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const std::uint8_t* p = image.at(x, y);
      const float r = light[p[0]];
      const float g = light[p[image.channels < 3 ? 0 : 1]];
      const float b = light[p[image.channels < 3 ? 0 : 2]];
      const float fx = f((0.4124564F * r + 0.3575761F * g + 0.1804375F * b) / 0.95047F);
      const float fy = f(0.2126729F * r + 0.7151522F * g + 0.0721750F * b);
      const float fz = f((0.0193339F * r + 0.1191920F * g + 0.9503041F * b) / 1.08883F);
      out.push_back({116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)});
    }
  }
  return out;
}

}  // namespace aa::vision
