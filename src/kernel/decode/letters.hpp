// What kind of character a code point is, as tokenizers' patterns ask: \p{L}, \p{N}, \s, others;
// and its lower case where that is one code point. Unicode 14. Thread rule: pure functions.
#pragma once

#include <cstdint>

namespace aa::decode {

enum class CharacterKind : std::uint8_t { letter, number, space, other };

CharacterKind kind_of(char32_t point);
char32_t lower_case(char32_t point);

}  // namespace aa::decode
