// Oriented rectangles of detectors: how alike two are, and as boxes of the image.
//
// Alike: ProbIoU, 1 minus the Hellinger distance of the Gaussians with the rectangles' means and
// covariances (Llerena et al., arXiv:2106.06072). Angles are radians, clockwise on the screen.
// Thread rule: pure functions. Errors: none.
#pragma once

#include "kernel/decode/frame.hpp"

namespace aa::decode {

struct RotatedBox {
  double cx = 0;
  double cy = 0;
  double width = 0;
  double height = 0;
  double angle = 0;
};

double prob_iou(const RotatedBox& a, const RotatedBox& b);

// The wider side first, rotation in [0, 180) degrees. Not cut at the image's border.
document::Box box_of(const RotatedBox& model, const Frame& frame);

}  // namespace aa::decode
