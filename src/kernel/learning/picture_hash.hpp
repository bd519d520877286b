// A fingerprint of 64 bits that survives another size, another compression, slight changes of
// light: each bit tells whether one cell of a 9 x 8 grid is brighter than its right neighbour
// (difference hash).
//
// Pictures without structure (a plain area) have fingerprints that mean nothing: is_telling().
// Source: N. Krawetz, "Kind of Like That", 2013 (dHash). Code is our own.
// Thread rule: pure functions. Errors: none; an empty image gives 0.
#pragma once

#include <bit>
#include <cstdint>

#include "kernel/raster/image.hpp"

namespace aa::learning {

std::uint64_t picture_hash(const raster::ImageView& image);
inline int bits_apart(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b); }
bool is_telling(std::uint64_t hash);

}  // namespace aa::learning
