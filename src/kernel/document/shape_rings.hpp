// The rings of a shape that have vertex keys, with the fewest points each may have.
//
// Thread rule: pure. Errors: none.
#pragma once

#include <cstddef>
#include <variant>

#include "kernel/document/shape.hpp"

namespace aa::document {

inline constexpr std::size_t kPolygonPointsMin = 3;
inline constexpr std::size_t kPolylinePointsMin = 2;

// Calls visit(points, keys, min). Holes without a list of keys get an empty one first.
template <class Visit>
void for_each_ring(Shape& shape, Visit visit) {
  if (auto* polygon = std::get_if<Polygon>(&shape)) {
    for (PolygonPart& part : polygon->parts) {
      visit(part.points, part.keys, kPolygonPointsMin);
      if (part.hole_keys.empty()) part.hole_keys.resize(part.holes.size());
      for (std::size_t i = 0; i < part.holes.size() && i < part.hole_keys.size(); ++i) {
        visit(part.holes[i], part.hole_keys[i], kPolygonPointsMin);
      }
    }
  } else if (auto* line = std::get_if<Polyline>(&shape)) {
    visit(line->points, line->keys, kPolylinePointsMin);
  } else if (auto* set = std::get_if<PointSet>(&shape)) {
    visit(set->points, set->keys, std::size_t{1});
  }
}

}  // namespace aa::document
