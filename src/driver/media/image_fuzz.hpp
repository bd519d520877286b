// Entry points of the fuzzers: any bytes must give a value or an aa::Error.
#pragma once

#include <cstddef>
#include <cstdint>

namespace aa::media {

// 0 always; other exceptions and broken promises (sizes that differ from probe's) escape.
int fuzz_probe(const std::uint8_t* data, std::size_t size);
int fuzz_decode(const std::uint8_t* data, std::size_t size);

}  // namespace aa::media
