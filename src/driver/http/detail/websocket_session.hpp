// One WebSocket from the answer 101 to its end.
//
// On plain TCP an idle one holds no buffer: it waits until bytes are there and reads them into one
// that its thread keeps. Over TLS it holds a small one. Frames leave through the outbox.
//
//   open      messages go to the handler
//   closing   our Close is on its way, the handler knows; only the peer's Close is awaited
//   failing   as closing, after a fault of the peer: what it sends is not looked at
//   ended     the socket is closed
//
// Thread rule: as WebSocket and Served say; the rest on the strand. Errors: none leave it.
#pragma once

#include <atomic>
#include <functional>

#include "driver/http/detail/deadlines.hpp"
#include "driver/http/detail/served.hpp"
#include "driver/http/detail/transport.hpp"
#include "driver/http/detail/websocket_outbox.hpp"
#include "driver/http/detail/websocket_parser.hpp"

namespace aa::http {

struct ConnectionContext;

class WebSocketSession final : public WebSocket,
                               public Served,
                               public Deadlines::Waiter,
                               public std::enable_shared_from_this<WebSocketSession> {
 public:
  using Ended = std::function<void(const std::shared_ptr<Served>&)>;

  // `early`: what came behind the request.
  WebSocketSession(std::shared_ptr<ConnectionContext> context, runtime::Executor strand,
                   std::unique_ptr<Transport> transport, std::shared_ptr<WebSocketHandler> handler,
                   std::string early);

  void start(Ended ended);  // once, from any thread; `ended` is called once, on the strand

  bool send(Frame frame) override;
  bool send_if_idle(Frame frame) override;
  void close(std::uint16_t code, std::string reason) override;
  std::size_t queued_bytes() const override { return outbox_.queued_bytes(); }
  const runtime::Executor& executor() const override { return strand_; }

  void begin_drain() override;
  void cut() override;
  void on_deadline() override;

 private:
  enum class State : std::uint8_t { open, closing, failing, ended };
  using Clock = std::chrono::steady_clock;
  using TimePoint = Clock::time_point;

  void open();
  void read();
  void on_readable();
  void on_end_of_peer(boost::system::error_code error);
  void take(std::string_view bytes);
  void handle(WebSocketParser::Found found, std::string& pongs);
  void call_handler(const std::function<void(WebSocketHandler&)>& call);
  bool put(Frame frame, WebSocketOutbox::When when);
  void pump();
  void wait_writable();
  runtime::Task<> flush_tls();
  runtime::Task<> shut_down();
  void on_flushed();
  void fail(std::uint16_t code, std::string_view reason);
  void begin_close(std::uint16_t code, State next);
  void tell_close(std::uint16_t code);
  void lose();
  void finish(bool properly);
  void note_message_time(bool whole_one);
  void check_time();
  void schedule();

  std::shared_ptr<ConnectionContext> context_;
  runtime::Executor strand_;
  std::unique_ptr<Transport> transport_;
  std::shared_ptr<WebSocketHandler> handler_;  // null once it was told of the end
  WebSocketLimits limits_;
  Ended ended_;
  WebSocketParser parser_;
  WebSocketOutbox outbox_;
  std::string buffer_;  // of TLS; first what came early
  TimePoint heard_;
  TimePoint pinged_;
  TimePoint began_ = TimePoint::max();  // the message that is not whole
  TimePoint due_ = TimePoint::max();    // of the deadline that is set
  State state_ = State::open;
  std::atomic<bool> closing_ = false;  // close() was called, the strand may not know yet
  bool peer_closed_ = false;
  bool writing_ = false;  // over TLS, or waiting for room on plain TCP
  bool sending_ended_ = false;
};

}  // namespace aa::http
