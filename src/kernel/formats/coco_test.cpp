#include "kernel/formats/coco.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/document/random_document.hpp"
#include "kernel/formats/coco_categories.hpp"

namespace aa::formats {
namespace {

using document::Box;
using document::MaskShape;
using document::Polygon;

// Expected values below were worked out by hand and with a separate Python program: the RLE
// "0320" of a 2 x 4 image is pixels 3 of 8, columns first.
constexpr std::string_view kFixture = R"({
 "info": {"year": 2017, "x": [1.5, null]},
 "licenses": [],
 "annotations": [
  {"id": 1, "image_id": 7, "category_id": 18, "bbox": [1.5, 2, 3, 4], "area": 12, "iscrowd": 0},
  {"id": 2, "image_id": 7, "category_id": 18, "iscrowd": 0, "area": 50.5, "bbox": [0, 0, 10, 10],
   "segmentation": [[0, 0, 10, 0, 10, 10], [20.25, 0, 30, 0, 30, 10.125]]},
  {"id": 3, "image_id": 8, "category_id": 1, "iscrowd": 1, "area": 3, "bbox": [0, 0, 4, 2],
   "segmentation": {"size": [2, 4], "counts": [0, 3, 5]}, "caption": "crowd \u00e9"},
  {"id": 4, "image_id": 8, "category_id": 1, "segmentation": {"size": [2, 4], "counts": "035"},
   "score": 0.75, "attributes": {"colour": "red"}}
 ],
 "images": [
  {"id": 7, "file_name": "a.jpg", "width": 40, "height": 30, "license": 3},
  {"id": 8, "file_name": "b.jpg", "width": 4, "height": 2}
 ],
 "categories": [
  {"id": 1, "name": "person", "supercategory": "person"},
  {"id": 18, "name": "dog", "supercategory": "animal", "colour": "#ff0000"}
 ]})";

std::string write(const CocoDataset& data) {
  CocoWriter writer;
  std::string out = writer.begin(data.categories, data.extra);
  for (const auto& image : data.images) out += writer.image(image);
  for (const auto& row : data.annotations) {
    const auto image = std::find_if(data.images.begin(), data.images.end(),
                                    [&](const CocoImage& i) { return i.id == row.image_id; });
    out += writer.annotation(row, *image);
  }
  return out + writer.end();
}

TEST(Coco, TheFixtureIsRead) {
  const CocoDataset data = read_coco(kFixture);
  EXPECT_EQ(data.problems.total(), 0U);
  ASSERT_EQ(data.annotations.size(), 4U);
  EXPECT_EQ(data.images[0], (CocoImage{7, "a.jpg", 40, 30, {{"license", 3}}}));
  EXPECT_EQ(data.categories[1], (CocoCategory{18, "dog", "animal", {}, {{"colour", "#ff0000"}}}));
  EXPECT_EQ(json::to_text(data.extra), R"({"info":{"year":2017,"x":[1.5,null]},"licenses":[]})");
  EXPECT_EQ(data.annotations[0].annotation.shape, document::Shape(Box{1.5, 2, 3, 4, {}}));
  EXPECT_FALSE(data.annotations[0].annotation.extra.has_value());
  const auto& polygon = std::get<Polygon>(data.annotations[1].annotation.shape);
  ASSERT_EQ(polygon.parts.size(), 2U);
  EXPECT_EQ(polygon.parts[1].points[2], (document::Point{30, 10.125}));
  const auto& crowd = data.annotations[2].annotation;
  EXPECT_EQ(std::get<MaskShape>(crowd.shape).rle.runs, (std::vector<std::uint32_t>{0, 3, 5}));
  EXPECT_EQ(crowd.extra->at("iscrowd"), 1);
  EXPECT_EQ(crowd.extra->at("caption"), "crowd é");
  const auto& scored = data.annotations[3].annotation;
  EXPECT_EQ(std::get<MaskShape>(scored.shape), std::get<MaskShape>(crowd.shape));
  EXPECT_EQ(scored.score, 0.75);
  EXPECT_EQ(scored.attributes, (json::Object{{"colour", "red"}}));
  EXPECT_EQ(scored.source, document::Source::import);
}

