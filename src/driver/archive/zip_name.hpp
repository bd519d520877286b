// Names of zip entries: from their bytes to a path that is safe to show, to store and to unpack.
//
// A path is relative, its parts are joined by '/', and none is empty, "." or "..". Backslashes
// count as separators, as Windows takes them.
// Thread rule: pure functions. Errors: invalid_argument "zip_entry_path".
#pragma once

#include <string>
#include <string_view>

namespace aa::archive {

// `utf8`: as the entry's flag says; names without it are UTF-8 when they can be, and else code
// page 437. Throws for absolute paths, drive letters, "..", NUL, and names that hold no part.
std::string zip_path(std::string_view raw, bool utf8);

// A name as it may stand in a message: control characters become '?', at most 200 bytes.
std::string shown_name(std::string_view raw);

}  // namespace aa::archive
