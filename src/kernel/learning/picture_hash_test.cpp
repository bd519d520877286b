#include "kernel/learning/picture_hash.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace aa::learning {
namespace {

raster::Image waves(int width, int height, double frequency, int light = 0) {
  raster::Image image(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = (x + 0.5) / width;
      const double v = (y + 0.5) / height;
      const double value = 110 + 90 * std::sin(frequency * u + 3 * v) * std::cos(2 * frequency * v);
      for (int c = 0; c < 3; ++c) {
        image.row(y)[x * 3 + c] = static_cast<std::uint8_t>(value + light);
      }
    }
  }
  return image;
}

TEST(picture_hash, survives_size_and_light_and_tells_pictures_apart) {
  const auto hash = picture_hash(waves(400, 300, 9).view());
  EXPECT_TRUE(is_telling(hash));
  EXPECT_LE(bits_apart(hash, picture_hash(waves(173, 91, 9).view())), 4);
  EXPECT_LE(bits_apart(hash, picture_hash(waves(400, 300, 9, 30).view())), 2);
  EXPECT_GT(bits_apart(hash, picture_hash(waves(400, 300, 14).view())), 10);
}

TEST(picture_hash, a_plain_area_tells_nothing) {
  EXPECT_FALSE(is_telling(picture_hash(raster::Image(64, 48, 3).view())));
  EXPECT_FALSE(is_telling(picture_hash(raster::Image(1, 1, 1).view())));
  EXPECT_EQ(picture_hash({}), 0U);
}

}  // namespace
}  // namespace aa::learning
