// What a client sends over a WebSocket, bytes to messages: RFC 6455 sections 5 and 8.1.
//
// Memory: never more than `message_bytes_max` is held, and only for bytes that have arrived; a
// length that is announced reserves nothing. Checked as soon as the bytes are there: reserved bits,
// opcodes, masks (required), control frames (whole, 125 bytes at most), shortest form of lengths,
// order of fragments, their count, sizes; at a message's end UTF-8; close codes and reasons.
// Errors: values. Thread rule: one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "driver/http/detail/websocket_frame.hpp"

namespace aa::http {

class WebSocketParser {
 public:
  enum class Kind : std::uint8_t { more, text, ping, pong, close, failed };
  struct Found {
    Kind kind = Kind::more;
    std::uint16_t code = 0;  // of close and failed: the code to end with
    std::string payload;     // of text and ping
  };

  WebSocketParser(std::size_t message_bytes_max, std::size_t fragments_max)
      : message_bytes_max_(message_bytes_max), fragments_max_(fragments_max) {}

  // Takes from the front of `bytes`, all of them when it answers `more`. Not called again after
  // `close` and `failed`.
  Found next(std::string_view& bytes);
  // A frame or a message has begun and lacks its end.
  bool in_message() const { return have_ > 0 || in_message_; }

 private:
  Opcode opcode() const { return static_cast<Opcode>(header_[0] & 0x0F); }
  bool is_control() const { return (header_[0] & 0x08) != 0; }
  bool is_final() const { return (header_[0] & 0x80) != 0; }
  std::size_t header_size() const;
  std::uint16_t take_header(std::string_view& bytes);
  std::uint16_t check_first_two() const;
  std::uint16_t check_data_opcode() const;
  std::uint16_t begin_payload();
  void take_payload(std::string_view& bytes);
  Found end_frame();
  Found end_control();

  std::size_t message_bytes_max_;
  std::size_t fragments_max_;
  std::array<std::uint8_t, 14> header_{};
  std::uint8_t have_ = 0;  // bytes of the header
  bool in_payload_ = false;
  bool in_message_ = false;  // between the fragments of one
  std::uint8_t phase_ = 0;   // of the mask
  std::size_t left_ = 0;     // of the frame's payload
  std::size_t fragments_ = 0;
  std::string message_;
  std::string control_;
};

}  // namespace aa::http
