// WebSocket (RFC 6455), the server's side, without extensions.
//
// A route answers a request with Response::upgrade_to(...): the connection then leaves HTTP and its
// memory behind. Outgoing frames are encoded once and shared by all who receive them; on plain TCP
// they are written by the sending thread itself unless earlier ones still wait.
//
// Limits: WebSocketLimits. A peer that breaks the protocol is closed with 1002, bad UTF-8 1007, a
// message that is too large 1009, one that does not read or is silent 1008 or 1001. Binary messages
// are refused (1003).
//
// Thread rule: WebSocket's calls from any thread; WebSocketHandler is called on the socket's
// strand, one call at a time, on_close() last and exactly once.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/runtime/task.hpp"

namespace aa::http {

// Header and payload of one message, ready to be written.
using Frame = std::shared_ptr<const std::string>;
Frame text_frame(std::string_view payload);

struct WebSocketLimits {
  std::size_t message_bytes_max = 1 << 20;
  std::size_t fragments_max = 1'000;               // of one message
  std::chrono::milliseconds message_time{10'000};  // from its first byte to its last
  std::size_t queue_bytes_max = 1 << 20;           // beyond: the peer does not read, see send()
  std::chrono::milliseconds ping_every{20'000};
  std::chrono::milliseconds silence_max{50'000};  // nothing received, pongs included
};

class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // False: closed, or the peer does not read and is now being cut (1008).
  virtual bool send(Frame frame) = 0;
  // Only when nothing waits to be written before it; false when it was dropped.
  virtual bool send_if_idle(Frame frame) = 0;
  // Says goodbye and closes; what was sent before still leaves, within two seconds.
  virtual void close(std::uint16_t code, std::string reason) = 0;
  virtual std::size_t queued_bytes() const = 0;
  virtual const runtime::Executor& executor() const = 0;  // its strand
};

class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;
  virtual void on_open(std::shared_ptr<WebSocket> socket) = 0;
  virtual void on_text(std::string message) = 0;
  virtual void on_close(std::uint16_t code) = 0;
  virtual WebSocketLimits limits() const { return {}; }
};

}  // namespace aa::http
