#include <cmath>

#include "kernel/decode/reader_fixture.hpp"

namespace aa::decode {
namespace {

GivenModel mesh() {
  GivenModel model{
      "face_mesh",
      {1, 192, 192, 3},
      {{"Identity", {1, 266}}, {"Identity_1", {1, 1}, 0.9F}, {"Identity_2", {1, 1404}, 96}}};
  auto& points = model.outputs[2];
  points = points.with(33 * 3, {60, 90, 0}).with(133 * 3, {80, 90, 0});     // right eye
  points = points.with(362 * 3, {110, 90, 0}).with(263 * 3, {132, 90, 0});  // left eye
  points = points.with(10 * 3, {96, 20, 0}).with(152 * 3, {96, 170, 0});    // forehead, chin
  return model;
}

TEST(FaceMesh, PointsAreNamedByTheirIndices) {
  const auto face = mesh().read(384, 384).findings.at(0);
  const auto& points = std::get<document::Skeleton>(face.shape).points;
  ASSERT_EQ(points.size(), 468);
  EXPECT_EQ(points[33].name, "33");
  expect_point(point_of(face, 33), 120, 180);
  EXPECT_FLOAT_EQ(face.score, 0.9F);
}

TEST(FaceMesh, TheRegionIsAroundAllPoints) {
  const auto face = mesh().read(192, 192).findings.at(0);
  EXPECT_NEAR(face.region->rotation, 0, 1e-6);
  EXPECT_NEAR(face.region->width, 225, 1e-3);  // 1.5 times from forehead to chin
  expect_point(face.region->center, 96, 95);
}

TEST(FaceMesh, EyesAreOutlinesWithRegions) {
  const auto found = mesh().read(192, 192).findings;
  ASSERT_EQ(found.size(), 3);
  EXPECT_EQ(found[0].class_name, "face");
  const std::vector<Finding> eyes(found.begin() + 1, found.end());
  EXPECT_EQ(eyes[0].class_name, "right_eye");
  EXPECT_NEAR(eyes[0].region->width, 2.3 * 20, 1e-3);
  expect_point(eyes[0].region->center, 70, 90);
  EXPECT_FALSE(eyes[0].region->mirrored);
  EXPECT_NEAR(eyes[1].region->width, 2.3 * 22, 1e-3);
  EXPECT_TRUE(eyes[1].region->mirrored);
  EXPECT_EQ(std::get<document::Polygon>(eyes[1].shape).parts.at(0).points.size(), 16);
}

TEST(FaceMesh, NoFaceNoPoints) {
  EXPECT_TRUE(mesh().with({"Identity_1", {1, 1}, 0.1F}).read(192, 192).findings.empty());
  const auto logit = mesh().with({"Identity_1", {1, 1}, 3}).with(json::Object{{"flag", "logit"}});
  EXPECT_NEAR(logit.read(192, 192).findings.at(0).score, 0.9526, 1e-4);
  EXPECT_THROW(mesh().with({"Identity_1", {1, 1}, 3}).read(192, 192), Error);
}

GivenModel iris() {
  GivenModel model{"iris", {1, 64, 64, 3}, {{"Identity", {1, 1, 1, 228}, 32}}};
  auto& points = model.outputs[0];
  points = points.with(0, {10, 30, 0}).with(8 * 3, {50, 30, 0}).with(12 * 3, {30, 20, 0});
  points = points.with(71 * 3, {30, 32, 0, 36, 32, 0, 30, 28, 0, 24, 32, 0, 30, 36, 0});
  return model;
}

TEST(Iris, IsAnEllipseInTheOutlineOfTheEye) {
  const auto found = iris().read(640, 640, Region{{320, 320}, 64, 64, 0}).findings;
  ASSERT_EQ(found.size(), 2);
  const auto& part = std::get<document::Polygon>(found[0].shape).parts.at(0);
  ASSERT_EQ(part.points.size(), 16);
  expect_point(part.points[0], 288 + 10, 288 + 30);
  expect_point(part.points[8], 288 + 50, 288 + 30);
  expect_point(part.points[12], 288 + 30, 288 + 20);  // 15, 14, 13, then 12
  const auto& ellipse = std::get<document::Ellipse>(found[1].shape);
  EXPECT_NEAR(ellipse.cx, 318, 1e-3);
  EXPECT_NEAR(ellipse.rx, 6, 1e-3);
  EXPECT_NEAR(ellipse.ry, 4, 1e-3);
}

TEST(Iris, AMirroredRegionMirrorsBack) {
  const Region region{{320, 320}, 64, 64, 0, true};
  const auto found = iris().with(json::Object{{"shape", "skeleton"}}).read(640, 640, region);
  expect_point(point_of(found.findings.at(0), 0), 352 - 10, 288 + 30);
}

TEST(Iris, TwoOutputsAreOne) {
  const GivenModel model{"iris",
                         {1, 64, 64, 3},
                         {{"output_eyes", {1, 213}, 5}, GivenTensor{"output_iris", {1, 15}, 9}}};
  const auto found = model.with(json::Object{{"shape", "skeleton"}}).read(64, 64).findings.at(0);
  expect_point(point_of(found, 70), 5, 5);
  expect_point(point_of(found, 71), 9, 9);
}

GivenModel faceres() {
  GivenModel model{
      "faceres",
      {1, 224, 224, 3},
      {{"gender_pred", {1, 1}, 0.2F}, {"age_pred", {1, 100}}, {"global_pooling", {1, 1024}, 0.5F}}};
  model.outputs[1] = model.outputs[1].with(30, {0.3F, 0.1F, 0.0F, 0.6F});
  return model;
}

TEST(FaceRes, AgeIsTheMeanOfTheTwoLikeliestYears) {
  const auto face = faceres().read(224, 224).findings.at(0);
  EXPECT_NEAR(attribute_of<double>(face, "age"), (0.3 * 30 + 0.6 * 33) / 0.9, 1e-4);
  EXPECT_EQ(attribute_of<std::string>(face, "gender"), "female");
  EXPECT_NEAR(attribute_of<double>(face, "gender_confidence"), 0.8, 1e-6);
  EXPECT_EQ(face.embedding.size(), 1024);
}

TEST(FaceRes, RefusesWhatIsNoProbability) {
  EXPECT_THROW(faceres().with({"gender_pred", {1, 1}, -2}).read(224, 224), Error);
  EXPECT_THROW(faceres().with({"age_pred", {1, 100}, 7}).read(224, 224), Error);
}

TEST(FaceScores, NameTheLikeliest) {
  const GivenModel emotion{
      "emotion", {1, 64, 64, 1}, {GivenTensor{"Identity", {1, 7}}.with(3, {0.7F, 0.3F})}};
  const auto happy = emotion.read(64, 64).findings.at(0);
  EXPECT_EQ(happy.class_name, "happy");
  EXPECT_FLOAT_EQ(happy.score, 0.7F);
  EXPECT_EQ(attribute_of<std::string>(happy, "emotion"), "happy");
  const GivenModel spoof{"antispoof", {1, 128, 128, 3}, {{"Identity", {1, 1}, 0.1F}}};
  EXPECT_EQ(spoof.read(128, 128).findings.at(0).class_name, "spoof");
  EXPECT_FLOAT_EQ(spoof.read(128, 128).findings.at(0).score, 0.9F);
  const GivenModel live{
      "liveness", {1, 32, 32, 3}, {GivenTensor{"Identity", {1, 2}}.with(0, {0.8F})}};
  EXPECT_NEAR(attribute_of<double>(live.read(32, 32).findings.at(0), "live"), 0.8, 1e-6);
}

}  // namespace
}  // namespace aa::decode
