#include "driver/inference/batch.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::inference::detail {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

std::vector<Tensor> run(float first, std::vector<std::int64_t> shape = {1, 3}) {
  std::vector<Tensor> out;
  out.push_back(Tensor::of_floats("x", std::move(shape)));
  for (float& value : out[0].floats()) value = first++;
  return out;
}

void feed(BatchChoice& choice, std::size_t size, microseconds took, int times = 4) {
  for (int i = 0; i < times; ++i) choice.measured(size, took);
}

TEST(Batch, joined_runs_come_apart_again) {
  const auto a = run(1);
  const auto b = run(10);
  const auto both = join({&a, &b});
  ASSERT_EQ(both.size(), 1U);
  EXPECT_EQ(both[0].shape, (std::vector<std::int64_t>{2, 3}));
  const auto parts = split(both, 2);
  EXPECT_TRUE(agree(parts[0], a));
  EXPECT_TRUE(agree(parts[1], b));
  EXPECT_FALSE(agree(parts[1], a));
  EXPECT_EQ(parts[1][0].floats()[2], 12.0F);
}

TEST(Batch, only_runs_of_one_shape_and_type_are_joined) {
  EXPECT_TRUE(joinable(run(1), run(2)));
  EXPECT_FALSE(joinable(run(1), run(1, {1, 4})));
  EXPECT_FALSE(joinable(run(1, {2, 3}), run(1, {2, 3})));
  auto other = run(1);
  other[0].type = ElementType::int32;
  EXPECT_FALSE(joinable(run(1), other));
  other = run(1);
  other[0].name = "y";
  EXPECT_FALSE(joinable(run(1), other));
}

TEST(Batch, outputs_without_a_row_per_run_are_refused) {
  EXPECT_THROW(split(run(1, {3, 2}), 2), Error);
  EXPECT_THROW(split(run(1, {}), 2), Error);
}

TEST(BatchChoice, climbs_while_it_helps) {
  BatchChoice choice;
  EXPECT_EQ(choice.limit(), 1U);
  feed(choice, 1, microseconds(10'000));
  EXPECT_EQ(choice.limit(), 2U);
  feed(choice, 2, microseconds(12'000));
  EXPECT_EQ(choice.limit(), 4U);
  feed(choice, 4, microseconds(24'000));  // 6 ms each, as with two
  EXPECT_TRUE(choice.settled());
  EXPECT_EQ(choice.limit(), 2U);
  feed(choice, 2, microseconds(1));
  EXPECT_EQ(choice.limit(), 2U);
}

TEST(BatchChoice, stays_single_when_a_batch_is_no_faster) {
  BatchChoice choice;
  feed(choice, 1, microseconds(10'000));
  feed(choice, 2, microseconds(19'500));
  EXPECT_TRUE(choice.settled());
  EXPECT_EQ(choice.limit(), 1U);
}

TEST(BatchChoice, keeps_runs_short_for_the_sake_of_clicks) {
  BatchChoice choice;
  feed(choice, 1, milliseconds(60));
  EXPECT_TRUE(choice.settled());
  EXPECT_EQ(choice.limit(), 1U);
}

TEST(BatchChoice, the_first_run_of_a_size_and_other_sizes_do_not_count) {
  BatchChoice choice;
  feed(choice, 1, microseconds(90'000), 1);
  feed(choice, 1, microseconds(10'000), 3);
  feed(choice, 1, microseconds(1));
  feed(choice, 2, microseconds(90'000), 1);
  feed(choice, 2, microseconds(12'000), 3);
  EXPECT_EQ(choice.limit(), 4U);
}

TEST(BatchChoice, is_given_up_for_good) {
  BatchChoice choice;
  feed(choice, 1, microseconds(10'000));
  choice.give_up();
  feed(choice, 2, microseconds(1));
  EXPECT_EQ(choice.limit(), 1U);
}

}  // namespace
}  // namespace aa::inference::detail