TEST(Coco, ForeignMembersAndDerivedNumbersComeBack) {
  const json::Value out = json::parse(write(read_coco(kFixture)));
  const json::Value in = json::parse(kFixture);
  const auto& rows = out.at("annotations").as_array();
  // 50.5 is what the file says, though its two triangles have 50 + 49.359375.
  EXPECT_EQ(rows[1].at("area").to_number<double>(), 50.5);
  EXPECT_EQ(json::to_text(rows[1].at("bbox")), "[0,0,10,10]");
  EXPECT_EQ(json::to_text(rows[1].at("segmentation")),
            json::to_text(in.at("annotations").at(1).at("segmentation")));
  EXPECT_EQ(rows[2].at("iscrowd"), 1);
  EXPECT_EQ(rows[2].at("caption"), "crowd é");
  EXPECT_EQ(json::to_text(rows[2].at("bbox")), "[0,0,4,2]");
  EXPECT_EQ(rows[3].at("segmentation").at("counts"), "035");
  EXPECT_FALSE(rows[3].as_object().contains("annotateai"));
  EXPECT_EQ(out.at("info"), in.at("info"));
  EXPECT_EQ(out.at("images").at(0), in.at("images").at(0));
  EXPECT_EQ(out.at("categories"), in.at("categories"));
}

TEST(Coco, DerivedNumbersFollowAChangedShape) {
  CocoDataset data = read_coco(kFixture);
  data.annotations[1].annotation.shape = Box{0, 0, 2, 3, {}};
  const json::Value out = json::parse(write(data));
  EXPECT_EQ(out.at("annotations").at(1).at("area").to_number<double>(), 6);
  EXPECT_EQ(json::to_text(out.at("annotations").at(1).at("bbox")), "[0,0,2,3]");
}

TEST(Coco, AnEditByAnotherProgramWins) {
  CocoDataset data = read_coco(kFixture);
  data.annotations[0].annotation.shape = Box{1, 1, 4, 4, 45};
  std::string text = write(data);
  EXPECT_EQ(read_coco(text).annotations[0].annotation.shape, document::Shape(Box{1, 1, 4, 4, 45}));
  json::Value edited = json::parse(text);
  edited.at("annotations").at(0).at("segmentation").at(0).at(0) = 0.5;
  const CocoDataset again = read_coco(json::to_text(edited));
  EXPECT_TRUE(std::holds_alternative<Polygon>(again.annotations[0].annotation.shape));
}

