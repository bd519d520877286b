#include "kernel/decode/families.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/decode/coco_labels.hpp"

namespace aa::decode {
namespace {

using Shape = std::vector<std::int64_t>;

GraphSignature signature(Shape input, std::vector<Shape> outputs) {
  GraphSignature out{.inputs = {{"images", std::move(input)}}};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    out.outputs.push_back({"output" + std::to_string(i), std::move(outputs[i])});
  }
  return out;
}

DetectorSpec recognised(const GraphSignature& graph, Family family) {
  const auto spec = recognise_detector(graph);
  EXPECT_TRUE(spec.has_value());
  EXPECT_EQ(spec.value_or(DetectorSpec{}).family, family);
  return spec.value_or(DetectorSpec{});
}

// A tensor of zeros to write rows into.
struct Numbers {
  Shape shape;
  std::vector<float> values;
  explicit Numbers(Shape s) : shape(std::move(s)) {
    std::size_t count = 1;
    for (const auto size : shape) count *= static_cast<std::size_t>(size);
    values.resize(count);
  }
  float& at(std::int64_t row, std::int64_t column) {
    return values[static_cast<std::size_t>(row * shape.back() + column)];
  }
  TensorView view() const { return {"output", shape, values}; }
};

std::vector<Detection> decode(const DetectorSpec& spec, std::vector<TensorView> outputs,
                              int width = 0, int height = 0) {
  const auto box = plan_letterbox(width > 0 ? width : spec.input.width,
                                  height > 0 ? height : spec.input.height, spec.input);
  return decode_detections(outputs, spec, box);
}

void expect_box(const Detection& found, geometry::Rect box, float score, int class_index) {
  EXPECT_NEAR(found.box.x0, box.x0, 1e-3);
  EXPECT_NEAR(found.box.y0, box.y0, 1e-3);
  EXPECT_NEAR(found.box.x1, box.x1, 1e-3);
  EXPECT_NEAR(found.box.y1, box.y1, 1e-3);
  EXPECT_NEAR(found.score, score, 1e-5);
  EXPECT_EQ(found.class_index, class_index);
}

TEST(Yolox, decodes_grid_offsets_of_each_stride) {
  const auto spec = recognised(signature({1, 3, 416, 416}, {{1, 3549, 85}}), Family::yolox);
  EXPECT_EQ(spec.classes, 80);
  EXPECT_TRUE(spec.input.bgr);
  Numbers out({1, 3549, 85});
  const auto put = [&](int row, float dx, float dy, float lw, float lh, int k) {
    out.at(row, 0) = dx, out.at(row, 1) = dy, out.at(row, 2) = lw, out.at(row, 3) = lh;
    out.at(row, 4) = 0.9F, out.at(row, 5 + k) = 0.5F;
  };
  put(52 * 3 + 10, 0.5F, 0.25F, std::log(2.0F), 0, 7);   // stride 8, cell (10, 3)
  put(2704 + 26 * 5 + 4, 0, 0, 0, std::log(3.0F), 8);    // stride 16, cell (4, 5)
  put(2704 + 676 + 13 * 12 + 6, 0.5F, -0.5F, 0, 0, 79);  // stride 32, cell (6, 12)
  auto found = decode(spec, {out.view()});
  ASSERT_EQ(found.size(), 3U);
  std::ranges::sort(found, {}, &Detection::class_index);
  expect_box(found[0], {76, 22, 92, 30}, 0.45F, 7);   // centre (84, 26), 16 x 8
  expect_box(found[1], {56, 56, 72, 104}, 0.45F, 8);  // centre (64, 80), 16 x 48
  expect_box(found[2], {192, 352, 224, 384}, 0.45F, 79);
}

TEST(Yolox, takes_exports_that_are_decoded_already) {
  const auto spec = recognised(signature({1, 3, 416, 416}, {{1, 3549, 6}}), Family::yolox);
  Numbers out({1, 3549, 6});
  for (int i = 0; i < 3549; ++i) out.at(i, 0) = out.at(i, 1) = 208;
  out.at(100, 2) = 100, out.at(100, 3) = 50, out.at(100, 4) = 0.8F, out.at(100, 5) = 1;
  const auto found = decode(spec, {out.view()}, 832, 832);
  ASSERT_EQ(found.size(), 1U);
  expect_box(found[0], {316, 366, 516, 466}, 0.8F, 0);
}

TEST(Yolov5, reads_boxes_in_pixels_and_in_parts_of_the_image) {
  const auto spec = recognised(signature({1, 3, 640, 640}, {{1, 25200, 85}}), Family::yolov5);
  for (const float unit : {1.0F, 640.0F}) {
    Numbers out({1, 25200, 85});
    out.at(5, 0) = 0.5F * unit, out.at(5, 1) = 0.25F * unit;
    out.at(5, 2) = 0.1F * unit, out.at(5, 3) = 0.2F * unit;
    out.at(5, 4) = 0.9F, out.at(5, 5 + 16) = 0.8F;
    const auto found = decode(spec, {out.view()});
    ASSERT_EQ(found.size(), 1U) << unit;
    expect_box(found[0], {288, 96, 352, 224}, 0.72F, 16);
  }
}

TEST(Yolov5, the_same_layout_with_channels_last) {
  const auto spec = recognised(signature({1, 640, 640, 3}, {{1, 25200, 85}}), Family::yolov5);
  EXPECT_EQ(spec.input.layout, Layout::nhwc);
  EXPECT_EQ(spec.input_shape(), (Shape{1, 640, 640, 3}));
}

TEST(Yolov8, finds_the_best_class_column_by_column) {
  const auto spec = recognised(signature({1, 3, 640, 640}, {{1, 84, 8400}}), Family::yolov8);
  Numbers out({1, 84, 8400});
  out.at(0, 77) = 320, out.at(1, 77) = 320, out.at(2, 77) = 64, out.at(3, 77) = 32;
  out.at(4 + 3, 77) = 0.4F, out.at(4 + 11, 77) = 0.6F;
  const auto found = decode(spec, {out.view()}, 1280, 640);  // half size, 160 rows above
  ASSERT_EQ(found.size(), 1U);
  expect_box(found[0], {576, 288, 704, 352}, 0.6F, 11);
}

TEST(Yolov8, takes_names_and_size_from_the_metadata) {
  auto graph = signature({1, 3, -1, -1}, {{1, 6, -1}});
  graph.metadata = {{"names", "{0: 'cat', 1: \"dog's\"}"}, {"imgsz", "[320, 480]"}};
  const auto spec = recognised(graph, Family::yolov8);
  EXPECT_EQ(spec.labels, (std::vector<std::string>{"cat", "dog's"}));
  EXPECT_EQ(spec.input.height, 320);
  EXPECT_EQ(spec.input.width, 480);
}

TEST(BoxRows, centernet_is_stretched_and_yolo_letterboxed) {
  const auto stretched = recognised(signature({1, 512, 512, 3}, {{1, 100, 6}}), Family::centernet);
  const auto boxed = recognised(signature({1, 3, 640, 640}, {{1, 300, 6}}), Family::yolo_rows);
  EXPECT_EQ(stretched.input.fit, Fit::stretch);
  EXPECT_EQ(stretched.input.scale[0], 1);
  Numbers out({1, 2, 6});
  const float row[] = {128, 256, 256, 384, 0.9F, 16};
  std::ranges::copy(row, out.values.begin());
  out.at(1, 4) = 0.9F, out.at(1, 5) = -1;
  const auto found = decode(stretched, {out.view()}, 1024, 256);
  ASSERT_EQ(found.size(), 1U);
  expect_box(found[0], {256, 128, 512, 192}, 0.9F, 16);
  EXPECT_EQ(boxed.input.fit, Fit::centred);
}

TEST(Ssd, reads_both_orders_of_outputs_and_maps_coco_ids) {
  for (const bool boxes_first : {false, true}) {
    const Shape scores_shape = {1, 3, 90};
    const Shape boxes_shape = {1, 3, 1, 4};
    const auto graph = boxes_first ? signature({1, 300, 300, 3}, {boxes_shape, scores_shape})
                                   : signature({1, 300, 300, 3}, {scores_shape, boxes_shape});
    const auto spec = recognised(graph, Family::ssd);
    EXPECT_FLOAT_EQ(spec.input.scale[0] * 255 + spec.input.offset[0], 1);
    Numbers scores(scores_shape);
    Numbers boxes(boxes_shape);
    scores.at(1, 12) = 0.9F;  // category 13: stop sign, the 12th label
    scores.at(2, 11) = 0.9F;  // category 12 does not exist
    const float box[] = {0.1F, 0.2F, 0.5F, 0.6F};
    std::ranges::copy(box, boxes.values.begin() + 4);
    std::ranges::copy(box, boxes.values.begin() + 8);
    const auto found = boxes_first ? decode(spec, {boxes.view(), scores.view()})
                                   : decode(spec, {scores.view(), boxes.view()});
    ASSERT_EQ(found.size(), 1U);
    expect_box(found[0], {60, 30, 180, 150}, 0.9F, 11);
  }
}

TEST(Families, say_no_to_what_they_do_not_know) {
  EXPECT_FALSE(recognise_detector(signature({1, 3, 1024, 1024}, {{1, 256, 64, 64}})));
  EXPECT_FALSE(recognise_detector(signature({1, 1, 28, 28}, {{1, 10}})));
  EXPECT_FALSE(recognise_detector({}));
  EXPECT_FALSE(recognise_detector(signature({1, 3, 640, 640}, {{1, 84, 123}})));
  EXPECT_FALSE(recognise_detector(signature({1, 3, 1 << 20, 640}, {{1, 300, 6}})));
  EXPECT_TRUE(is_sam_encoder(signature({-1, 3, 1024, 1024}, {{1, 256, 64, 64}})));
  EXPECT_EQ(family_named("yolox"), Family::yolox);
  EXPECT_FALSE(family_named("sam"));
}

TEST(Families, refuse_outputs_of_another_shape) {
  for (const auto& row : families()) {
    DetectorSpec spec{.family = row.family};
    spec.input = {.width = 64, .height = 64};
    const auto box = plan_letterbox(64, 64, spec.input);
    const std::vector<float> seven(7);
    for (const Shape& shape : {Shape{}, Shape{7}, Shape{1, 7}, Shape{1, 7, 0}, Shape{2, 7, 85},
                               Shape{1, -1, 85}, Shape{1, 1LL << 62, 8}}) {
      const std::vector<TensorView> outputs = {{"output", shape, seven}};
      EXPECT_THROW(decode_detections(outputs, spec, box), Error) << row.name;
    }
    EXPECT_THROW(decode_detections({}, spec, box), Error) << row.name;
  }
}

TEST(CocoLabels, have_the_official_ids) {
  EXPECT_EQ(coco_labels()[0].name, "person");
  EXPECT_EQ(coco_labels()[79].category_id, 90);
  EXPECT_EQ(coco_labels()[11].category_id, 13);
  EXPECT_EQ(std::ranges::count(coco_class_map(), -1), 10);
}

}  // namespace
}  // namespace aa::decode
