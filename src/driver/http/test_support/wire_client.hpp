// A raw TCP client for tests: sends exactly the bytes it is given. Plain POSIX sockets.
#pragma once

#include <arpa/inet.h>
#include <chrono>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace aa::http::test {

class WireClient {
 public:
  using Milliseconds = std::chrono::milliseconds;

  explicit WireClient(std::uint16_t port, int receive_buffer = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) {
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~WireClient() { close(); }
  WireClient(const WireClient&) = delete;
  WireClient& operator=(const WireClient&) = delete;

  // False when the peer no longer takes it.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  // Adds what comes to received(); false at the end, on reset and when nothing comes in time.
  bool receive(Milliseconds limit = Milliseconds(5000)) {
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(limit.count())) <= 0) return false;
    char buffer[65536];
    const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count == 0) ended_ = true;
    if (count < 0) reset_ = true;
    if (count <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  // Everything until the peer ends, resets or is silent for `limit`.
  std::string receive_all(Milliseconds limit = Milliseconds(5000)) {
    while (receive(limit)) {
    }
    return std::exchange(received_, {});
  }
  bool receive_until(std::string_view mark, Milliseconds limit = Milliseconds(5000)) {
    while (received_.find(mark) == std::string::npos) {
      if (!receive(limit)) return false;
    }
    return true;
  }
  // One whole response with Content-Length or none at all; what follows it stays.
  std::string receive_response() {
    if (!receive_until("\r\n\r\n")) return std::exchange(received_, {});
    const auto head = received_.find("\r\n\r\n") + 4;
    std::size_t body = 0;
    const auto field = received_.find("Content-Length: ");
    if (field < head) body = std::stoul(received_.substr(field + 16));
    while (received_.size() < head + body && receive()) {
    }
    std::string response = received_.substr(0, head + body);
    received_.erase(0, head + body);
    return response;
  }

  bool ended() const { return ended_; }  // properly
  bool reset() const { return reset_; }
  const std::string& received() const { return received_; }
  std::string take_received() { return std::exchange(received_, {}); }
  int native() const { return socket_; }
  void finish_sending() { ::shutdown(socket_, SHUT_WR); }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  void reset_connection() {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }

 private:
  int socket_;
  std::string received_;
  bool ended_ = false;
  bool reset_ = false;
};

// How many responses begin in `text`.
inline int count_responses(std::string_view text) {
  int count = 0;
  for (auto at = text.find("HTTP/1.1 "); at != text.npos; at = text.find("HTTP/1.1 ", at + 9)) {
    count += at + 9 < text.size() && text[at + 9] >= '1' && text[at + 9] <= '9';
  }
  return count;
}

inline int status_of(std::string_view response) {
  return response.size() > 12 ? std::stoi(std::string(response.substr(9, 3))) : 0;
}

}  // namespace aa::http::test
