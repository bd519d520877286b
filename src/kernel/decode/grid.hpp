// Numbers that a model gives for a grid over its input, read at the pixels of the image: heat maps,
// foreground probabilities, scores of classes.
//
// A grid of any size covers the whole input; values lie in the middle of cells and are blended
// bilinearly, those of the border reach to its edge. Pixels that the model did not see (outside the
// region of a frame) are background.
// Thread rule: pure functions. Errors: invalid_argument "model_output" (shapes), too_large (masks
// of more than raster::kRunsMax runs).
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "kernel/decode/frame.hpp"
#include "kernel/decode/tensor_view.hpp"
#include "kernel/raster/rle.hpp"

namespace aa::decode {

// The four cells around a place, row by row, and how far it is from the first to the others.
struct Cell {
  std::array<std::size_t, 4> at{};
  float right = 0;
  float down = 0;

  float blend(float a, float b, float c, float d) const {
    const float top = a + (b - a) * right;
    return top + (c + (d - c) * right - top) * down;
  }
};

// `count` planes of one size in one tensor, whichever way their numbers lie.
struct Planes {
  const float* data = nullptr;
  std::size_t count = 0;
  int width = 0;
  int height = 0;
  std::size_t cell_step = 1;
  std::size_t plane_step = 0;

  std::size_t cells() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  }
  float value(std::size_t plane, std::size_t cell) const {
    return data[plane * plane_step + cell * cell_step];
  }
  float value(std::size_t plane, const Cell& cell) const {
    return cell.blend(value(plane, cell.at[0]), value(plane, cell.at[1]), value(plane, cell.at[2]),
                      value(plane, cell.at[3]));
  }
  Planes only(std::size_t plane) const;
};

// Of [1, C, h, w], [1, h, w, C], [1, h, w] or [h, w]. Where both orders of four could be meant, the
// one whose sides have the aspect of the input is, and after that the order of the input.
Planes planes_of(const TensorView& tensor, const Frame& frame, Layout layout);

// Cells from pixels of the image.
class Grid {
 public:
  Grid(const Frame& frame, int width, int height);
  // Of the middle of a pixel; false: the model did not see it.
  bool find(int x, int y, Cell& out) const;
  // Pixels outside it were not seen.
  const geometry::Rect& seen() const { return seen_; }

 private:
  int width_;
  int height_;
  std::array<double, 6> a_;  // from the image to cells, as Frame::a
  geometry::Rect seen_;
};

struct ClassMask {
  int class_index = 0;
  raster::Rle rle;
};
// One mask as large as the image for every class that `class_of` gives to a pixel; below 0: none.
// In order of the classes.
std::vector<ClassMask> class_masks(const Frame& frame, const Grid& grid,
                                   const std::function<int(const Cell&)>& class_of);
// Pixels where the plane's value is at least `least`. All background is an empty_rle().
raster::Rle mask_of(const Planes& plane, const Frame& frame, float least);
// What of a plane lies over the image, without padding; nullopt: the frame is a region only.
std::optional<ScalarMap> map_of(const Planes& plane, const Frame& frame);

}  // namespace aa::decode
