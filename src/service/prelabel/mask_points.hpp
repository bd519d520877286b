// Points and masks: which pixels a mask holds, and where its inside is the farthest from its rim.
//
// Thread rule: pure functions. Errors: those of decode::sam::logits_of.
#pragma once

#include <span>
#include <vector>

#include "kernel/decode/frame.hpp"
#include "kernel/raster/rle.hpp"

namespace aa::prelabel {

bool holds(const raster::Rle& mask, geometry::Point at);

// At most `count` points inside the mask, far from its rim, from each other and from `away`, as far
// as a segmenter's grid of 256 x 256 tells; none for an empty mask.
std::vector<geometry::Point> interior_points(const raster::Rle& mask, const decode::Frame& frame,
                                             std::size_t count,
                                             std::span<const geometry::Point> away);

}  // namespace aa::prelabel
