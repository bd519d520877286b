#include "kernel/decode/reader_fixture.hpp"
#include "kernel/raster/rle.hpp"

namespace aa::decode {
namespace {

GivenModel hand() {
  GivenModel model{"hand_landmarks",
                   {1, 224, 224, 3},
                   {{"Identity_3", {1, 63}, -1},
                    {"Identity_2", {1, 1}, 0.9F},
                    {"Identity_1", {1, 1}, 0.7F},
                    {"Identity", {1, 63}, 112}}};
  model.outputs[3] = model.outputs[3].with(8 * 3, {200, 20, 5});
  return model;
}

TEST(HandLandmarks, OutputsAreToldApartByName) {
  const auto found = hand().read(224, 224).findings.at(0);
  EXPECT_FLOAT_EQ(found.score, 0.7F);
  EXPECT_EQ(attribute_of<std::string>(found, "handedness"), "right");
  const auto& points = std::get<document::Skeleton>(found.shape).points;
  ASSERT_EQ(points.size(), 21);
  EXPECT_EQ(points[8].name, "index_finger_tip");
  expect_point(point_of(found, 8), 200, 20);
}

TEST(HandLandmarks, FollowTheRegionsTurn) {
  // A quarter turn: the hand's own up is the image's right.
  const auto found = hand().read(640, 480, Region{{300, 200}, 112, 112, 90}).findings.at(0);
  expect_point(point_of(found, 8), 300 + (112 - 20) / 2.0, 200 + (200 - 112) / 2.0);
  expect_point(point_of(found, 0), 300, 200);
}

TEST(HandLandmarks, AbsentHandsAndHostileNumbers) {
  EXPECT_TRUE(hand().with({"Identity_1", {1, 1}, 0.1F}).read(224, 224).findings.empty());
  EXPECT_THROW(hand().with({"Identity_2", {1, 1}, 9}).read(224, 224), Error);
  EXPECT_THROW(hand().with({"Identity", {1, 63}, 1e20F}).read(224, 224), Error);
  EXPECT_FALSE(model_of_family(
      "hand_landmarks",
      GraphSignature{{{"i", {1, 224, 224, 3}}}, {{"a", {1, 63}}, {"b", {1, 1}}}, {}}));
}

GivenTensor pose_triples(float score) {
  GivenTensor out{"Identity", {1, 1, 17, 3}, 0.5F};
  for (std::size_t i = 0; i < 17; ++i) out.values[i * 3 + 2] = score;
  return out;
}

TEST(MoveNet, PointsAreSharesOfTheSquare) {
  const auto triples = pose_triples(0.6F).with(0, {0.25F, 0.75F, 0.8F}).with(3 * 16, {0, 0, 0.1F});
  const GivenModel model{"movenet", {1, 192, 192, 3}, {triples}};
  const auto person = model.read(400, 200).findings.at(0);
  expect_point(point_of(person, 0), 300, 0);  // padded by 100 above
  const auto& points = std::get<document::Skeleton>(person.shape).points;
  EXPECT_EQ(points[0].name, "nose");
  EXPECT_EQ(points[0].visibility, 2);
  EXPECT_EQ(points[16].visibility, 0);
  EXPECT_NEAR(person.score, (0.8 + 15 * 0.6) / 16, 1e-5);
  EXPECT_TRUE(GivenModel("movenet", {1, 192, 192, 3}, {pose_triples(0.1F)})
                  .read(400, 200)
                  .findings.empty());
}

TEST(MoveNet, SeveralPosesWithTheirOwnScores) {
  GivenTensor rows{"output_0", {1, 6, 56}, 0.5F};
  for (std::size_t i = 0; i < 6; ++i) rows.values[i * 56 + 55] = i == 4 ? 0.9F : 0.05F;
  const GivenModel model{"movenet", {1, -1, -1, 3}, {rows}};
  const auto spec = model.spec();
  const auto sized = spec.input.sized_for(640, 320);
  EXPECT_EQ(sized.width, 256);
  EXPECT_EQ(sized.height, 128);
  const auto reading = model.read(640, 320);
  ASSERT_EQ(reading.findings.size(), 1);
  EXPECT_FLOAT_EQ(reading.findings[0].score, 0.9F);
  expect_point(point_of(reading.findings[0], 3), 320, 160);
}

GivenModel pose() {
  GivenModel model{"blazepose_landmarks",
                   {1, 256, 256, 3},
                   {{"Identity", {1, 195}, 3},
                    {"Identity_1", {1, 1}, 0.95F},
                    {"Identity_2", {1, 256, 256, 1}, -5},
                    {"Identity_3", {1, 64, 64, 39}, -20},
                    {"Identity_4", {1, 117}}}};
  // Left shoulder at (100, 50); left hip hidden, right hip absent.
  model.outputs[0] = model.outputs[0].with(11 * 5, {100, 50, 0, 4, 4});
  model.outputs[0] = model.outputs[0].with(23 * 5, {90, 90, 0, -4, 4});
  model.outputs[0] = model.outputs[0].with(24 * 5, {90, 90, 0, 4, -4});
  return model;
}

TEST(BlazePose, PointsHaveNamesAndVisibility) {
  const auto person = pose().read(512, 512).findings.at(0);
  const auto& points = std::get<document::Skeleton>(person.shape).points;
  ASSERT_EQ(points.size(), 33);
  EXPECT_EQ(points[11].name, "left_shoulder");
  expect_point(point_of(person, 11), 200, 100);
  EXPECT_EQ(points[11].visibility, 2);
  EXPECT_EQ(points[23].visibility, 1);
  EXPECT_EQ(points[24].visibility, 0);
}

TEST(BlazePose, AHeatMapThatIsSureMovesThePoint) {
  auto model = pose();
  // Cells (26, 12) and (27, 12) of channel 11 are at probability 1/2 each, near cell (25, 12).
  auto& map = model.outputs[3];
  map.values[(12 * 64 + 26) * 39 + 11] = 0;
  map.values[(12 * 64 + 27) * 39 + 11] = 0;
  expect_point(point_of(model.read(256, 256).findings.at(0), 11), 26.5 * 4, 12 * 4, 1e-2);
  map.values[(12 * 64 + 26) * 39 + 11] = -1;
  map.values[(12 * 64 + 27) * 39 + 11] = -1;
  expect_point(point_of(model.read(256, 256).findings.at(0), 11), 100, 50);
}

TEST(BlazePose, GivesThePersonsMask) {
  auto model = pose().with(json::Object{{"shape", "mask"}});
  for (std::size_t y = 64; y < 128; ++y) {
    for (std::size_t x = 0; x < 256; ++x) model.outputs[2].values[y * 256 + x] = 5;
  }
  const auto person = model.read(512, 512).findings.at(0);
  const auto& rle = std::get<document::MaskShape>(person.shape).rle;
  EXPECT_EQ(rle.width, 512);
  EXPECT_EQ(raster::area(rle), 512 * 128);
}

TEST(SelfieSegmentation, IsAMaskAndAMap) {
  GivenModel model{
      "selfie_segmentation", {1, 144, 256, 3}, {{"segment_back", {1, 144, 256, 1}, 0.1F}}};
  for (std::size_t y = 0; y < 144; ++y) {
    for (std::size_t x = 128; x < 256; ++x) model.outputs[0].values[y * 256 + x] = 0.9F;
  }
  const auto reading = model.read(512, 288);
  const auto& rle = std::get<document::MaskShape>(reading.findings.at(0).shape).rle;
  EXPECT_EQ(raster::area(rle), 256 * 288);
  EXPECT_EQ(raster::bounds(rle).x0, 256);
  EXPECT_NEAR(reading.findings[0].score, 0.9, 1e-5);
  ASSERT_TRUE(reading.map);
  EXPECT_EQ(reading.map->width, 256);
  EXPECT_THROW(model.with({"segment_back", {1, 144, 256, 1}, 5}).read(512, 288), Error);
  const auto nobody = model.with({"segment_back", {1, 144, 256, 1}, 0.2F}).read(512, 288);
  EXPECT_TRUE(nobody.findings.empty());
  EXPECT_TRUE(nobody.map);
}

}  // namespace
}  // namespace aa::decode