TEST(Coco, BadItemsAreProblemsAndTheRestIsKept) {
  const std::string text = R"({"images":[
    {"id":1,"file_name":"a.jpg","width":4,"height":2}, {"id":1,"file_name":"b.jpg"},
    {"id":2,"width":4}, 5, {"id":3,"file_name":"c.jpg","width":-4,"height":2}],
   "categories":[{"id":1,"name":"dog"},{"id":2},{"id":1,"name":"cat"}],
   "annotations":[
    {"id":1,"image_id":1,"category_id":1,"bbox":[0,0,NaN,1]},
    {"id":2,"image_id":1,"category_id":1,"bbox":[0,0,1e309,1]},
    {"id":3,"image_id":1,"category_id":1,"bbox":[0,0,-1,1]},
    {"id":4,"image_id":1,"category_id":1,"bbox":[0,0,1]},
    {"id":5,"image_id":1,"category_id":1,"segmentation":[[0,0,1,0,1]]},
    {"id":6,"image_id":1,"category_id":1,"segmentation":[[0,0,1,0]]},
    {"id":7,"image_id":1,"category_id":1,"segmentation":{"size":[4,2],"counts":"035"}},
    {"id":8,"image_id":1,"category_id":1,"segmentation":{"size":[2,4],"counts":"03"}},
    {"id":9,"image_id":9,"category_id":1,"bbox":[0,0,1,1]},
    {"id":10,"image_id":1,"category_id":9,"bbox":[0,0,1,1]},
    {"id":11,"image_id":1,"category_id":1,"bbox":[0,0,1,1]},
    {"id":11,"image_id":1,"category_id":1,"bbox":[0,0,2,2]},
    {"id":"x","image_id":1,"category_id":1,"bbox":[0,0,1,1]},
    {"id":12,"category_id":1,"bbox":[0,0,1,1]},
    {"id":13,"image_id":1,"category_id":1,"bbox":[0,0,1,1],"note":{"deep":[-Infinity]}},
    {"id":14,"image_id":1,"category_id":1,"bbox":[0,0,1,1],"note":"NaN \" Infinity"}
   ]})";
  const CocoDataset data = read_coco(text);
  std::vector<std::string> where;
  for (const Problem& problem : data.problems.kept()) where.push_back(problem.where);
  std::sort(where.begin(), where.end());
  std::vector<std::string> expected = {"images/1/id",
                                       "images/2/file_name",
                                       "images/3",
                                       "images/4/width",
                                       "categories/1/name",
                                       "categories/2/id",
                                       "annotations/0/bbox/2",
                                       "annotations/1/bbox/2",
                                       "annotations/2/bbox",
                                       "annotations/3/bbox",
                                       "annotations/4/segmentation/0",
                                       "annotations/5/segmentation/0",
                                       "annotations/6/segmentation/size",
                                       "annotations/7/segmentation",
                                       "annotations/8/image_id",
                                       "annotations/9/category_id",
                                       "annotations/11/id",
                                       "annotations/12/id",
                                       "annotations/13/image_id",
                                       "annotations/14/note/deep/0"};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(where, expected);
  ASSERT_EQ(data.annotations.size(), 2U);
  EXPECT_EQ(data.annotations[0].id, 11);
  EXPECT_EQ(data.annotations[1].annotation.extra->at("note"), "NaN \" Infinity");
}

TEST(Coco, WhatIsNoCocoFileIsRefused) {
  for (const std::string_view text :
       {"", "[]", "5", "{", "{\"images\":[}", "\xff\xd8\xff", "nul", "{} {}"}) {
    EXPECT_THROW(read_coco(text), Error) << text;
  }
  EXPECT_EQ(read_coco("{}").annotations.size(), 0U);
  EXPECT_EQ(read_coco(R"({"images":{}})").problems.kept()[0].where, "images");
  EXPECT_THROW(read_coco("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}"), Error);
}

TEST(Coco, ChunksMayEndAnywhere) {
  const std::string whole = write(read_coco(kFixture));
  for (const std::size_t size : {1U, 2U, 3U, 7U, 64U}) {
    CocoReader reader;
    for (std::size_t at = 0; at < kFixture.size(); at += size) {
      reader.feed(kFixture.substr(at, size));
    }
    EXPECT_EQ(write(reader.finish()), whole) << size;
  }
}

TEST(Coco, KeypointsBecomeSkeletons) {
  const CocoDataset data = read_coco(R"({"annotations":[
    {"id":1,"image_id":1,"category_id":1,"keypoints":[1,2,2,0,0,0],"num_keypoints":1,
     "bbox":[0,0,5,5]},
    {"id":2,"image_id":1,"category_id":1,"keypoints":[1,2]}],
    "images":[{"id":1,"file_name":"a.jpg","width":9,"height":9}],
    "categories":[{"id":1,"name":"person","keypoints":["nose","ear"],"skeleton":[[1,2]]}]})");
  ASSERT_EQ(data.annotations.size(), 1U);
  EXPECT_EQ(data.problems.kept()[0].where, "annotations/1/keypoints");
  EXPECT_EQ(data.annotations[0].annotation.shape,
            document::Shape(document::Skeleton{{{"nose", 1, 2, 2}, {"ear", 0, 0, 0}}}));
  const json::Value out = json::parse(write(data));
  EXPECT_EQ(json::to_text(out.at("annotations").at(0).at("keypoints")), "[1,2,2,0,0,0]");
  EXPECT_EQ(out.at("annotations").at(0).at("num_keypoints"), 1);
  EXPECT_EQ(json::to_text(out.at("annotations").at(0).at("bbox")), "[0,0,5,5]");
}

