// The magic wand: pixels whose colour is near that of one place.
//
// Colours are near when no channel differs by more than the tolerance; transparency does not count.
// Contiguous regions hang together by edges (4 neighbours).
// Limits: those of raster::ImageView. Thread rule: pure function. Errors:
// Error(invalid_argument, "outside_image") when the place is not on the image.
#pragma once

#include "kernel/raster/image.hpp"
#include "kernel/raster/rle.hpp"

namespace aa::vision {

struct WandOptions {
  int tolerance = 24;  // 0 to 255
  bool contiguous = true;
};

raster::Mask wand(const raster::ImageView& image, int x, int y, WandOptions options);

}  // namespace aa::vision
