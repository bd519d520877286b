#include "kernel/decode/reader.hpp"

#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/decode/coco_labels.hpp"

namespace aa::decode {
namespace {

GraphSignature yolox_signature() {
  return {{{"images", {1, 3, 64, 64}}}, {{"output", {1, 84, 85}}}, {}};
}

TEST(Readers, NamesAreUnique) {
  std::set<std::string_view> names;
  for (const auto* row : readers()) EXPECT_TRUE(names.insert(row->family).second) << row->family;
  EXPECT_EQ(reader_named("nonsense"), nullptr);
}

TEST(Readers, ADetectorsBoxesAreFindings) {
  auto spec = recognise_model(yolox_signature());
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->reader->family, "yolox");
  spec->labels = {"person"};
  std::vector<float> values(84 * 85);
  // Cell 0 of stride 8: centre (0.5 + 0) * 8, side e^2 * 8.
  values[0] = 0.5F;
  values[1] = 0.5F;
  values[2] = values[3] = 0;
  values[4] = 1;
  values[5] = 0.9F;
  const std::vector<std::int64_t> shape = {1, 84, 85};
  const std::vector<TensorView> outputs = {{"output", shape, values}};
  const auto frame = plan_frame(128, 128, spec->input);
  const auto reading = read_model(outputs, *spec, frame);
  ASSERT_EQ(reading.findings.size(), 1);
  const auto& found = reading.findings.front();
  EXPECT_EQ(found.class_name, "person");
  EXPECT_NEAR(found.score, 0.9, 1e-6);
  const auto& box = std::get<document::Box>(found.shape);
  EXPECT_NEAR(box.x + box.width / 2, 8, 1e-6);
  EXPECT_NEAR(box.width, 16, 1e-6);
}

TEST(Readers, NumbersThatAreNotFiniteAreAnError) {
  const auto spec = recognise_model(yolox_signature());
  std::vector<float> values(84 * 85, std::numeric_limits<float>::quiet_NaN());
  const std::vector<std::int64_t> shape = {1, 84, 85};
  const std::vector<TensorView> outputs = {{"output", shape, values}};
  EXPECT_THROW(read_model(outputs, *spec, plan_frame(64, 64, spec->input)), Error);
}

TEST(Preprocess, MeanAndDeviationBecomeScaleAndOffset) {
  InputSpec input;
  apply_preprocess(
      json::Object{{"mean", json::Array{100, 100, 50}}, {"std", 155}, {"color", "bgr"}}, input);
  EXPECT_FLOAT_EQ(255 * input.scale[0] + input.offset[0], 1);
  EXPECT_FLOAT_EQ(50 * input.scale[2] + input.offset[2], 0);
  EXPECT_TRUE(input.bgr);
  EXPECT_THROW(apply_preprocess(json::Object{{"fit", "wide"}}, input), Error);
  EXPECT_THROW(apply_preprocess(json::Object{{"std", 0}}, input), Error);
}

}  // namespace
}  // namespace aa::decode
