#include "api/body_budget.hpp"

#include <gtest/gtest.h>

namespace aa::api {
namespace {

bool fits(BodyBudget& budget, std::uint64_t bytes, std::shared_ptr<const void>& lease) {
  try {
    lease = budget.take(bytes);
    return true;
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::unavailable);
    EXPECT_EQ(e.slug(), "too_busy");
    return false;
  }
}

TEST(BodyBudget, holds_no_more_than_its_limit_and_gets_all_back) {
  BodyBudget budget(100);
  std::shared_ptr<const void> one;
  std::shared_ptr<const void> two;
  EXPECT_TRUE(fits(budget, 60, one));
  EXPECT_FALSE(fits(budget, 41, two));
  EXPECT_TRUE(fits(budget, 40, two));
  one.reset();
  EXPECT_FALSE(fits(budget, 61, one));
  EXPECT_TRUE(fits(budget, 60, one));
}

}  // namespace
}  // namespace aa::api
