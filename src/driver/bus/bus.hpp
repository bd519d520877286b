// News between the instances of an installation: publish and subscribe, best effort.
//
// Nothing that must not be lost travels here: the database has it, and a subscriber that hears of
// it late or never finds it by looking. In memory for one process; Redis (RESP over hiredis) for
// many. Thread rule: any thread; listeners are called on the io executor, never from within
// publish(). Errors: none; a bus that is cut off reconnects by itself and says so in connected()
// and metrics.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace aa::bus {

using Listener = std::function<void(const std::string& message)>;

// Hearing ends when this is destroyed; a call under way is waited for.
class Subscription {
 public:
  virtual ~Subscription() = default;
};

class Bus {
 public:
  virtual ~Bus() = default;
  virtual void publish(const std::string& channel, std::string message) = 0;
  // One's own messages are heard too.
  virtual std::unique_ptr<Subscription> subscribe(std::string channel, Listener listener) = 0;
  // Whether news of other instances arrive at present; true for a bus in memory.
  virtual bool connected() const = 0;
};

}  // namespace aa::bus
