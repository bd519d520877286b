// UTF-8 (RFC 3629): shortest form, no surrogates, up to U+10FFFF. Thread rule: pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aa {

bool is_utf8(std::string_view text);
// Each byte that is no part of a valid sequence becomes U+FFFD.
std::string repair_utf8(std::string_view text);
// As a label that people read: valid, with '_' for control characters and for the marks that turn
// the direction of writing, at most `max_bytes` and no sequence cut in two.
std::string label_text(std::string_view text, std::size_t max_bytes);

}  // namespace aa
