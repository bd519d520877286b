// Entries for fuzzing: readers either refuse with an Error or keep their promises.
//
// Thread rule: pure functions. Errors: std::logic_error for a promise that is broken.
#pragma once

#include <string_view>

namespace aa::scim {

void fuzz_filter(std::string_view text);
void fuzz_body(std::string_view text);

}  // namespace aa::scim
