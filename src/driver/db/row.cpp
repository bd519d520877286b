#include "driver/db/row.hpp"

#include <algorithm>
#include <cmath>

namespace aa::db {
namespace {

// Length of the well-formed UTF-8 sequence at `at`, 0 when there is none (RFC 3629, section 4).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t offset) {
    return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0U;
  };
  const auto tail = [&](std::size_t offset) { return (byte(offset) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool overlong = lead == 0xF0 && byte(1) < 0x90;
    const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

void check_text(const std::string& text) {
  if (text.find('\0') != std::string::npos) {
    throw invalid("nul_in_text", "Text must not hold the character U+0000.");
  }
  if (!is_utf8(text)) throw invalid("text_not_utf8", "Text must be UTF-8.");
}

}  // namespace

void throw_column(std::string_view column, std::string_view expected) {
  throw internal_error("column " + std::string(column) + " does not hold " + std::string(expected));
}

void check_args(const Args& args) {
  for (const Value& value : args) {
    if (const auto* text = std::get_if<std::string>(&value)) check_text(*text);
    const auto* number = std::get_if<double>(&value);
    if (number != nullptr && std::isnan(*number)) {
      throw invalid("not_a_number", "A number must not be NaN.");
    }
  }
}

const Value& Row::at(std::string_view column) const {
  const auto found = std::find(columns_->begin(), columns_->end(), column);
  if (found == columns_->end()) {
    throw internal_error("the result has no column " + std::string(column));
  }
  return values_.at(static_cast<std::size_t>(found - columns_->begin()));
}

const Row& Rows::one() const {
  if (rows_.size() != 1) {
    throw internal_error("expected one row, got " + std::to_string(rows_.size()));
  }
  return rows_.front();
}

}  // namespace aa::db
