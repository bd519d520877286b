// Intelligent scissors: the cheapest way along an image's edges from a seed to any other pixel.
//
// grow() runs Dijkstra's algorithm from the seed over the whole image, with a ring of buckets as
// its queue since costs are small whole numbers; then every path is there at once.
// Limits: kEdgePixels. Thread rule: one thread. Errors: Error(invalid_argument, "outside_image");
// path() before grow() is Error(invalid_argument, "no_seed").
// Source: Mortensen, Barrett: Intelligent Scissors for Image Composition, SIGGRAPH 1995; Dial:
// Algorithm 360, CACM 1969. Code is our own.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/vision/edge_costs.hpp"

namespace aa::vision {

struct Pixel {
  int x = 0;
  int y = 0;
  bool operator==(const Pixel&) const = default;
};

class LiveWire {
 public:
  explicit LiveWire(const raster::ImageView& image) : costs_(image) {}

  const EdgeCosts& costs() const { return costs_; }
  void grow(Pixel seed);
  // From the seed to that pixel, both included; neighbours touch by edge or corner.
  std::vector<Pixel> path(Pixel to) const;
  // Of the path there.
  std::uint32_t cost(Pixel to) const { return cost_.at(index_of(to)); }

 private:
  std::size_t index_of(Pixel pixel) const;
  void relax_around(std::size_t from, std::vector<std::vector<std::uint32_t>>& ring,
                    std::size_t& waiting);

  EdgeCosts costs_;
  std::vector<std::uint32_t> cost_;
  std::vector<std::uint8_t> came_by_;  // the direction of the last step
};

}  // namespace aa::vision
