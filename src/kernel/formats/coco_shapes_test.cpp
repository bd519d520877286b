// Shapes that COCO has no words for: what other programs see of them, and that they come back.
#include <gmock/gmock.h>

#include "kernel/formats/coco.hpp"

namespace aa::formats {
namespace {

using document::Annotation;
using document::Shape;
using json::Value;

const CocoImage kImage{1, "a.png", 200, 100, {}};
const std::vector<CocoCategory> kCategories = {{1, "car", {}, {}, {}},
                                               {2, "hand", {}, {"wrist", "thumb", "tip"}, {}}};

struct Written {
  std::string text;
  Value row;  // of the first annotation
};

Written write(const std::vector<CocoAnnotation>& rows) {
  CocoWriter writer;
  Written out;
  out.text = writer.begin(kCategories);
  out.text += writer.image(kImage);
  for (const auto& row : rows) out.text += writer.annotation(row, kImage);
  out.text += writer.end();
  out.row = json::parse(out.text).at("annotations").at(0);
  return out;
}

CocoAnnotation with_shape(Shape shape, std::int64_t category = 1) {
  CocoAnnotation out{1, 1, category, {}};
  out.annotation.id = *AnnotationId::parse("01890a5d-ac96-774b-bcce-b302099a8057");
  out.annotation.shape = std::move(shape);
  out.annotation.source = document::Source::manual;
  return out;
}

Annotation read_first(const std::string& text) {
  const auto data = read_coco(text);
  EXPECT_EQ(data.problems.total(), 0U);
  return data.annotations.at(0).annotation;
}

// After `edit` did to the annotation what another program may do.
template <class Edit>
Annotation edited(const Written& written, Edit edit) {
  auto file = json::parse(written.text);
  edit(file.at("annotations").at(0).as_object());
  return read_first(json::to_text(file));
}

TEST(CocoShapes, ATurnedBoxIsAPolygonWithItsTurnBesideIt) {
  const auto row = with_shape(document::Box{10, 20, 40, 10, 90});
  const auto written = write({row});
  EXPECT_EQ(written.row.at("attributes").at("rotation").to_number<double>(), 90);
  EXPECT_EQ(written.row.at("area").to_number<double>(), 400);
  const auto& bbox = written.row.at("bbox").as_array();
  const double expected[] = {25, 5, 10, 40};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(bbox[i].to_number<double>(), expected[i], 1e-9);
  EXPECT_EQ(written.row.at("segmentation").at(0).as_array().size(), 8U);
  EXPECT_EQ(read_first(written.text), row.annotation);
  const auto moved = edited(written, [](json::Object& item) {
    item["segmentation"] = json::parse("[[0,0,10,0,10,10]]");
  });
  EXPECT_TRUE(std::holds_alternative<document::Polygon>(moved.shape));
}

TEST(CocoShapes, ABoxTurnedByAnotherProgramIsTurnedHere) {
  constexpr std::string_view kFile = R"({"images":[{"id":1,"file_name":"a.png","width":200,
    "height":100}],"categories":[{"id":1,"name":"car"}],"annotations":[{"id":1,"image_id":1,
    "category_id":1,"bbox":[10,20,40,10],"attributes":{"rotation":30.5,"occluded":false}}]})";
  const auto read = read_first(std::string(kFile));
  EXPECT_EQ(read.shape, Shape(document::Box{10, 20, 40, 10, 30.5}));
  EXPECT_EQ(read.attributes, (json::Object{{"occluded", false}}));
}

TEST(CocoShapes, AnObjectsOwnAttributeRotationStaysApartFromItsTurn) {
  auto row = with_shape(document::Box{10, 20, 40, 10, 45});
  row.annotation.attributes = {{"rotation", "clockwise"}};
  const auto written = write({row});
  EXPECT_EQ(written.row.at("attributes").at("rotation"), "clockwise");
  EXPECT_EQ(read_first(written.text), row.annotation);
  row.annotation.attributes = {{"rotation", 45}};
  EXPECT_EQ(read_first(write({row}).text), row.annotation);
}

