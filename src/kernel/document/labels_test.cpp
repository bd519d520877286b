#include "kernel/document/labels.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace aa::document {
namespace {

LabelSchema schema() {
  Label dog;
  dog.id.uuid.bytes[0] = 1;
  dog.name = "dog";
  dog.kind = LabelKind::box;
  dog.attributes = {
      {"breed", AttributeKind::select, std::vector<std::string>{"pug", "collie"}, true, "pug"},
      {"age", AttributeKind::number, {}, {}, {}, 0, 30},
      {"a/b", AttributeKind::checkbox},
      {"marks", AttributeKind::checkbox, std::vector<std::string>{"ear", "tail"}},
      {"name", AttributeKind::text, {}, {}, {}, {}, 5}};
  Label region;
  region.id.uuid.bytes[0] = 2;
  region.name = "region";
  region.kind = LabelKind::polygon;
  Label pose;
  pose.id.uuid.bytes[0] = 3;
  pose.name = "pose";
  pose.kind = LabelKind::skeleton;
  pose.skeleton = SkeletonTemplate{{"nose", "tail"}, {{0, 1}}};
  return {{dog, region, pose}};
}

Annotation dog() {
  Annotation out;
  out.label_id = schema().labels[0].id;
  out.shape = Box{1, 1, 2, 2, {}};
  return out;
}

std::vector<std::string> pointers(const std::vector<ErrorDetail>& problems) {
  std::vector<std::string> out;
  for (const auto& problem : problems) out.push_back(problem.pointer);
  return out;
}
using Pointers = std::vector<std::string>;
const AssetExtent kAsset{10, 20, 5};

TEST(Labels, ASoundAnnotationHasNoProblem) {
  Annotation annotation = dog();
  annotation.attributes = {
      {"breed", "collie"}, {"age", 3.5}, {"a/b", true}, {"marks", {"ear"}}, {"name", "Rex"}};
  EXPECT_TRUE(validate(annotation, schema(), kAsset, true).empty());
}

TEST(Labels, ProblemsPointToTheirPlace) {
  Annotation annotation = dog();
  annotation.attributes = {{"breed", "cat"},    {"age", 31},          {"a/b", "yes"},
                           {"marks", {"nose"}}, {"name", "too long"}, {"weight", 3}};
  EXPECT_EQ(pointers(validate(annotation, schema(), kAsset)),
            (Pointers{"/attributes/breed", "/attributes/age", "/attributes/a~1b",
                      "/attributes/marks", "/attributes/name", "/attributes/weight"}));
  annotation = dog();
  annotation.shape = Polyline{{{0, 0}, {1, 1}}, {"a", "b"}};
  EXPECT_EQ(pointers(validate(annotation, schema(), kAsset)), Pointers{"/shape/type"});
  annotation.shape = Box{std::nan(""), 0, 1, 1, {}};
  EXPECT_EQ(pointers(validate(annotation, schema(), kAsset)), Pointers{"/shape/x"});
  annotation.label_id.uuid.bytes[0] = 9;
  EXPECT_EQ(pointers(validate(annotation, schema(), kAsset)), Pointers{"/label_id"});
}

TEST(Labels, RequiredCountsWhenTheWorkIsDone) {
  EXPECT_TRUE(validate(dog(), schema(), kAsset).empty());
  EXPECT_EQ(pointers(validate(dog(), schema(), kAsset, true)), Pointers{"/attributes/breed"});
  Annotation filled = dog();
  fill_defaults(filled, schema());
  EXPECT_TRUE(validate(filled, schema(), kAsset, true).empty());
}

TEST(Labels, MasksHaveTheSizeOfTheAsset) {
  Annotation annotation = dog();
  annotation.label_id = schema().labels[1].id;
  annotation.shape = MaskShape{{20, 10, {200}}};
  EXPECT_TRUE(validate(annotation, schema(), kAsset).empty()) << "a region may be a mask";
  annotation.shape = MaskShape{{10, 20, {200}}};
  EXPECT_EQ(pointers(validate(annotation, schema(), kAsset)), Pointers{"/shape/rle/size"});
}

TEST(Labels, FramesAndSkeletonPoints) {
  Annotation annotation = dog();
  annotation.frame = 5;
  annotation.keyframes = std::vector{Keyframe{9, Box{0, 0, 1, 1, {}}, {}}};
  EXPECT_EQ(pointers(validate(annotation, schema(), kAsset)),
            (Pointers{"/frame", "/keyframes/0/frame"}));
  annotation = dog();
  annotation.label_id = schema().labels[2].id;
  annotation.shape = Skeleton{{{"nose", 1, 1, 2}, {"wing", 1, 1, 2}}};
  EXPECT_EQ(pointers(validate(annotation, schema(), kAsset)), Pointers{"/shape/points/1/name"});
}

TEST(Labels, TheSchemaItselfIsChecked) {
  EXPECT_TRUE(check_labels(schema().labels).empty());
  auto labels = schema().labels;
  labels[1].name = "dog";
  labels[1].color = "red";
  labels[0].attributes[0].default_value = "cat";
  labels[0].attributes[1].min = 40;
  labels[2].skeleton->edges = {{0, 2}};
  EXPECT_EQ(pointers(check_labels(labels)),
            (Pointers{"/0/attributes/0/default_value", "/0/attributes/1/max", "/1/name", "/1/color",
                      "/2/skeleton/edges"}));
}

TEST(Labels, ANameMeansTheExactLabelOrElseTheOnlyOneThatDiffersInCase) {
  LabelSchema schema;
  for (const auto* name : {"Dog", "dog", "Cat", "ÄRA"}) {
    schema.labels.emplace_back();
    schema.labels.back().name = name;
  }
  const auto meant = [&](std::string_view name) {
    const Label* label = schema.find_name(name);
    return label == nullptr ? "none" : label->name;
  };
  EXPECT_EQ(meant("Dog"), "Dog");
  EXPECT_EQ(meant("dog"), "dog");
  EXPECT_EQ(meant("DOG"), "none") << "either could be meant";
  EXPECT_EQ(meant("cAT"), "Cat");
  EXPECT_EQ(meant("Ära"), "ÄRA");
  EXPECT_EQ(meant("ära"), "none") << "letters beyond ASCII are not folded";
  EXPECT_EQ(meant("cow"), "none");
}

TEST(Labels, SchemaSurvivesItsText) {
  EXPECT_EQ(json::read<LabelSchema>(json::parse(json::write(schema()))), schema());
}

}  // namespace
}  // namespace aa::document
