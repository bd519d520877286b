#include "kernel/decode/frame.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::decode {
namespace {

raster::Image ramp(int width, int height) {
  raster::Image image(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      auto* pixel = image.row(y) + static_cast<std::ptrdiff_t>(x) * 3;
      pixel[0] = static_cast<std::uint8_t>(2 * x);
      pixel[1] = static_cast<std::uint8_t>(3 * y);
      pixel[2] = 50;
    }
  }
  return image;
}

TEST(Frame, WholeImageAgreesWithTheLetterbox) {
  const InputSpec spec{.width = 32, .height = 32, .fit = Fit::centred};
  const auto frame = plan_frame(64, 40, spec);
  const auto box = plan_letterbox(64, 40, spec);
  const auto a = frame.to_image(geometry::Point{10, 12});
  const auto b = box.to_image(geometry::Point{10, 12});
  EXPECT_DOUBLE_EQ(a.x, b.x);
  EXPECT_DOUBLE_EQ(a.y, b.y);
  EXPECT_DOUBLE_EQ(frame.scale(), 2);
}

TEST(Frame, MapsThereAndBack) {
  const InputSpec spec{.width = 20, .height = 20};
  const Region region{{30, 25}, 24, 16, 33};
  const auto frame = plan_frame(64, 64, spec, region);
  const auto there = frame.to_image(geometry::Point{3, 17});
  const auto back = frame.to_model(there);
  EXPECT_NEAR(back.x, 3, 1e-9);
  EXPECT_NEAR(back.y, 17, 1e-9);
  EXPECT_NEAR(frame.rotation(), 33, 1e-6);
}

TEST(Frame, AQuarterTurnReadsTheRegionUpright) {
  const auto image = ramp(100, 80);
  const InputSpec spec{.width = 20, .height = 10, .fit = Fit::stretch};
  const Region region{{50, 40}, 20, 10, 90};
  const auto frame = plan_frame(100, 80, spec, region);
  std::vector<float> out(spec.elements());
  fill_frame(image, spec, frame, out);
  // The region's own right is the image's down: columns follow y, rows run against x.
  EXPECT_NEAR(out[200], 3 * 30, 1e-3);       // green of the first pixel
  EXPECT_NEAR(out[200 + 19], 3 * 49, 1e-3);  // and of the last in its row
  EXPECT_NEAR(out[0], 2 * 54, 1e-3);         // red of the first
  EXPECT_NEAR(out[9 * 20], 2 * 45, 1e-3);    // and of the last row
}

TEST(Frame, OutsideTheImageIsPadding) {
  const auto image = ramp(10, 10);
  const InputSpec spec{.width = 4, .height = 4, .fit = Fit::stretch, .pad_level = 7};
  std::vector<float> out(spec.elements());
  fill_frame(image, spec, plan_frame(10, 10, spec, Region{{-50, -50}, 8, 8, 0}), out);
  for (const float value : out) EXPECT_EQ(value, 7);
}

TEST(Frame, TheEdgesPixelsReachToTheImagesBorder) {
  raster::Image white(10, 10, 3);
  std::fill_n(white.data(), white.bytes(), std::uint8_t{200});
  InputSpec spec{.width = 8, .height = 8, .fit = Fit::stretch, .pad_level = 0};
  // A quarter of a pixel each; the first two columns lie beside the image.
  const Region region{{0.5, 5}, 2, 2, 0};
  std::vector<float> out(spec.elements());
  fill_frame(white.view(), spec, plan_frame(10, 10, spec, region), out);
  EXPECT_EQ(out[1], 0);
  EXPECT_EQ(out[2], 200);  // not blended with the padding
  spec.repeat_edge = true;
  fill_frame(white.view(), spec, plan_frame(10, 10, spec, region), out);
  EXPECT_EQ(out[0], 200);
}

