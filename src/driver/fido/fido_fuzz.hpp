// What an authenticator may send, for fuzzers and for seeded mutations in the unit tests. Bad input
// alone is no failure: std::logic_error is.
//
// Thread rule: any.
#pragma once

#include <string_view>

namespace aa::fido {

void fuzz_attestation(std::string_view bytes);  // an attestation object
void fuzz_assertion(std::string_view bytes);    // first byte: of which kind the key is

}  // namespace aa::fido
