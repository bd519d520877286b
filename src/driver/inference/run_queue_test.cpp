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
  JobPtr start() {
    return queue.start(now, [](const SessionKey&) { return true; });
  }

  RunQueue queue{{.slots = 2, .interactive_max = 2, .waiting_max = 3}};
  RunQueue::TimePoint now{seconds(1000)};
};

TEST_F(RunQueueTest, interactive_runs_overtake_bulk) {
  const auto bulk = push(Lane::bulk);
  const auto click = push(Lane::interactive);
  EXPECT_EQ(start(), click);
  EXPECT_EQ(start(), bulk);
  EXPECT_EQ(start(), nullptr);
}

TEST_F(RunQueueTest, bulk_takes_every_slot_while_nobody_clicks) {
  push(Lane::bulk);
  push(Lane::bulk);
  push(Lane::bulk);
  EXPECT_TRUE(start());
  EXPECT_TRUE(start());
  EXPECT_FALSE(start());
  EXPECT_EQ(queue.running(Lane::bulk), 2U);
}

TEST_F(RunQueueTest, a_slot_stays_free_for_a_while_after_a_click) {
  push(Lane::interactive);
  ASSERT_TRUE(start());
  push(Lane::bulk);
  push(Lane::bulk);
  EXPECT_TRUE(start());
  queue.finish(Lane::interactive, now);
  EXPECT_FALSE(start());
  EXPECT_TRUE((push(Lane::interactive), start()));
  queue.finish(Lane::interactive, now);
  now += kInteractiveQuiet;
  EXPECT_TRUE(start());
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
  EXPECT_EQ(queue.start(now, ready), other);
  EXPECT_EQ(queue.start(now, ready), nullptr);
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
