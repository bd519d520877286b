// The client's side of a WebSocket for tests: each frame exactly as it is told, right or wrong.
#pragma once

#include <cstdint>
#include <optional>

#include "driver/http/test_support/wire_client.hpp"

namespace aa::http::test {

inline std::string handshake(std::string_view path = "/ws") {
  return "GET " + std::string(path) +
         " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
}

// `first`: the first byte, FIN and opcode.
inline std::string client_frame(std::uint8_t first, std::string_view payload) {
  std::string out(1, static_cast<char>(first));
  const std::uint64_t size = payload.size();
  const int bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  const std::uint64_t form = bytes == 0 ? size : bytes == 2 ? 126 : 127;
  out += static_cast<char>(0x80U | form);
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(size >> (8 * i) & 0xFF);
  const std::string mask = "\x1f\x80\x03\xfe";
  out += mask;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(payload[i] ^ mask[i % 4]);
  return out;
}
inline std::string client_text(std::string_view payload) { return client_frame(0x81, payload); }

struct ServerFrame {
  std::uint8_t first = 0;
  std::string payload;
};

// Taken from the front of `bytes`; nothing when it is not whole yet.
inline std::optional<ServerFrame> take_frame(std::string& bytes) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[i]));
  };
  if (bytes.size() < 2) return std::nullopt;
  std::size_t header = 2;
  std::uint64_t size = byte(1);
  if (size >= 126) {
    header += size == 126 ? 2 : 8;
    if (bytes.size() < header) return std::nullopt;
    size = 0;
    for (std::size_t i = 2; i < header; ++i) size = size << 8 | byte(i);
  }
  if (bytes.size() < header + size) return std::nullopt;
  ServerFrame frame{static_cast<std::uint8_t>(byte(0)), bytes.substr(header, size)};
  bytes.erase(0, header + size);
  return frame;
}

inline int close_code_of(const ServerFrame& frame) {
  if (frame.first != 0x88 || frame.payload.size() < 2) return 0;
  return static_cast<std::uint8_t>(frame.payload[0]) * 256 +
         static_cast<std::uint8_t>(frame.payload[1]);
}

class WebSocketClient {
 public:
  using Milliseconds = std::chrono::milliseconds;

  // `behind` is sent in one go with the request.
  explicit WebSocketClient(std::uint16_t port, std::string_view behind = "", int receive_buffer = 0)
      : wire_(port, receive_buffer) {
    wire_.send(handshake() + std::string(behind));
    wire_.receive_until("\r\n\r\n");
    bytes_ = wire_.take_received();
    const auto end = bytes_.find("\r\n\r\n");
    head_ = bytes_.substr(0, end);
    bytes_.erase(0, end == std::string::npos ? end : end + 4);
  }

  WireClient& wire() { return wire_; }
  const std::string& head() const { return head_; }
  bool send(std::string_view bytes) { return wire_.send(bytes); }
  std::optional<ServerFrame> receive(Milliseconds limit = Milliseconds(5000)) {
    for (;;) {
      if (auto frame = take_frame(bytes_)) return frame;
      if (!wire_.receive(limit)) return std::nullopt;
      bytes_ += wire_.take_received();
    }
  }
  // Of the next text message; "" when another frame or nothing comes.
  std::string receive_text() {
    const auto frame = receive();
    return frame && frame->first == 0x81 ? frame->payload : "";
  }
  // Of the Close that comes next behind whatever else; 0 when none does.
  int receive_close() {
    while (const auto frame = receive()) {
      if (frame->first == 0x88) return close_code_of(*frame);
    }
    return 0;
  }

 private:
  WireClient wire_;
  std::string head_;
  std::string bytes_;
};

}  // namespace aa::http::test
