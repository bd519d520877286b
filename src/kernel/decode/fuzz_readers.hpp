// Any bytes as a model: a family or none, an input, outputs of any shapes, metadata and numbers.
// What comes of it must be an Error or a reading that keeps its promises; anything else throws
// std::logic_error. Bounded work for any bytes. Thread rule: pure function.
#pragma once

#include <cstddef>
#include <cstdint>

namespace aa::decode {

void fuzz_readers(const std::uint8_t* data, std::size_t size);

}  // namespace aa::decode
