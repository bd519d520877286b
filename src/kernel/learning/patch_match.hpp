// Where a part of one image stands in another image of the same scene.
//
// The part, with a margin of its surroundings, is sampled as kPatchSide x kPatchSide grey levels;
// the other image is searched around where the part would stand if both images showed the very
// same, at five sizes, first coarsely, then around the best. The measure is the normalised
// cross-correlation, which light and contrast do not change: 1 is alike, 0 is chance.
// Limits: the search reaches half the part's size in each direction. Thread rule: pure function.
// Errors: none; nullopt for a part without structure or outside its image.
// Source: Lewis, "Fast Normalized Cross-Correlation", Vision Interface, 1995.
#pragma once

#include <optional>

#include "kernel/geometry/geometry.hpp"
#include "kernel/raster/image.hpp"

namespace aa::learning {

inline constexpr int kPatchSide = 24;

struct PatchMatch {
  geometry::Rect box;  // of the part, in pixels of the other image
  double correlation = 0;
};

std::optional<PatchMatch> find_patch(const raster::ImageView& from, const geometry::Rect& part,
                                     const raster::ImageView& to);

}  // namespace aa::learning
