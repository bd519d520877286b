// Large images for models with small inputs: the image is cut into overlapping tiles, each is run
// like an image of its own beside the whole, and what was found is merged.
//
// A box that ends at an inner edge of its tile is a piece of an object that the tile cuts. It goes
// when the object was found whole elsewhere; two pieces of one object that agree where their tiles
// overlap become one box. Boxes found twice in an overlap fall to non-maximum suppression.
// After SAHI, arXiv:2202.06934, which merges by overlap alone.
//
// Units: pixels of the upright image. Thread rule: pure functions. Errors: none.
#pragma once

#include <span>
#include <vector>

#include "kernel/decode/detector.hpp"

namespace aa::decode {

inline constexpr int kTilesAcrossMax = 8;  // along the longer side

struct Tile {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  bool operator==(const Tile&) const = default;
  geometry::Rect rect() const;
};

// How many tiles along the longer side bring an image near the scale of the model's input; 1: the
// image is small enough to be seen whole.
int tiles_wanted(int image_width, int image_height, const InputSpec& input);
// Overlapping tiles in the shape of the input, rows from the top; empty when `across` is 1 or less.
std::vector<Tile> plan_tiles(int image_width, int image_height, const InputSpec& input, int across);

// What was found in one tile, or in the whole image.
struct TileDetections {
  Tile tile;
  std::vector<Detection> detections;  // in pixels of the whole image
};
// Ordered by falling score.
std::vector<Detection> merge_tiles(std::span<const TileDetections> parts, int image_width,
                                   int image_height, const Thresholds& thresholds = {});

}  // namespace aa::decode
