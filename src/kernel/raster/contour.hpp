// From polygons to masks and back.
//
// Filling: a pixel belongs to a part when its centre lies inside by the even-odd rule over the
// outer ring and the holes together; several parts are united. A centre exactly on an edge belongs
// to the side right of it or below it, so that polygons sharing an edge neither overlap nor leave
// gaps. Parts may reach beyond the image; only the image's pixels are filled.
//
// Tracing: rings run along the pixels' corners. Foreground is 4-connected: diagonal neighbours
// become separate parts. Outer rings have positive area, holes negative (geometry.hpp). With
// tolerance 0, filling the traced parts gives the same mask back, bit for bit.
//
// Limits: limits::kImagePixels, limits::kCoordinate; kCrossingsMax edge-column crossings a call.
// Thread rule: pure functions. Errors: Error(too_large), Error(invalid_argument) for coordinates
// that are not finite or out of range. Source: scan conversion by columns and border following on
// runs, written here; simplification by Douglas-Peucker (geometry.hpp).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernel/geometry/geometry.hpp"
#include "kernel/raster/rle.hpp"

namespace aa::raster {

inline constexpr std::uint64_t kCrossingsMax = std::uint64_t{1} << 26;

struct Part {
  geometry::Ring outer;
  std::vector<geometry::Ring> holes;
  bool operator==(const Part&) const = default;
};

Rle fill(std::span<const Part> parts, std::uint32_t height, std::uint32_t width);

// `tolerance` in pixels; 0 removes nothing but collinear corners. Parts in order of their first
// pixel, column by column.
std::vector<Part> trace(const Rle& rle, double tolerance = 0);

}  // namespace aa::raster
