// The tiles of one level in one blob: JPEGs by rows, then where each ends, then columns and rows.
#pragma once

#include <cstdint>
#include <string>

#include "driver/blob/store.hpp"
#include "kernel/raster/image.hpp"

namespace aa::assets {

// Cuts `image` into tiles and writes them; nothing is kept until the writer commits.
void write_tile_pack(const raster::ImageView& image, std::uint32_t side, blob::Writer& out);
// Error not_found where the level has no such tile.
std::string read_tile(blob::Reader& pack, std::uint32_t x, std::uint32_t y);

}  // namespace aa::assets
