// A shape of one image, put where its object stands in another image of the same scene.
//
// The move is a scaling and a shift along the axes, as from one box to another; masks become
// polygons. Thread rule: pure functions. Errors: those of raster::trace.
#pragma once

#include <optional>

#include "kernel/document/shape.hpp"
#include "kernel/geometry/geometry.hpp"

namespace aa::ranking {

// nullopt for shapes that have no place in an image (tags, cuboids) and for empty boxes.
std::optional<document::Shape> placed(const document::Shape& shape, const geometry::Rect& from,
                                      const geometry::Rect& to);

}  // namespace aa::ranking
