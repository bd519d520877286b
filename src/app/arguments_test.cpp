#include "app/arguments.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::app {
namespace {

using Words = std::vector<std::string>;

Arguments parsed(const Words& words) { return {words, {{"out"}, {"score"}, {"json", false}}}; }

std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "bad_argument");
    return error.message();
  }
  return "";
}

TEST(Arguments, flags_words_and_settings_are_told_apart) {
  const auto arguments =
      parsed({"a", "--out", "x", "--data", "d", "b", "--json", "--models-dir=m", "--", "--c"});
  EXPECT_EQ(arguments.words(), (Words{"a", "b", "--c"}));
  EXPECT_EQ(arguments.settings(), (Words{"--data", "d", "--models-dir", "m"}));
  EXPECT_EQ(arguments.text("out"), "x");
  EXPECT_TRUE(arguments.has("json"));
  EXPECT_FALSE(arguments.has("score"));
  EXPECT_EQ(parsed({"--out=a=b"}).text("out"), "a=b");
}

TEST(Arguments, what_is_missing_or_twice_or_too_much_is_told) {
  EXPECT_EQ(message_of([] { parsed({"--out"}); }), "--out needs a value.");
  EXPECT_EQ(message_of([] { parsed({"--nonsense"}); }), "--nonsense is unknown here.");
  EXPECT_EQ(message_of([] { parsed({"--json=1"}); }), "--json takes no value.");
  EXPECT_EQ(message_of([] { parsed({"--out", "a", "--out", "b"}); }), "--out stands twice.");
  EXPECT_EQ(message_of([] { parsed({}).needed("out"); }), "--out is needed.");
  EXPECT_EQ(message_of([] { parsed({}).only_word("file"); }), "Name a file.");
  EXPECT_EQ(message_of([] { parsed({"a", "b"}).only_word("file"); }), "Name exactly one file.");
  EXPECT_NE(message_of([] { parsed({"a"}).no_words(); }), "");
}

TEST(Arguments, numbers_are_read_whole_and_within_their_range) {
  EXPECT_EQ(parsed({}).number("score", 0.35, 0, 1), 0.35);
  EXPECT_EQ(parsed({"--score", "0.5"}).number("score", 0.35, 0, 1), 0.5);
  for (const char* bad : {"", "x", "0.5x", "1.1", "-1", "nan", "inf", "0,5", " 0.5"}) {
    EXPECT_EQ(message_of([&] {
                parsed({"--score", bad}).number("score", 0, 0, 1);
              }),
              "--score must be a number from 0 to 1.")
        << bad;
  }
}

}  // namespace
}  // namespace aa::app
