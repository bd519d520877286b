#include "kernel/decode/pointed_boxes.hpp"

#include <limits>

#include "kernel/decode/reader_fixture.hpp"

namespace aa::decode {
namespace {

// Scores and rows of the front camera's model, nothing found.
GivenModel front() {
  return {"blazeface",
          {1, 128, 128, 3},
          {{"Identity", {1, 512, 1}, -50},
           {"Identity_1", {1, 384, 1}, -50},
           {"Identity_2", {1, 512, 16}},
           {"Identity_3", {1, 384, 16}}}};
}

// Anchor 2 of the fine grid is at (12, 4), the first of the coarse one at (8, 8).
GivenModel one_face() {
  auto model = front();
  model.outputs[0] = model.outputs[0].with(2, {2});
  // Centre (52, 44), 40 x 20; right eye at (42, 40), left eye at (62, 60).
  model.outputs[2] =
      model.outputs[2].with(32, {40, 40, 40, 20, 30, 36, 50, 56, 1, 2, 3, 4, 5, 6, 7, 8});
  return model;
}

TEST(BlazeFace, ReadsABoxAgainstItsAnchor) {
  const auto reading = one_face().read(128, 128);
  ASSERT_EQ(reading.findings.size(), 1);
  const auto& face = reading.findings[0];
  expect_box(face, 32, 34, 40, 20);
  EXPECT_NEAR(face.score, 1 / (1 + std::exp(-2.0)), 1e-6);
  EXPECT_EQ(face.class_name, "face");
}

TEST(BlazeFace, TheRegionLevelsTheEyes) {
  const auto face = one_face().read(128, 128).findings.at(0);
  ASSERT_TRUE(face.region);
  EXPECT_NEAR(face.region->rotation, 45, 1e-4);  // the left eye is as far below as beside
  EXPECT_NEAR(face.region->width, 60, 1e-4);     // 1.5 times the longer side
  EXPECT_NEAR(face.region->height, 60, 1e-4);
  expect_point(face.region->center, 52, 44);
}

TEST(BlazeFace, KeepsTheAspectOfTheImage) {
  // 512 x 256 fills the width; 32 rows above and below are padding.
  const auto face = one_face().read(512, 256).findings.at(0);
  expect_box(face, 32 * 4, (34 - 32) * 4, 160, 80);
  EXPECT_NEAR(face.region->rotation, 45, 1e-4);
}

TEST(BlazeFace, GivesItsPointsWhenAsked) {
  const auto face =
      one_face().with(json::Object{{"shape", "skeleton"}}).read(128, 128).findings.at(0);
  const auto& points = std::get<document::Skeleton>(face.shape).points;
  ASSERT_EQ(points.size(), 6);
  EXPECT_EQ(points[1].name, "left_eye");
  expect_point(point_of(face, 0), 42, 40);
  expect_point(point_of(face, 5), 12 + 7, 4 + 8);
}

TEST(BlazeFace, CoarseRowsComeAfterFineOnesWhateverTheirOrder) {
  auto model = front();
  model.outputs[1] = model.outputs[1].with(0, {5});
  model.outputs[3] = model.outputs[3].with(0, {10, 0, 20, 20});
  std::swap(model.outputs[0], model.outputs[1]);
  std::swap(model.outputs[2], model.outputs[3]);
  expect_box(model.read(128, 128).findings.at(0), 8, 0, 20, 18);  // cut at the top
}

TEST(BlazeFace, AWholeOutputIsTheSame) {
  GivenModel model{"blazeface",
                   {1, 128, 128, 3},
                   {{"regressors", {1, 896, 16}}, {"classificators", {1, 896, 1}, -50}}};
  model.outputs[1] = model.outputs[1].with(512, {5});
  model.outputs[0] = model.outputs[0].with(512 * 16, {10, 10, 20, 20});
  expect_box(model.read(128, 128).findings.at(0), 8, 8, 20, 20);
}

TEST(BlazeFace, OverlappingBoxesBlendByTheirScores) {
  const PointedBox best{{0, 0, 10, 10}, 0.8F, {{0, 0}}};
  const PointedBox near{{2, 0, 12, 10}, 0.4F, {{6, 3}}};  // IoU 8 / 12
  const PointedBox far{{20, 0, 30, 10}, 0.6F, {{1, 1}}};
  const auto blend = blended({near, far, best}, 0.3);
  ASSERT_EQ(blend.size(), 2);
  EXPECT_FLOAT_EQ(blend[0].score, 0.8F);
  EXPECT_NEAR(blend[0].box.x0, 2.0 / 3, 1e-6);
  EXPECT_NEAR(blend[0].box.x1, 10 + 2.0 / 3, 1e-6);
  expect_point(blend[0].points[0], 2, 1);
  EXPECT_EQ(blend[1].box, far.box);
  const auto best_alone = suppressed({near, far, best}, 0.3);
  ASSERT_EQ(best_alone.size(), 2);
  EXPECT_EQ(best_alone[0].box, best.box);
}

TEST(PalmDetector, TheRegionReachesToTheFingers) {
  GivenModel model{"palm_detector",
                   {1, 192, 192, 3},
                   {{"Identity", {1, 2016, 18}}, {"Identity_1", {1, 2016, 1}, -50}}};
  model.outputs[1] = model.outputs[1].with(0, {3});
  // Palm of 20 x 10 at (104, 84); the wrist left of the middle finger: the hand points right.
  model.outputs[0] = model.outputs[0].with(0, {100, 80, 20, 10, 90, 80, 0, 0, 110, 80});
  const auto palm = model.read(192, 192).findings.at(0);
  EXPECT_NEAR(palm.region->rotation, 90, 1e-4);
  EXPECT_NEAR(palm.region->width, 52, 1e-4);
  expect_point(palm.region->center, 104 + 5, 84);  // half the palm's height along its own axis
}

TEST(BlazePoseDetector, TheCircleAroundTheHipsIsThePerson) {
  GivenModel model{"blazepose_detector",
                   {1, 224, 224, 3},
                   {{"Identity", {1, 2254, 12}}, {"Identity_1", {1, 2254, 1}, -50}}};
  model.outputs[1] = model.outputs[1].with(0, {3});
  // A face at (34, 24); hips at (104, 104), 60 below the circle's point.
  model.outputs[0] = model.outputs[0].with(0, {30, 20, 10, 10, 100, 100, 100, 40});
  const auto person = model.read(224, 224).findings.at(0);
  expect_box(person, 44, 44, 120, 120);
  EXPECT_NEAR(person.region->rotation, 0, 1e-4);
  EXPECT_NEAR(person.region->width, 150, 1e-4);
}

TEST(PointedBoxes, OtherShapesAreNotTheFamily) {
  auto model = front();
  model.outputs[3] = {"Identity_3", {1, 383, 16}};
  EXPECT_FALSE(model_of_family("blazeface", model.signature()));
  model = front();
  model.input = {1, 127, 128, 3};
  EXPECT_FALSE(model_of_family("blazeface", model.signature()));
  EXPECT_EQ(recognise_model(front().signature())->reader->family, "blazeface");
}

TEST(PointedBoxes, RefusesAnswersThatDoNotFit) {
  const auto spec = front().spec();
  const std::vector<std::int64_t> few = {1, 10, 16};
  const std::vector<float> values(160);
  const std::vector<TensorView> outputs = {{"Identity_2", few, values}};
  EXPECT_THROW(read_model(outputs, spec, plan_frame(128, 128, spec.input)), Error);
  auto wild = one_face();
  wild.outputs[2] = wild.outputs[2].with(32, {3e8F, 0, 40, 20});
  EXPECT_TRUE(wild.read(128, 128).findings.empty());  // beside the image
  wild.outputs[2] = wild.outputs[2].with(32, {0, 0, 3e9F, 3e9F, 1e30F});
  EXPECT_THROW(wild.with(json::Object{{"shape", "skeleton"}}).read(128, 128), Error);
  EXPECT_THROW(one_face().with(json::Object{{"shape", 5}}).read(128, 128), Error);
  EXPECT_THROW(one_face().with(json::Object{{"iou_max", 2}}).read(128, 128), Error);
}

}  // namespace
}  // namespace aa::decode
