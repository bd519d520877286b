// What the entries of a zip become, for uploads and imports alike. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace aa::assets {

// What file managers leave in zips, which nobody meant to send: __MACOSX/, .DS_Store, Thumbs.db.
bool is_leftover(std::string_view path);

// The file name of an asset made from an entry: its path, or the last part when that is too long.
std::string asset_name(std::string_view path);

}  // namespace aa::assets
