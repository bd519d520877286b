#include "kernel/decode/resample.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/decode/frame.hpp"

namespace aa::decode {
namespace {

raster::Image ramp(int width, int height) {
  raster::Image image(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) image.row(y)[x * 3 + c] = static_cast<std::uint8_t>(x * 10 + c);
    }
  }
  return image;
}

TEST(Resample, TheSameSizeIsTheSameImage) {
  const auto image = ramp(12, 5);
  for (const auto filter : {Resampling::bilinear, Resampling::bicubic}) {
    const auto out = resample(image, {0, 0, 12, 5}, 12, 5, filter);
    EXPECT_EQ(out, std::vector<std::uint8_t>(image.data(), image.data() + image.bytes()));
  }
}

TEST(Resample, EveryPixelCountsWhenItGetsSmaller) {
  raster::Image image(64, 64, 1);
  for (std::size_t i = 0; i < image.bytes(); i += 2) image.data()[i] = 200;  // columns, alternating
  const auto out = resample(image, {0, 0, 64, 64}, 8, 8, Resampling::bilinear);
  for (const auto value : out) EXPECT_NEAR(value, 100, 5);
}

// 0, 10, ... in a row, halved by triangles two pixels wide: the first is (3 * 0 + 3 * 10 + 20) / 7,
// one in the middle the mean of its neighbours.
TEST(Resample, BilinearHasTheWeightsOfATriangle) {
  const auto out = resample(ramp(12, 1), {0, 0, 12, 1}, 6, 1, Resampling::bilinear);
  EXPECT_EQ(out[0], 7);
  EXPECT_EQ(out[3], 25);
  EXPECT_EQ(out[6], 45);
}

TEST(Resample, ACoveredInputIsTheMiddleOfTheImage) {
  InputSpec spec{.width = 10, .height = 10, .fit = Fit::cover, .resampling = Resampling::bicubic};
  const auto image = ramp(20, 10);
  const auto frame = plan_frame(20, 10, spec);
  std::vector<float> values(spec.elements());
  fill_frame(image, spec, frame, values);
  for (int x = 0; x < 10; ++x) EXPECT_EQ(values[static_cast<std::size_t>(x)], (x + 5) * 10);
  EXPECT_EQ(frame.to_image(geometry::Point{0, 0}), (geometry::Point{5, 0}));
  spec.cover_share = 0.5F;
  EXPECT_EQ(plan_frame(20, 10, spec).to_image(geometry::Point{10, 10}),
            (geometry::Point{12.5, 7.5}));
}

TEST(Resample, NonsenseIsRefused) {
  const auto image = ramp(4, 4);
  EXPECT_THROW(resample(image, {0, 0, 0, 4}, 2, 2, Resampling::bicubic), Error);
  EXPECT_THROW(resample({}, {0, 0, 4, 4}, 2, 2, Resampling::bicubic), Error);
}

}  // namespace
}  // namespace aa::decode
