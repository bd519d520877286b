// Entry point for fuzzers: two operations, a line each. Returns for any bytes; what becomes of the
// two can be written and read again, and where a document takes both, either order gives the same.
//
// Thread rule: pure. Errors: a broken promise ends the program by abort().
#pragma once

#include <cstddef>
#include <cstdint>

namespace aa::ot {

void fuzz_transform(const std::uint8_t* data, std::size_t size);

}  // namespace aa::ot
