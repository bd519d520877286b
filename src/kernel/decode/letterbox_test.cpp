#include "kernel/decode/letterbox.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::decode {
namespace {

raster::Image noise(int width, int height, int channels, unsigned seed) {
  raster::Image image(width, height, channels);
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < image.bytes(); ++i) {
    image.data()[i] = static_cast<std::uint8_t>(random());
  }
  return image;
}

// One output value from the definition, in doubles.
double expected(const raster::Image& image, const InputSpec& spec, const Letterbox& box, int x,
                int y, int c) {
  const int px = x - box.left;
  const int py = y - box.top;
  const auto k = static_cast<std::size_t>(c);
  if (px < 0 || py < 0 || px >= box.resized_width || py >= box.resized_height) {
    return spec.pad_zero ? 0 : spec.pad_level * spec.scale[k] + spec.offset[k];
  }
  const auto source = [](int i, int from, int to) {
    return std::clamp((i + 0.5) * from / to - 0.5, 0.0, from - 1.0);
  };
  const double sx = source(px, image.width(), box.resized_width);
  const double sy = source(py, image.height(), box.resized_height);
  const int x0 = static_cast<int>(sx);
  const int y0 = static_cast<int>(sy);
  const int channel = image.channels() == 1 ? 0 : spec.bgr ? 2 - c : c;
  const auto at = [&](int xx, int yy) {
    const int cx = std::min(xx, image.width() - 1);
    const int cy = std::min(yy, image.height() - 1);
    return static_cast<double>(image.view().at(cx, cy)[channel]);
  };
  const double top = at(x0, y0) + (at(x0 + 1, y0) - at(x0, y0)) * (sx - x0);
  const double low = at(x0, y0 + 1) + (at(x0 + 1, y0 + 1) - at(x0, y0 + 1)) * (sx - x0);
  return (top + (low - top) * (sy - y0)) * spec.scale[k] + spec.offset[k];
}

void expect_like_the_definition(const raster::Image& image, const InputSpec& spec) {
  const auto box = plan_letterbox(image.width(), image.height(), spec);
  std::vector<float> out(spec.elements(), -999);
  fill_input(image, spec, box, out);
  for (int y = 0; y < spec.height; ++y) {
    for (int x = 0; x < spec.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const int at = spec.layout == Layout::nchw ? (c * spec.height + y) * spec.width + x
                                                   : (y * spec.width + x) * 3 + c;
        const double tolerance = 0.51 * spec.scale[static_cast<std::size_t>(c)];
        ASSERT_NEAR(out[static_cast<std::size_t>(at)], expected(image, spec, box, x, y, c),
                    tolerance)
            << x << ',' << y << ',' << c;
      }
    }
  }
}

TEST(FillInput, equals_the_definition_for_all_layouts_and_fits) {
  for (const auto layout : {Layout::nchw, Layout::nhwc}) {
    for (const auto fit : {Fit::stretch, Fit::top_left, Fit::centred}) {
      for (const bool bgr : {false, true}) {
        InputSpec spec{.width = 33, .height = 20, .layout = layout, .fit = fit, .bgr = bgr};
        spec.scale = {0.5F, 0.25F, 2};
        spec.offset = {-3, 1, 7};
        expect_like_the_definition(noise(50, 71, 3, 1), spec);
        expect_like_the_definition(noise(7, 5, 4, 2), spec);
        expect_like_the_definition(noise(90, 13, 1, 3), spec);
        expect_like_the_definition(noise(1, 1, 3, 4), spec);
      }
    }
  }
}

TEST(FillInput, rounds_to_whole_levels) {
  const InputSpec spec{.width = 16, .height = 16};
  const auto image = noise(9, 9, 3, 5);
  std::vector<float> out(spec.elements());
  fill_input(image, spec, plan_letterbox(9, 9, spec), out);
  for (const float value : out) EXPECT_EQ(value, std::floor(value));
}

TEST(FillInput, copies_when_nothing_is_resized) {
  const InputSpec spec{.width = 8, .height = 6, .layout = Layout::nhwc, .fit = Fit::stretch};
  const auto image = noise(8, 6, 3, 6);
  std::vector<float> out(spec.elements());
  fill_input(image, spec, plan_letterbox(8, 6, spec), out);
  for (std::size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out[i], image.data()[i]);
}

