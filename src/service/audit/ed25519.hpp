// Ed25519 (RFC 8032) by OpenSSL. Private to the module.
//
// Thread rule: pure functions. Errors: internal for a seed that is no 32 bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace aa::audit {

std::string public_half(const Secret& seed);                       // 32 bytes
std::string sign_with(const Secret& seed, std::string_view text);  // 64 bytes
bool is_signed_by(std::string_view public_key, std::string_view text, std::string_view signature);

}  // namespace aa::audit
