#include "driver/http/detail/websocket_frame.hpp"

#include <algorithm>

namespace aa::http {

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
  const auto byte = [&out](std::uint64_t value) { out += static_cast<char>(value & 0xFF); };
  byte(0x80U | static_cast<unsigned>(opcode));
  const std::uint64_t size = payload.size();
  if (size < 126) {
    byte(size);
  } else if (size < 0x10000) {
    byte(126);
    byte(size >> 8);
    byte(size);
  } else {
    byte(127);
    for (int shift = 56; shift >= 0; shift -= 8) byte(size >> shift);
  }
  out += payload;
}

Frame text_frame(std::string_view payload) {
  std::string out;
  out.reserve(payload.size() + 10);
  append_frame(out, Opcode::text, payload);
  return std::make_shared<const std::string>(std::move(out));
}

Frame close_frame(std::uint16_t code, std::string_view reason) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  auto length = std::min(reason.size(), kControlBytesMax - payload.size());
  // Not in the midst of a character.
  while (length < reason.size() && length > 0 && (reason[length] & 0xC0) == 0x80) --length;
  payload += reason.substr(0, length);
  std::string out;
  append_frame(out, Opcode::close, payload);
  return std::make_shared<const std::string>(std::move(out));
}

const Frame& ping_frame() {
  static const Frame frame = [] {
    std::string out;
    append_frame(out, Opcode::ping, "");
    return std::make_shared<const std::string>(std::move(out));
  }();
  return frame;
}

bool may_be_received(std::uint16_t code) {
  if (code >= 3000 && code <= 4999) return true;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

}  // namespace aa::http