TEST(FillInput, reads_only_the_view) {
  const auto image = noise(40, 30, 3, 7);
  raster::Image part(10, 10, 3);
  const auto view = image.view().crop(5, 8, 10, 10);
  for (int y = 0; y < 10; ++y) std::copy_n(view.row(y), 30, part.row(y));
  const InputSpec spec{.width = 24, .height = 24};
  std::vector<float> a(spec.elements());
  std::vector<float> b(spec.elements());
  fill_input(view, spec, plan_letterbox(10, 10, spec), a);
  fill_input(part, spec, plan_letterbox(10, 10, spec), b);
  EXPECT_EQ(a, b);
}

TEST(FillInput, refuses_what_does_not_fit) {
  const InputSpec spec{.width = 8, .height = 8};
  const auto image = noise(4, 4, 3, 8);
  std::vector<float> out(spec.elements());
  EXPECT_THROW(fill_input({}, spec, plan_letterbox(4, 4, spec), out), Error);
  EXPECT_THROW(fill_input(noise(4, 4, 2, 9), spec, plan_letterbox(4, 4, spec), out), Error);
  EXPECT_THROW(fill_input(image, spec, plan_letterbox(5, 4, spec), out), Error);
  out.pop_back();
  EXPECT_THROW(fill_input(image, spec, plan_letterbox(4, 4, spec), out), Error);
  EXPECT_THROW(plan_letterbox(0, 4, spec), Error);
}

TEST(Letterbox, plans_as_the_references_do) {
  const auto yolox = plan_letterbox(640, 427, {.width = 416, .height = 416});
  EXPECT_EQ(yolox.resized_width, 416);
  EXPECT_EQ(yolox.resized_height, 277);  // 277.55, cut
  EXPECT_DOUBLE_EQ(yolox.scale_x, 0.65);
  EXPECT_EQ(yolox.top, 0);
  const auto yolov5 = plan_letterbox(
      640, 427, {.width = 416, .height = 416, .fit = Fit::centred, .rounding = Rounding::nearest});
  EXPECT_EQ(yolov5.resized_height, 278);
  EXPECT_EQ(yolov5.top, 69);
  const auto stretched =
      plan_letterbox(640, 427, {.width = 300, .height = 300, .fit = Fit::stretch});
  EXPECT_DOUBLE_EQ(stretched.scale_x, 300.0 / 640);
  EXPECT_DOUBLE_EQ(stretched.scale_y, 300.0 / 427);
}

TEST(Letterbox, mapping_back_inverts_mapping_there) {
  std::mt19937 random(11);
  std::uniform_int_distribution<int> side(1, 5000);
  std::uniform_real_distribution<double> part(0, 1);
  for (int round = 0; round < 2000; ++round) {
    const InputSpec spec{
        .width = side(random), .height = side(random), .fit = static_cast<Fit>(round % 3)};
    const auto box = plan_letterbox(side(random), side(random), spec);
    ASSERT_LE(box.left + box.resized_width, spec.width);
    ASSERT_LE(box.top + box.resized_height, spec.height);
    const geometry::Point at{part(random) * box.image_width, part(random) * box.image_height};
    const auto back = box.to_image(box.to_model(at));
    ASSERT_NEAR(back.x, at.x, 1e-6);
    ASSERT_NEAR(back.y, at.y, 1e-6);
    const auto corner = box.to_model({1.0 * box.image_width, 1.0 * box.image_height});
    ASSERT_LE(corner.x, spec.width + 1e-6);
    ASSERT_LE(corner.y, spec.height + 1e-6);
  }
}

TEST(Letterbox, boxes_end_at_the_image) {
  const auto box = plan_letterbox(100, 50, {.width = 200, .height = 200});
  const auto rect = box.to_image(geometry::Rect{-20, 10, 500, 180});
  EXPECT_EQ(rect, (geometry::Rect{0, 5, 100, 50}));
}

}  // namespace
}  // namespace aa::decode
