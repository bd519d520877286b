// The rules of docs/live-protocol.md by example; the test's name begins with the rule's number.
#include <gtest/gtest.h>

#include "kernel/ot/applied.hpp"

namespace aa::ot {
namespace {

using namespace document;

AnnotationId id_of(int n) {
  AnnotationId out;
  out.uuid.bytes[15] = static_cast<std::uint8_t>(n);
  return out;
}
const AnnotationId kTarget = id_of(1);

Annotation with(Shape shape) {
  Annotation out;
  out.id = kTarget;
  out.shape = std::move(shape);
  assign_keys(out.shape);
  return out;
}

json::Value value_of(const Shape& shape) { return json::parse(json::write(shape)); }
Change set_shape(const Shape& value, const std::optional<Shape>& prev = {}) {
  SetField out{kTarget, "shape", value_of(value), {}};
  if (prev) out.prev = value_of(*prev);
  return out;
}
Change set(std::string field, json::Value value, std::optional<json::Value> prev = {}) {
  return SetField{kTarget, std::move(field), std::move(value), std::move(prev)};
}

// The state after `earlier` and `later`, both made on `start`; checked from both sides.
Applied merged(const Annotation& start, const Change& earlier, const Change& later) {
  Applied one(holding(start));
  one.add(earlier);
  one.add(transform(later, earlier, Side::later).change);
  Applied other(holding(start));
  other.add(later);
  other.add(transform(earlier, later, Side::earlier).change);
  EXPECT_EQ(one.text(), other.text());
  return one;
}
template <class Kind>
Kind shape_after(const Annotation& start, const Change& earlier, const Change& later) {
  return std::get<Kind>(merged(start, earlier, later).document().find(kTarget)->shape);
}
json::Object attributes_after(const json::Object& start, const Change& earlier,
                              const Change& later) {
  Annotation annotation = with(Tag{});
  annotation.attributes = start;
  return merged(annotation, earlier, later).document().find(kTarget)->attributes;
}

TEST(Rules, R1_DifferentAnnotationsNeverMeet) {
  const Change other = Delete{id_of(2)};
  EXPECT_FALSE(meet(set("group", "g"), other, Side::later).has_value());
}

TEST(Rules, R2_ADeletionWinsWhicheverComesFirst) {
  const Annotation box = with(Box{0, 0, 4, 4, {}});
  const Change gone = Delete{kTarget};
  for (const Change& change :
       {set_shape(Box{1, 0, 4, 4, {}}), set("attributes.color", "red"),
        Change(KeyframePut{kTarget, 3, Box{}, {}}), Change(Reorder{kTarget, "V"}), gone}) {
    EXPECT_TRUE(merged(box, change, gone).document().items().empty());
    EXPECT_TRUE(merged(box, gone, change).document().items().empty());
    const Merge later = transform(change, gone, Side::later);
    EXPECT_FALSE(later.change.has_value());
    EXPECT_EQ(later.rule, "R2");
  }
  EXPECT_EQ(transform(gone, set("group", "g"), Side::earlier).change, gone);
}

TEST(Rules, R3_APutReplacesWhatWasAndTakesWhatComesAfter) {
  const Annotation box = with(Box{0, 0, 4, 4, {}});
  Annotation fresh = with(Box{9, 9, 1, 1, {}});
  fresh.attributes["color"] = "blue";
  const Change put = Put{fresh};
  EXPECT_EQ(merged(box, Delete{kTarget}, put).document().items().size(), 1U);
  EXPECT_TRUE(merged(box, put, Delete{kTarget}).document().items().empty());
  const auto after = merged(box, put, set("attributes.color", "red"));
  EXPECT_EQ(after.document().find(kTarget)->attributes, (json::Object{{"color", "red"}}));
  const auto before = merged(box, set("attributes.color", "red"), put);
  EXPECT_EQ(before.document().find(kTarget)->attributes, (json::Object{{"color", "blue"}}));
  Annotation other = with(Tag{});
  EXPECT_EQ(merged(box, put, Put{other}).document().find(kTarget)->shape, Shape(Tag{}));
  EXPECT_EQ(transform(put, Put{other}, Side::earlier).rule, "R3");
}

TEST(Rules, R3_R5_AWriteWithPrevMergesIntoAPutBefore) {
  const Box seen{0, 0, 4, 4, {}};
  const auto out = shape_after<Box>(with(seen), Put{with(Box{0, 0, 6, 4, {}})},
                                    set_shape(Box{0, 0, 4, 9, {}}, seen));
  EXPECT_EQ(out, (Box{0, 0, 6, 9, {}}));
}

// `merged` compares what is stored: members of one order after the put, whoever came first.
TEST(Rules, R3_R10_AWriteOfAllAttributesHasOneOrderOverAPut) {
  SetField write{kTarget, "attributes", json::Object{{"remark", "r"}, {"note", "n"}}, {}};
  write.prev = json::Object{};
  const auto out = merged(with(Tag{}), Put{with(Box{0, 0, 6, 4, {}})}, write);
  EXPECT_EQ(json::to_text(out.document().find(kTarget)->attributes),
            R"({"note":"n","remark":"r"})");
}

TEST(Rules, R4_OfTwoWritesToAFieldTheLaterWinsAndFieldsAreIndependent) {
  const Annotation start = with(Tag{});
  EXPECT_EQ(merged(start, set("group", "a"), set("group", "b")).document().find(kTarget)->group,
            "b");
  const auto out = merged(start, set("group", "a"), set("score", 0.5));
  EXPECT_EQ(out.document().find(kTarget)->group, "a");
  EXPECT_EQ(out.document().find(kTarget)->score, 0.5);
}

TEST(Rules, R5_TwoEdgesOfABoxBothCount) {
  const Box seen{10, 10, 20, 20, {}};
  const Change left = set_shape(Box{5, 10, 25, 20, {}}, seen);
  const Change bottom = set_shape(Box{10, 10, 20, 30, {}}, seen);
  EXPECT_EQ(shape_after<Box>(with(seen), left, bottom), (Box{5, 10, 25, 30, {}}));
  const Change right = set_shape(Box{10, 10, 33, 20, {}}, seen);
  EXPECT_EQ(shape_after<Box>(with(seen), left, right), (Box{5, 10, 38, 20, {}}));
  const Change other_left = set_shape(Box{7, 10, 23, 20, {}}, seen);
  EXPECT_EQ(shape_after<Box>(with(seen), left, other_left), (Box{7, 10, 23, 20, {}}));
}

TEST(Rules, R5_AMoveAndAResizeBothCount) {
  const Box seen{10, 10, 20, 20, {}};
  const Change moved = set_shape(Box{50, 60, 20, 20, {}}, seen);
  const Change resized = set_shape(Box{10, 10, 40, 20, {}}, seen);
  EXPECT_EQ(shape_after<Box>(with(seen), moved, resized), (Box{50, 60, 40, 20, {}}));
  EXPECT_EQ(shape_after<Box>(with(seen), resized, moved), (Box{50, 60, 40, 20, {}}));
  const Change turned = set_shape(Box{10, 10, 20, 20, 30.0}, seen);
  EXPECT_EQ(shape_after<Box>(with(seen), moved, turned), (Box{50, 60, 20, 20, 30.0}));
}

TEST(Rules, R5_WithoutPrevOrWithAnotherTypeTheLaterWriteIsOfTheWhole) {
  const Box seen{10, 10, 20, 20, {}};
  const Box written{10, 10, 20, 30, {}};
  const Change left = set_shape(Box{5, 10, 25, 20, {}}, seen);
  EXPECT_EQ(shape_after<Box>(with(seen), left, set_shape(written)), written);
  const Shape ellipse = Ellipse{1, 2, 3, 4, {}};
  EXPECT_EQ(shape_after<Box>(with(seen), set_shape(ellipse, seen), set_shape(written, seen)),
            written);
  EXPECT_EQ(transform(left, set_shape(written), Side::earlier).rule, "R5");
}

TEST(Rules, R5_PartsOfTheOtherShapes) {
  const Ellipse round{1, 2, 3, 4, {}};
  EXPECT_EQ(shape_after<Ellipse>(with(round), set_shape(Ellipse{9, 2, 3, 4, {}}, round),
                                 set_shape(Ellipse{1, 2, 3, 8, 20.0}, round)),
            (Ellipse{9, 2, 3, 8, 20.0}));
  const Cuboid block{{0, 0, 0}, {1, 1, 1}, {0, 0, 0, 1}};
  Cuboid moved = block;
  moved.center[1] = 5;
  Cuboid grown = block;
  grown.size[2] = 7;
  EXPECT_EQ(shape_after<Cuboid>(with(block), set_shape(moved, block), set_shape(grown, block)),
            (Cuboid{{0, 5, 0}, {1, 1, 7}, {0, 0, 0, 1}}));
  const Skeleton body{{{"nose", 1, 1, 2}, {"tail", 2, 2, 2}}};
  const Skeleton nose{{{"nose", 5, 1, 2}, {"tail", 2, 2, 2}}};
  const Skeleton tail{{{"nose", 1, 1, 2}, {"tail", 2, 2, 0}}};
  EXPECT_EQ(shape_after<Skeleton>(with(body), set_shape(nose, body), set_shape(tail, body)),
            (Skeleton{{{"nose", 5, 1, 2}, {"tail", 2, 2, 0}}}));
}

TEST(Rules, R5_MasksMergePixelByPixel) {
  const MaskShape seen{{1, 10, {0, 4, 6}}};
  const MaskShape erased{{1, 10, {2, 2, 6}}};    // without 0, 1
  const MaskShape added{{1, 10, {0, 4, 4, 2}}};  // with 8, 9
  EXPECT_EQ(shape_after<MaskShape>(with(seen), set_shape(erased, seen), set_shape(added, seen)),
            (MaskShape{{1, 10, {2, 2, 4, 2}}}));
  const Change stroke = MaskPaint{kTarget, PaintMode::add, {1, 10, {1, 5, 4}}};  // 1 to 5
  EXPECT_EQ(shape_after<MaskShape>(with(seen), stroke, set_shape(erased, seen)),
            (MaskShape{{1, 10, {2, 4, 4}}}))
      << "of the stroke, what the later write did not change";
}

Polygon square() {
  return {{PolygonPart{{{0, 0}, {9, 0}, {9, 9}, {0, 9}}, {"B", "D", "F", "H"}, {}, {}}}};
}

TEST(Rules, R5_R6_PolygonsMergeVertexByVertex) {
  const Polygon seen = square();
  Polygon moved = seen;
  moved.parts[0].points[0] = {1, 1};
  Polygon grown = seen;
  grown.parts[0].points.insert(grown.parts[0].points.begin() + 2, {20, 5});
  grown.parts[0].keys.insert(grown.parts[0].keys.begin() + 2, "E");
  grown.parts[0].points.pop_back();
  grown.parts[0].keys.pop_back();
  const auto out = shape_after<Polygon>(with(seen), set_shape(moved, seen), set_shape(grown, seen));
  EXPECT_EQ(out.parts[0].keys, (Keys{"B", "D", "E", "F"}));
  EXPECT_EQ(out.parts[0].points[0], (Point{1, 1}));
}

TEST(Rules, R6_VerticesAreNamedByKey) {
  const Annotation start = with(square());
  const auto keys = [&](const Change& a, const Change& b) {
    return shape_after<Polygon>(start, a, b).parts[0].keys;
  };
  const Change move = VertexSet{kTarget, "D", 5, 5};
  const Change move_again = VertexSet{kTarget, "D", 6, 6};
  const Change del = VertexDelete{kTarget, "D"};
  EXPECT_EQ(shape_after<Polygon>(start, move, move_again).parts[0].points[1], (Point{6, 6}));
  EXPECT_EQ(keys(move, del), (Keys{"B", "F", "H"}));
  EXPECT_EQ(keys(del, move), (Keys{"B", "F", "H"}));
  EXPECT_EQ(keys(del, del), (Keys{"B", "F", "H"}));
  const Change c = VertexInsert{kTarget, 0, {}, "B", "C", 1, 1};
  const Change cx = VertexInsert{kTarget, 0, {}, "B", "Cx", 2, 2};
  EXPECT_EQ(keys(c, cx), (Keys{"B", "C", "Cx", "D", "F", "H"}));
  EXPECT_EQ(keys(cx, c), (Keys{"B", "C", "Cx", "D", "F", "H"}));
  EXPECT_EQ(keys(Change(VertexDelete{kTarget, "B"}), c), (Keys{"C", "D", "F", "H"}));
}

TEST(Rules, R6_TwoVerticesOfOneNewNameAreOne) {
  const Change mine = VertexInsert{kTarget, 0, {}, "B", "C", 1, 1};
  const Change theirs = VertexInsert{kTarget, 0, {}, "B", "C", 2, 2};
  const auto out = shape_after<Polygon>(with(square()), mine, theirs);
  EXPECT_EQ(out.parts[0].keys, (Keys{"B", "C", "D", "F", "H"}));
  EXPECT_EQ(out.parts[0].points[1], (Point{2, 2}));
}

TEST(Rules, R6_AVertexGoesIntoAWriteOfTheShapeThatLeftItAlone) {
  const Polygon seen = square();
  Polygon written = seen;
  written.parts[0].points[0] = {1, 1};
  const Change write = set_shape(written, seen);
  const Change move = VertexSet{kTarget, "D", 5, 5};
  for (const auto& out : {shape_after<Polygon>(with(seen), write, move),
                          shape_after<Polygon>(with(seen), move, write)}) {
    EXPECT_EQ(out.parts[0].points[0], (Point{1, 1}));
    EXPECT_EQ(out.parts[0].points[1], (Point{5, 5}));
  }
  const Change same = VertexSet{kTarget, "B", 7, 7};
  EXPECT_EQ(shape_after<Polygon>(with(seen), same, write).parts[0].points[0], (Point{1, 1}));
  EXPECT_EQ(shape_after<Polygon>(with(seen), write, same).parts[0].points[0], (Point{7, 7}));
}

TEST(Rules, R6_AWriteWithoutKeysTakesNoVertexOfWhatWas) {
  const Change write =
      set("shape", json::parse(R"({"type":"polygon","points":[[0,0],[5,0],[5,5],[0,5]]})"));
  Annotation start = with(Polygon{{PolygonPart{{{0, 0}, {9, 0}, {9, 9}, {0, 9}}, {}, {}, {}}}});
  const auto& key = std::get<Polygon>(start.shape).parts[0].keys[1];
  const Change move = VertexSet{kTarget, key, 7, 7};
  EXPECT_EQ(shape_after<Polygon>(start, write, move).parts[0].points[1], (Point{5, 0}));
  EXPECT_EQ(shape_after<Polygon>(start, move, write).parts[0].points[1], (Point{5, 0}));
}

TEST(Rules, R7_OfAPixelThatOneAddedAndOneErasedTheLaterSays) {
  const Annotation start = with(MaskShape{{1, 10, {10}}});
  const Change add = MaskPaint{kTarget, PaintMode::add, {1, 10, {0, 6, 4}}};
  const Change erase = MaskPaint{kTarget, PaintMode::erase, {1, 10, {4, 6}}};
  EXPECT_EQ(shape_after<MaskShape>(start, add, erase).rle.runs,
            (std::vector<std::uint32_t>{0, 4, 6}));
  EXPECT_EQ(shape_after<MaskShape>(start, erase, add).rle.runs,
            (std::vector<std::uint32_t>{0, 6, 4}));
}

TEST(Rules, R8_KeyframesAreIndependentByFrame) {
  const Annotation start = with(Tag{});
  const auto frames = [&](const Change& a, const Change& b) {
    const auto out = merged(start, a, b);
    const auto& all = out.document().find(kTarget)->keyframes;
    return all ? all->size() : 0;
  };
  const Change first = KeyframePut{kTarget, 3, Box{1, 1, 1, 1, {}}, {}};
  const Change second = KeyframePut{kTarget, 4, Box{2, 2, 1, 1, {}}, {}};
  const Change gone = KeyframeDelete{kTarget, 3};
  EXPECT_EQ(frames(first, second), 2U);
  EXPECT_EQ(frames(gone, first), 1U);
  EXPECT_EQ(frames(first, gone), 0U);
  const auto out = merged(start, first, KeyframePut{kTarget, 3, Box{9, 9, 1, 1, {}}, {}});
  EXPECT_EQ(out.document().find(kTarget)->keyframes->at(0).shape, Shape(Box{9, 9, 1, 1, {}}));
}

TEST(Rules, R9_OfTwoPlacesInTheOrderTheLaterWins) {
  const auto z = [](const Change& a, const Change& b) {
    return merged(with(Tag{}), a, b).document().find(kTarget)->z;
  };
  EXPECT_EQ(z(Reorder{kTarget, "V"}, Reorder{kTarget, "W"}), "W");
  EXPECT_EQ(z(Reorder{kTarget, "V"}, set("z", "X")), "X");
  EXPECT_EQ(z(set("z", "X"), Reorder{kTarget, "V"}), "V");
}

TEST(Rules, R10_AttributesMergeNameByName) {
  const json::Object seen{{"a", 1}, {"b", 2}, {"c", 3}};
  const Change first = set("attributes", json::Object{{"a", 9}, {"b", 2}}, json::Value(seen));
  const Change second =
      set("attributes", json::Object{{"a", 1}, {"b", 7}, {"c", 3}, {"d", 4}}, json::Value(seen));
  EXPECT_EQ(json::write(attributes_after(seen, first, second)), R"({"a":9,"b":7,"d":4})");
  EXPECT_EQ(json::write(attributes_after(seen, set("attributes.a", 5), second)),
            R"({"a":5,"b":7,"c":3,"d":4})");
  EXPECT_EQ(json::write(attributes_after(seen, set("attributes.b", 5), second)),
            R"({"a":1,"b":7,"c":3,"d":4})");
  EXPECT_EQ(json::write(attributes_after(seen, second, set("attributes.b", nullptr))),
            R"({"a":1,"c":3,"d":4})");
}

TEST(Rules, R11_EditsOfATextMergeAndFallAwayWithTheText) {
  TextEdit append;
  append.keep(2);
  append.insert("!");
  TextEdit prepend;
  prepend.insert("oh ");
  const Change one = EditText{kTarget, "attributes.note", append};
  const Change other = EditText{kTarget, "attributes.note", prepend};
  const json::Object start{{"note", "hm"}};
  EXPECT_EQ(attributes_after(start, one, other).at("note"), "oh hm!");
  const Change replaced = set("attributes.note", "new");
  EXPECT_EQ(attributes_after(start, replaced, one).at("note"), "new");
  EXPECT_EQ(attributes_after(start, one, replaced).at("note"), "new");
  EXPECT_EQ(transform(one, replaced, Side::later).rule, "R11");
}

TEST(Rules, R12_UndoTakesBackOnlyWhatNobodyChangedSince) {
  const Box seen{0, 0, 10, 10, {}};
  const Change mine = set_shape(Box{0, 0, 30, 30, {}}, seen);
  Applied now(holding(with(seen)));
  const auto undo = now.document().invert(mine);
  now.add(mine);
  const Change theirs = set_shape(Box{0, 0, 50, 30, {}}, Box{0, 0, 30, 30, {}});
  now.add(theirs);
  std::vector<Change> since{theirs};
  for (const Merge& merge : transform_all(undo, since, Side::earlier)) now.add(merge.change);
  EXPECT_EQ(std::get<Box>(now.document().find(kTarget)->shape), (Box{0, 0, 50, 10, {}}))
      << "the bottom edge is back, the right one is another's since";
}

TEST(Rules, R13_WhatABoundRefusesFallsAwayAtItsPlaceInTheOrder) {
  Annotation start = with(square());
  const Change b = VertexDelete{kTarget, "B"};
  const Change d = VertexDelete{kTarget, "D"};
  Applied order(holding(start));
  order.add(b);
  order.add(transform(d, b, Side::later).change);
  EXPECT_TRUE(order.bounded()) << "three vertices stay";
  EXPECT_EQ(std::get<Polygon>(order.document().find(kTarget)->shape).parts[0].keys,
            (Keys{"D", "F", "H"}));
}

}  // namespace
}  // namespace aa::ot
