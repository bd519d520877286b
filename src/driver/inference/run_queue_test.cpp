#include "driver/inference/run_queue.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::inference::detail {
namespace {

using std::chrono::seconds;

class RunQueueTest : public ::testing::Test {
 protected:
  JobPtr push(Lane lane, std::string path = "a.onnx") {
    auto job = std::make_shared<Job>();
    job->lane = lane;
    job->key = {std::move(path), lane == Lane::bulk};
    queue.push(job);
    return job;
  }
  JobPtr start(Lane lane = Lane::bulk) {
    auto jobs = start_batch(lane, 1);
    return jobs.empty() ? nullptr : jobs.front();
  }
  Jobs start_batch(Lane lane, std::size_t most) {
    return queue.start(
        lane, now, [](const SessionKey&) { return true; },
        [most](const SessionKey&) { return most; });
  }
  JobPtr click() {
    push(Lane::interactive);
    return start(Lane::interactive);
  }

  RunQueue queue{{.slots = 4, .interactive_max = 2, .waiting_max = 3}};
  RunQueue::TimePoint now{seconds(1000)};
};

TEST_F(RunQueueTest, bulk_takes_every_slot_while_nobody_clicks) {
  for (int i = 0; i < 4; ++i) EXPECT_TRUE((push(Lane::bulk), start()));
  push(Lane::bulk);
  EXPECT_FALSE(start());
  EXPECT_EQ(queue.running(Lane::bulk), 4U);
  EXPECT_EQ(queue.in_the_way(), 0U);
}

TEST_F(RunQueueTest, a_click_needs_no_slot_and_tells_who_is_in_its_way) {
  for (int i = 0; i < 4; ++i) (push(Lane::bulk), start());
  push(Lane::interactive);
  EXPECT_EQ(queue.in_the_way(), 2U);
  EXPECT_TRUE(start(Lane::interactive));
  EXPECT_EQ(queue.in_the_way(), 2U);
  queue.finish(Lane::bulk, now);
  queue.finish(Lane::bulk, now);
  EXPECT_EQ(queue.in_the_way(), 0U);
}

TEST_F(RunQueueTest, bulk_leaves_room_while_a_click_runs) {
  ASSERT_TRUE(click());
  for (int i = 0; i < 3; ++i) push(Lane::bulk);
  EXPECT_TRUE(start());
  EXPECT_TRUE(start());
  EXPECT_FALSE(start());
  queue.finish(Lane::interactive, now);
  EXPECT_TRUE(start());
}

TEST_F(RunQueueTest, bulk_that_got_nothing_done_for_long_starts_beside_clicks) {
  RunQueue small({.slots = 2, .interactive_max = 2, .waiting_max = 3});
  queue = small;
  push(Lane::bulk);
  ASSERT_TRUE(start());
  ASSERT_TRUE(click());
  queue.finish(Lane::bulk, now);
  push(Lane::bulk);
  EXPECT_FALSE(start());
  now += kBulkPatience;
  EXPECT_TRUE(start());
}

TEST_F(RunQueueTest, jobs_put_back_come_first_and_in_order) {
  const auto a = push(Lane::bulk);
  const auto b = push(Lane::bulk);
  const auto c = push(Lane::bulk);
  start();
  start();
  queue.finish(Lane::bulk, now);
  queue.finish(Lane::bulk, now);
  queue.put_back({a, b});
  EXPECT_EQ(queue.waiting(Lane::bulk), 3U);
  EXPECT_EQ(start(), a);
  EXPECT_EQ(start(), b);
  EXPECT_EQ(start(), c);
}

TEST_F(RunQueueTest, runs_of_one_model_start_together) {
  const auto with_input = [this](const char* path, std::int64_t size) {
    auto job = push(Lane::bulk, path);
    job->inputs.push_back(Tensor::of_floats("x", {1, size}));
    return job;
  };
  const auto a = with_input("a.onnx", 3);
  const auto other = with_input("b.onnx", 3);
  const auto b = with_input("a.onnx", 3);
  EXPECT_EQ(start_batch(Lane::bulk, 8), (Jobs{a, b}));
  EXPECT_EQ(queue.running(Lane::bulk), 1U);
  const auto larger = with_input("b.onnx", 4);
  EXPECT_EQ(start_batch(Lane::bulk, 8), (Jobs{other}));
  const auto last = with_input("b.onnx", 4);
  EXPECT_EQ(start_batch(Lane::bulk, 1), (Jobs{larger}));
  EXPECT_EQ(start_batch(Lane::bulk, 8), (Jobs{last}));
}

TEST_F(RunQueueTest, a_full_lane_refuses_with_a_retry_time) {
  for (int i = 0; i < 3; ++i) push(Lane::bulk);
  try {
    push(Lane::bulk);
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.slug(), "inference_busy");
    EXPECT_TRUE(e.retry_after().has_value());
  }
  EXPECT_NO_THROW(push(Lane::interactive));
}

TEST_F(RunQueueTest, passes_over_models_that_are_being_loaded) {
  push(Lane::bulk, "slow.onnx");
  const auto other = push(Lane::bulk, "ready.onnx");
  const auto ready = [](const SessionKey& key) { return key.path != "slow.onnx"; };
  const auto alone = [](const SessionKey&) { return std::size_t{1}; };
  EXPECT_EQ(queue.start(Lane::bulk, now, ready, alone), Jobs{other});
  EXPECT_TRUE(queue.start(Lane::bulk, now, ready, alone).empty());
}

TEST_F(RunQueueTest, removed_jobs_do_not_start) {
  const auto job = push(Lane::bulk);
  const auto other = push(Lane::bulk, "b.onnx");
  EXPECT_TRUE(queue.remove(job));
  EXPECT_FALSE(queue.remove(job));
  EXPECT_EQ(queue.take_all(other->key).size(), 1U);
  EXPECT_FALSE(start());
}

}  // namespace
}  // namespace aa::inference::detail
