// Frames as the server writes them (RFC 6455 section 5.2: never masked), and the handshake's
// answer. Thread rule: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "driver/http/websocket.hpp"

namespace aa::http {

// Close codes that the server itself gives or makes out (RFC 6455 section 7.4.1).
namespace close_code {
inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kProtocolError = 1002;
inline constexpr std::uint16_t kUnsupported = 1003;
inline constexpr std::uint16_t kNone = 1005;  // never sent
inline constexpr std::uint16_t kLost = 1006;  // never sent
inline constexpr std::uint16_t kNotUtf8 = 1007;
inline constexpr std::uint16_t kPolicy = 1008;
inline constexpr std::uint16_t kTooLarge = 1009;
inline constexpr std::uint16_t kDefect = 1011;
}  // namespace close_code

enum class Opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xA,
};

inline constexpr std::size_t kControlBytesMax = 125;

void append_frame(std::string& out, Opcode opcode, std::string_view payload);
Frame close_frame(std::uint16_t code, std::string_view reason);  // the reason is cut to fit
const Frame& ping_frame();                                       // of no payload
bool may_be_received(std::uint16_t close_code);                  // in a Close frame
std::string accept_key(std::string_view key);                    // of Sec-WebSocket-Accept

}  // namespace aa::http
