// Filling polygons by the rule of COCO's mask API, for comparing with published numbers.
//
// fill() of contour.hpp asks whether a pixel's centre lies inside. COCO samples each edge on a grid
// five times as fine, rounds, and toggles a column where an edge crosses the middle of its pixels;
// at the border the two differ by single pixels. Parts are united.
//
// Units: pixels of the upright image; parts may reach beyond it. Limits: kCrossingsMax steps along
// the edges, limits::kCoordinate, limits::kImagePixels. Thread rule: pure function.
// Errors: Error(too_large, "polygon_too_complex"), Error(invalid_argument, "bad_coordinate").
// Source: the COCO mask API's definition (Lin et al., arXiv:1405.0312); code is our own.
#pragma once

#include <span>

#include "kernel/raster/contour.hpp"

namespace aa::raster {

Rle fill_as_coco(std::span<const geometry::Ring> parts, std::uint32_t height, std::uint32_t width);

}  // namespace aa::raster
