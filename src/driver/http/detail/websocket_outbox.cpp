#include "driver/http/detail/websocket_outbox.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

#include "driver/http/detail/websocket_frame.hpp"

namespace aa::http {
namespace {

constexpr std::size_t kFramesAtOnce = 64;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

WebSocketOutbox::Outcome WebSocketOutbox::put(Frame frame, When when) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::open || (when == When::idle && bytes_ > 0)) return {};
  const bool idle = bytes_ == 0;
  std::size_t written = 0;
  if (idle && descriptor_ >= 0) {
    const auto count =
        ::send(descriptor_, frame->data(), frame->size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && !would_block(errno)) {
      state_ = State::broken;
      return {false, true};
    }
    written = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    if (written == frame->size()) return {true, false};
  }
  if (!idle && bytes_ - left_of_first() + frame->size() > bytes_max_) {
    state_ = State::overflowed;
    drop_waiting();
    enqueue(close_frame(close_code::kPolicy, "what was sent is not read"), 0);
    return {false, true};
  }
  enqueue(std::move(frame), written);
  return {true, idle};
}

WebSocketOutbox::Outcome WebSocketOutbox::shut(Frame last) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::open) return {};
  state_ = State::shut;
  enqueue(std::move(last), 0);
  return {true, true};
}

WebSocketOutbox::State WebSocketOutbox::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::size_t WebSocketOutbox::queued_bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::size_t WebSocketOutbox::left_of_first() const { return waiting_[first_]->size() - offset_; }

void WebSocketOutbox::enqueue(Frame frame, std::size_t written) {
  if (bytes_ == 0) offset_ = written;
  bytes_ += frame->size() - written;
  waiting_.push_back(std::move(frame));
}

// All but what has begun to leave, or the peer takes one frame for another.
void WebSocketOutbox::drop_waiting() {
  const std::size_t keep = std::max<std::size_t>(flying_, offset_ > 0 ? 1 : 0);
  while (waiting_.size() > first_ + keep) {
    bytes_ -= waiting_.back()->size();
    waiting_.pop_back();
  }
}

void WebSocketOutbox::take_off(std::size_t count) {
  bytes_ -= count;
  offset_ += count;
  while (first_ < waiting_.size() && offset_ >= waiting_[first_]->size()) {
    offset_ -= waiting_[first_]->size();
    waiting_[first_++] = nullptr;
  }
  if (first_ == waiting_.size()) {
    waiting_ = {};
    first_ = 0;
  } else if (first_ > kFramesAtOnce && first_ * 2 > waiting_.size()) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void WebSocketOutbox::flush() {
  const std::lock_guard lock(mutex_);
  while (bytes_ > 0 && state_ != State::broken && descriptor_ >= 0) {
    std::array<iovec, kFramesAtOnce> pieces;
    std::size_t used = 0;
    for (auto i = first_; i < waiting_.size() && used < pieces.size(); ++i, ++used) {
      const std::size_t skipped = i == first_ ? offset_ : 0;
      // sendmsg does not write through it.
      pieces[used] = {const_cast<char*>(waiting_[i]->data()) + skipped,
                      waiting_[i]->size() - skipped};
    }
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = used;
    const auto count = ::sendmsg(descriptor_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && would_block(errno)) return;
    if (count < 0) {
      state_ = State::broken;
      return;
    }
    take_off(static_cast<std::size_t>(count));
  }
}

WebSocketOutbox::Front WebSocketOutbox::front() {
  const std::lock_guard lock(mutex_);
  Front out;
  flying_ = 0;
  for (auto i = first_; i < waiting_.size() && flying_ < out.frames.size(); ++i, ++flying_) {
    out.frames[flying_] = waiting_[i];
    out.pieces[flying_] = boost::asio::buffer(*waiting_[i]);
  }
  out.pieces[0] += offset_;
  return out;
}

void WebSocketOutbox::drop(std::size_t count) {
  const std::lock_guard lock(mutex_);
  flying_ = 0;
  if (!waiting_.empty()) take_off(count);
}

void WebSocketOutbox::release() {
  const std::lock_guard lock(mutex_);
  descriptor_ = -1;
  if (state_ == State::open) state_ = State::shut;
  waiting_ = {};
  bytes_ = first_ = offset_ = 0;
}

}  // namespace aa::http
