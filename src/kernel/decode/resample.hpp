// An upright part of an image in another size, with the filter widened when it gets smaller, so
// that every pixel of the part counts; as Pillow's resize does: rows first, then columns, each
// rounded to whole grey levels. bilinear: a triangle of one pixel; bicubic: Keys, a = -0.5, of two.
//
// The part may have fractional borders and is cut at the image's. Output: RGB, rows top to bottom;
// grey is repeated, alpha ignored.
// Source: R. Keys, IEEE TASSP 29(6), 1981. Thread rule: pure function.
// Errors: invalid_argument "bad_image", "bad_region".
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/decode/letterbox.hpp"
#include "kernel/geometry/geometry.hpp"

namespace aa::decode {

std::vector<std::uint8_t> resample(const raster::ImageView& image, const geometry::Rect& part,
                                   int width, int height, Resampling filter);

}  // namespace aa::decode
