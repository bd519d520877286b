// SLIC superpixels: an image cut into patches of about one size that keep to its edges.
//
// Every patch hangs together by edges (4 neighbours); pieces smaller than a quarter of a cell join
// a neighbour.
// Limits: kSuperpixelPixels; cells of at least 4 pixels. Thread rule: pure function. Errors:
// Error(too_large, "image_too_large"), Error(invalid_argument, "bad_cell").
// Source: Achanta et al., SLIC Superpixels Compared to State-of-the-Art Superpixel Methods, IEEE
// TPAMI 34(11), 2012. Code is our own.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/raster/image.hpp"

namespace aa::vision {

inline constexpr std::size_t kSuperpixelPixels = std::size_t{1} << 22;

struct SuperpixelOptions {
  int cell = 24;            // pixels from one centre to the next
  double compactness = 12;  // how much nearness counts against colour
  int rounds = 8;
};

struct Superpixels {
  std::uint32_t count = 0;
  std::vector<std::uint32_t> labels;  // row by row, 0 to count - 1
};

Superpixels superpixels(const raster::ImageView& image, SuperpixelOptions options);

}  // namespace aa::vision
