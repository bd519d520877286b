#include "driver/http/detail/chunk_decoder.hpp"

#include <algorithm>
#include <cstring>

#include "driver/http/detail/field_text.hpp"

namespace aa::http {
namespace {

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

}  // namespace

ChunkDecoder::State ChunkDecoder::size_digit(char c) {
  if (++line_bytes_ > kLineBytes) return State::failed;
  const int value = hex_value(c);
  if (value >= 0) {
    if (++digits_ > 15) return State::failed;
    left_ = left_ * 16 + static_cast<std::uint64_t>(value);
    return State::size;
  }
  if (digits_ == 0) return State::failed;
  if (c == '\r') return State::size_lf;
  return c == ';' ? State::extension : State::failed;
}

ChunkDecoder::State ChunkDecoder::trailer_byte(char c, State state) {
  if (++trailer_bytes_ > kTrailerBytes) return State::failed;
  if (c == '\r') return state == State::trailer_start ? State::last_lf : State::trailer_lf;
  return is_control(c) ? State::failed : State::trailer;
}

ChunkDecoder::State ChunkDecoder::next(char c) {
  switch (state_) {
    case State::size:
      return size_digit(c);
    case State::extension:
      if (++line_bytes_ > kLineBytes) return State::failed;
      if (c == '\r') return State::size_lf;
      return is_control(c) ? State::failed : State::extension;
    case State::size_lf:
      if (c != '\n') return State::failed;
      digits_ = line_bytes_ = 0;
      return left_ == 0 ? State::trailer_start : State::data;
    case State::data_cr:
      return c == '\r' ? State::data_lf : State::failed;
    case State::data_lf:
      return c == '\n' ? State::size : State::failed;
    case State::trailer_start:
    case State::trailer:
      return trailer_byte(c, state_);
    case State::trailer_lf:
      return c == '\n' ? State::trailer_start : State::failed;
    case State::last_lf:
      return c == '\n' ? State::done : State::failed;
    case State::data:
    case State::done:
    case State::failed:
      break;
  }
  return state_;
}

ChunkDecoder::Step ChunkDecoder::decode(std::string_view input, std::span<std::byte> output) {
  Step step;
  while (step.consumed < input.size() && !done() && !failed()) {
    if (state_ != State::data) {
      state_ = next(input[step.consumed++]);
      continue;
    }
    const auto room = output.size() - step.produced;
    if (room == 0) break;
    const auto count = static_cast<std::size_t>(
        std::min<std::uint64_t>(left_, std::min(room, input.size() - step.consumed)));
    std::memcpy(output.data() + step.produced, input.data() + step.consumed, count);
    step.consumed += count;
    step.produced += count;
    left_ -= count;
    if (left_ == 0) state_ = State::data_cr;
  }
  return step;
}

}  // namespace aa::http
