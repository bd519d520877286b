#include "driver/http/detail/websocket_session.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "core/observe/log.hpp"
#include "driver/http/detail/connection.hpp"

namespace aa::http {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kTlsReadBytes = 4 * 1024;
constexpr std::size_t kPongBytesMax = 4 * 1024;  // for the pings of one read; older ones fall
constexpr std::chrono::seconds kFarewell{2};

// A buffer of the thread's own. Handlers of other strands may run inside a call to a handler, so
// that one is taken away for as long as it is in use.
class ReadBuffer {
 public:
  ReadBuffer() : bytes_(std::move(spare())) {
    if (!bytes_) bytes_ = std::make_unique_for_overwrite<char[]>(kReadBytes);
  }
  ~ReadBuffer() { spare() = std::move(bytes_); }
  ReadBuffer(const ReadBuffer&) = delete;
  ReadBuffer& operator=(const ReadBuffer&) = delete;
  char* data() { return bytes_.get(); }

 private:
  static std::unique_ptr<char[]>& spare() {
    thread_local std::unique_ptr<char[]> bytes;
    return bytes;
  }
  std::unique_ptr<char[]> bytes_;
};

int descriptor_of(Transport& transport) {
  auto* plain = transport.plain_socket();
  return plain != nullptr ? plain->native_handle() : -1;
}

}  // namespace

WebSocketSession::WebSocketSession(std::shared_ptr<ConnectionContext> context,
                                   runtime::Executor strand, std::unique_ptr<Transport> transport,
                                   std::shared_ptr<WebSocketHandler> handler, std::string early)
    : context_(std::move(context)),
      strand_(std::move(strand)),
      transport_(std::move(transport)),
      handler_(std::move(handler)),
      limits_(handler_->limits()),
      parser_(limits_.message_bytes_max, limits_.fragments_max),
      outbox_(descriptor_of(*transport_), limits_.queue_bytes_max),
      buffer_(std::move(early)),
      heard_(Clock::now()),
      pinged_(heard_) {}

void WebSocketSession::start(Ended ended) {
  ended_ = std::move(ended);
  asio::post(strand_, [self = shared_from_this()] { self->open(); });
}

void WebSocketSession::open() {
  if (state_ == State::ended) return;
  schedule();
  call_handler([this](WebSocketHandler& handler) { handler.on_open(shared_from_this()); });
  const std::string early = std::exchange(buffer_, {});
  take(early);
  if (transport_->plain_socket() == nullptr) buffer_.resize(kTlsReadBytes);
  read();
}

bool WebSocketSession::put(Frame frame, WebSocketOutbox::When when) {
  const auto outcome = outbox_.put(std::move(frame), when);
  if (outcome.wake) asio::post(strand_, [self = shared_from_this()] { self->pump(); });
  return outcome.taken;
}

bool WebSocketSession::send(Frame frame) {
  return put(std::move(frame), WebSocketOutbox::When::always);
}

bool WebSocketSession::send_if_idle(Frame frame) {
  return put(std::move(frame), WebSocketOutbox::When::idle);
}

void WebSocketSession::close(std::uint16_t code, std::string reason) {
  if (!outbox_.shut(close_frame(code, reason)).taken) return;
  closing_ = true;
  asio::post(strand_,
             [self = shared_from_this(), code] { self->begin_close(code, State::closing); });
}

void WebSocketSession::begin_drain() { close(close_code::kGoingAway, "the server goes away"); }

void WebSocketSession::cut() {
  asio::post(strand_, [self = shared_from_this()] {
    self->tell_close(close_code::kGoingAway);
    self->finish(false);
  });
}

