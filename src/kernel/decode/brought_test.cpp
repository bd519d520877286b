// Families beyond YOLO: graphs of the exporters' shapes with numbers worked out by hand.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/decode/brought_model.hpp"
#include "kernel/decode/coco_labels.hpp"
#include "kernel/decode/reader_rows.hpp"

namespace aa::decode {
namespace {

void expect_box(const Finding& found, geometry::Rect wanted) {
  const auto box = std::get<document::Box>(found.shape).rect();
  EXPECT_NEAR(box.x0, wanted.x0, 1e-3);
  EXPECT_NEAR(box.y0, wanted.y0, 1e-3);
  EXPECT_NEAR(box.x1, wanted.x1, 1e-3);
  EXPECT_NEAR(box.y1, wanted.y1, 1e-3);
}

TEST(NanoDet, SidesAreMeansOfDistributions) {
  BroughtModel model({1, 3, 416, 416}, {{1, 3598, 112}});
  const auto spec = model.recognised("nanodet");
  EXPECT_EQ(spec.classes, 80);
  EXPECT_TRUE(spec.input.bgr);
  EXPECT_NEAR(103.53 * spec.input.scale[0] + spec.input.offset[0], 0, 1e-5);
  // Stride 16, cell (4, 5): row 52 * 52 + 26 * 5 + 4. Plus has its cells at corners: (64, 80).
  const int row = 2704 + 26 * 5 + 4;
  model.at(0, row, 17) = 0.9F;
  const std::array<int, 4> bins = {2, 1, 3, 0};  // all weight in one bin: that many strides
  for (int side = 0; side < 4; ++side)
    model.at(0, row, 80 + 8 * side + bins[static_cast<std::size_t>(side)]) = 100;
  const auto reading = model.read(spec, 832, 416);  // stretched: x twice
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(reading.findings[0].class_index, 17);
  expect_box(reading.findings[0], {64, 64, 224, 80});
}

TEST(NanoDet, EvenDistributionsAreHalfTheirReach) {
  BroughtModel model({1, 3, 416, 416}, {{1, 3549, 112}});
  EXPECT_EQ(model.recognise()->reader->family, "yolox");  // looks like it: named only
  const auto spec = model_of_family("nanodet", model.signature);
  ASSERT_TRUE(spec);
  model.at(0, 52 * 3 + 10, 0) = 0.5F;  // stride 8, centre of cell (10, 3): (84, 28)
  const auto reading = model.read(*spec, 416, 416);
  ASSERT_EQ(reading.findings.size(), 1U);
  expect_box(reading.findings[0], {56, 0, 112, 56});  // 3.5 strides each way
}

TEST(RtDetr, LogitsAndShares) {
  BroughtModel model({1, 3, 640, 640}, {{1, 300, 80}, {1, 300, 4}}, {}, {"logits", "pred_boxes"});
  const auto spec = model.recognised("rtdetr");
  EXPECT_EQ(spec.input.fit, Fit::stretch);
  for (auto& logit : model.values(0)) logit = -9;
  model.at(0, 20, 16) = std::log(3.0F);  // 0.75
  model.at(0, 21, 16) = std::log(2.0F);  // the same place again is another object
  for (const int query : {20, 21}) {
    const std::array<float, 4> box = {0.5F, 0.25F, 0.2F, 0.1F};
    for (int i = 0; i < 4; ++i) model.at(1, query, i) = box[static_cast<std::size_t>(i)];
  }
  const auto reading = model.read(spec, 1000, 500);
  ASSERT_EQ(reading.findings.size(), 2U);
  EXPECT_NEAR(reading.findings[0].score, 0.75, 1e-6);
  expect_box(reading.findings[0], {400, 100, 600, 150});
}

TEST(RtDetr, UltralyticsJoinsBoxAndScores) {
  BroughtModel model({1, 3, 640, 640}, {{1, 300, 84}});
  const auto spec = model.recognised("rtdetr");
  EXPECT_EQ(spec.classes, 80);
  const std::array<float, 4> box = {0.5F, 0.5F, 1, 1};
  for (int i = 0; i < 4; ++i) model.at(0, 0, i) = box[static_cast<std::size_t>(i)];
  model.at(0, 0, 4 + 11) = 0.6F;
  const auto reading = model.read(spec, 64, 32);
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(reading.findings[0].class_index, 11);
  expect_box(reading.findings[0], {0, 0, 64, 32});
  // Two classes make rows of six, as end-to-end YOLOs have: the exporter's words tell.
  BroughtModel two({1, 3, 640, 640}, {{1, 300, 6}},
                   {{"description", "Ultralytics rtdetr-l model"}, {"task", "other"}});
  EXPECT_FALSE(two.recognise());
}

TEST(RfDetr, ColumnsAreCategoriesOfCoco) {
  BroughtModel model({1, 3, 560, 560}, {{1, 300, 4}, {1, 300, 91}}, {}, {"dets", "labels"});
  const auto spec = model.recognised("rfdetr");
  EXPECT_EQ(spec.classes, 80);
  for (auto& logit : model.values(1)) logit = -9;
  model.at(1, 7, 18) = 9;  // category 18: dog
  model.at(1, 8, 12) = 9;  // category 12 does not exist
  for (const int query : {7, 8}) {
    for (int i = 0; i < 4; ++i) model.at(0, query, i) = 0.5F;
  }
  const auto reading = model.read(spec, 200, 100);
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(coco_labels()[static_cast<std::size_t>(reading.findings[0].class_index)].name, "dog");
  expect_box(reading.findings[0], {50, 25, 150, 75});
}

TEST(DFine, AsksForPixelsOfItsInput) {
  BroughtModel model({-1, 3, 640, 640}, {{1, 300}, {1, 300, 4}, {1, 300}}, {},
                     {"labels", "boxes", "scores"});
  model.signature.inputs.push_back({"orig_target_sizes", {-1, 2}});
  const auto spec = model.recognised("dfine");
  ASSERT_EQ(spec.constants.size(), 1U);
  EXPECT_EQ(spec.constants[0].values, (std::vector<double>{640, 640}));
  model.at(0, 3) = 16;
  model.at(2, 3) = 0.8F;
  const std::array<float, 4> box = {64, 128, 320, 640};
  for (int i = 0; i < 4; ++i) model.at(1, 3, i) = box[static_cast<std::size_t>(i)];
  const auto reading = model.read(spec, 1280, 320);
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(reading.findings[0].class_index, 16);
  expect_box(reading.findings[0], {128, 64, 640, 320});
  model.at(0, 3) = 16.5F;
  EXPECT_THROW(model.read(spec, 1280, 320), Error);
}

TEST(YoloNas, CornersAndScoresByCell) {
  BroughtModel model({1, 3, 640, 640}, {{1, 8400, 4}, {1, 8400, 80}});
  const auto spec = model.recognised("yolo_nas");
  for (const int row : {0, 1}) {
    const std::array<float, 4> box = {10, 20, 110, 220};
    for (int i = 0; i < 4; ++i) model.at(0, row, i) = box[static_cast<std::size_t>(i)];
    model.at(1, row, 5) = row == 0 ? 0.9F : 0.8F;  // the second is suppressed
  }
  const auto reading = model.read(spec, 640, 640);
  ASSERT_EQ(reading.findings.size(), 1U);
  expect_box(reading.findings[0], {10, 20, 110, 220});
}

TEST(RtmPose, PeaksOfBothAxesInHalfPixels) {
  BroughtModel model({1, 3, 256, 192}, {{1, 17, 384}, {1, 17, 512}}, {}, {"simcc_x", "simcc_y"});
  const auto spec = model.recognised("rtmpose");
  for (int k = 0; k < 17; ++k) {
    model.at(0, k, 2 * k + 1) = 0.9F;
    model.at(1, k, 100) = k == 16 ? 0.2F : 1.3F;
  }
  // The region is the input's size, 10 and 20 pixels into the image.
  const auto frame = plan_frame(640, 480, spec.input, Region{{106, 148}, 192, 256, 0});
  const auto reading = model.read_in(spec, frame);
  ASSERT_EQ(reading.findings.size(), 1U);
  const auto& points = std::get<document::Skeleton>(reading.findings[0].shape).points;
  EXPECT_EQ(points[0], (document::SkeletonPoint{"nose", 10.5, 70, 2}));
  EXPECT_EQ(points[16], (document::SkeletonPoint{"right_ankle", 26.5, 70, 1}));
  EXPECT_NEAR(reading.findings[0].score, (16 * 0.9 + 0.2) / 17, 1e-6);
}

TEST(VitPose, PeaksAreMovedByTheParabola) {
  BroughtModel model({1, 3, 256, 192}, {{1, 17, 64, 48}});
  const auto spec = model.recognised("vitpose");
  for (int k = 0; k < 17; ++k) model.at(0, k, 0, 0) = 0.8F;
  // Values 0.4, 0.8, 0.6 along x: the top lies (0.4 - 0.6) / (2 * (0.4 - 1.6 + 0.6)) = 1/6 right.
  model.at(0, 3, 0, 0) = 0;
  model.at(0, 3, 20, 9) = 0.4F, model.at(0, 3, 20, 10) = 0.8F, model.at(0, 3, 20, 11) = 0.6F;
  const auto reading = model.read(spec, 192, 256);
  ASSERT_EQ(reading.findings.size(), 1U);
  const auto& points = std::get<document::Skeleton>(reading.findings[0].shape).points;
  EXPECT_NEAR(points[0].x, 0, 1e-9);
  EXPECT_NEAR(points[3].x, (10 + 1.0 / 6) * 191 / 47, 1e-4);
  EXPECT_NEAR(points[3].y, 20 * 255.0 / 63, 1e-4);
}

TEST(Embeddings, HaveLengthOne) {
  BroughtModel person({1, 3, 256, 128}, {{1, 512}});
  const auto spec = person.recognised("osnet");
  person.values(0)[3] = 3;
  person.values(0)[4] = -4;
  const auto reading = person.read(spec, 64, 128);
  ASSERT_EQ(reading.embedding.size(), 512U);
  EXPECT_NEAR(reading.embedding[3], 0.6, 1e-6);
  EXPECT_NEAR(reading.embedding[4], -0.8, 1e-6);
  person.values(0).assign(512, 0);
  EXPECT_THROW(person.read(spec, 64, 128), Error);

  BroughtModel image({1, 3, 224, 224}, {{1, 257, 384}}, {}, {"last_hidden_state"});
  const auto dino = image.recognised("dino");
  image.at(0, 0, 5) = -2;
  image.at(0, 1, 6) = 100;  // a patch's row does not count
  EXPECT_EQ(image.read(dino, 640, 480).embedding[5], -1);
  EXPECT_FALSE(BroughtModel({1, 3, 224, 224}, {{1, 258, 384}}).recognise());
}

TEST(Brought, WhatBelongsToOthersIsLeftToThem) {
  for (const auto& [input, output] :
       {std::pair{BroughtModel::Shape{1, 3, 512, 512}, BroughtModel::Shape{1, 150, 128, 128}},
        {{1, 3, 224, 224}, {1, 1000}},
        {{1, 3, 518, 518}, {1, 518, 518}},
        {{1, 3, 1024, 1024}, {1, 256, 64, 64}}}) {
    const auto spec = BroughtModel(input, {output}).recognise();
    if (!spec) continue;
    for (const auto& row : brought_readers()) EXPECT_NE(spec->reader, &row) << row.family;
  }
}

TEST(Brought, OutputsOfOtherShapesAreRefused) {
  const std::vector<float> seven(7);
  for (const auto* row : readers()) {
    ModelSpec spec;
    spec.reader = row;
    spec.input = {.width = 64, .height = 64};
    const auto frame = plan_frame(64, 64, spec.input);
    for (const BroughtModel::Shape& shape :
         {BroughtModel::Shape{7, 1, 1, 1, 1}, BroughtModel::Shape{1, 7, 0},
          BroughtModel::Shape{2, 7, 85}, BroughtModel::Shape{1, -1, 85},
          BroughtModel::Shape{1, 10'000'000, 6}, BroughtModel::Shape{1, 1LL << 62, 8}}) {
      const std::vector<TensorView> outputs = {{"output", shape, seven}};
      EXPECT_THROW(read_model(outputs, spec, frame), Error) << row->family;
    }
  }
}

}  // namespace
}  // namespace aa::decode
