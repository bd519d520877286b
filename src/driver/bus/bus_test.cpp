#include <future>

#include <gtest/gtest.h>

#include "core/runtime/executors.hpp"
#include "driver/bus/memory_bus.hpp"

namespace aa::bus {
namespace {

// Collects what one subscription hears.
struct Heard {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> messages;

  Listener listener() {
    return [this](const std::string& message) {
      const std::lock_guard lock(mutex);
      messages.push_back(message);
      changed.notify_all();
    };
  }
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, std::chrono::seconds(20), [&] { return messages.size() >= count; });
    return messages;
  }
};

struct MemoryBus : testing::Test {
  runtime::Executors executors{{.io_threads = 2, .compute_threads = 1, .blocking_threads = 1}};
  std::unique_ptr<Bus> bus = make_memory_bus(executors.io());
};

TEST_F(MemoryBus, WhoSubscribedHearsInOrder) {
  Heard heard;
  const auto held = bus->subscribe("a", heard.listener());
  std::vector<std::string> sent;
  for (int i = 0; i < 100; ++i) sent.push_back(std::to_string(i));
  for (const auto& text : sent) bus->publish("a", text);
  EXPECT_EQ(heard.wait_for(100), sent);
  EXPECT_TRUE(bus->connected());
}

TEST_F(MemoryBus, OtherChannelsAreNotHeard) {
  Heard a;
  Heard b;
  const auto hold_a = bus->subscribe("a", a.listener());
  const auto hold_b = bus->subscribe("b", b.listener());
  bus->publish("b", "1");
  bus->publish("a", "2");
  EXPECT_EQ(a.wait_for(1), std::vector<std::string>{"2"});
  EXPECT_EQ(b.wait_for(1), std::vector<std::string>{"1"});
}

TEST_F(MemoryBus, NothingIsHeardAfterTheEnd) {
  Heard gone;
  Heard stays;
  auto hold = bus->subscribe("a", gone.listener());
  const auto other = bus->subscribe("a", stays.listener());
  bus->publish("a", "1");
  stays.wait_for(1);
  gone.wait_for(1);
  hold.reset();
  bus->publish("a", "2");
  stays.wait_for(2);
  EXPECT_EQ(gone.wait_for(1), std::vector<std::string>{"1"});
}

TEST_F(MemoryBus, AListenerMayEndItself) {
  std::promise<void> ended;
  std::unique_ptr<Subscription> hold;
  hold = bus->subscribe("a", [&](const std::string&) {
    hold.reset();
    ended.set_value();
  });
  bus->publish("a", "1");
  EXPECT_EQ(ended.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

}  // namespace
}  // namespace aa::bus
