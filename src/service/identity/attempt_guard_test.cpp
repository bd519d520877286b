#include "service/identity/attempt_guard.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::identity {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class AttemptGuardTest : public testing::Test {
 protected:
  void fail(int times, const std::string& name = "ada") {
    for (int i = 0; i < times; ++i) guard_.failed(name);
  }
  // The wait in seconds; 0 when the name is free.
  std::int64_t wait(const std::string& name = "ada") {
    try {
      guard_.check(name);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::rate_limited);
      EXPECT_EQ(error.slug(), "too_many_attempts");
      return error.retry_after().value().count();
    }
    return 0;
  }

  ManualClock clock_;
  AttemptGuard guard_{clock_};
};

TEST_F(AttemptGuardTest, the_tenth_attempt_meets_the_lock) {
  fail(8);
  EXPECT_EQ(wait(), 0);
  fail(1);
  EXPECT_GT(wait(), 0);
  EXPECT_EQ(wait("bob"), 0) << "names do not touch each other";
}

TEST_F(AttemptGuardTest, the_wait_told_is_enough) {
  fail(4);
  clock_.advance(minutes(10));
  fail(5);
  const auto told = wait();
  EXPECT_LE(told, 301);
  clock_.advance(seconds(told));
  EXPECT_EQ(wait(), 0);
  fail(8);
  EXPECT_EQ(wait(), 0) << "counting starts anew";
}

TEST_F(AttemptGuardTest, a_success_forgets_the_failures) {
  fail(8);
  guard_.succeeded("ada");
  fail(8);
  EXPECT_EQ(wait(), 0);
}

TEST_F(AttemptGuardTest, it_stays_bounded_and_forgets_the_oldest_first) {
  fail(9, "oldest");
  clock_.advance(seconds(1));
  for (int i = 0; i < 99'999; ++i) guard_.failed(std::to_string(i));
  EXPECT_GT(wait("oldest"), 0);
  for (const auto* name : {"!", "ada", "~"}) {  // before, among and after the others by name
    fail(9, name);
    EXPECT_GT(wait(name), 0) << name;
  }
  EXPECT_EQ(wait("oldest"), 0);
}

}  // namespace
}  // namespace aa::identity
