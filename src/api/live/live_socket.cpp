#include "api/live/live_socket.hpp"

#include "service/collab/server_message.hpp"

namespace aa::api {
namespace {

using collab::Close;

class SocketLink final : public collab::Link {
 public:
  explicit SocketLink(std::shared_ptr<http::WebSocket> socket) : socket_(std::move(socket)) {}
  bool send(http::Frame frame) override { return socket_->send(std::move(frame)); }
  bool send_if_idle(http::Frame frame) override { return socket_->send_if_idle(std::move(frame)); }
  void close(Close code, std::string reason) override {
    socket_->close(static_cast<std::uint16_t>(code), std::move(reason));
  }

 private:
  std::shared_ptr<http::WebSocket> socket_;
};

std::string describe(const Error& error) {
  if (error.details().empty()) return error.message();
  const auto& first = error.details().front();
  return first.pointer + " " + first.detail + ".";
}

}  // namespace

LiveSocket::LiveSocket(collab::Collab& collab, collab::Admission admission)
    : collab_(collab),
      admission_(std::move(admission)),
      allowance_(collab.rates(), collab.clock().steady()) {}

void LiveSocket::on_open(std::shared_ptr<http::WebSocket> socket) {
  try {
    seat_ = collab_.enter(admission_, std::make_shared<SocketLink>(socket));
  } catch (const Error& error) {
    socket->close(static_cast<std::uint16_t>(Close::limit), error.message());
  }
}

void LiveSocket::on_close(std::uint16_t) {
  if (seat_) collab_.leave(*seat_);
  seat_.reset();
  admission_.place.reset();
}

void LiveSocket::on_text(std::string message) {
  if (!seat_ || seat_->member->expelled) return;
  if (!allowance_.bytes(message.size(), now())) {
    seat_->member->expel(Close::limit, "Too many bytes a second.");
    return;
  }
  std::optional<collab::ClientMessage> read;
  try {
    read = collab::read_message(message);
  } catch (const Error& error) {
    take_unreadable(message, error);
    return;
  }
  std::visit([this](auto& one) { take(std::move(one)); }, *read);
}

void LiveSocket::take_unreadable(const std::string& message, const Error& error) {
  if (!allowance_.mistake(now())) {
    seat_->member->expel(Close::not_this_protocol, "Too many messages that cannot be read.");
    return;
  }
  tell_error(collab::batch_number(message), error.slug(), describe(error));
}

void LiveSocket::tell_error(std::optional<std::int64_t> n, std::string_view code,
                            std::string_view detail, std::chrono::milliseconds retry) {
  seat_->member->send(http::text_frame(collab::error_message(n, code, detail, retry)));
}

void LiveSocket::take(collab::Hello message) {
  if (std::exchange(greeted_, true)) {
    seat_->member->expel(Close::not_this_protocol, "hello is said once.");
    return;
  }
  seat_->room->hello(seat_->member, message.revision);
}

void LiveSocket::take(collab::Operations message) {
  if (!greeted_) {
    seat_->member->expel(Close::not_this_protocol, "hello comes first.");
    return;
  }
  const auto wait = allowance_.batch(message.operations.size(), now());
  if (wait.count() == 0) {
    seat_->room->submit(seat_->member, std::move(message));
  } else if (allowance_.refusal(now())) {
    tell_error(message.n, "rate_limited", "Too many changes a second: wait and send again.", wait);
  } else {
    seat_->member->expel(Close::limit, "Too many changes a second.");
  }
}

// Beyond its share such a message is passed over: the next one says the same.
bool LiveSocket::may_send_other() {
  if (allowance_.other(now())) return true;
  if (!allowance_.refusal(now())) {
    seat_->member->expel(Close::limit, "Too many messages a second.");
  }
  return false;
}

void LiveSocket::take(collab::Presence message) {
  if (may_send_other()) seat_->room->show(seat_->member, std::move(message));
}

void LiveSocket::take(collab::Lock message) {
  if (may_send_other()) seat_->room->lock(seat_->member, message.target, true);
}

void LiveSocket::take(collab::Unlock message) {
  if (may_send_other()) seat_->room->lock(seat_->member, message.target, false);
}

void LiveSocket::take(collab::Ping message) {
  if (!may_send_other()) return;
  seat_->member->send(http::text_frame(collab::pong_message(message.k)));
}

}  // namespace aa::api
