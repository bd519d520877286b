// What the fuzzer runs: guard, then every reader of the plugin that needs no key of ours.
#pragma once

#include <string_view>

namespace aa::saml {

// Returns whatever the bytes are; anything but a refusal is a defect.
void fuzz_documents(std::string_view bytes);

}  // namespace aa::saml