void WebSocketSession::read() {
  if (state_ == State::ended) return;
  if (auto* plain = transport_->plain_socket()) {
    plain->async_wait(Socket::wait_read,
                      [self = shared_from_this()](boost::system::error_code error) {
                        if (!error) self->on_readable();
                      });
    return;
  }
  auto done = [self = shared_from_this()](boost::system::error_code error, std::size_t count) {
    if (self->state_ == State::ended) return;
    if (error) return self->on_end_of_peer(error);
    self->take({self->buffer_.data(), count});
    self->read();
  };
  transport_->read_some(asio::buffer(buffer_), std::move(done));
}

void WebSocketSession::on_readable() {
  if (state_ == State::ended) return;
  ReadBuffer buffer;
  const auto count =
      ::recv(transport_->plain_socket()->native_handle(), buffer.data(), kReadBytes, MSG_DONTWAIT);
  if (count > 0) {
    take({buffer.data(), static_cast<std::size_t>(count)});
  } else if (count == 0) {
    return on_end_of_peer(asio::error::eof);
  } else if (errno != EAGAIN && errno != EINTR) {
    return on_end_of_peer({errno, boost::system::system_category()});
  }
  read();
}

// One that said goodbye and closed its side may still read ours.
void WebSocketSession::on_end_of_peer(boost::system::error_code error) {
  if (state_ == State::open || error != asio::error::eof) return lose();
  peer_closed_ = true;
  if (outbox_.queued_bytes() == 0) finish(true);
}

void WebSocketSession::take(std::string_view bytes) {
  if (bytes.empty() || state_ == State::failing) return;
  heard_ = Clock::now();
  std::string pongs;
  bool whole_one = false;
  while ((state_ == State::open || state_ == State::closing) && !peer_closed_) {
    auto found = parser_.next(bytes);
    if (found.kind == WebSocketParser::Kind::more) break;
    whole_one = whole_one || found.kind == WebSocketParser::Kind::text;
    handle(std::move(found), pongs);
  }
  if (!pongs.empty()) {
    put(std::make_shared<const std::string>(std::move(pongs)), WebSocketOutbox::When::always);
  }
  note_message_time(whole_one);
}

void WebSocketSession::handle(WebSocketParser::Found found, std::string& pongs) {
  using Kind = WebSocketParser::Kind;
  const bool is_open = state_ == State::open;
  if (found.kind == Kind::text && is_open && !closing_) {
    call_handler([&](WebSocketHandler& handler) { handler.on_text(std::move(found.payload)); });
  } else if (found.kind == Kind::ping && is_open) {
    if (pongs.size() > kPongBytesMax) pongs.clear();
    append_frame(pongs, Opcode::pong, found.payload);
  } else if (found.kind == Kind::close) {
    peer_closed_ = true;
    const auto echo = found.code == close_code::kNone ? close_code::kNormal : found.code;
    outbox_.shut(close_frame(echo, ""));
    begin_close(found.code, State::closing);
    pump();
  } else if (found.kind == Kind::failed) {
    if (!is_open) return finish(false);
    fail(found.code, "");
  }
}

void WebSocketSession::call_handler(const std::function<void(WebSocketHandler&)>& call) {
  try {
    if (handler_) call(*handler_);
  } catch (const std::exception& e) {
    observe::error("websocket_handler_failed", {{"cause", e.what()}});
    fail(close_code::kDefect, "");
  }
}

void WebSocketSession::pump() {
  if (state_ == State::ended) return;
  const auto outgoing = outbox_.state();
  if (outgoing == WebSocketOutbox::State::broken) return lose();
  if (outgoing == WebSocketOutbox::State::overflowed && state_ == State::open) {
    return begin_close(close_code::kPolicy, State::failing);
  }
  if (writing_) return;
  if (transport_->plain_socket() != nullptr) {
    outbox_.flush();
    if (outbox_.state() == WebSocketOutbox::State::broken) return lose();
    if (outbox_.queued_bytes() > 0) return wait_writable();
    return on_flushed();
  }
  writing_ = true;
  asio::co_spawn(strand_, flush_tls(), [self = shared_from_this()](std::exception_ptr error) {
    self->writing_ = false;
    if (error) return self->lose();
    self->on_flushed();
  });
}

