// What a step along an image's edges costs, for intelligent scissors.
//
// Three features of Mortensen and Barrett ("Intelligent Scissors for Image Composition", SIGGRAPH
// 1995) with their weights: no zero crossing of the Laplacian (0.43), a turn against the edge's
// direction (0.43), a weak gradient (0.14). A step to a diagonal neighbour costs as much more as it
// is longer. Costs are whole numbers of 1 / kCostUnit.
// Limits: kEdgePixels. Thread rule: values. Errors: Error(too_large, "image_too_large").
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/raster/image.hpp"

namespace aa::vision {

inline constexpr std::size_t kEdgePixels = std::size_t{1} << 22;
inline constexpr int kCostUnit = 255;
inline constexpr int kCostMax = 512;  // no step costs so much

// Right, then clockwise (y points down).
inline constexpr int kStepX[8] = {1, 1, 0, -1, -1, -1, 0, 1};
inline constexpr int kStepY[8] = {0, 1, 1, 1, 0, -1, -1, -1};

class EdgeCosts {
 public:
  explicit EdgeCosts(const raster::ImageView& image);

  int width() const { return width_; }
  int height() const { return height_; }
  // From a pixel, by its index, to its neighbour in that direction, which must be on the image.
  int step(std::size_t from, std::size_t to, int direction) const;

 private:
  void take_gradients(const raster::ImageView& image);
  void take_zero_crossings(const raster::ImageView& image);

  int width_;
  int height_;
  std::vector<float> along_x_;  // the edge's direction: at a right angle to the gradient, unit
  std::vector<float> along_y_;
  std::vector<float> local_;  // of entering a pixel: zero crossing and gradient, weighted
};

}  // namespace aa::vision
