// UTF-8 (RFC 3629): shortest form, no surrogates, up to U+10FFFF. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>

namespace aa {

bool is_utf8(std::string_view text);
// Each byte that is no part of a valid sequence becomes U+FFFD.
std::string repair_utf8(std::string_view text);

}  // namespace aa
