// The shortest decimal text that reads back to the same double, as std::to_chars writes it, for
// platforms whose library has no std::to_chars for doubles (libc++ 14, WebAssembly).
//
// Among equally short texts the nearest to the number; fixed or scientific, whichever is shorter,
// fixed when equal. Needs the "C" locale and a correctly rounding printf and strtod (musl, glibc).
// Thread rule: pure function. Errors: none; the number must be finite.
#pragma once

#include <string>

namespace aa {

std::string shortest_text(double number);

}  // namespace aa
