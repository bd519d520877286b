#include "kernel/decode/sam.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::decode::sam {
namespace {

TEST(SamImage, is_normalised_and_padded_with_zeros) {
  raster::Image image(40, 80, 3);
  for (std::size_t i = 0; i < image.bytes(); i += 3) {
    image.data()[i] = 255, image.data()[i + 1] = 128, image.data()[i + 2] = 0;
  }
  const auto input = prepare_image(image);
  EXPECT_EQ(input.frame.resized_width, 512);
  EXPECT_EQ(input.frame.resized_height, 1024);
  const auto at = [&](std::size_t c, std::size_t y, std::size_t x) {
    return input.values[(c * 1024 + y) * 1024 + x];
  };
  EXPECT_NEAR(at(0, 1023, 511), (255 - 123.675) / 58.395, 1e-5);
  EXPECT_NEAR(at(1, 0, 0), (128 - 116.28) / 57.12, 1e-5);
  EXPECT_NEAR(at(2, 500, 100), (0 - 103.53) / 57.375, 1e-5);
  for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(at(c, 0, 512), 0);
}

TEST(SamImage, sides_are_rounded_to_the_nearest) {
  const auto frame = frame_of(800, 533);  // 682.24
  EXPECT_EQ(frame.resized_width, 1024);
  EXPECT_EQ(frame.resized_height, 682);
  EXPECT_EQ(frame_of(3, 2).resized_height, 683);  // 682.67
  EXPECT_EQ(frame_of(5000, 1).resized_height, 1);
}

TEST(SamPrompt, points_are_scaled_and_padded) {
  const auto frame = frame_of(2048, 1000);
  const Prompt prompt{.points = {{{100, 50}, true}, {{2000, 999}, false}}};
  const auto inputs = prepare_prompt(prompt, frame);
  EXPECT_EQ(inputs.point_coords, (std::vector<float>{50, 25, 1000, 499.5F, 0, 0}));
  EXPECT_EQ(inputs.point_labels, (std::vector<float>{1, 0, -1}));
  EXPECT_EQ(inputs.image_size, (std::array<float, 2>{1000, 2048}));
  EXPECT_EQ(inputs.has_mask[0], 0);
  EXPECT_EQ(inputs.mask_input, std::vector<float>(256 * 256));
}

TEST(SamPrompt, a_box_becomes_two_corners_without_padding) {
  const Prompt prompt{.points = {{{10, 10}, true}}, .box = geometry::Rect{1, 2, 30, 40}};
  const auto inputs = prepare_prompt(prompt, frame_of(1024, 1024));
  EXPECT_EQ(inputs.point_coords, (std::vector<float>{10, 10, 1, 2, 30, 40}));
  EXPECT_EQ(inputs.point_labels, (std::vector<float>{1, 2, 3}));
}

TEST(SamPrompt, a_previous_mask_is_handed_on) {
  std::vector<float> logits(256 * 256);
  logits[77] = 3;
  const Prompt prompt{.points = {{{1, 1}, true}}, .previous = logits};
  const auto inputs = prepare_prompt(prompt, frame_of(10, 10));
  EXPECT_EQ(inputs.mask_input, logits);
  EXPECT_EQ(inputs.has_mask[0], 1);
}

TEST(SamPrompt, any_mask_can_be_the_previous_one) {
  raster::Mask mask{.height = 60, .width = 90, .bytes = std::vector<std::uint8_t>(60 * 90)};
  for (std::size_t y = 0; y < 30; ++y) std::fill_n(mask.bytes.begin() + y * 90 + 45, 45, 1);
  const auto frame = frame_of(90, 60);  // 1024 x 683: 256 x 170.75 cells
  const auto logits = logits_of(raster::encode(mask), frame);
  ASSERT_EQ(logits.size(), 256U * 256U);
  EXPECT_EQ(logits[10 * 256 + 200], kMaskLogit);
  EXPECT_EQ(logits[10 * 256 + 50], -kMaskLogit);
  EXPECT_EQ(logits[100 * 256 + 200], -kMaskLogit);  // below
  EXPECT_EQ(logits[200 * 256 + 200], -kMaskLogit);  // beyond the image
  const auto covered = std::ranges::count_if(logits, [](float logit) { return logit > 0; });
  EXPECT_NEAR(static_cast<double>(covered), 128 * 85.4, 128);
  EXPECT_THROW(logits_of(raster::encode(mask), frame_of(60, 90)), Error);
}

TEST(SamPrompt, bad_ones_are_refused) {
  const auto frame = frame_of(10, 10);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<float> small(7);
  EXPECT_THROW(prepare_prompt({}, frame), Error);
  EXPECT_THROW(prepare_prompt({.points = {{{nan, 1}, true}}}, frame), Error);
  EXPECT_THROW(prepare_prompt({.box = geometry::Rect{5, 5, 5, 9}}, frame), Error);
  EXPECT_THROW(prepare_prompt({.points = {{{1, 1}, true}}, .previous = small}, frame), Error);
  EXPECT_THROW(prepare_prompt({.points = std::vector<PromptPoint>(257)}, frame), Error);
}

// Decoder outputs over a 6 x 5 image with two masks.
struct Outputs {
  std::vector<std::int64_t> masks_shape = {1, 2, 5, 6};
  std::vector<std::int64_t> scores_shape = {1, 2};
  std::vector<std::int64_t> low_shape = {1, 2, 256, 256};
  std::vector<float> masks = std::vector<float>(60, -1);
  std::vector<float> scores = {0.5F, 0.9F};
  std::vector<float> low = std::vector<float>(2 * 256 * 256, 0.25F);
  std::vector<TensorView> views() const {
    return {{"masks", masks_shape, masks},
            {"iou_predictions", scores_shape, scores},
            {"low_res_masks", low_shape, low}};
  }
};

TEST(SamMasks, the_one_with_the_best_predicted_iou_is_taken) {
  Outputs outputs;
  for (const int at : {7, 8, 9, 13, 15, 19, 20, 21}) outputs.masks[30 + at] = 0.5F;  // a ring
  outputs.masks[30] = 0;  // exactly 0 is background
  const auto masks = read_masks(outputs.views(), frame_of(6, 5), {.tolerance = 0});
  ASSERT_EQ(masks.size(), 1U);
  EXPECT_EQ(masks[0].score, 0.9F);
  EXPECT_EQ(masks[0].area, 8U);
  EXPECT_EQ(masks[0].bounds, (geometry::Rect{1, 1, 4, 4}));
  ASSERT_EQ(masks[0].polygon.size(), 1U);
  EXPECT_EQ(masks[0].polygon[0].holes.size(), 1U);
  EXPECT_EQ(masks[0].logits.size(), 65536U);
  EXPECT_EQ(raster::decode(masks[0].rle).bytes[14], 0);  // the hole
}

TEST(SamMasks, all_are_given_best_first_when_asked) {
  const auto masks = read_masks(Outputs{}.views(), frame_of(6, 5), {.masks_max = 4});
  ASSERT_EQ(masks.size(), 2U);
  EXPECT_EQ(masks[1].score, 0.5F);
  EXPECT_TRUE(masks[0].polygon.empty());
  EXPECT_EQ(masks[0].area, 0U);
}

TEST(SamMasks, other_shapes_are_refused) {
  Outputs outputs;
  EXPECT_THROW(read_masks(outputs.views(), frame_of(5, 6)), Error);
  EXPECT_THROW(read_masks({}, frame_of(6, 5)), Error);
  outputs.scores.pop_back();
  EXPECT_THROW(read_masks(outputs.views(), frame_of(6, 5)), Error);
}

}  // namespace
}  // namespace aa::decode::sam
