#include "kernel/decode/anchor_grid.hpp"

#include <cmath>

namespace aa::decode {
namespace {

struct Prior {
  double scale;
  double ratio;
};

double scale_of(const AnchorOptions& options, std::size_t layer) {
  const auto layers = options.strides.size();
  if (layers == 1) return (options.scale_min + options.scale_max) / 2;
  if (layer == layers) return 1;  // beyond the last
  return options.scale_min + (options.scale_max - options.scale_min) * static_cast<double>(layer) /
                                 static_cast<double>(layers - 1);
}

void add_priors(const AnchorOptions& options, std::size_t layer, std::vector<Prior>& out) {
  const double scale = scale_of(options, layer);
  if (layer == 0 && options.reduced_lowest) {
    out.insert(out.end(), {{0.1, 1}, {scale, 2}, {scale, 0.5}});
    return;
  }
  for (const double ratio : options.aspect_ratios) out.push_back({scale, ratio});
  if (options.next_scale_ratio > 0) {
    out.push_back({std::sqrt(scale * scale_of(options, layer + 1)), options.next_scale_ratio});
  }
}

void add_cells(const AnchorOptions& options, int stride, const std::vector<Prior>& priors,
               std::vector<Anchor>& out) {
  const int columns = (options.width + stride - 1) / stride;
  const int rows = (options.height + stride - 1) / stride;
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      for (const auto& [scale, ratio] : priors) {
        const double root = std::sqrt(ratio);
        out.push_back({(x + 0.5) / columns, (y + 0.5) / rows, scale * root, scale / root});
      }
    }
  }
}

}  // namespace

std::vector<Anchor> anchor_grid(const AnchorOptions& options) {
  std::vector<Anchor> out;
  std::vector<Prior> priors;
  for (std::size_t layer = 0; layer < options.strides.size(); ++layer) {
    add_priors(options, layer, priors);
    const int stride = options.strides[layer];
    if (layer + 1 < options.strides.size() && options.strides[layer + 1] == stride) continue;
    add_cells(options, stride, priors, out);
    priors.clear();
  }
  return out;
}

}  // namespace aa::decode
