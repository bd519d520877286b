#include "service/modelzoo/remote_answer.hpp"

#include <gtest/gtest.h>

#include "kernel/raster/rle.hpp"
#include "service/modelzoo/remote_client.hpp"

namespace aa::modelzoo {
namespace {

constexpr int kWidth = 200;
constexpr int kHeight = 100;

RemotePrediction read(const std::string& regions, const std::vector<std::string>& labels = {}) {
  return read_prediction(
      json::parse(R"({"results": [{"model_version": "v7", "score": 0.25, "result": [)" + regions +
                  "]}]}"),
      kWidth, kHeight, labels);
}

std::string slug(const std::string& text) {
  try {
    read_prediction(json::parse(text), kWidth, kHeight, {});
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

TEST(RemoteAnswer, percent_become_pixels_and_scores_fall_back) {
  const auto said = read(R"({"type": "rectanglelabels", "value": {"x": 10, "y": 20, "width": 50,
    "height": 30, "rotation": 0, "rectanglelabels": ["dog"]}},
    {"type": "textarea", "value": {"text": ["left out"]}},
    {"type": "choices", "score": 0.75, "value": {"choices": ["outdoors"]}})",
                         {"cat", "dog"});
  EXPECT_EQ(said.version, "v7");
  ASSERT_EQ(said.findings.size(), 2U);
  EXPECT_EQ(said.findings[0].shape, (document::Shape{document::Box{20, 20, 100, 30, {}}}));
  EXPECT_EQ(said.findings[0].class_index, 1);
  EXPECT_FLOAT_EQ(said.findings[0].score, 0.25F);
  EXPECT_TRUE(std::holds_alternative<document::Tag>(said.findings[1].shape));
  EXPECT_EQ(said.findings[1].class_name, "outdoors");
  EXPECT_EQ(said.findings[1].class_index, -1);
  EXPECT_FLOAT_EQ(said.findings[1].score, 0.75F);
}

// A quarter turn about the corner (100, 20): the box hangs to the left of it, 20 wide and 60 high.
TEST(RemoteAnswer, a_turn_about_the_corner_becomes_one_about_the_centre) {
  const auto said = read(R"({"type": "rectangle", "value": {"x": 50, "y": 20, "width": 30,
    "height": 20, "rotation": 90}})");
  const auto& box = std::get<document::Box>(said.findings.at(0).shape);
  EXPECT_NEAR(box.x + box.width / 2, 90, 1e-9);
  EXPECT_NEAR(box.y + box.height / 2, 50, 1e-9);
  EXPECT_DOUBLE_EQ(box.width, 60);
  EXPECT_DOUBLE_EQ(box.height, 20);
  EXPECT_DOUBLE_EQ(box.rotation.value_or(0), 90);
  const auto bounds = document::shape_bounds(said.findings[0].shape);
  EXPECT_NEAR(bounds->x0, 80, 1e-9);
  EXPECT_NEAR(bounds->x1, 100, 1e-9);
  EXPECT_NEAR(bounds->y0, 20, 1e-9);
  EXPECT_NEAR(bounds->y1, 80, 1e-9);
}

TEST(RemoteAnswer, polygons_points_and_ellipses_keep_their_places) {
  const auto said = read(R"({"type": "polygonlabels", "value": {"points": [[0, 0], [100, 0],
    [100, 120]], "polygonlabels": ["a"]}}, {"type": "keypointlabels", "value": {"x": 25, "y": 50,
    "width": 1, "keypointlabels": ["nose"]}}, {"type": "ellipselabels", "value": {"x": 50, "y": 50,
    "radiusX": 10, "radiusY": 20, "rotation": -30, "ellipselabels": ["b"]}})");
  const auto& polygon = std::get<document::Polygon>(said.findings.at(0).shape);
  EXPECT_EQ(polygon.parts.at(0).points.at(2), (geometry::Point{200, 100})) << "clamped";
  EXPECT_EQ(polygon.parts[0].keys.size(), 3U);
  const auto& point = std::get<document::PointSet>(said.findings.at(1).shape);
  EXPECT_EQ(point.points.at(0), (geometry::Point{50, 50}));
  const auto& ellipse = std::get<document::Ellipse>(said.findings.at(2).shape);
  EXPECT_EQ(ellipse.rx, 20);
  EXPECT_EQ(ellipse.ry, 20);
  EXPECT_EQ(ellipse.rotation, 330);
}

