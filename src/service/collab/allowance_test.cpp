#include "service/collab/allowance.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace aa::collab {
namespace {

using std::chrono::milliseconds;

struct AllowanceTest : testing::Test {
  ManualClock clock;
  Allowance allowance{Rates{}, clock.steady()};
  // Batches of so many operations at that pace; how many seconds until the first is refused.
  double lasts(std::size_t operations, double per_second, double seconds_max) {
    const auto step = milliseconds(static_cast<long>(1000 / per_second));
    for (double at = 0; at < seconds_max; at += 1 / per_second) {
      if (allowance.batch(operations, clock.steady()).count() > 0) return at;
      clock.advance(step);
    }
    return seconds_max;
  }
};

TEST_F(AllowanceTest, AHandWithABrushIsNeverRefused) {
  EXPECT_EQ(lasts(3, 8, 600), 600) << "eight strokes a second of three operations, minutes long";
}

TEST_F(AllowanceTest, ALargePasteIsTakenAtOnce) {
  EXPECT_EQ(allowance.batch(1'000, clock.steady()).count(), 0);
}

TEST_F(AllowanceTest, TwoHundredASecondAreRefusedSoon) { EXPECT_LT(lasts(1, 200, 60), 3); }

TEST_F(AllowanceTest, TheWaitIsLongEnough) {
  allowance.batch(1'000, clock.steady());
  const auto wait = allowance.batch(1'000, clock.steady());
  EXPECT_GT(wait.count(), 0);
  clock.advance(wait);
  EXPECT_EQ(allowance.batch(1'000, clock.steady()).count(), 0);
}

TEST_F(AllowanceTest, BytesAreCounted) {
  constexpr std::size_t kMiB = 1 << 20;
  int taken = 0;
  for (int i = 0; i < 100; ++i) {  // ten megabytes a second
    taken += allowance.bytes(kMiB, clock.steady());
    clock.advance(milliseconds(100));
  }
  EXPECT_GE(taken, 8);
  EXPECT_LE(taken, 20);
}

}  // namespace
}  // namespace aa::collab
