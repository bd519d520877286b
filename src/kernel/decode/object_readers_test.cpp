#include <cmath>

#include "kernel/decode/reader_fixture.hpp"

namespace aa::decode {
namespace {

GivenModel things() {
  GivenModel model{"objectron_detector",
                   {1, 300, 300, 3},
                   {{"raw_outputs/box_encodings", {1, 1917, 4}},
                    {"raw_outputs/class_predictions", {1, 1917, 24}, -50}}};
  model.outputs[1] = model.outputs[1].with(1916 * 24, {9, -50, -50, -50, -50, -50, 2});
  // The last anchor is in the middle, sqrt(0.95) wide: move it right, halve its height.
  model.outputs[0] = model.outputs[0].with(1916 * 4, {0, 1, static_cast<float>(5 * std::log(0.5)),
                                                      static_cast<float>(5 * std::log(0.5))});
  return model;
}

TEST(ObjectronDetector, DecodesAgainstItsAnchors) {
  const auto found = things().read(600, 300).findings;
  ASSERT_EQ(found.size(), 1);
  const double side = std::sqrt(0.95);
  expect_box(found[0], 600 * (0.5 + 0.1 * side - side / 4), 300 * (0.5 - side / 4), 300 * side,
             150 * side);
  EXPECT_EQ(found[0].class_name, "Cattle");  // column 6 is label 5
  EXPECT_NEAR(found[0].score, 1 / (1 + std::exp(-2.0)), 1e-6);
  EXPECT_NEAR(found[0].region->width, 450 * side, 1e-3);
}

TEST(ObjectronDetector, SizesWithoutEndAreDropped) {
  auto model = things();
  model.outputs[0] = model.outputs[0].with(1916 * 4, {0, 0, 1e6F, 1e6F});
  EXPECT_TRUE(model.read(600, 300).findings.empty());
}

TEST(Objectron, IsTheMiddleAndEightCorners) {
  GivenModel model{
      "objectron", {1, 224, 224, 3}, {{"Identity_1", {1, 18}, 112}, {"Identity", {1, 1}, 0.8F}}};
  model.outputs[0] = model.outputs[0].with(16, {224, 0});
  const auto found = model.read(640, 480, Region{{100, 100}, 112, 112, 0}).findings.at(0);
  const auto& points = std::get<document::Skeleton>(found.shape).points;
  ASSERT_EQ(points.size(), 9);
  EXPECT_EQ(points[0].name, "center");
  EXPECT_EQ(points[8].name, "front_top_right");
  expect_point(point_of(found, 0), 100, 100);
  expect_point(point_of(found, 8), 156, 44);
  EXPECT_EQ(found.class_name, "object");
  EXPECT_TRUE(model.with({"Identity", {1, 1}, 0.1F}).read(640, 480).findings.empty());
}

TEST(Handtrack, LeavesFacesOutAndKeepsTheBestOfAPlace) {
  GivenModel model{"handtrack", {1, 320, 320, 3}, {{"scores", {1, 3, 7}}, {"boxes", {1, 3, 1, 4}}}};
  model.outputs[0] = model.outputs[0]
                         .with(0, {0.1F, 0.8F})       // a fist
                         .with(7, {0.6F})             // a hand at nearly the same place
                         .with(14, {0, 0, 0, 0, 1});  // a face
  model.outputs[1] = model.outputs[1]
                         .with(0, {0.1F, 0.2F, 0.3F, 0.4F})
                         .with(4, {0.11F, 0.2F, 0.3F, 0.4F})
                         .with(8, {0.5F, 0.5F, 0.9F, 0.9F});
  const auto found = model.read(640, 320).findings;
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].class_name, "fist");
  expect_box(found[0], 128, 32, 128, 64);
  EXPECT_NEAR(found[0].region->width, 1.4 * 128, 1e-3);
}

}  // namespace
}  // namespace aa::decode