// 2 x 1 pixels of RGBA: four bytes repeated 0, four of 255, lengths in 4 bits.
TEST(RemoteAnswer, a_brush_is_laid_over_the_original) {
  // 0x00000008, width 8 - 1 = 7, four sizes of 3 (4 bits): then 1 00 0011 00000000, 1 00 0011 ff.
  std::string bits =
      "00000000000000000000000000001000"
      "00111"
      "0011001100110011";
  bits +=
      "1000011"
      "00000000"
      "1000011"
      "11111111";
  while (bits.size() % 8 != 0) bits += '0';
  std::vector<std::uint8_t> bytes;
  std::string list;
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(bits.substr(i, 8), nullptr, 2)));
    list += (i > 0 ? "," : "") + std::to_string(bytes.back());
  }
  EXPECT_EQ(unpack_brush(bytes, 2), (std::vector<std::uint8_t>{0, 1}));
  EXPECT_THROW(unpack_brush(bytes, 3), Error);
  auto cut = bytes;
  cut.pop_back();
  cut.pop_back();
  EXPECT_THROW(unpack_brush(cut, 2), Error);
  const auto said = read(R"({"type": "brushlabels", "original_width": 2, "original_height": 1,
    "value": {"format": "rle", "rle": [)" +
                         list + R"(], "brushlabels": ["sky"]}})");
  const auto& rle = std::get<document::MaskShape>(said.findings.at(0).shape).rle;
  EXPECT_EQ(rle.width, 200U);
  EXPECT_EQ(rle.height, 100U);
  EXPECT_EQ(raster::bounds(rle), (geometry::Rect{100, 0, 200, 100}));
}

TEST(RemoteAnswer, of_several_predictions_the_first_counts) {
  const auto said = read_prediction(
      json::parse(R"({"model_version": "outer", "results": [[{"result": []}, {"result": [1]}]]})"),
      kWidth, kHeight, {});
  EXPECT_TRUE(said.findings.empty());
  EXPECT_EQ(said.version, "outer");
}

TEST(RemoteAnswer, what_is_wrong_is_refused) {
  for (
      const char* text :
      {"[]", "{}", R"({"results": []})", R"({"results": [{}, {}]})", R"({"results": [7]})",
       R"({"results": [{"result": {}}]})", R"({"results": [{"result": [[]]}]})",
       R"({"results": [{"score": -1, "result": []}]})",
       R"({"results": [{"result": [{"type": "rectangle"}]}]})",
       R"({"results": [{"result": [{"type": "rectangle", "value": {"x": 1}}]}]})",
       R"({"results": [{"result": [{"type": "polygon", "value": {"points": [[1, 2], [3, 4]]}}]}]})",
       R"({"results": [{"result": [{"type": "polygon", "value": {"points": [1, 2, 3]}}]}]})",
       R"({"results": [{"result": [{"type": "brush", "value": {"rle": [256]}}]}]})",
       R"({"results": [{"result": [{"type": "brush", "original_width": 1e9,
            "value": {"rle": [0, 0, 0, 0]}}]}]})",
       R"({"results": [{"result": [{"type": "rectangle", "image_rotation": 90,
            "value": {"x": 1, "y": 1, "width": 1, "height": 1}}]}]})",
       R"({"results": [{"result": [{"type": "rectangle",
            "value": {"x": 1e300, "y": 1, "width": 1, "height": 1}}]}]})"}) {
    EXPECT_EQ(slug(text), "remote_answer") << text;
  }
}

TEST(LabelConfig, names_the_controls_and_escapes_labels) {
  EXPECT_EQ(label_config({"", "", "detection", {"a<b", "c&d"}}),
            "<View><Image name=\"image\" value=\"$image\"/><RectangleLabels "
            "name=\"rectanglelabels\" toName=\"image\"><Label value=\"a&lt;b\"/><Label "
            "value=\"c&amp;d\"/></RectangleLabels></View>");
  EXPECT_THROW(label_config({"", "", "dance", {}}), Error);
}

}  // namespace
}  // namespace aa::modelzoo
