#include "driver/bus/memory_bus.hpp"

#include "driver/bus/subscribers.hpp"

namespace aa::bus {
namespace {

class MemoryBus final : public Bus {
 public:
  explicit MemoryBus(runtime::Executor io)
      : subscribers_(std::make_shared<Subscribers>(std::move(io))) {}

  void publish(const std::string& channel, std::string message) override {
    subscribers_->deliver(channel, std::move(message));
  }
  std::unique_ptr<Subscription> subscribe(std::string channel, Listener listener) override {
    return subscribers_->add(std::move(channel), std::move(listener));
  }
  bool connected() const override { return true; }

 private:
  std::shared_ptr<Subscribers> subscribers_;
};

}  // namespace

std::unique_ptr<Bus> make_memory_bus(runtime::Executor io) {
  return std::make_unique<MemoryBus>(std::move(io));
}

}  // namespace aa::bus
