#include "kernel/decode/clip.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::decode::clip {
namespace {

GraphSignature image_graph(std::vector<std::int64_t> input) {
  return {{{"pixel_values", std::move(input)}},
          {{"image_embeds", {1, 512}}, {"last_hidden_state", {1, 50, 768}}},
          {}};
}

TEST(ClipImage, TheMiddleIsNormalisedAsCliPs) {
  const auto& clip = *pair_family_named("clip");
  const auto side = image_side(clip, image_graph({-1, 3, -1, -1}));
  EXPECT_EQ(side.input_name, "pixel_values");
  EXPECT_EQ(side.output_name, "image_embeds");
  EXPECT_EQ(side.input.width, 224);
  EXPECT_EQ(side.input.fit, Fit::cover);
  EXPECT_NEAR(255 * side.input.scale[0] + side.input.offset[0], (1 - 0.48145466) / 0.26862954,
              1e-5);
  EXPECT_NEAR(side.input.offset[2], -0.40821073 / 0.27577711, 1e-5);
}

TEST(ClipImage, FamiliesDifferInWhatTheySee) {
  const auto mobile = image_side(*pair_family_named("mobileclip"), image_graph({1, 3, 256, 256}));
  EXPECT_EQ(mobile.input.height, 256);
  EXPECT_NEAR(255 * mobile.input.scale[1] + mobile.input.offset[1], 1, 1e-6);
  const auto siglip = image_side(*pair_family_named("siglip"), image_graph({1, 3, 384, 384}));
  EXPECT_EQ(siglip.input.fit, Fit::stretch);
  EXPECT_NEAR(siglip.input.offset[1], -1, 1e-6);
  EXPECT_EQ(pair_family_named("sam"), nullptr);
  EXPECT_THROW(image_side(*pair_family_named("clip"), {}), Error);
}

TEST(ClipText, InputsAreFoundByShapeAndName) {
  auto side = text_side({{{"input_ids", {-1, -1}}, {"attention_mask", {-1, -1}}},
                         {{"last_hidden_state", {-1, -1, 512}}, {"text_embeds", {-1, 512}}},
                         {}});
  EXPECT_EQ(side.ids_name, "input_ids");
  EXPECT_EQ(side.mask_name, "attention_mask");
  EXPECT_EQ(side.length, 77U);
  EXPECT_EQ(side.output_name, "text_embeds");
  side = text_side({{{"text", {1, 64}}}, {{"features", {1, 512}}}, {}});
  EXPECT_EQ(side.length, 64U);
  EXPECT_TRUE(side.mask_name.empty());
  EXPECT_THROW(text_side({{{"image", {1, 3, 224, 224}}}, {{"o", {1, 512}}}, {}}), Error);
  EXPECT_THROW(text_side({{{"text", {1, 77}}}, {{"o", {1, 77, 512}}}, {}}), Error);
}

TEST(ClipVectors, HaveLengthOneAndMustBeFinite) {
  const std::vector<std::int64_t> shape = {1, 2};
  std::vector<float> values = {3, 4};
  const std::vector<TensorView> outputs = {{"text_embeds", shape, values}};
  EXPECT_EQ(read_vector(outputs, "text_embeds"), (std::vector<float>{0.6F, 0.8F}));
  EXPECT_THROW(read_vector(outputs, "image_embeds"), Error);
  values[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(read_vector(outputs, "text_embeds"), Error);
  const std::vector<std::vector<float>> two = {{1, 0}, {0, 1}};
  EXPECT_NEAR(mean_vector(two)[1], std::sqrt(0.5), 1e-6);
  EXPECT_THROW(cosine(two[0], values = {1}), Error);
}

TEST(ClipLabels, TemplatesTakeTheName) {
  EXPECT_EQ(prompts_for("traffic light", {}),
            (std::vector<std::string>{"a photo of a traffic light."}));
  const std::vector<std::string> templates = {"{} seen from above", "a blurry {}"};
  EXPECT_EQ(prompts_for("car", templates),
            (std::vector<std::string>{"car seen from above", "a blurry car"}));
  EXPECT_THROW(prompts_for("car", std::vector<std::string>{"no place"}), Error);
  EXPECT_THROW(prompts_for("car", std::vector<std::string>(101, "{}")), Error);
}

TEST(ClipLabels, ScoresAreASoftmaxOrEachItsOwnSigmoid) {
  const std::vector<float> image = {1, 0};
  const std::vector<std::vector<float>> labels = {{1, 0}, {0.98F, 0.198997F}, {0, 1}};
  auto scores = label_scores(*pair_family_named("clip"), {}, image, labels);
  // exp(100), exp(98), exp(0): 1 / (1 + e^-2) = 0.8808.
  EXPECT_NEAR(scores[0], 0.8808, 1e-4);
  EXPECT_NEAR(scores[1], 0.1192, 1e-4);
  EXPECT_NEAR(scores[2], 0, 1e-6);
  const json::Object parameters = {{"logit_scale", 10}, {"logit_bias", -10}};
  scores = label_scores(*pair_family_named("siglip"), parameters, image, labels);
  EXPECT_NEAR(scores[0], 0.5, 1e-6);
  EXPECT_NEAR(scores[2], 1 / (1 + std::exp(10.0)), 1e-7);
  EXPECT_THROW(label_scores(*pair_family_named("clip"), {{"logit_scale", "x"}}, image, labels),
               Error);
}

}  // namespace
}  // namespace aa::decode::clip
