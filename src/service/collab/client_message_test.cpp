#include "service/collab/client_message.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::collab {
namespace {

constexpr std::string_view kId = "01900000-0000-7000-8000-000000000001";

std::string with_id(std::string text) {
  for (auto at = text.find("ID"); at != std::string::npos; at = text.find("ID")) {
    text.replace(at, 2, kId);
  }
  return text;
}

std::string refusal(const std::string& text) {
  try {
    read_message(with_id(text));
  } catch (const Error& error) {
    return error.slug();
  }
  return "taken";
}

TEST(ClientMessage, EveryKindIsRead) {
  EXPECT_EQ(std::get<Hello>(read_message(R"({"t":"hello","revision":7})")).revision, 7);
  EXPECT_FALSE(std::get<Hello>(read_message(R"({"t":"hello","revision":null})")).revision);
  const auto ops = std::get<Operations>(
      read_message(with_id(R"({"t":"ops","n":3,"base":9,"operations":[{"id":"ID","op":"del",)"
                           R"("target":"ID"}]})")));
  EXPECT_EQ(ops.n, 3);
  EXPECT_EQ(ops.base, 9);
  ASSERT_EQ(ops.operations.size(), 1U);
  EXPECT_EQ(ops.operations[0].id.str(), kId);
  EXPECT_EQ(std::get<Lock>(read_message(with_id(R"({"t":"lock","target":"ID"})"))).target.str(),
            kId);
  EXPECT_EQ(std::get<Unlock>(read_message(with_id(R"({"t":"unlock","target":"ID"})"))).target.str(),
            kId);
  EXPECT_EQ(std::get<Ping>(read_message(R"({"t":"ping","k":1.5})")).k, 1.5);
}

TEST(ClientMessage, OfPresenceEverythingMayBeAbsentOrNull) {
  const auto full = std::get<Presence>(
      read_message(with_id(R"({"t":"presence","cursor":[1,2.5],"selection":["ID"],"tool":"box",)"
                           R"("view":[0,0,2],"frame":4})")));
  EXPECT_EQ(full.cursor, (std::array{1.0, 2.5}));
  EXPECT_EQ(full.selection.size(), 1U);
  EXPECT_EQ(full.tool, "box");
  EXPECT_EQ(full.frame, 4);
  const auto none = std::get<Presence>(read_message(R"({"t":"presence","cursor":null})"));
  EXPECT_FALSE(none.cursor || none.tool || none.view || none.frame);
  EXPECT_TRUE(none.selection.empty());
}

TEST(ClientMessage, WhatIsNoneIsRefused) {
  EXPECT_EQ(refusal("{"), "malformed_json");
  EXPECT_EQ(refusal(std::string(100'000, '[')), "malformed_json");
  for (const char* text :
       {"[]", "1", "{}", R"({"t":1})", R"({"t":"other"})", R"({"t":"hello","revision":-1})",
        R"({"t":"hello","revision":1.5})", R"({"t":"hello","more":1})",
        R"({"t":"ops","n":1,"base":0,"operations":[]})", R"({"t":"ops","n":1,"operations":[]})",
        R"({"t":"ping","k":1e999})", R"({"t":"ping","k":"x"})", R"({"t":"lock","target":"x"})",
        R"({"t":"presence","cursor":[1]})", R"({"t":"presence","cursor":[1,2,3]})",
        R"({"t":"presence","__proto__":{}})"}) {
    EXPECT_NE(refusal(text), "taken") << text;
  }
}

TEST(ClientMessage, CountsAreLimited) {
  std::string selection = R"({"t":"presence","selection":[)";
  for (std::size_t i = 0; i <= kSelectionMax; ++i) selection += i == 0 ? "\"ID\"" : ",\"ID\"";
  EXPECT_EQ(refusal(selection + "]}"), "invalid_message");
  std::string batch = R"({"t":"ops","n":1,"base":0,"operations":[)";
  const std::string one = R"({"id":"ID","op":"del","target":"ID"})";
  for (std::size_t i = 0; i <= limits::kOperationsPerBatch; ++i) batch += (i == 0 ? "" : ",") + one;
  EXPECT_NE(refusal(batch + "]}"), "taken");
  EXPECT_EQ(refusal(R"({"t":"presence","tool":")" + std::string(41, 'x') + "\"}"),
            "invalid_message");
}

TEST(ClientMessage, ABadBatchStillTellsItsNumber) {
  EXPECT_EQ(batch_number(R"({"t":"ops","n":12,"operations":0})"), 12);
  EXPECT_FALSE(batch_number(R"({"t":"ops","n":"x"})"));
  EXPECT_FALSE(batch_number("[1]"));
  EXPECT_FALSE(batch_number("{"));
}

}  // namespace
}  // namespace aa::collab