void WebSocketSession::wait_writable() {
  writing_ = true;
  transport_->plain_socket()->async_wait(
      Socket::wait_write, [self = shared_from_this()](boost::system::error_code error) {
        self->writing_ = false;
        if (!error) self->pump();
      });
}

runtime::Task<> WebSocketSession::flush_tls() {
  while (state_ != State::ended && outbox_.queued_bytes() > 0) {
    const auto front = outbox_.front();
    const std::size_t count = co_await transport_->write_some(front.pieces);
    outbox_.drop(count);
  }
}

void WebSocketSession::on_flushed() {
  if (state_ == State::open || state_ == State::ended) return;
  if (outbox_.queued_bytes() > 0) return pump();
  const bool plain = transport_->plain_socket() != nullptr;
  if (peer_closed_ && (plain || sending_ended_)) return finish(true);
  if (sending_ended_ || (state_ == State::closing && !peer_closed_)) return;
  sending_ended_ = true;
  asio::co_spawn(strand_, shut_down(), [self = shared_from_this()](std::exception_ptr) {
    if (self->peer_closed_) self->finish(true);
  });
}

runtime::Task<> WebSocketSession::shut_down() { co_await transport_->shut_down(); }

void WebSocketSession::fail(std::uint16_t code, std::string_view reason) {
  outbox_.shut(close_frame(code, reason));
  begin_close(code, State::failing);
}

void WebSocketSession::begin_close(std::uint16_t code, State next) {
  if (state_ != State::open) return;
  state_ = next;
  due_ = Clock::now() + kFarewell;
  context_->deadlines->set(shared_from_this(), due_);
  tell_close(code);
  pump();
}

void WebSocketSession::tell_close(std::uint16_t code) {
  const auto handler = std::exchange(handler_, nullptr);
  if (!handler) return;
  try {
    handler->on_close(code);
  } catch (const std::exception& e) {
    observe::error("websocket_handler_failed", {{"cause", e.what()}});
  }
}

void WebSocketSession::lose() {
  tell_close(close_code::kLost);
  finish(false);
}

void WebSocketSession::finish(bool properly) {
  if (state_ == State::ended) return;
  state_ = State::ended;
  outbox_.release();
  if (properly) {
    transport_->close();
  } else {
    transport_->abort();
  }
  context_->deadlines->clear(*this);
  if (const auto ended = std::exchange(ended_, nullptr)) ended(shared_from_this());
}

void WebSocketSession::on_deadline() {
  asio::post(strand_, [self = shared_from_this()] { self->check_time(); });
}

// The time runs from the first byte of the message that is not whole yet.
void WebSocketSession::note_message_time(bool whole_one) {
  if (!parser_.in_message()) {
    began_ = TimePoint::max();
  } else if (whole_one || began_ == TimePoint::max()) {
    began_ = heard_;
    if (state_ == State::open && began_ + limits_.message_time < due_) schedule();
  }
}

void WebSocketSession::check_time() {
  if (state_ == State::ended) return;
  const auto now = Clock::now();
  if (state_ != State::open) {
    if (now >= due_) finish(false);
    return;
  }
  if (began_ != TimePoint::max() && now - began_ >= limits_.message_time) {
    return fail(close_code::kPolicy, "a message takes too long");
  }
  if (now - heard_ >= limits_.silence_max) {
    return fail(close_code::kPolicy, "nothing was heard");
  }
  if (now - std::max(heard_, pinged_) >= limits_.ping_every) {
    pinged_ = now;
    send_if_idle(ping_frame());
  }
  schedule();
}

void WebSocketSession::schedule() {
  due_ = std::min(heard_ + limits_.silence_max, std::max(heard_, pinged_) + limits_.ping_every);
  if (began_ != TimePoint::max()) due_ = std::min(due_, began_ + limits_.message_time);
  context_->deadlines->set(shared_from_this(), due_);
}

}  // namespace aa::http
