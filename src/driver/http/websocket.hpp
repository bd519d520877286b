// WebSocket (RFC 6455), the server's side, without extensions.
//
// A route answers a request with Response::upgrade_to(...): the connection then leaves HTTP and its
// memory behind. Outgoing frames are encoded once and shared by all who receive them; on plain TCP
// they are written by the sending thread itself unless earlier ones still wait. The server counts a
// socket as a connection, and closes it with 1001 when it drains.
//
// Limits: WebSocketLimits. A peer that breaks the protocol is closed with 1002, bad UTF-8 1007, a
// message that is too large 1009, one that does not read, is slow or silent 1008. Binary messages
// are refused (1003). A handler that throws closes its socket with 1011.
//
// Thread rule: WebSocket's calls from any thread; WebSocketHandler is called on the socket's
// strand, one call at a time, on_close() last and exactly once. None of them is called when the
// client left before the upgrade was done.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "driver/http/message.hpp"

namespace aa::http {

// Header and payload of one message, ready to be written.
using Frame = std::shared_ptr<const std::string>;
Frame text_frame(std::string_view payload);

// What keeps a request from becoming a WebSocket (RFC 6455 section 4.2.1), as the answer to give:
// 400 or 426. The server asks by itself; a route asks first when its own check spends something.
std::optional<Response> websocket_refusal(const Request& request);

struct WebSocketLimits {
  std::size_t message_bytes_max = 1 << 20;
  std::size_t fragments_max = 1'000;               // of one message
  std::chrono::milliseconds message_time{10'000};  // from its first byte to its last
  // Of frames behind the one under way; beyond: the peer does not read, see send().
  std::size_t queue_bytes_max = 1 << 20;
  std::chrono::milliseconds ping_every{20'000};   // of silence
  std::chrono::milliseconds silence_max{50'000};  // nothing received, pongs included
};

class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // False: closed, or the peer does not read and is now being cut (1008).
  virtual bool send(Frame frame) = 0;
  // Only when nothing waits to be written before it; false when it was dropped.
  virtual bool send_if_idle(Frame frame) = 0;
  // Says goodbye and closes; what was sent before still leaves, within two seconds. No message is
  // handed over afterwards.
  virtual void close(std::uint16_t code, std::string reason) = 0;
  virtual std::size_t queued_bytes() const = 0;
  virtual const runtime::Executor& executor() const = 0;  // its strand
};

class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;
  virtual void on_open(std::shared_ptr<WebSocket> socket) = 0;
  virtual void on_text(std::string message) = 0;
  // The code that ended it: the peer's (1005 when it gave none), ours, or 1006 for a lost socket.
  virtual void on_close(std::uint16_t code) = 0;
  virtual WebSocketLimits limits() const { return {}; }
};

}  // namespace aa::http
