// YOLO beyond boxes: graphs of the exporters' shapes with numbers worked out by hand.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/decode/brought_model.hpp"
#include "kernel/decode/rotated_box.hpp"

namespace aa::decode {
namespace {

using Metadata = std::vector<std::pair<std::string, std::string>>;

TEST(YoloSegment, MasksAreSumsOfPrototypesCutToTheBox) {
  BroughtModel model({1, 3, 640, 640}, {{1, 116, 8400}, {1, 32, 160, 160}});
  const auto spec = model.recognised("yolo_segment");
  EXPECT_EQ(spec.classes, 80);
  // Anchor 7: a box of 80 x 40 pixels around (320, 320), class 3 with 0.9; prototype 0 minus 1.
  for (const auto& [plane, value] : {std::pair{0, 320.0F},
                                     {1, 320.0F},
                                     {2, 80.0F},
                                     {3, 40.0F},
                                     {4 + 3, 0.9F},
                                     {84, 1.0F},
                                     {85, -1.0F}}) {
    model.at(0, plane, 7) = value;
  }
  // Prototype 0 is 1 in the left half of the input (cells 0..79), prototype 1 is 1 in the right.
  for (int y = 0; y < 160; ++y) {
    for (int x = 0; x < 160; ++x) model.at(1, x < 80 ? 0 : 1, y, x) = 1;
  }
  const auto reading = model.read(spec, 640, 640);
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(reading.findings[0].class_index, 3);
  const auto& rle = std::get<document::MaskShape>(reading.findings[0].shape).rle;
  // Of the box (280..360, 300..340) the left half: the logit crosses 0 at x = 320.
  EXPECT_EQ(raster::bounds(rle), (geometry::Rect{280, 300, 320, 340}));
  EXPECT_EQ(raster::area(rle), 40U * 40U);
}

TEST(YoloSegment, AMaskFollowsTheLetterboxToTheImage) {
  BroughtModel model({1, 3, 640, 640}, {{1, 300, 38}, {1, 32, 160, 160}});
  const auto spec = model.recognised("yolo_segment");
  const std::vector<float> row = {100, 160, 300, 480, 0.8F, 5, 1};
  for (std::size_t i = 0; i < row.size(); ++i) model.at(0, 0, static_cast<int>(i)) = row[i];
  for (int y = 0; y < 160; ++y) {
    for (int x = 0; x < 160; ++x) model.at(1, 0, y, x) = 1;
  }
  // 1280 x 640 becomes 640 x 320 with 160 rows above: twice as large, moved up.
  const auto reading = model.read(spec, 1280, 640);
  ASSERT_EQ(reading.findings.size(), 1U);
  const auto& rle = std::get<document::MaskShape>(reading.findings[0].shape).rle;
  EXPECT_EQ(raster::bounds(rle), (geometry::Rect{200, 0, 600, 640}));
  EXPECT_EQ(raster::area(rle), 400U * 640U);
}

TEST(YoloSegment, V5HasObjectnessBeforeItsClasses) {
  BroughtModel model({1, 3, 640, 640}, {{1, 25200, 117}, {1, 32, 160, 160}});
  const auto spec = model.recognised("yolo_segment");
  EXPECT_EQ(spec.classes, 80);
  const std::vector<float> row = {100, 100, 40, 40, 0.8F, 0.5F};
  for (std::size_t i = 0; i < row.size(); ++i) model.at(0, 9, static_cast<int>(i)) = row[i];
  model.at(0, 9, 85) = 1;
  for (int y = 0; y < 160; ++y) {
    for (int x = 0; x < 160; ++x) model.at(1, 0, y, x) = 1;
  }
  const auto reading = model.read(spec, 640, 640);
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_NEAR(reading.findings[0].score, 0.4, 1e-6);
  EXPECT_EQ(raster::area(std::get<document::MaskShape>(reading.findings[0].shape).rle), 1600U);
}

TEST(YoloPose, KeypointsBecomeASkeletonWithTheBoxAsRegion) {
  BroughtModel model({1, 3, 640, 640}, {{1, 56, 8400}},
                     {{"task", "pose"}, {"kpt_shape", "[17, 3]"}, {"names", "{0: 'person'}"}});
  const auto spec = model.recognised("yolo_pose");
  EXPECT_EQ(spec.classes, 1);
  for (const auto& [plane, value] :
       {std::pair{0, 320.0F}, {1, 320.0F}, {2, 100.0F}, {3, 200.0F}, {4, 0.9F}}) {
    model.at(0, plane, 42) = value;
  }
  for (int k = 0; k < 17; ++k) {
    model.at(0, 5 + 3 * k, 42) = 300.0F + static_cast<float>(k);
    model.at(0, 6 + 3 * k, 42) = 310;
    model.at(0, 7 + 3 * k, 42) = k == 0 ? 0.9F : k == 1 ? 0.3F : 0.01F;
  }
  const auto reading = model.read(spec, 1280, 1280);
  ASSERT_EQ(reading.findings.size(), 1U);
  const auto& found = reading.findings[0];
  EXPECT_EQ(found.class_name, "person");
  const auto& points = std::get<document::Skeleton>(found.shape).points;
  ASSERT_EQ(points.size(), 17U);
  EXPECT_EQ(points[0], (document::SkeletonPoint{"nose", 600, 620, 2}));
  EXPECT_EQ(points[1], (document::SkeletonPoint{"left_eye", 602, 620, 1}));
  EXPECT_EQ(points[16], (document::SkeletonPoint{"right_ankle", 632, 620, 0}));
  ASSERT_TRUE(found.region);
  EXPECT_EQ(*found.region, (Region{{640, 640}, 200, 400, 0}));
}

TEST(YoloPose, EndToEndRowsWithTwoNumbersAKeypoint) {
  BroughtModel model({1, 3, 640, 640}, {{1, 300, 14}},
                     {{"task", "pose"}, {"kpt_shape", "[4, 2]"}, {"names", "{0: 'card'}"}});
  const auto spec = model.recognised("yolo_pose");
  const std::vector<float> row = {10, 20, 110, 220, 0.7F, 0, 10, 20, 110, 20, 110, 220, 10, 700};
  for (std::size_t i = 0; i < row.size(); ++i) model.at(0, 5, static_cast<int>(i)) = row[i];
  const auto reading = model.read(spec, 640, 640);
  ASSERT_EQ(reading.findings.size(), 1U);
  const auto& points = std::get<document::Skeleton>(reading.findings[0].shape).points;
  ASSERT_EQ(points.size(), 4U);
  EXPECT_EQ(points[2], (document::SkeletonPoint{"3", 110, 220, 2}));
  EXPECT_EQ(points[3], (document::SkeletonPoint{"4", 10, 640, 2}));  // cut at the image
}

TEST(YoloObb, AnglesAreClockwiseAndTheWiderSideComesFirst) {
  BroughtModel model({1, 3, 1024, 1024}, {{1, 20, 21504}}, {{"task", "obb"}});
  const auto spec = model.recognised("yolo_obb");
  EXPECT_EQ(spec.classes, 15);
  const auto put = [&](int anchor, std::array<float, 4> box, int k, float score, float angle) {
    for (int i = 0; i < 4; ++i) model.at(0, i, anchor) = box[static_cast<std::size_t>(i)];
    model.at(0, 4 + k, anchor) = score;
    model.at(0, 19, anchor) = angle;
  };
  put(3, {500, 400, 200, 50}, 2, 0.9F, 0.5235988F);  // 30 degrees
  put(4, {502, 401, 200, 50}, 2, 0.8F, 0.5235988F);  // nearly the same: goes
  put(5, {500, 400, 200, 50}, 2, 0.7F, 2.0943951F);  // across it: stays
  put(6, {800, 800, 40, 120}, 7, 0.6F, 0);           // higher than wide
  const auto reading = model.read(spec, 1024, 1024);
  ASSERT_EQ(reading.findings.size(), 3U);
  const auto& first = std::get<document::Box>(reading.findings[0].shape);
  EXPECT_NEAR(*first.rotation, 30, 1e-4);
  EXPECT_NEAR(first.x, 400, 1e-9);
  EXPECT_NEAR(first.y, 375, 1e-9);
  EXPECT_NEAR(*std::get<document::Box>(reading.findings[1].shape).rotation, 120, 1e-4);
  const auto& tall = std::get<document::Box>(reading.findings[2].shape);
  EXPECT_NEAR(tall.width, 120, 1e-9);
  EXPECT_NEAR(tall.height, 40, 1e-9);
  EXPECT_NEAR(*tall.rotation, 90, 1e-9);
}

TEST(YoloObb, EndToEndRowsAreCentreAndSize) {
  BroughtModel model({1, 3, 640, 640}, {{1, 300, 7}}, {{"names", "{0: 'ship', 1: 'plane'}"}});
  const auto spec = model.recognised("yolo_obb");
  const std::vector<float> row = {320, 320, 100, 20, 0.8F, 1, 0};
  for (std::size_t i = 0; i < row.size(); ++i) model.at(0, 0, static_cast<int>(i)) = row[i];
  const auto reading = model.read(spec, 1280, 640);
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(reading.findings[0].class_name, "plane");
  const auto& box = std::get<document::Box>(reading.findings[0].shape);
  EXPECT_EQ(box.rect(), (geometry::Rect{540, 300, 740, 340}));
}

TEST(ProbIou, HasTheValuesOfItsFormula) {
  const RotatedBox box{100, 100, 60, 20, 0.3};
  EXPECT_NEAR(prob_iou(box, box), 1, 1e-3);
  // Means 6 apart, covariances I: Bhattacharyya 36 / 8 = 4.5, 1 - sqrt(1 - exp(-4.5)).
  const double unit = std::sqrt(12.0);
  EXPECT_NEAR(prob_iou({0, 0, unit, unit, 0}, {6, 0, unit, unit, 0}),
              1 - std::sqrt(1 - std::exp(-4.5)), 1e-5);
  // Covariances diag(4, 1) and diag(1, 4): ln(6.25 / 4) / 2, the determinant of their mean by
  // theirs.
  EXPECT_NEAR(prob_iou({0, 0, 2 * unit, unit, 0}, {0, 0, unit, 2 * unit, 0}),
              1 - std::sqrt(1 - std::exp(-0.5 * std::log(6.25 / 4))), 1e-5);
  EXPECT_NEAR(prob_iou({0, 0, 2 * unit, unit, 0}, {0, 0, unit, 2 * unit, std::acos(-1) / 2}), 1,
              1e-3);
  EXPECT_LT(prob_iou(box, {900, 900, 60, 20, 0}), 1e-3);
}

TEST(YoloClassify, TheBestClassesAreTags) {
  BroughtModel model({1, 3, 224, 224}, {{1, 4}},
                     {{"task", "classify"}, {"names", "{0: 'a', 1: 'b', 2: 'c', 3: 'd'}"}});
  const auto spec = model.recognised("yolo_classify");
  EXPECT_EQ(spec.input.fit, Fit::cover);
  model.values(0) = {0.1F, 0.6F, 0.3F, 0};
  auto reading = model.read(spec, 100, 50);
  ASSERT_EQ(reading.findings.size(), 2U);
  EXPECT_EQ(reading.findings[0].class_name, "b");
  EXPECT_NEAR(reading.findings[0].score, 0.6, 1e-6);
  model.values(0) = {0, std::log(3.0F), -20, -20};  // logits of 1/4 and 3/4
  reading = model.read(spec, 100, 50);
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_NEAR(reading.findings[0].score, 0.75, 1e-4);
}

TEST(Yolo, TasksInTheMetadataKeepFamiliesApart) {
  const auto family = [](const Metadata& metadata, std::vector<std::int64_t> shape) {
    const auto spec = BroughtModel({1, 3, 640, 640}, {std::move(shape)}, metadata).recognise();
    return spec ? std::string(spec->reader->family) : "none";
  };
  EXPECT_EQ(family({}, {1, 56, 8400}), "yolov8");
  EXPECT_EQ(family({{"task", "pose"}}, {1, 56, 8400}), "yolo_pose");
  EXPECT_EQ(family({{"task", "obb"}}, {1, 56, 8400}), "yolo_obb");
  EXPECT_EQ(family({{"task", "detect"}}, {1, 300, 6}), "yolo_rows");
  EXPECT_EQ(family({}, {1, 300, 57}), "yolo_pose");
  EXPECT_EQ(family({}, {1, 25200, 85}), "yolov5");
  EXPECT_EQ(family({{"task", "unheard"}}, {1, 84, 8400}), "none");
}

TEST(Yolo, CoarserAndFinerGridsAreTaken) {
  EXPECT_TRUE(BroughtModel({1, 3, 640, 640}, {{1, 84, 34000}}).recognise());    // strides from 4
  EXPECT_TRUE(BroughtModel({1, 3, 1280, 1280}, {{1, 84, 34000}}).recognise());  // up to 64
  EXPECT_FALSE(BroughtModel({1, 3, 640, 640}, {{1, 84, 8401}}).recognise());
}

}  // namespace
}  // namespace aa::decode
