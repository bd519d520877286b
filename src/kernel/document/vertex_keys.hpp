// Fractional keys: texts over 0-9 A-Z a-z whose byte order is the order of what they name, so that
// something can always be put between two neighbours without renaming either. Used for vertices
// and for the drawing order z. A key never ends in '0', since nothing fits before such a key.
//
// Thread rule: pure functions. Errors: Error(invalid_argument, "bad_key_order").
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aa::document {

inline constexpr std::size_t kKeyLengthMax = 64;

// Strictly between a and b; an empty text stands for the open end. Midway between two keys; next to
// an open end it steps by one digit, so that appending n keys one after another needs about n / 60
// digits. Two clients asking for the same gap get the same key: they tell them apart by `salt`.
std::string key_between(std::string_view a, std::string_view b, std::string_view salt = {});

// `count` keys, ascending, evenly spread and as short as they can be.
std::vector<std::string> spread_keys(std::size_t count);

// May this text name a vertex (read from outside)? May it be used by key_between?
bool is_vertex_key(std::string_view key);
bool is_fractional_key(std::string_view key);
bool keys_ascend(const std::vector<std::string>& keys);  // strictly

}  // namespace aa::document
