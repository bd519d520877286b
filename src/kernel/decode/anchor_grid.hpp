// Anchors of a single-shot detector, computed from the options that its graph was trained with.
//
// A grid of cells for every stride, finest first, rows from the top; in each cell the anchors of
// all layers of that stride, in their order. A layer has one anchor per aspect ratio and, when
// `next_scale_ratio` is not 0, one more whose scale is the geometric mean with the next layer's.
// Centres and sizes are shares of the input's sides.
// Source: SSD, arXiv:1512.02325, with the options of MediaPipe's SsdAnchorsCalculator.
// Thread rule: pure functions. Errors: none.
#pragma once

#include <vector>

namespace aa::decode {

struct Anchor {
  double x = 0;
  double y = 0;
  double width = 1;
  double height = 1;
};

struct AnchorOptions {
  int width = 0;  // of the input, pixels
  int height = 0;
  std::vector<int> strides;  // one per layer
  std::vector<double> aspect_ratios = {1};
  double next_scale_ratio = 1;
  double scale_min = 1;  // of the first layer and of the last; equal and 1: boxes without priors
  double scale_max = 1;
  bool reduced_lowest = false;  // the first layer has three: 0.1 at 1, its scale at 2 and at 1/2
};

std::vector<Anchor> anchor_grid(const AnchorOptions& options);

}  // namespace aa::decode
