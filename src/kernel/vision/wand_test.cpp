#include "kernel/vision/wand.hpp"

#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::vision {
namespace {

raster::Image random_image(std::mt19937_64& random) {
  raster::Image image(1 + static_cast<int>(random() % 20), 1 + static_cast<int>(random() % 20), 4);
  for (std::size_t i = 0; i < image.bytes(); ++i) {
    image.data()[i] = static_cast<std::uint8_t>(random() % 3 * 30);
  }
  return image;
}

bool near(const raster::Image& image, int x, int y, int u, int v, int tolerance) {
  for (int i = 0; i < 3; ++i) {
    if (std::abs(image.view().at(x, y)[i] - image.view().at(u, v)[i]) > tolerance) return false;
  }
  return true;
}

// By growing the set until nothing changes.
raster::Mask slowly(const raster::Image& image, int x, int y, WandOptions options) {
  const int width = image.width();
  const int height = image.height();
  raster::Mask out{static_cast<std::uint32_t>(height), static_cast<std::uint32_t>(width), {}};
  out.bytes.resize(image.view().pixels());
  const auto in = [&](int u, int v) {
    return u >= 0 && v >= 0 && u < width && v < height &&
           out.bytes[static_cast<std::size_t>(v * width + u)] != 0;
  };
  out.bytes[static_cast<std::size_t>(y * width + x)] = 1;
  for (bool changed = true; changed;) {
    changed = false;
    for (int v = 0; v < height; ++v) {
      for (int u = 0; u < width; ++u) {
        const bool touches =
            !options.contiguous || in(u - 1, v) || in(u + 1, v) || in(u, v - 1) || in(u, v + 1);
        if (in(u, v) || !touches || !near(image, x, y, u, v, options.tolerance)) continue;
        out.bytes[static_cast<std::size_t>(v * width + u)] = 1;
        changed = true;
      }
    }
  }
  return out;
}

TEST(Wand, TakesWhatGrowingTakes) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    const auto image = random_image(random);
    const int x = static_cast<int>(random() % static_cast<std::uint64_t>(image.width()));
    const int y = static_cast<int>(random() % static_cast<std::uint64_t>(image.height()));
    const WandOptions options{static_cast<int>(random() % 70), random() % 2 == 0};
    ASSERT_EQ(wand(image, x, y, options), slowly(image, x, y, options)) << "seed " << seed;
  }
}

TEST(Wand, MoreToleranceTakesNoLess) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    std::mt19937_64 random(seed);
    const auto image = random_image(random);
    const auto less = wand(image, 0, 0, {20, true});
    const auto more = wand(image, 0, 0, {40, true});
    for (std::size_t i = 0; i < less.bytes.size(); ++i) ASSERT_LE(less.bytes[i], more.bytes[i]);
  }
}

TEST(Wand, RefusesAPlaceBeyondTheImage) {
  const raster::Image image(4, 3, 4);
  EXPECT_THROW(wand(image, 4, 0, {}), Error);
  EXPECT_THROW(wand(image, 0, -1, {}), Error);
}

}  // namespace
}  // namespace aa::vision
