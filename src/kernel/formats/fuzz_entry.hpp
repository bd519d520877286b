// Entry points for fuzzers: each takes any bytes, and must return without a crash, an exception
// that is no aa::Error, or a broken promise (what was read can be written and read again).
// LLVMFuzzerTestOneInput of a fuzz program calls one of them.
//
// Thread rule: pure. Errors: a broken promise ends the program by abort().
#pragma once

#include <cstddef>
#include <cstdint>

namespace aa::formats {

void fuzz_rle(const std::uint8_t* data, std::size_t size);
void fuzz_operation(const std::uint8_t* data, std::size_t size);
void fuzz_coco(const std::uint8_t* data, std::size_t size);
void fuzz_yolo(const std::uint8_t* data, std::size_t size);

}  // namespace aa::formats
