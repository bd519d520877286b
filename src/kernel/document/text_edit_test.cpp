#include "kernel/document/text_edit.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/document/document.hpp"

namespace aa::document {
namespace {

TextEdit edit_of(std::string_view text) { return json::read<TextEdit>(json::parse(text)); }

TEST(TextEdit, KeepsInsertsAndDeletesByCodePoint) {
  EXPECT_EQ(apply_edit("abc", edit_of(R"([1,"X",{"d":1}])")), "aXc");
  EXPECT_EQ(apply_edit("猫é🐈", edit_of(R"([2,{"d":1},"ü"])")), "猫éü");
  EXPECT_EQ(apply_edit("", edit_of(R"(["é"])")), "é");
  EXPECT_EQ(apply_edit("ab", edit_of("[]")), "ab");
  EXPECT_EQ(apply_edit("ab", edit_of("[3]")), "ab") << "what is kept at the end says nothing";
  EXPECT_EQ(apply_edit("ab", edit_of(R"([3,"x"])")), std::nullopt);
  EXPECT_EQ(apply_edit("ab", edit_of(R"([{"d":3}])")), std::nullopt);
}

TEST(TextEdit, EqualEffectsAreEqualValues) {
  EXPECT_EQ(json::write(edit_of(R"([1,1,{"d":1},"x",{"d":2},"y",4])")), R"([2,"xy",{"d":3}])");
}

TEST(TextEdit, InverseBringsTheTextBack) {
  const std::string before = "eine Katze 🐈";
  for (const auto* text : {R"([5,{"d":5},"Maus"])", R"(["x"])", R"([{"d":12}])", R"([12,"!"])"}) {
    const TextEdit edit = edit_of(text);
    const auto after = apply_edit(before, edit);
    ASSERT_TRUE(after.has_value()) << text;
    EXPECT_EQ(apply_edit(*after, invert_edit(before, edit)), before) << text;
  }
}

TEST(TextEdit, WhatIsNoEditIsRefused) {
  for (const auto* text : {"{}", "[0]", "[-1]", "[1.5]", R"([""])", R"([{"d":0}])", "[null]",
                           R"([{"d":1,"e":1}])", "[70000]", R"(["\u0000"])"}) {
    EXPECT_THROW(edit_of(text), Error) << text;
  }
}

AnnotationId id_of(int n) {
  AnnotationId out;
  out.uuid.bytes[15] = static_cast<std::uint8_t>(n);
  return out;
}

TEST(TextEdit, AnAbsentAttributeCountsAsEmptyAndAnEmptyOneIsRemoved) {
  Annotation start;
  start.id = id_of(1);
  start.shape = Tag{};
  start.attributes = {{"z", 1}, {"count", 3}};
  Document document;
  document.apply(Put{start});
  const EditText write{id_of(1), "attributes.note", edit_of(R"(["hm"])")};
  const auto undo = document.invert(write);
  ASSERT_TRUE(document.apply(write).ok);
  EXPECT_EQ(json::write(document.find(id_of(1))->attributes), R"({"count":3,"note":"hm","z":1})");
  EXPECT_EQ(document.apply(EditText{id_of(1), "attributes.count", edit_of(R"(["x"])")}).code,
            "not_text");
  EXPECT_EQ(document.apply(EditText{id_of(1), "attributes.note", edit_of(R"([3,"x"])")}).code,
            "text_mismatch");
  const std::string long_text = "[\"" + std::string(kTextBytesMax, 'a') + "\"]";
  EXPECT_EQ(document.apply(EditText{id_of(1), "attributes.note", edit_of(long_text)}).code,
            "text_too_long");
  ASSERT_EQ(undo.size(), 1U);
  ASSERT_TRUE(std::holds_alternative<EditText>(undo[0]));
  ASSERT_TRUE(document.apply(undo[0]).ok);
  EXPECT_FALSE(document.find(id_of(1))->attributes.contains("note"));
}

TEST(TextEdit, OperationsCarryTheirStep) {
  const std::string text =
      R"({"id":"018f0000-0000-7000-8000-000000000001","op":"text_edit",)"
      R"("step":"018f0000-0000-7000-8000-000000000002",)"
      R"("undoes":"018f0000-0000-7000-8000-000000000003",)"
      R"("target":"018f0000-0000-7000-8000-000000000004","field":"attributes.note",)"
      R"("edit":[1,"x",{"d":2}]})";
  const Operation op = read_operation(text);
  EXPECT_EQ(op.step->str(), "018f0000-0000-7000-8000-000000000002");
  EXPECT_EQ(op.undoes->str(), "018f0000-0000-7000-8000-000000000003");
  EXPECT_EQ(write_operation(op), text);
  std::string other = text;
  other.replace(other.find("attributes.note"), 15, "label_id");
  EXPECT_THROW(read_operation(other), Error);
}

TEST(Document, AdoptTakesOneAnnotationAndSharesIt) {
  Annotation tag;
  tag.shape = Tag{};
  tag.id = id_of(1);
  Document from;
  from.apply(Put{tag});
  Document document;
  document.adopt(id_of(1), from);
  EXPECT_EQ(document.find(id_of(1)), from.find(id_of(1)));
  from.apply(Delete{id_of(1)});
  document.adopt(id_of(1), from);
  EXPECT_EQ(document.find(id_of(1)), nullptr);
}

}  // namespace
}  // namespace aa::document
