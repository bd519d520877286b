#include <cmath>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/media/image_codec.hpp"
#include "driver/media/image_samples.hpp"

namespace aa::media {
namespace {

// The mean over the covered area, by the book and in doubles.
raster::Image average(const raster::Image& image, int width, int height) {
  raster::Image out(width, height, image.channels());
  const double across = static_cast<double>(image.width()) / width;
  const double down = static_cast<double>(image.height()) / height;
  const auto covered = [](double from, double to, int i) {
    return std::max(0.0, std::min(to, i + 1.0) - std::max(from, static_cast<double>(i)));
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < image.channels(); ++c) {
        double sum = 0;
        for (int v = 0; v < image.height(); ++v) {
          for (int u = 0; u < image.width(); ++u) {
            sum += covered(x * across, (x + 1) * across, u) * covered(y * down, (y + 1) * down, v) *
                   image.row(v)[u * image.channels() + c];
          }
        }
        out.row(y)[x * image.channels() + c] =
            static_cast<std::uint8_t>(std::floor(sum / (across * down) + 0.5));
      }
    }
  }
  return out;
}

TEST(ResizeTest, ShrinkingAveragesTheCoveredArea) {
  for (const int channels : {1, 2, 3, 4}) {
    const auto image = drawing(53, 37, channels);
    for (const auto& [width, height] : {std::pair{1, 1}, {7, 5}, {26, 18}, {52, 36}, {53, 5}}) {
      EXPECT_LE(difference(resize(image, static_cast<std::uint32_t>(width),
                                  static_cast<std::uint32_t>(height)),
                           average(image, width, height)),
                1)
          << width << " " << height;
    }
  }
}

TEST(ResizeTest, SameSizeIsACopy) {
  const auto image = drawing(31, 17);
  EXPECT_EQ(resize(image, 31, 17), image);
  EXPECT_EQ(resize(image.view().crop(3, 2, 5, 6), 5, 6).width(), 5);
}

TEST(ResizeTest, GrowingInterpolatesBetweenPixelCentres) {
  raster::Image image(2, 1, 1);
  image.row(0)[0] = 0;
  image.row(0)[1] = 200;
  const auto out = resize(image, 4, 2);
  // Centres at -0.25, 0.25, 0.75 and 1.25 of the source, the border repeated.
  const int expected[] = {0, 50, 150, 200};
  for (int x = 0; x < 4; ++x) EXPECT_EQ(int{out.row(1)[x]}, expected[x]);
  raster::Image dot(1, 1, 3);
  dot.row(0)[1] = 77;
  EXPECT_EQ(int{resize(dot, 9, 9).row(8)[8 * 3 + 1]}, 77);
}

TEST(ResizeTest, ThumbnailsFitAndNeverGrow) {
  const auto wide = thumbnail(drawing(400, 100), 50);
  EXPECT_EQ(std::pair(wide.width(), wide.height()), std::pair(50, 13));
  const auto tall = thumbnail(drawing(100, 400), 50);
  EXPECT_EQ(std::pair(tall.width(), tall.height()), std::pair(13, 50));
  EXPECT_EQ(thumbnail(drawing(20, 10), 50), drawing(20, 10));
  EXPECT_EQ(thumbnail(drawing(1000, 1), 10).height(), 1);
  EXPECT_THROW(resize(raster::ImageView{}, 5, 5), Error);
  EXPECT_THROW(resize(drawing(5, 5), 0, 5), Error);
}

}  // namespace
}  // namespace aa::media
