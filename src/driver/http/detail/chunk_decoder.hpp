// The chunked transfer coding (RFC 9112 section 7.1), decoded from bytes that come in pieces.
//
// Strict: sizes are 1 to 15 hexadecimal digits, lines end in CR LF, extensions hold no control
// bytes; extensions and trailers are bounded and thrown away. Thread rule: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace aa::http {

class ChunkDecoder {
 public:
  static constexpr std::size_t kLineBytes = 256;      // a size with its extensions
  static constexpr std::size_t kTrailerBytes = 4096;  // all trailers

  struct Step {
    std::size_t consumed = 0;
    std::size_t produced = 0;
  };
  // Takes what it can from `input` and writes data to `output`; stops when either is used up, at
  // the end of the body, or when the input is bad.
  Step decode(std::string_view input, std::span<std::byte> output);
  bool done() const { return state_ == State::done; }
  bool failed() const { return state_ == State::failed; }

 private:
  enum class State {
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer,
    trailer_lf,
    last_lf,
    done,
    failed
  };
  State next(char c);
  State size_digit(char c);
  State trailer_byte(char c, State state);

  State state_ = State::size;
  std::uint64_t left_ = 0;  // of the present chunk
  std::size_t digits_ = 0;
  std::size_t line_bytes_ = 0;
  std::size_t trailer_bytes_ = 0;
};

}  // namespace aa::http
