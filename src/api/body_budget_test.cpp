#include "api/body_budget.hpp"

#include <gtest/gtest.h>

#include "core/runtime/executors.hpp"

namespace aa::api {
namespace {

class Zeros final : public http::BodySource {
 public:
  explicit Zeros(std::size_t size) : left_(size) {}
  http::Task<std::size_t> read(std::span<std::byte> buffer) override {
    const auto count = std::min(left_, buffer.size());
    left_ -= count;
    co_return count;
  }

 private:
  std::size_t left_;
};

class BodyBudgetTest : public testing::Test {
 protected:
  std::shared_ptr<http::Request> request(std::size_t bytes) {
    auto out = std::make_shared<http::Request>();
    out->body = std::make_shared<Zeros>(bytes);
    return out;
  }
  std::string slug_of_reading(const std::shared_ptr<http::Request>& request) {
    try {
      runtime::block_on(executors_, request->read_body(1ULL << 30));
      return "";
    } catch (const Error& e) {
      return e.slug();
    }
  }

  runtime::Executors executors_;
  BodyBudget budget_{1 << 20};
};

TEST_F(BodyBudgetTest, holds_no_more_than_its_limit_and_gets_all_back) {
  const auto one = request(700 << 10);
  const auto two = request(700 << 10);
  const auto three = request(700 << 10);
  auto first = std::make_unique<BodyLoan>(one, budget_);
  EXPECT_EQ(slug_of_reading(one), "");
  {
    const BodyLoan second(two, budget_);
    EXPECT_EQ(slug_of_reading(two), "too_busy");
  }
  first.reset();
  const BodyLoan third(three, budget_);
  EXPECT_EQ(slug_of_reading(three), "");
}

TEST_F(BodyBudgetTest, small_bodies_pass_when_it_is_spent) {
  budget_.take(1 << 20);
  const auto small = request(60 << 10);
  const BodyLoan loan(small, budget_);
  EXPECT_EQ(slug_of_reading(small), "");
}

TEST_F(BodyBudgetTest, the_request_has_its_own_body_again_afterwards) {
  const auto one = request(10);
  const auto* body = one->body.get();
  { const BodyLoan loan(one, budget_); }
  EXPECT_EQ(one->body.get(), body);
}

}  // namespace
}  // namespace aa::api
