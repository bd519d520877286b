#include "kernel/decode/sam_variants.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::decode::sam {
namespace {

const GraphSignature kSam2Encoder{{{"image", {1, 3, 1024, 1024}}},
                                  {{"high_res_feats_0", {1, 32, 256, 256}},
                                   {"high_res_feats_1", {1, 64, 128, 128}},
                                   {"image_embed", {1, 256, 64, 64}}},
                                  {}};
const GraphSignature kSam2Decoder{{{"image_embed", {1, 256, 64, 64}},
                                   {"high_res_feats_0", {1, 32, 256, 256}},
                                   {"high_res_feats_1", {1, 64, 128, 128}},
                                   {"point_coords", {-1, -1, 2}},
                                   {"point_labels", {-1, -1}},
                                   {"mask_input", {-1, 1, 256, 256}},
                                   {"has_mask_input", {-1}}},
                                  {{"masks", {-1, 3, 256, 256}}, {"iou_predictions", {-1, 3}}},
                                  {}};
const GraphSignature kEfficientEncoder{
    {{"batched_images", {-1, 3, -1, -1}}}, {{"image_embeddings", {-1, 256, 64, 64}}}, {}};
const GraphSignature kEfficientDecoder{
    {{"image_embeddings", {-1, 256, 64, 64}},
     {"batched_point_coords", {1, -1, -1, 2}},
     {"batched_point_labels", {1, -1, -1}},
     {"orig_im_size", {2}}},
    {{"output_masks", {-1, -1, -1, -1, -1}}, {"iou_predictions", {-1, -1, -1}}},
    {}};
const GraphSignature kSamDecoder{{{"image_embeddings", {1, 256, 64, 64}},
                                  {"point_coords", {1, -1, 2}},
                                  {"point_labels", {1, -1}},
                                  {"mask_input", {1, 1, 256, 256}},
                                  {"has_mask_input", {1}},
                                  {"orig_im_size", {2}}},
                                 {{"masks", {-1, -1, -1, -1}}},
                                 {}};

TEST(SamVariants, AreToldApartByTheirInputsAndOutputs) {
  EXPECT_EQ(variant_of_encoder(kSam2Encoder), Variant::sam2);
  EXPECT_EQ(variant_of_encoder(kEfficientEncoder), Variant::efficient_sam);
  EXPECT_EQ(variant_of_encoder({{{"input", {-1, 3, 1024, 1024}}}, {{"o", {1, 256, 64, 64}}}, {}}),
            Variant::sam);
  EXPECT_FALSE(variant_of_encoder({{{"input", {1, 3, 640, 640}}}, {{"o", {1, 84, 8400}}}, {}}));
  EXPECT_EQ(variant_of_decoder(kSam2Decoder), Variant::sam2);
  EXPECT_EQ(variant_of_decoder(kEfficientDecoder), Variant::efficient_sam);
  EXPECT_EQ(variant_of_decoder(kSamDecoder), Variant::sam);
  EXPECT_FALSE(variant_of_decoder(kSam2Encoder));
}

TEST(SamVariants, EachEncoderTensorFindsItsInput) {
  EXPECT_EQ(embedding_output(kSam2Encoder.outputs), 2U);
  EXPECT_EQ(embedding_for(kSam2Decoder.inputs[1], kSam2Encoder.outputs), 0U);
  EXPECT_EQ(embedding_for(kSam2Decoder.inputs[0], kSam2Encoder.outputs), 2U);
  EXPECT_FALSE(embedding_for(kSam2Decoder.inputs[3], kSam2Encoder.outputs));
  const std::vector<Port> other = {{"output", {1, 256, 64, 64}}};  // named in another way
  EXPECT_EQ(embedding_for(kSamDecoder.inputs[0], other), 0U);
  EXPECT_THROW(embedding_for({"high_res_feats_0", {1, 32, 256, 256}}, other), Error);
}

TEST(SamVariants, TheImageFillsTheInput) {
  raster::Image image(40, 80, 3);
  for (std::size_t i = 0; i < image.bytes(); ++i) image.data()[i] = 255;
  const auto sam2 = prepare_image(Variant::sam2, image);
  EXPECT_NEAR(sam2.front(), (1 - 0.485) / 0.229, 1e-5);
  EXPECT_NEAR(sam2.back(), (1 - 0.406) / 0.225, 1e-5);
  EXPECT_EQ(prepare_image(Variant::efficient_sam, image).back(), 1);
  EXPECT_EQ(prepare_image(Variant::sam, image).back(), 0);  // padding
}

TEST(SamVariants, PromptsAreStretchedAndHaveNoPadding) {
  const auto frame = frame_of(Variant::sam2, 512, 2048);
  const Prompt prompt{.points = {{{100, 200}, true}, {{512, 2048}, false}}};
  auto tensors = prompt_tensors(kSam2Decoder, Variant::sam2, prompt, frame);
  ASSERT_EQ(tensors.size(), 4U);
  EXPECT_EQ(tensors[0].name, "point_coords");
  EXPECT_EQ(tensors[0].shape, (std::vector<std::int64_t>{1, 2, 2}));
  EXPECT_EQ(tensors[0].values, (std::vector<float>{200, 100, 1024, 1024}));
  EXPECT_EQ(tensors[1].values, (std::vector<float>{1, 0}));
  EXPECT_EQ(tensors[3].values, (std::vector<float>{0}));
  tensors = prompt_tensors(kEfficientDecoder, Variant::efficient_sam,
                           {.box = geometry::Rect{0, 0, 256, 1024}}, frame);
  ASSERT_EQ(tensors.size(), 3U);
  EXPECT_EQ(tensors[0].shape, (std::vector<std::int64_t>{1, 1, 2, 2}));
  EXPECT_EQ(tensors[0].values, (std::vector<float>{0, 0, 512, 512}));
  EXPECT_EQ(tensors[1].values, (std::vector<float>{2, 3}));
  EXPECT_EQ(tensors[2].values, (std::vector<float>{1024, 1024}));
}

TEST(SamVariants, AFixedNumberOfPointsIsFilledUp) {
  auto decoder = kSam2Decoder;
  decoder.inputs[3].shape = {1, 3, 2};
  const auto frame = frame_of(Variant::sam2, 1024, 1024);
  const auto tensors = prompt_tensors(decoder, Variant::sam2, {.points = {{{7, 8}, true}}}, frame);
  EXPECT_EQ(tensors[0].values, (std::vector<float>{7, 8, 0, 0, 0, 0}));
  EXPECT_EQ(tensors[1].values, (std::vector<float>{1, -1, -1}));
  EXPECT_THROW(
      prompt_tensors(decoder, Variant::sam2, {.points = std::vector<PromptPoint>(4)}, frame),
      Error);
}

TEST(SamVariants, APreviousMaskFollowsTheStretch) {
  raster::Mask mask{.height = 10, .width = 20, .bytes = std::vector<std::uint8_t>(200)};
  for (std::size_t y = 0; y < 5; ++y) std::fill_n(mask.bytes.begin() + y * 20, 20, 1);
  const auto frame = frame_of(Variant::sam2, 20, 10);
  const Prompt prompt{.points = {{{1, 1}, true}}, .previous_mask = raster::encode(mask)};
  const auto tensors = prompt_tensors(kSam2Decoder, Variant::sam2, prompt, frame);
  EXPECT_EQ(tensors[2].values[0], kMaskLogit);
  EXPECT_EQ(tensors[2].values[127 * 256 + 255], kMaskLogit);
  EXPECT_EQ(tensors[2].values[128 * 256], -kMaskLogit);
  EXPECT_EQ(tensors[3].values, (std::vector<float>{1}));
}

// Three masks over the stretched image, 256 x 256; the second is the upper left quarter.
struct Answer {
  std::vector<std::int64_t> shape = {1, 3, 256, 256};
  std::vector<std::int64_t> scores_shape = {1, 3};
  std::vector<float> masks = std::vector<float>(3 * 65'536, -4);
  std::vector<float> scores = {0.3F, 0.9F, 0.5F};
  Answer() {
    for (std::size_t y = 0; y < 128; ++y) std::fill_n(&masks[65'536 + y * 256], 128, 4.0F);
  }
  std::vector<TensorView> views(std::string_view name = "masks") const {
    return {{name, shape, masks}, {"iou_predictions", scores_shape, scores}};
  }
};

TEST(SamVariants, MasksAreReadAtTheImagesPixels) {
  const auto frame = frame_of(Variant::sam2, 600, 200);
  Answer answer;
  auto masks = read_masks(Variant::sam2, answer.views(), frame, {.tolerance = 0, .masks_max = 2});
  ASSERT_EQ(masks.size(), 2U);
  EXPECT_EQ(masks[0].score, 0.9F);
  EXPECT_EQ(masks[0].bounds, (geometry::Rect{0, 0, 300, 100}));
  EXPECT_EQ(masks[0].area, 30'000U);
  EXPECT_EQ(masks[0].logits.size(), 65'536U);
  EXPECT_EQ(masks[1].area, 0U);
  answer.shape = {1, 1, 3, 256, 256};  // EfficientSAM has a dimension of queries
  answer.scores_shape = {1, 1, 3};
  masks = read_masks(Variant::efficient_sam, answer.views("output_masks"), frame);
  ASSERT_EQ(masks.size(), 1U);
  EXPECT_EQ(masks[0].area, 30'000U);
}

TEST(SamVariants, OtherShapesAreRefused) {
  const auto frame = frame_of(Variant::sam2, 60, 20);
  for (const auto& shape : {std::vector<std::int64_t>{1, 3, 256},
                            {2, 3, 128, 256},
                            {1, 3, 256, 255},
                            {1, 3, -256, -256},
                            {1, 2, 3, 256, 256}}) {
    Answer answer;
    answer.shape = shape;
    EXPECT_THROW(read_masks(Variant::sam2, answer.views(), frame), Error);
  }
  Answer answer;
  answer.scores.pop_back();
  EXPECT_THROW(read_masks(Variant::sam2, answer.views(), frame), Error);
  EXPECT_THROW(read_masks(Variant::efficient_sam, {}, frame), Error);
}

}  // namespace
}  // namespace aa::decode::sam
