// Frames on their way to one peer.
//
// On plain TCP the thread that puts a frame writes it, when none waits before it; what the kernel
// does not take waits. Waiting frames are shared with other sockets, not copied, and leave several
// at a time. `bytes_max` counts what waits behind the frame under way, however large that one is.
// Over TLS all of them wait for the strand to write them.
//
// Thread rule: put(), shut() and queued_bytes() from any thread, the rest on the socket's strand.
// The descriptor is used under the lock only, and never after release(). Errors: values.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <vector>

#include "driver/http/detail/transport.hpp"
#include "driver/http/websocket.hpp"

namespace aa::http {

class WebSocketOutbox {
 public:
  // `descriptor`: of a plain TCP socket, or -1.
  WebSocketOutbox(int descriptor, std::size_t bytes_max)
      : descriptor_(descriptor), bytes_max_(bytes_max) {}

  struct Outcome {
    bool taken = false;
    bool wake = false;  // the strand has something to do: frames wait, or see state()
  };
  enum class When : std::uint8_t { always, idle };  // idle: only when nothing waits before it
  Outcome put(Frame frame, When when);
  // The last frame; nothing is taken after it.
  Outcome shut(Frame last);

  enum class State : std::uint8_t { open, shut, overflowed, broken };
  State state() const;
  std::size_t queued_bytes() const;

  void flush();  // plain TCP: writes what the kernel takes
  // TLS: what is to be written next, and what keeps it; it stays in front until drop().
  struct Front {
    Pieces pieces;
    std::array<Frame, 3> frames;
  };
  Front front();
  void drop(std::size_t count);
  void release();  // lets go of the descriptor and of all frames

 private:
  void enqueue(Frame frame, std::size_t written);
  std::size_t left_of_first() const;
  void take_off(std::size_t count);
  void drop_waiting();

  mutable std::mutex mutex_;
  int descriptor_;
  State state_ = State::open;
  std::uint8_t flying_ = 0;  // frames that front() gave out
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;   // that wait
  std::size_t first_ = 0;   // of waiting_ that is not written whole
  std::size_t offset_ = 0;  // into that one
  std::vector<Frame> waiting_;
};

}  // namespace aa::http
