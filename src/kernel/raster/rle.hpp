// Masks as runs, in COCO's order: columns from the left, each from top to bottom; the first run is
// background and may be empty. Two texts exist: COCO's compressed counts (each run, from the
// fourth on as the difference to the run two before, in groups of 5 bits, bit 5 "more", plus 48),
// and the plain list of numbers.
//
// Sizes are pixels of the upright image. Every function here works straight on runs, in time and
// memory proportional to them, except encode and decode.
// Limits: height * width <= limits::kImagePixels; at most kRunsMax runs.
// Thread rule: pure functions. Errors: Error(malformed, "malformed_rle") for a bad text,
// Error(invalid_argument, "rle_size") when runs and size or two sizes differ,
// Error(too_large, ...) beyond the limits.
// Source: the COCO mask API's format (Lin et al., arXiv:1405.0312); code is our own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/geometry/geometry.hpp"

namespace aa::raster {

inline constexpr std::size_t kRunsMax = std::size_t{1} << 22;

// Row by row from the top, one byte a pixel, 0 or not 0.
struct Mask {
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  std::vector<std::uint8_t> bytes;
  bool operator==(const Mask&) const = default;
};

// A valid Rle has runs that add up to height * width. A default one is 0 x 0.
struct Rle {
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  std::vector<std::uint32_t> runs;
  bool operator==(const Rle&) const = default;
};

Rle empty_rle(std::uint32_t height, std::uint32_t width);  // all background
// Throws Error(invalid_argument, "rle_size") unless the runs fill the size, within the limits.
void check(const Rle& rle);
// Without empty runs, except the first: the only form encode() and merge() give.
Rle canonical(const Rle& rle);

Rle encode(const Mask& mask);
// Any bytes != 0 are foreground; `bytes` has height * width elements, row by row.
Rle encode(std::span<const std::uint8_t> bytes, std::uint32_t height, std::uint32_t width);
Mask decode(const Rle& rle);  // bytes 0 and 1
// The mask of a larger picture whose only foreground is `part`, its top left pixel at (x, y).
// Throws Error(invalid_argument, "rle_size") when the part reaches beyond the picture.
Rle place(const Rle& part, std::uint32_t x, std::uint32_t y, std::uint32_t height,
          std::uint32_t width);

std::string to_counts(const Rle& rle);  // COCO's compressed text
Rle from_counts(std::string_view counts, std::uint32_t height, std::uint32_t width);
Rle from_runs(std::span<const std::uint32_t> runs, std::uint32_t height, std::uint32_t width);

std::uint64_t area(const Rle& rle);
// Whole pixels; {0,0,0,0} for an empty mask.
geometry::Rect bounds(const Rle& rle);

enum class MergeMode : std::uint8_t {
  unite,      // a or b
  intersect,  // a and b
  subtract,   // a and not b
  differ      // a xor b
};
Rle merge(const Rle& a, const Rle& b, MergeMode mode);
Rle unite_all(std::span<const Rle> masks);  // at least one, equal sizes
std::uint64_t intersection_area(const Rle& a, const Rle& b);
// With `b_is_crowd`, the share of a that b covers (COCO's rule for crowds). 0 when both are empty.
double iou(const Rle& a, const Rle& b, bool b_is_crowd = false);

}  // namespace aa::raster
