// Looks through CBOR (RFC 8949) before a library builds anything of it: what authenticators send is
// small, flat and of known lengths, whatever else claims to be is refused.
//
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace aa::fido {

inline constexpr std::size_t kCborDepth = 6;
inline constexpr std::size_t kCborItems = 256;

// How long the first item is. Nothing when it is cut short, nested too deep, has too many parts, a
// tag or an indefinite length.
std::optional<std::size_t> cbor_length(std::string_view bytes);

}  // namespace aa::fido
