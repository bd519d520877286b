#include "driver/http/detail/websocket_parser.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/utf8.hpp"

namespace aa::http {
namespace {

constexpr std::uint16_t kFine = 0;

// `mask` turned so that its first byte is the one due.
void unmask(char* data, std::size_t size, std::array<std::uint8_t, 4> mask) {
  std::array<std::uint8_t, 8> twice;
  std::memcpy(twice.data(), mask.data(), 4);
  std::memcpy(twice.data() + 4, mask.data(), 4);
  std::uint64_t key = 0;
  std::memcpy(&key, twice.data(), 8);
  std::size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + at, 8);
    word ^= key;
    std::memcpy(data + at, &word, 8);
  }
  for (; at < size; ++at) data[at] = static_cast<char>(data[at] ^ mask[at % 4]);
}

}  // namespace

std::size_t WebSocketParser::header_size() const {
  if (have_ < 2) return 2;
  const std::uint8_t length = header_[1] & 0x7F;
  return 2 + 4 + (length == 126 ? 2 : length == 127 ? 8 : 0);
}

std::uint16_t WebSocketParser::check_data_opcode() const {
  switch (opcode()) {
    case Opcode::continuation:
      return in_message_ ? kFine : close_code::kProtocolError;
    case Opcode::text:
      return in_message_ ? close_code::kProtocolError : kFine;
    case Opcode::binary:
      return in_message_ ? close_code::kProtocolError : close_code::kUnsupported;
    default:
      return close_code::kProtocolError;
  }
}

std::uint16_t WebSocketParser::check_first_two() const {
  const bool reserved_bits = (header_[0] & 0x70) != 0;
  const bool masked = (header_[1] & 0x80) != 0;
  if (reserved_bits || !masked) return close_code::kProtocolError;
  if (!is_control()) return check_data_opcode();
  const bool known = opcode() <= Opcode::pong;
  const bool fits = (header_[1] & 0x7F) <= kControlBytesMax;
  return known && fits && is_final() ? kFine : close_code::kProtocolError;
}

// Adds to the header what `bytes` has of it.
std::uint16_t WebSocketParser::take_header(std::string_view& bytes) {
  for (;;) {
    const auto count = std::min(header_size() - have_, bytes.size());
    std::memcpy(header_.data() + have_, bytes.data(), count);
    bytes.remove_prefix(count);
    const bool first_two = have_ < 2;
    have_ = static_cast<std::uint8_t>(have_ + count);
    if (have_ < 2) return kFine;
    if (first_two) {
      if (const auto code = check_first_two(); code != kFine) return code;
    }
    if (have_ == header_size()) return begin_payload();
    if (bytes.empty()) return kFine;
  }
}

std::uint16_t WebSocketParser::begin_payload() {
  const std::uint8_t form = header_[1] & 0x7F;
  std::uint64_t length = form;
  if (form >= 126) {
    length = 0;
    for (std::size_t i = 2; i < header_size() - 4; ++i) length = length << 8 | header_[i];
    const bool shortest = length >= (form == 126 ? 126U : 0x10000U);
    if (!shortest || (length >> 63) != 0) return close_code::kProtocolError;
  }
  if (!is_control()) {
    if (length > message_bytes_max_ - message_.size()) return close_code::kTooLarge;
    if (++fragments_ > fragments_max_) return close_code::kTooLarge;
    in_message_ = true;
  }
  left_ = static_cast<std::size_t>(length);
  phase_ = 0;
  in_payload_ = true;
  return kFine;
}

void WebSocketParser::take_payload(std::string_view& bytes) {
  const auto count = std::min(left_, bytes.size());
  std::string& into = is_control() ? control_ : message_;
  into.append(bytes.substr(0, count));
  const std::uint8_t* key = header_.data() + header_size() - 4;
  std::array<std::uint8_t, 4> mask;
  for (std::size_t i = 0; i < 4; ++i) mask[i] = key[(phase_ + i) % 4];
  unmask(into.data() + into.size() - count, count, mask);
  phase_ = static_cast<std::uint8_t>((phase_ + count) % 4);
  left_ -= count;
  bytes.remove_prefix(count);
}

WebSocketParser::Found WebSocketParser::end_control() {
  const std::string payload = std::exchange(control_, {});
  if (opcode() == Opcode::ping) return {Kind::ping, 0, payload};
  if (opcode() == Opcode::pong) return {Kind::pong, 0, {}};
  if (payload.empty()) return {Kind::close, close_code::kNone, {}};
  if (payload.size() == 1) return {Kind::failed, close_code::kProtocolError, {}};
  const auto code = static_cast<std::uint16_t>(static_cast<std::uint8_t>(payload[0]) << 8 |
                                               static_cast<std::uint8_t>(payload[1]));
  if (!may_be_received(code)) return {Kind::failed, close_code::kProtocolError, {}};
  if (!is_utf8(std::string_view(payload).substr(2))) {
    return {Kind::failed, close_code::kNotUtf8, {}};
  }
  return {Kind::close, code, {}};
}

WebSocketParser::Found WebSocketParser::end_frame() {
  in_payload_ = false;
  have_ = 0;
  if (is_control()) return end_control();
  if (!is_final()) return {};
  in_message_ = false;
  fragments_ = 0;
  std::string text = std::exchange(message_, {});
  if (!is_utf8(text)) return {Kind::failed, close_code::kNotUtf8, {}};
  return {Kind::text, 0, std::move(text)};
}

WebSocketParser::Found WebSocketParser::next(std::string_view& bytes) {
  if (bytes.empty()) return {};
  for (;;) {
    if (!in_payload_) {
      if (const auto code = take_header(bytes); code != kFine) return {Kind::failed, code, {}};
      if (!in_payload_) return {};
    }
    take_payload(bytes);
    if (left_ > 0) return {};
    auto found = end_frame();
    if (found.kind != Kind::more || bytes.empty()) return found;
  }
}

}  // namespace aa::http
