#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace aa {
namespace {

TEST(Timestamp, prints_and_parses_rfc_3339) {
  const Timestamp t{1'790'000'000'123'456};
  EXPECT_EQ(t.str(), "2026-09-21T14:13:20.123456Z");
  EXPECT_EQ(Timestamp::parse(t.str()), t);
  EXPECT_EQ(Timestamp::parse("2026-09-21T16:13:20.123456+02:00"), t);
  EXPECT_EQ(Timestamp::parse("1969-12-31T23:59:59Z")->micros, -1'000'000);
  EXPECT_EQ(Timestamp{-1'000'000}.str(), "1969-12-31T23:59:59.000000Z");
}

TEST(Timestamp, refuses_impossible_times) {
  for (const char* text :
       {"", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+25:00", "2026-1-1T00:00:00Z"}) {
    EXPECT_FALSE(Timestamp::parse(text)) << text;
  }
}

}  // namespace
}  // namespace aa
