// Where in an image things like a given part of it stand, by a map of features such as a SAM
// encoder gives: one vector for each cell of a square grid.
//
// What all cells have in common is taken away first: what stays is how a cell differs from the
// image as a whole, and the cosine of that is the likeness, 1 alike, 0 by chance.
// Limits: kAlikeSideMax cells a side. Thread rule: a value, read by any number of threads.
// Errors: invalid_argument "bad_grid" when values and sizes differ or a number is not finite.
// Source: one-shot localisation by similarity to a target's mean feature, as in Zhang et al.
// (PerSAM), arXiv:2305.03048.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernel/geometry/geometry.hpp"

namespace aa::learning {

inline constexpr std::size_t kAlikeSideMax = 512;

struct FeatureGrid {
  std::span<const float> values;  // channel by channel, each row by row
  std::size_t channels = 0;
  std::size_t side = 0;
  // Cells that show the image; those beyond are padding.
  double columns = 0;
  double rows = 0;
};

struct AlikePlace {
  geometry::Point cell;  // its middle, in cells
  float likeness = 0;
};

class AlikePlaces {
 public:
  // `part` has a share, 0 to 1, for each cell: how much of it belongs to what is looked for.
  AlikePlaces(const FeatureGrid& grid, std::span<const float> part);

  // How alike another part is; 0 for one without cells, or when nothing is looked for.
  float likeness(std::span<const float> part) const;
  // Cells outside of the part that are more alike than those around them, most alike first.
  std::vector<AlikePlace> peaks(float likeness_min, std::size_t count_max) const;

 private:
  std::vector<float> mean_of(std::span<const float> part) const;  // of length 1; empty: none

  std::size_t channels_;
  std::size_t side_;
  std::size_t columns_;
  std::size_t rows_;
  std::vector<float> cells_;  // cell by cell, without the image's mean
  std::vector<float> target_;
  std::vector<float> part_;
};

}  // namespace aa::learning
