// Who listens to which channel of a bus, and the calling of them, one message after the other.
//
// Thread rule: any thread. A listener may end its own subscription.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include "core/runtime/task.hpp"
#include "driver/bus/bus.hpp"

namespace aa::bus {

class Subscribers : public std::enable_shared_from_this<Subscribers> {
 public:
  // Told of a channel when its first listener comes and when its last one has gone.
  using OnChange = std::function<void(const std::string& channel, bool wanted)>;

  explicit Subscribers(runtime::Executor io);
  void on_change(OnChange told) { on_change_ = std::move(told); }  // before the first comes

  std::unique_ptr<Subscription> add(std::string channel, Listener listener);
  // Later, on the io executor.
  void deliver(std::string channel, std::string message);
  std::vector<std::string> channels() const;

 private:
  struct Entry;
  class Hold;
  void call_all(const std::string& channel, const std::string& message);
  void remove(const std::string& channel, const std::shared_ptr<Entry>& entry);

  boost::asio::strand<runtime::Executor> strand_;
  OnChange on_change_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<std::shared_ptr<Entry>>> channels_;
};

}  // namespace aa::bus
