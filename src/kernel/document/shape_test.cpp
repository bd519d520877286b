#include "kernel/document/shape.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/document/operation.hpp"
#include "kernel/document/random_document.hpp"

namespace aa::document {
namespace {

Shape read(std::string_view text) { return json::read<Shape>(json::parse(text)); }

std::string problem_at(std::string_view text) {
  try {
    read(text);
  } catch (const Error& error) {
    return error.details().at(0).pointer;
  }
  return "no problem";
}

TEST(Shape, TextsOfTheContractAreRead) {
  EXPECT_EQ(read(R"({"type":"box","x":1,"y":2,"width":3,"height":4.5,"rotation":30})"),
            Shape(Box{1, 2, 3, 4.5, 30}));
  EXPECT_EQ(read(R"({"type":"tag"})"), Shape(Tag{}));
  EXPECT_EQ(read(R"({"type":"mask","rle":{"size":[3,3],"counts":"09"}})"),
            Shape(MaskShape{{3, 3, {0, 9}}}));
  EXPECT_EQ(read(R"({"type":"mask","rle":{"size":[3,3],"counts":[0,9]}})"),
            Shape(MaskShape{{3, 3, {0, 9}}}));
  EXPECT_EQ(read(R"({"type":"ellipse","cx":1,"cy":2,"rx":3,"ry":4})"),
            Shape(Ellipse{1, 2, 3, 4, {}}));
}

TEST(Shape, OnePartMayBeWrittenShort) {
  const Shape shape =
      read(R"({"type":"polygon","points":[[0,0],[1,0],[1,1]],"keys":["a","b","c"]})");
  EXPECT_EQ(json::write(shape),
            R"({"type":"polygon","parts":[{"points":[[0,0],[1,0],[1,1]],"keys":["a","b","c"]}]})");
}

TEST(Shape, VerticesWithoutKeysGetSome) {
  const Shape shape = read(R"({"type":"polygon","parts":[{"points":[[0,0],[9,0],[9,9]],)"
                           R"("holes":[[[1,1],[2,1],[2,2]]]}]})");
  const auto& part = std::get<Polygon>(shape).parts[0];
  EXPECT_EQ(part.keys, (Keys{"8", "H", "Q"}));
  EXPECT_EQ(part.hole_keys, (std::vector<Keys>{{"Z", "i", "r"}}));
  EXPECT_EQ(read(json::write(shape)), shape);
}

TEST(Shape, ProblemsPointToTheirPlace) {
  EXPECT_EQ(problem_at(R"({"type":"circle"})"), "/type");
  EXPECT_EQ(problem_at(R"({"x":1})"), "/type");
  EXPECT_EQ(problem_at(R"({"type":"box","x":1e309,"y":0,"width":1,"height":1})"), "/x");
  EXPECT_EQ(problem_at(R"({"type":"box","x":0,"y":0,"width":-1,"height":1})"), "/width");
  EXPECT_EQ(problem_at(R"({"type":"box","x":0,"y":0,"width":1,"height":1,"colour":1})"), "/colour");
  EXPECT_EQ(problem_at(R"({"type":"polygon","points":[[0,0],[1,1]]})"), "/points");
  EXPECT_EQ(problem_at(R"({"type":"polygon","points":[[0,0],[1,1],[2]]})"), "/points/2");
  EXPECT_EQ(problem_at(R"({"type":"polygon","points":[[0,0],[1,1],[2,9e9]]})"), "/points/2/1");
  EXPECT_EQ(problem_at(R"({"type":"points","points":[[0,0],[1,1]],"keys":["a","a"]})"), "/keys");
  EXPECT_EQ(problem_at(R"({"type":"points","points":[[0,0],[1,1]],"keys":["a"]})"), "/keys");
  EXPECT_EQ(problem_at(R"({"type":"mask","rle":{"size":[3,3],"counts":"08"}})"), "/rle/counts");
  EXPECT_EQ(problem_at(R"({"type":"mask","rle":{"size":[3],"counts":"09"}})"), "/rle/size");
  EXPECT_EQ(problem_at(R"({"type":"cuboid","center":[0,0,0],"size":[1,1,1],"rotation":[0,0,0,2]})"),
            "/rotation");
}

TEST(Shape, NumbersAreKeptExactly) {
  const std::string text =
      R"({"type":"box","x":0.1,"y":1234.5678901234567,"width":3e-07,"height":99.99999999999999})";
  EXPECT_EQ(json::write(read(text)), text);
}

TEST(Shape, EveryShapeSurvivesItsText) {
  RandomDocument random(3);
  for (int i = 0; i < 1000; ++i) {
    const Shape shape = random.shape();
    ASSERT_EQ(read(json::write(shape)), shape) << json::write(shape);
  }
}

TEST(Shape, BoundsAndPixels) {
  EXPECT_EQ(shape_bounds(Box{1, 2, 3, 4, {}}), (geometry::Rect{1, 2, 4, 6}));
  EXPECT_EQ(shape_bounds(MaskShape{{3, 3, {4, 1, 4}}}), (geometry::Rect{1, 1, 2, 2}));
  EXPECT_FALSE(shape_bounds(Tag{}).has_value());
  EXPECT_FALSE(shape_bounds(MaskShape{{3, 3, {9}}}).has_value());
  EXPECT_EQ(raster::area(*to_rle(Box{1, 1, 2, 2, {}}, 5, 5)), 4U);
  EXPECT_NEAR(static_cast<double>(raster::area(*to_rle(Ellipse{50, 50, 40, 20, 30}, 100, 100))),
              2513, 15);
  EXPECT_FALSE(to_rle(Tag{}, 5, 5).has_value());
  EXPECT_THROW(to_rle(MaskShape{{3, 3, {9}}}, 5, 5), Error);
}

TEST(Operation, ProblemsPointToTheirPlace) {
  const auto where = [](std::string_view text) {
    try {
      read_operation(text);
    } catch (const Error& error) {
      return error.details().empty() ? error.slug() : error.details()[0].pointer;
    }
    return std::string("no problem");
  };
  const std::string head = R"({"id":"01900000-0000-7000-8000-000000000001",)"
                           R"("target":"01900000-0000-7000-8000-000000000002",)";
  EXPECT_EQ(where(head + R"("op":"paint"})"), "/op");
  EXPECT_EQ(where(head + R"("op":"set","field":"colour","value":1})"), "/field");
  EXPECT_EQ(where(head + R"("op":"set","field":"score","value":"x"})"), "/value");
  EXPECT_EQ(where(head + R"("op":"set","field":"shape","value":{"type":"box"}})"), "/value/x");
  EXPECT_EQ(where(head + R"("op":"set","field":"score"})"), "/value");
  EXPECT_EQ(where(head + R"("op":"del","extra":1})"), "/extra");
  EXPECT_EQ(where(head + R"("op":"vertex_set","key":"a","x":1e400,"y":0})"), "/x");
  EXPECT_EQ(where(head + R"("op":"vertex_insert","key":"a b","x":1,"y":0})"), "/key");
  EXPECT_EQ(where(head + R"("op":"set","field":"z","value":null})"), "no problem");
  EXPECT_EQ(where(R"({"op":"del"})"), "/id");
  EXPECT_EQ(where("[]"), "");
  EXPECT_EQ(where("{"), "malformed_json");
}

}  // namespace
}  // namespace aa::document