TEST(CocoShapes, AnEllipseIsAPolygonOfItsOutline) {
  for (const auto rotation : {std::optional<double>{}, std::optional<double>{30}}) {
    const auto row = with_shape(document::Ellipse{100, 50, 40, 20, rotation});
    const auto written = write({row});
    EXPECT_EQ(written.row.at("segmentation").at(0).as_array().size(), 128U);
    EXPECT_NEAR(written.row.at("area").to_number<double>(), 2513.274, 0.01);
    EXPECT_EQ(read_first(written.text), row.annotation);
  }
}

TEST(CocoShapes, ACuboidShowsItsSilhouette) {
  document::ImageCuboid cuboid;
  cuboid.points = {{20, 30}, {60, 30}, {60, 70}, {20, 70}, {40, 20}, {80, 20}, {80, 60}, {40, 60}};
  const auto row = with_shape(cuboid);
  const auto written = write({row});
  EXPECT_EQ(json::to_text(written.row.at("bbox")), "[20,20,60,50]");
  EXPECT_EQ(written.row.at("segmentation").at(0).as_array().size(), 12U) << "a hexagon";
  EXPECT_EQ(written.row.at("area").to_number<double>(), 40 * 40 + 20 * 40 + 10 * 40);
  EXPECT_EQ(read_first(written.text), row.annotation);
  const auto gone = edited(written, [](json::Object& item) { item.erase("annotateai"); });
  EXPECT_TRUE(std::holds_alternative<document::Polygon>(gone.shape));
}

TEST(CocoShapes, JointsStandInTheCategorysOrder) {
  const auto row = with_shape(
      document::Skeleton{{{"tip", 30, 40, 1}, {"wrist", 10, 20, 2}, {"thumb", 0, 0, 0}}}, 2);
  const auto written = write({row});
  EXPECT_EQ(json::to_text(written.row.at("keypoints")), "[10,20,2,0,0,0,30,40,1]");
  EXPECT_EQ(written.row.at("num_keypoints"), 2);
  EXPECT_EQ(read_first(written.text), row.annotation) << "in its own order";
  const auto moved = edited(written, [](json::Object& item) {
    item["keypoints"] = json::parse("[11,20,2,5,6,1,30,40,1]");
  });
  EXPECT_EQ(
      moved.shape,
      Shape(document::Skeleton{{{"wrist", 11, 20, 2}, {"thumb", 5, 6, 1}, {"tip", 30, 40, 1}}}));
}

TEST(CocoShapes, JointsThatTheCategoryDoesNotNameAreNotLost) {
  const auto row = with_shape(document::Skeleton{{{"wrist", 10, 20, 2}, {"elbow", 50, 60, 2}}}, 2);
  const auto written = write({row});
  EXPECT_EQ(json::to_text(written.row.at("keypoints")), "[10,20,2,0,0,0,0,0,0]");
  EXPECT_EQ(read_first(written.text), row.annotation);
}

TEST(CocoShapes, ArrowsGroupsAndLayersComeBack) {
  auto rider = with_shape(document::Box{10, 20, 40, 10, {}});
  auto horse = with_shape(document::Box{10, 30, 40, 40, {}});
  horse.id = 2;
  horse.annotation.id = *AnnotationId::parse("01890a5d-ac96-774b-bcce-b302099a8058");
  rider.annotation.relations = {{horse.annotation.id, "rides"}, {horse.annotation.id, {}}};
  rider.annotation.group = "g1";
  rider.annotation.z = "a5";
  const auto data = read_coco(write({rider, horse}).text);
  ASSERT_EQ(data.annotations.size(), 2U);
  EXPECT_EQ(data.annotations[0].annotation, rider.annotation);
  EXPECT_EQ(data.annotations[1].annotation, horse.annotation);
}

TEST(CocoShapes, LinesPointsAndTagsComeBack) {
  Shape line = document::Polyline{{{1, 2}, {30, 40}}, {}};
  Shape points = document::PointSet{{{5, 6}, {7, 8}}, {}};
  document::assign_keys(line);
  document::assign_keys(points);
  for (const auto& shape : {line, points, Shape(document::Tag{})}) {
    const auto row = with_shape(shape);
    EXPECT_EQ(read_first(write({row}).text), row.annotation);
  }
}

}  // namespace
}  // namespace aa::formats
