#include "kernel/raster/image.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::raster {
namespace {

TEST(Image, OwnsZeroedPixels) {
  Image image(3, 2, 3);
  EXPECT_EQ(image.bytes(), 18U);
  image.row(1)[3] = 7;
  EXPECT_EQ(*image.view().at(1, 1), 7);
}

TEST(Image, CropLooksIntoTheSamePixels) {
  Image image(4, 4, 1);
  image.row(2)[1] = 9;
  const ImageView part = image.view().crop(1, 2, 3, 2);
  EXPECT_EQ(*part.at(0, 0), 9);
  EXPECT_EQ(part.stride, 4U);
  EXPECT_THROW(image.view().crop(2, 2, 3, 1), Error);
  EXPECT_THROW(image.view().crop(-1, 0, 1, 1), Error);
}

TEST(Image, RefusesSizesBeyondTheLimits) {
  EXPECT_THROW(Image(0, 5, 3), Error);
  EXPECT_THROW(Image(5, 5, 5), Error);
  EXPECT_THROW(check_image_size(60'000, 60'000), Error);
  EXPECT_THROW(check_image_size(65'501, 1), Error);
  EXPECT_THROW(check_image_size(16'384, 16'385), Error);
  EXPECT_NO_THROW(check_image_size(16'384, 16'384));
}

}  // namespace
}  // namespace aa::raster
