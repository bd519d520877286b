#include "base/id.hpp"

#include <set>

#include <gtest/gtest.h>

namespace aa {
namespace {

TEST(Uuid, parses_what_it_prints) {
  const std::string text = "018f4d6e-9c1a-7bcd-8ef0-1234567890ab";
  ASSERT_TRUE(Uuid::parse(text));
  EXPECT_EQ(Uuid::parse(text)->str(), text);
  EXPECT_EQ(Uuid::parse("018F4D6E-9C1A-7BCD-8EF0-1234567890AB")->str(), text);
}

TEST(Uuid, refuses_other_forms) {
  for (const char* text :
       {"", "018f4d6e", "018f4d6e-9c1a-7bcd-8ef0-1234567890aZ",
        "018f4d6e09c1a-7bcd-8ef0-1234567890abc", "{018f4d6e-9c1a-7bcd-8ef0-1234567890a}"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(IdSource, ids_are_version_7_unique_and_ordered_within_a_millisecond) {
  ManualClock clock;
  IdSource ids(clock, 1);
  std::set<std::string> seen;
  std::string last;
  for (int i = 0; i < 10'000; ++i) {
    const auto id = ids.next();
    EXPECT_EQ(id.version(), 7);
    EXPECT_EQ(id.bytes[8] & 0xc0, 0x80);
    EXPECT_GT(id.str(), last);
    last = id.str();
    seen.insert(last);
    if (i % 100 == 0) clock.advance(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(seen.size(), 10'000U);
}

TEST(IdSource, a_seed_replays) {
  ManualClock clock;
  IdSource a(clock, 42);
  IdSource b(clock, 42);
  EXPECT_EQ(a.next(), b.next());
}

}  // namespace
}  // namespace aa
