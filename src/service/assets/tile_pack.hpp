// The tiles of one level in one blob: JPEGs by rows, then where each ends, then columns and rows.
#pragma once

#include <cstdint>
#include <string>

#include "driver/blob/store.hpp"
#include "kernel/raster/image.hpp"

namespace aa::assets {

// Takes an image's rows from the top down and writes its tiles, holding one row of tiles at a time;
// nothing is kept until `out` commits.
class TilePackWriter {
 public:
  TilePackWriter(std::uint32_t width, std::uint32_t height, std::uint32_t side, blob::Writer& out);
  void put_row(const std::uint8_t* rgb);
  void finish();  // after the last row

 private:
  void write_band();

  std::uint32_t height_;
  std::uint32_t side_;
  blob::Writer& out_;
  raster::Image band_;
  int rows_ = 0;  // in the band
  std::string ends_;
  std::uint64_t end_ = 0;
};

// Cuts `image` into tiles and writes them.
void write_tile_pack(const raster::ImageView& image, std::uint32_t side, blob::Writer& out);
// Error not_found where the level has no such tile.
std::string read_tile(blob::Reader& pack, std::uint32_t x, std::uint32_t y);

}  // namespace aa::assets
