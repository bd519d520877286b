// The client's end of a WebSocket (RFC 6455) for load generators: text messages, no extensions,
// masked as clients must. Thousands fit in one process: a socket at rest holds no buffer.
//
// Non-blocking once made; epoll is the caller's. Thread rule: one owner; sockets of one thread
// share what they read into. Errors: std::runtime_error when the server cannot be reached.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace aa::live {

class Socket {
 public:
  using OnText = std::function<void(std::string_view message)>;

  Socket() = default;
  // Connects on the loopback and asks for the upgrade; `headers` are whole lines ("Name: x\r\n").
  Socket(std::uint16_t port, std::string_view target, std::string_view headers = {});
  ~Socket() { drop(); }
  Socket(Socket&& other) noexcept { *this = std::move(other); }
  Socket& operator=(Socket&& other) noexcept;

  int fd() const { return fd_; }
  bool open() const { return open_; }  // the upgrade was answered with 101
  // Of the answer that was no 101, or of the close frame; 0 when the connection was just cut.
  int reason() const { return reason_; }

  // What the system does not take at once waits for flush().
  void send_text(std::string_view text);
  void flush();
  bool waiting() const { return !unsent_.empty(); }  // watch EPOLLOUT
  // Reads once and hands over each whole message. False: the connection is over. True with
  // `more` set: ask again before waiting.
  bool receive(const OnText& on_text);
  bool more() const { return more_; }

  // Goes without a goodbye; with `reset` not even the other side's data are taken any more.
  void drop(bool reset = false);

 private:
  void send_frame(int opcode, std::string_view payload);
  bool read_upgrade();
  bool read_frames(std::string_view bytes, const OnText& on_text);
  bool take_frame(int opcode, bool last, std::string_view payload, const OnText& on_text);
  void keep(std::string_view rest);

  int fd_ = -1;
  bool open_ = false;
  bool more_ = false;
  int reason_ = 0;
  std::string unsent_;
  std::string rest_;     // of a frame, or of the answer to the upgrade
  std::string message_;  // fragments so far
};

}  // namespace aa::live