TEST(Coco, TheWriterKeepsItsOrder) {
  CocoWriter writer;
  EXPECT_THROW(writer.image({}), Error);
  writer.begin({});
  EXPECT_THROW(writer.begin({}), Error);
  EXPECT_EQ(CocoWriter().begin({}) + "\n]}", "{\"categories\":[\n],\n\"images\":[\n]}");
  CocoWriter other;
  std::string text = other.begin({});
  text += other.end();
  EXPECT_TRUE(json::parse(text).at("annotations").as_array().empty());
}

TEST(CocoProperty, OutAndInAgainLosesNothing) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    document::RandomDocument random(seed);
    CocoDataset data;
    data.extra["info"] = json::Object{{"seed", seed}};
    data.categories = {{1, "person", "person", {"nose", "tail"}, {}},
                       {91, "Grün \"x\"", {}, {}, {}}};
    data.images = {{1, "ordner/bild ä.jpg", document::kRandomWidth, document::kRandomHeight, {}}};
    for (std::int64_t id = 1; id <= 20; ++id) {
      CocoAnnotation row{id, 1, random.chance(50) ? 1 : 91, random.annotation()};
      row.annotation.asset_id = {};
      row.annotation.label_id = {};
      data.annotations.push_back(std::move(row));
    }
    const std::string text = write(data);
    const CocoDataset again = read_coco(text);
    ASSERT_EQ(again.problems.total(), 0U) << "seed " << seed << again.problems.kept()[0].detail;
    ASSERT_EQ(again.categories, data.categories) << "seed " << seed;
    ASSERT_EQ(again.images, data.images) << "seed " << seed;
    ASSERT_EQ(again.annotations.size(), data.annotations.size()) << "seed " << seed;
    for (std::size_t i = 0; i < data.annotations.size(); ++i) {
      ASSERT_EQ(again.annotations[i], data.annotations[i])
          << "seed " << seed << "\n"
          << json::write(data.annotations[i].annotation) << "\n"
          << json::write(again.annotations[i].annotation);
    }
    ASSERT_EQ(write(again), text) << "seed " << seed;
  }
}

TEST(CocoCategories, AreTheOfficialOnes) {
  const auto rows = official_categories();
  ASSERT_EQ(rows.size(), 80U);
  EXPECT_EQ(find_official_category("person")->id, 1);
  EXPECT_EQ(find_official_category("stop sign")->id, 13);
  EXPECT_EQ(find_official_category("dog")->id, 18);
  EXPECT_EQ(find_official_category("bear")->id, 23);
  EXPECT_EQ(find_official_category("bowl")->id, 51);
  EXPECT_EQ(find_official_category("dining table")->id, 67);
  EXPECT_EQ(find_official_category("toothbrush")->id, 90);
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_LT(rows[i - 1].id, rows[i].id);
  const std::vector<std::string> names = {"cat", "unicorn", "cat", "dog"};
  EXPECT_EQ(category_ids(names), (std::vector<std::int64_t>{17, 91, 92, 18}));
}

TEST(CocoCategories, OfAProjectKeepSupercategoriesAndBones) {
  document::LabelSchema schema;
  schema.labels.push_back({.name = "dog"});
  schema.labels.push_back({.name = "hand"});
  schema.labels.back().skeleton = document::SkeletonTemplate{{"wrist", "thumb", "tip"}, {{0, 1}}};
  const auto rows = coco_categories(schema);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].id, 18);
  EXPECT_EQ(rows[0].supercategory, "animal");
  EXPECT_TRUE(rows[0].keypoints.empty());
  EXPECT_EQ(rows[1].keypoints, (std::vector<std::string>{"wrist", "thumb", "tip"}));
  EXPECT_EQ(json::to_text(rows[1].extra.at("skeleton")), "[[1,2]]") << "counted from 1";
}

}  // namespace
}  // namespace aa::formats
