// An image row by row, so that a very large one is never held as a whole: JPEGs of one scan and
// PNGs without interlacing, as long as they are stored upright.
//
// Thread rule: pure functions. Errors: those of decode(), some after rows were given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace aa::media {

bool comes_in_rows(std::span<const std::byte> file);
// Gives each row, RGB, from the top down. What `take` throws ends it.
void decode_rows(std::span<const std::byte> file,
                 const std::function<void(const std::uint8_t* rgb)>& take);

}  // namespace aa::media