TEST(Frame, AMirroredRegionSwapsItsSides) {
  const auto image = ramp(100, 80);
  const InputSpec spec{.width = 10, .height = 10, .fit = Fit::stretch};
  const auto frame = plan_frame(100, 80, spec, Region{{50, 40}, 10, 10, 0, true});
  std::vector<float> out(spec.elements());
  fill_frame(image.view(), spec, frame, out);
  EXPECT_NEAR(out[0], 2 * 54, 1e-3);  // the rightmost column comes first
  EXPECT_NEAR(out[9], 2 * 45, 1e-3);
  EXPECT_NEAR(frame.to_image(geometry::Point{0, 0}).x, 55, 1e-9);
  EXPECT_NEAR(plan_frame(100, 80, spec, Region{{50, 40}, 10, 10, 30, true}).rotation(), 30, 1e-6);
  EXPECT_NEAR(frame.scale(), 1, 1e-9);
}

TEST(Frame, ExactSidesAreNotRoundedToPixels) {
  const InputSpec spec{
      .width = 32, .height = 32, .fit = Fit::centred, .rounding = Rounding::exact, .pad_level = 9};
  const auto frame = plan_frame(100, 47, spec);  // 32 x 15.04
  EXPECT_FALSE(frame.letterbox);
  EXPECT_DOUBLE_EQ(frame.scale(), 3.125);
  const auto middle = frame.to_image(geometry::Point{16, 16});
  EXPECT_NEAR(middle.x, 50, 1e-9);
  EXPECT_NEAR(middle.y, 23.5, 1e-9);
  const auto image = ramp(100, 47);
  std::vector<float> out(spec.elements());
  fill_frame(image.view(), spec, frame, out);
  EXPECT_EQ(out[0], 9);
}

TEST(Frame, GreyAndFourthPlane) {
  const auto image = ramp(8, 8);
  InputSpec grey{.width = 8, .height = 8, .channels = 1};
  std::vector<float> one(grey.elements());
  fill_frame(image, grey, plan_frame(8, 8, grey), one);
  EXPECT_NEAR(one[9], 0.299 * 2 + 0.587 * 3 + 0.114 * 50, 1e-3);
  InputSpec four{.width = 8, .height = 8, .channels = 4, .fourth = 1};
  std::vector<float> planes(four.elements());
  fill_frame(image, four, plan_frame(8, 8, four), planes);
  EXPECT_EQ(planes[3 * 64 + 5], 1);
  EXPECT_EQ(planes[2 * 64 + 5], 50);
}

TEST(Frame, RefusesEmptyAndEndlessRegions) {
  const InputSpec spec{.width = 4, .height = 4};
  EXPECT_THROW(plan_frame(10, 10, spec, Region{{5, 5}, 0, 3, 0}), Error);
  EXPECT_THROW(plan_frame(10, 10, spec, Region{{5, NAN}, 3, 3, 0}), Error);
}

TEST(Region, GrowsSquaresAndShiftsAlongItsOwnAxis) {
  Finding finding;
  finding.region = Region{{10, 10}, 4, 8, 90};
  const auto region = region_of(finding, {.margin = 0.25, .square = true, .shift_y = 0.5});
  EXPECT_DOUBLE_EQ(region.width, 12);
  EXPECT_DOUBLE_EQ(region.height, 12);
  EXPECT_DOUBLE_EQ(region.center.x, 6);  // down in a frame turned by a quarter is left
  EXPECT_DOUBLE_EQ(region.center.y, 10);
}

TEST(InputSpec, SizesFollowTheImage) {
  InputSpec free{.width = 640, .height = 640, .sizing = Sizing::multiples};
  const auto page = free.sized_for(1920, 1080);
  EXPECT_EQ(page.width, 960);
  EXPECT_EQ(page.height, 544);
  InputSpec line{.width = 320, .height = 48, .sizing = Sizing::by_aspect, .side_max = 1000};
  EXPECT_EQ(line.sized_for(200, 20).width, 480);
  EXPECT_EQ(line.sized_for(20'000, 20).width, 1000);
}

}  // namespace
}  // namespace aa::decode
