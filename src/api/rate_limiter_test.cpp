#include "api/rate_limiter.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace aa::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RateLimiterTest : public testing::Test {
 protected:
  // The wait told, in seconds; 0 when the request was let through.
  std::int64_t take(const std::string& who = "ada", RateClass rate = RateClass::auth) {
    try {
      limiter_.take(who, rate);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::rate_limited);
      EXPECT_EQ(error.slug(), "rate_limited");
      return error.retry_after().value().count();
    }
    return 0;
  }
  int burst(const std::string& who, RateClass rate = RateClass::auth) {
    int passed = 0;
    while (take(who, rate) == 0) ++passed;
    return passed;
  }

  ManualClock clock_;
  RateLimiter limiter_{clock_};
};

TEST_F(RateLimiterTest, a_burst_passes_and_then_the_rate_holds) {
  const auto budget = budget_of(RateClass::auth);
  EXPECT_EQ(burst("ada"), static_cast<int>(budget.burst));
  EXPECT_EQ(take(), 1);
  clock_.advance(milliseconds(999));
  EXPECT_EQ(take(), 1);
  clock_.advance(milliseconds(1));
  EXPECT_EQ(take(), 0);
  EXPECT_EQ(take(), 1);
}

TEST_F(RateLimiterTest, the_wait_told_is_enough_for_every_class) {
  for (const auto rate : {RateClass::auth, RateClass::read, RateClass::write, RateClass::upload,
                          RateClass::inference, RateClass::heavy}) {
    EXPECT_EQ(burst("bob", rate), static_cast<int>(budget_of(rate).burst));
    const auto told = take("bob", rate);
    EXPECT_GE(told, 1);
    clock_.advance(seconds(told));
    EXPECT_EQ(take("bob", rate), 0);
  }
}

TEST_F(RateLimiterTest, people_and_classes_have_budgets_of_their_own) {
  burst("ada");
  EXPECT_EQ(take("bob"), 0);
  EXPECT_EQ(take("ada", RateClass::read), 0);
}

TEST_F(RateLimiterTest, an_idle_bucket_fills_to_its_burst_and_no_further) {
  burst("ada");
  clock_.advance(std::chrono::hours(24));
  EXPECT_EQ(burst("ada"), static_cast<int>(budget_of(RateClass::auth).burst));
}

TEST_F(RateLimiterTest, a_flood_of_names_does_not_free_those_who_are_held) {
  burst("ada");
  for (int i = 0; i < 99'999; ++i) take("n" + std::to_string(i));
  clock_.advance(milliseconds(1'100));  // the flood's buckets are full again, ada's is not
  EXPECT_EQ(take("one more"), 0);
  EXPECT_EQ(take("ada"), 0) << "one token came back";
  EXPECT_GT(take("ada"), 0);
}

TEST_F(RateLimiterTest, when_no_bucket_is_full_the_ones_nearest_to_it_go) {
  burst("ada");
  for (int i = 0; i < 150'000; ++i) take("n" + std::to_string(i));
  EXPECT_GT(take("ada"), 0) << "held as before";
  EXPECT_EQ(take("n1"), 0);
}

TEST_F(RateLimiterTest, what_only_failures_cost_is_asked_for_without_being_taken) {
  const auto allowed = static_cast<int>(budget_of(RateClass::refused_login).burst);
  for (int i = 0; i < 2 * allowed; ++i) limiter_.require("ada", RateClass::refused_login);
  for (int i = 0; i < allowed; ++i) limiter_.charge("ada", RateClass::refused_login);
  EXPECT_THROW(limiter_.require("ada", RateClass::refused_login), Error);
  limiter_.charge("ada", RateClass::refused_login);  // no debt grows
  clock_.advance(std::chrono::seconds(31));
  limiter_.require("ada", RateClass::refused_login);
}

TEST_F(RateLimiterTest, counts_right_from_many_threads) {
  std::atomic<int> passed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) passed += take() == 0 ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(passed, static_cast<int>(budget_of(RateClass::auth).burst));
}

TEST(AddressKey, a_home_of_ipv6_counts_as_one) {
  const auto key = [](const char* text) {
    return address_key(boost::asio::ip::make_address(text));
  };
  EXPECT_EQ(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
  EXPECT_NE(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
  EXPECT_NE(key("192.0.2.1"), key("192.0.2.2"));
  EXPECT_NE(key("::ffff:192.0.2.1"), key("::ffff:192.0.2.2"));
}

}  // namespace
}  // namespace aa::api
