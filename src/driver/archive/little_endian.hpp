// A cursor over a record of little-endian numbers. Private to the module.
//
// Errors: malformed "zip_damaged" at the end of the record.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.hpp"

namespace aa::archive {

class LittleEndian {
 public:
  explicit LittleEndian(std::string_view text) : text_(text) {}
  std::size_t left() const { return text_.size(); }
  std::string_view take(std::size_t count) {
    if (count > text_.size()) {
      throw malformed("zip_damaged", "The zip cannot be read: a record ends too early.");
    }
    const auto out = text_.substr(0, count);
    text_.remove_prefix(count);
    return out;
  }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }

 private:
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; const char c : take(bytes)) {
      out |= static_cast<std::uint64_t>(static_cast<unsigned char>(c)) << (8 * i++);
    }
    return out;
  }

  std::string_view text_;
};

}  // namespace aa::archive
