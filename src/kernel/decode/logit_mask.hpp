// A grid of logits over the model's input becomes a mask of the image: bilinear with half-pixel
// centres, clamped at the grid's edge; a pixel belongs to the mask when its logit is above 0.
//
// Time grows with the pixels inside the box, memory with the runs. Limits: kMaskPixelsMax pixels
// looked at by one canvas. Thread rule: values. Errors: invalid_argument "model_output".
#pragma once

#include <span>

#include "kernel/decode/frame.hpp"
#include "kernel/raster/rle.hpp"

namespace aa::decode {

inline constexpr std::uint64_t kMaskPixelsMax = std::uint64_t{1} << 29;

struct LogitGrid {
  int width = 0;
  int height = 0;
  std::span<const float> values;  // row-major, over the whole input
};

// Draws the masks of one answer.
class MaskCanvas {
 public:
  explicit MaskCanvas(const Frame& frame) : frame_(frame) {}
  // Only pixels whose centre lies inside `box`, in pixels of the image.
  raster::Rle draw(const LogitGrid& grid, const geometry::Rect& box);

 private:
  Frame frame_;
  std::uint64_t looked_at_ = 0;
};

}  // namespace aa::decode
