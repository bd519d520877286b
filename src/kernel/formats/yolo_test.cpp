#include "kernel/formats/yolo.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::formats {
namespace {

using document::Box;
using document::Polygon;

TEST(Yolo, WritesCentresAndSizes) {
  EXPECT_EQ(yolo_lines(Box{10, 20, 30, 40, {}}, 3, 100, 200, YoloVariant::detection),
            "3 0.25 0.2 0.3 0.2\n");
  EXPECT_EQ(yolo_lines(Box{-10, 0, 30, 40, {}}, 0, 100, 200, YoloVariant::detection),
            "0 0.1 0.1 0.2 0.2\n");
  EXPECT_EQ(yolo_lines(document::Tag{}, 0, 100, 200, YoloVariant::detection), "");
  EXPECT_EQ(yolo_lines(Box{200, 0, 5, 5, {}}, 0, 100, 200, YoloVariant::detection), "");
}

TEST(Yolo, WritesOneOutlinePerPart) {
  const document::Shape mask = document::MaskShape{{2, 4, {0, 2, 2, 1, 3}}};
  EXPECT_EQ(yolo_lines(mask, 1, 4, 2, YoloVariant::segmentation),
            "1 0 0 0.25 0 0.25 1 0 1\n1 0.5 0 0.75 0 0.75 0.5 0.5 0.5\n");
  EXPECT_EQ(yolo_lines(mask, 1, 4, 2, YoloVariant::detection), "1 0.375 0.5 0.75 1\n");
}

TEST(Yolo, ReadsBoxesScoresAndOutlines) {
  Problems problems;
  const auto objects = read_yolo("0 0.5 0.5 0.5 0.25\r\n\n1 0.5 0.5 1 1 0.9\n2 0 0 1 0 1 1\n", 3,
                                 100, 200, "a.txt", problems);
  EXPECT_EQ(problems.total(), 0U);
  ASSERT_EQ(objects.size(), 3U);
  EXPECT_EQ(objects[0].shape, document::Shape(Box{25, 75, 50, 50, {}}));
  EXPECT_EQ(objects[1].score, 0.9);
  EXPECT_EQ(std::get<Polygon>(objects[2].shape).parts[0].points,
            (std::vector<document::Point>{{0, 0}, {100, 0}, {100, 200}}));
}

TEST(Yolo, BadLinesAreProblems) {
  Problems problems;
  const auto objects = read_yolo(
      "9 0.5 0.5 0.1 0.1\n0 0.5 0.5 0.1\n0 nan 0.5 0.1 0.1\n0 2 0.5 0.1 0.1\n0.5 0.5 0.5 0.1 0.1\n"
      "0 0 0 1 0 1 1 1\n-1 0 0 1 1\n0 1e999 0 1 1\nx\n0 0.5 0.5 0.1 0.1",
      3, 10, 10, "labels/a.txt", problems);
  EXPECT_EQ(objects.size(), 1U);
  ASSERT_EQ(problems.total(), 9U);
  EXPECT_EQ(problems.kept()[0].where, "labels/a.txt:1");
  EXPECT_EQ(problems.kept()[8].where, "labels/a.txt:9");
}

TEST(Yolo, OutAndInAgainStaysWithinAMillionth) {
  for (int i = 0; i < 500; ++i) {
    const Box box{i * 0.37, i * 0.21, 3 + i * 0.11, 5 + i * 0.05, {}};
    Problems problems;
    const auto lines = yolo_lines(box, 7, 640, 480, YoloVariant::detection);
    const auto objects = read_yolo(lines, 80, 640, 480, "a.txt", problems);
    ASSERT_EQ(objects.size(), 1U);
    const auto& read = std::get<Box>(objects[0].shape);
    EXPECT_NEAR(read.x, box.x, 640e-6);
    EXPECT_NEAR(read.y, box.y, 480e-6);
    EXPECT_NEAR(read.width, box.width, 640e-6);
    EXPECT_NEAR(read.height, box.height, 480e-6);
  }
}

TEST(Yolo, NamesAreReadInEveryStyle) {
  using Names = std::vector<std::string>;
  const Names expected{"person", "traffic light", "it's: a #tag"};
  EXPECT_EQ(read_yolo_data_yaml(yolo_data_yaml(expected)), expected);
  EXPECT_EQ(read_yolo_data_yaml("nc: 2\nnames: ['person', \"traffic light\"] # two\n"),
            (Names{"person", "traffic light"}));
  EXPECT_EQ(read_yolo_data_yaml("names: [person,\n  traffic light]\ntrain: x\n"),
            (Names{"person", "traffic light"}));
  EXPECT_EQ(read_yolo_data_yaml("names:\n  - person\n- dog # best\ntrain: x"),
            (Names{"person", "dog"}));
  EXPECT_EQ(read_yolo_data_yaml("names: {1: dog, 0: person}"), (Names{"person", "dog"}));
  EXPECT_EQ(read_yolo_classes("person\r\ntraffic light\n\n"), (Names{"person", "traffic light"}));
  EXPECT_EQ(read_yolo_classes(yolo_classes(expected)), expected);
  for (const std::string_view bad : {"", "nc: 3", "names: 5", "names: [a", "names:\n",
                                     "names: {a: b}", "names: {0: a, 2: b}", "names: ['a"}) {
    EXPECT_THROW(read_yolo_data_yaml(bad), Error) << bad;
  }
}

// Case 130 of the security list.
TEST(Yolo, WhatOfYamlIsNotReadIsRefused) {
  std::string huge_key(5'000, 'k');
  huge_key += ": 1\nnames: [dog]\n";
  std::string huge("names: [dog]\n#");
  huge.resize(2'000'000, ' ');
  for (const std::string_view bad :
       {std::string_view("a: &a [x, x]\nnames: *a\n"), std::string_view("names:\n  - *a\n"),
        std::string_view("names:\n  0: !!str dog\n"), std::string_view("names: [&a dog, *a]\n"),
        std::string_view("x: !!python/object:os.system\nnames: [dog]\n"),
        std::string_view("- !x\nnames: [dog]\n"), std::string_view(huge_key),
        std::string_view(huge)}) {
    EXPECT_THROW(read_yolo_data_yaml(bad), Error) << bad.substr(0, 60);
  }
  const std::vector<std::string> odd{"*star", "&and", "!bang", "- dash", "a: b", "#hash"};
  EXPECT_EQ(read_yolo_data_yaml(yolo_data_yaml(odd)), odd);
}

TEST(Yolo, PathsThatLeadOutAreTold) {
  const auto told = [](std::string_view text) {
    Problems problems;
    check_yolo_paths(text, problems);
    std::string out;
    for (const auto& problem : problems.kept()) out += problem.where + " ";
    return out;
  };
  EXPECT_EQ(told("path: .\ntrain: images/train\nval: images/val # ../x\nnames: [..]\n"), "");
  EXPECT_EQ(told("path: /etc\n"), "data.yaml/path ");
  EXPECT_EQ(told("path: '../x'\ntrain: C:\\x\nval: http://x/y\ntest: \\\\host\n"),
            "data.yaml/path data.yaml/train data.yaml/val data.yaml/test ");
}

TEST(Formats, AreOneRowEach) {
  ASSERT_NE(find_format("coco"), nullptr);
  EXPECT_TRUE(find_format("coco")->can_read && find_format("coco")->loses.empty());
  EXPECT_EQ(find_format("nonsense"), nullptr);
}

}  // namespace
}  // namespace aa::formats
