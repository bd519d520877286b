#include "driver/bus/redis_bus.hpp"

#include <boost/asio/strand.hpp>

#include "core/observe/log.hpp"
#include "driver/bus/redis_link.hpp"
#include "driver/bus/subscribers.hpp"

namespace aa::bus {
namespace {

constexpr std::size_t kMessageItems = 3;  // "message", channel, text
constexpr std::size_t kChannelsPerCommand = 500;

void count(observe::Metrics& metrics, const char* direction) {
  metrics.add("aa_bus_messages_total", "Messages to and from other instances",
              {{"direction", direction}});
}

void tell_state(observe::Metrics& metrics, const char* link, bool up) {
  metrics.set("aa_bus_connected", "Whether the connection to Redis stands", {{"link", link}},
              up ? 1 : 0);
}

std::string subscribe_all(const std::vector<std::string>& channels) {
  std::string out;
  for (std::size_t i = 0; i < channels.size(); i += kChannelsPerCommand) {
    std::vector<std::string> words{"SUBSCRIBE"};
    const auto end = std::min(channels.size(), i + kChannelsPerCommand);
    words.insert(words.end(), channels.begin() + static_cast<std::ptrdiff_t>(i),
                 channels.begin() + static_cast<std::ptrdiff_t>(end));
    out += redis_command(words);
  }
  return out;
}

class RedisBus final : public Bus {
 public:
  RedisBus(RedisAddress address, runtime::Executor io, observe::Metrics& metrics)
      : metrics_(metrics) {
    const runtime::Executor strand = boost::asio::make_strand(io);
    publisher_ = std::make_shared<RedisLink>(address, strand, publisher_events());
    subscribers_ = std::make_shared<Subscribers>(io);
    subscriber_ = std::make_shared<RedisLink>(std::move(address), strand, subscriber_events());
    // While the link is down this waits with the rest; it subscribes to all when it is up again.
    subscribers_->on_change(
        [link = std::weak_ptr(subscriber_)](const std::string& channel, bool wanted) {
          if (const auto held = link.lock()) {
            held->send(redis_command({wanted ? "SUBSCRIBE" : "UNSUBSCRIBE", channel}));
          }
        });
    tell_state(metrics_, "publish", false);
    tell_state(metrics_, "subscribe", false);
    publisher_->start();
    subscriber_->start();
  }
  ~RedisBus() override {
    publisher_->stop();
    subscriber_->stop();
  }

  void publish(const std::string& channel, std::string message) override {
    count(metrics_, "out");
    publisher_->send(redis_command({"PUBLISH", channel, std::move(message)}));
  }
  std::unique_ptr<Subscription> subscribe(std::string channel, Listener listener) override {
    return subscribers_->add(std::move(channel), std::move(listener));
  }
  bool connected() const override { return publisher_->up() && subscriber_->up(); }

 private:
  LinkEvents publisher_events() {
    LinkEvents out;
    out.on_reply = [](RedisReply reply) {
      if (reply.error) observe::warn("redis_refused", {{"reason", reply.text}});
    };
    out.on_state = [&metrics = metrics_](bool up) { tell_state(metrics, "publish", up); };
    return out;
  }

  // The links may outlive this bus by the time that stopping takes: nothing here names `this`.
  LinkEvents subscriber_events() {
    LinkEvents out;
    out.on_open = [subscribers = subscribers_] { return subscribe_all(subscribers->channels()); };
    out.on_reply = [subscribers = subscribers_, &metrics = metrics_](RedisReply reply) {
      if (reply.items.size() != kMessageItems || reply.items[0].text != "message") return;
      count(metrics, "in");
      subscribers->deliver(std::move(reply.items[1].text), std::move(reply.items[2].text));
    };
    out.on_state = [&metrics = metrics_](bool up) { tell_state(metrics, "subscribe", up); };
    return out;
  }

  observe::Metrics& metrics_;
  std::shared_ptr<RedisLink> publisher_;
  std::shared_ptr<Subscribers> subscribers_;
  std::shared_ptr<RedisLink> subscriber_;
};

}  // namespace

std::unique_ptr<Bus> make_redis_bus(RedisAddress address, runtime::Executor io,
                                    observe::Metrics& metrics) {
  return std::make_unique<RedisBus>(std::move(address), std::move(io), metrics);
}

}  // namespace aa::bus
