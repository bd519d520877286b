// Entry point for the fuzzer: any bytes as a zip. Whatever it holds, reading ends without a crash
// and without an exception that is no aa::Error, and what verifies reads the same again.
#pragma once

#include <string_view>

namespace aa::archive {

void fuzz_zip(std::string_view bytes);

}  // namespace aa::archive
