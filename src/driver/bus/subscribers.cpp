#include "driver/bus/subscribers.hpp"

#include <boost/asio/post.hpp>

namespace aa::bus {

struct Subscribers::Entry {
  explicit Entry(Listener called) : listener(std::move(called)) {}
  std::recursive_mutex calling;
  bool ended = false;
  Listener listener;
};

class Subscribers::Hold final : public Subscription {
 public:
  Hold(std::shared_ptr<Subscribers> owner, std::string channel, std::shared_ptr<Entry> entry)
      : owner_(std::move(owner)), channel_(std::move(channel)), entry_(std::move(entry)) {}
  ~Hold() override {
    {
      const std::lock_guard lock(entry_->calling);
      entry_->ended = true;
    }
    owner_->remove(channel_, entry_);
  }

 private:
  std::shared_ptr<Subscribers> owner_;
  std::string channel_;
  std::shared_ptr<Entry> entry_;
};

Subscribers::Subscribers(runtime::Executor io) : strand_(boost::asio::make_strand(std::move(io))) {}

std::unique_ptr<Subscription> Subscribers::add(std::string channel, Listener listener) {
  auto entry = std::make_shared<Entry>(std::move(listener));
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    auto& listeners = channels_[channel];
    first = listeners.empty();
    listeners.push_back(entry);
    if (first && on_change_) on_change_(channel, true);
  }
  return std::make_unique<Hold>(shared_from_this(), std::move(channel), std::move(entry));
}

void Subscribers::remove(const std::string& channel, const std::shared_ptr<Entry>& entry) {
  const std::lock_guard lock(mutex_);
  const auto it = channels_.find(channel);
  std::erase(it->second, entry);
  if (!it->second.empty()) return;
  channels_.erase(it);
  if (on_change_) on_change_(channel, false);
}

void Subscribers::deliver(std::string channel, std::string message) {
  boost::asio::post(strand_, [self = shared_from_this(), channel = std::move(channel),
                              message = std::move(message)] { self->call_all(channel, message); });
}

void Subscribers::call_all(const std::string& channel, const std::string& message) {
  std::vector<std::shared_ptr<Entry>> listeners;
  {
    const std::lock_guard lock(mutex_);
    const auto it = channels_.find(channel);
    if (it != channels_.end()) listeners = it->second;
  }
  for (const auto& entry : listeners) {
    const std::lock_guard lock(entry->calling);
    if (!entry->ended) entry->listener(message);
  }
}

std::vector<std::string> Subscribers::channels() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  out.reserve(channels_.size());
  for (const auto& [channel, listeners] : channels_) out.push_back(channel);
  return out;
}

}  // namespace aa::bus
