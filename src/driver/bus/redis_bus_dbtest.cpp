// Against a real server: script/with_redis. Without it these are skipped.
#include <condition_variable>
#include <cstdlib>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/runtime/executors.hpp"
#include "driver/bus/open_bus.hpp"

namespace aa::bus {
namespace {

using std::chrono::seconds;

const char* redis_url() { return std::getenv("ANNOTATEAI_TEST_REDIS"); }

void control(const char* action) {
  const std::string command = std::string(std::getenv("ANNOTATEAI_TEST_REDIS_CTL")) + " " + action;
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_EQ(status, 0) << command;
}

bool wait_until(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

struct Heard {
  std::mutex mutex;
  std::vector<std::string> messages;
  Listener listener() {
    return [this](const std::string& message) {
      const std::lock_guard lock(mutex);
      messages.push_back(message);
    };
  }
  bool has(const std::string& text) {
    const std::lock_guard lock(mutex);
    return std::ranges::find(messages, text) != messages.end();
  }
};

// Two instances.
struct RedisBus : testing::Test {
  void SetUp() override {
    if (redis_url() == nullptr) GTEST_SKIP() << "no Redis: script/with_redis";
    one = open(Secret(redis_url()), executors, metrics);
    two = open(Secret(redis_url()), executors, metrics);
    ASSERT_TRUE(wait_until([&] { return one->connected() && two->connected(); }));
  }
  // Until what one says is heard by the other: a subscription takes a moment.
  bool heard_somewhen(Bus& from, const std::string& channel, Heard& heard,
                      const std::string& text) {
    return wait_until([&] {
      from.publish(channel, text);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      return heard.has(text);
    });
  }

  observe::Metrics metrics;
  runtime::Executors executors{{.io_threads = 2, .compute_threads = 1, .blocking_threads = 1}};
  std::unique_ptr<Bus> one;
  std::unique_ptr<Bus> two;
};

TEST_F(RedisBus, InstancesHearEachOtherAndThemselves) {
  Heard here;
  Heard there;
  const auto hold_here = one->subscribe("test:a", here.listener());
  const auto hold_there = two->subscribe("test:a", there.listener());
  const std::string odd("\r\n$5\r\n\0x", 9);
  EXPECT_TRUE(heard_somewhen(*one, "test:a", there, odd));
  EXPECT_TRUE(heard_somewhen(*one, "test:a", here, odd));
}

TEST_F(RedisBus, WhatIsNotSubscribedIsNotHeard) {
  Heard a;
  Heard b;
  auto hold_a = two->subscribe("test:a", a.listener());
  const auto hold_b = two->subscribe("test:b", b.listener());
  ASSERT_TRUE(heard_somewhen(*one, "test:a", a, "first"));
  hold_a.reset();
  one->publish("test:a", "second");
  ASSERT_TRUE(heard_somewhen(*one, "test:b", b, "third"));
  EXPECT_FALSE(a.has("second"));
  EXPECT_FALSE(b.has("first"));
}

TEST_F(RedisBus, ItComesBackWithItsSubscriptionsAfterTheServerDied) {
  Heard heard;
  const auto hold = two->subscribe("test:a", heard.listener());
  ASSERT_TRUE(heard_somewhen(*one, "test:a", heard, "before"));
  control("stop");
  EXPECT_TRUE(wait_until([&] { return !one->connected() && !two->connected(); }));
  const auto late = two->subscribe("test:b", heard.listener());
  for (int i = 0; i < 20'000; ++i) one->publish("test:a", "in between");
  control("start");
  EXPECT_TRUE(wait_until([&] { return one->connected() && two->connected(); }));
  EXPECT_TRUE(heard_somewhen(*one, "test:a", heard, "after"));
  EXPECT_TRUE(heard_somewhen(*one, "test:b", heard, "new channel"));
}

TEST_F(RedisBus, AServerThatHangsCountsAsAway) {
  control("pause");
  EXPECT_TRUE(wait_until([&] { return !one->connected() && !two->connected(); }));
  control("resume");
  EXPECT_TRUE(wait_until([&] { return one->connected() && two->connected(); }));
}

TEST_F(RedisBus, AWrongPasswordIsNeverConnected) {
  std::string url = redis_url();
  url.replace(url.find("throw-away"), 10, "wrong");
  const auto refused = open(Secret(url), executors, metrics);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_FALSE(refused->connected());
}

}  // namespace
}  // namespace aa::bus
