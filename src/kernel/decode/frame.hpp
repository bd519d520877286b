// Where a model looks: the whole image or a region of it, and how its pixels map to the image's.
//
// A frame is an affine map. The whole image is laid into the input as its InputSpec says (stretched
// or letterboxed); a region, an oriented rectangle, is turned upright and laid in likewise. Both
// resample bilinearly with half-pixel centres; what lies outside the image is padding. The whole
// image is rounded to whole levels, as letterbox.hpp says; a turned region is not.
// Units: pixels. Thread rule: pure functions. Errors: invalid_argument "bad_image", "bad_region"
// (empty or not finite), "model_input" (size of the output).
#pragma once

#include <array>
#include <optional>
#include <span>

#include "kernel/decode/finding.hpp"
#include "kernel/decode/letterbox.hpp"

namespace aa::decode {

struct Frame {
  int image_width = 0;
  int image_height = 0;
  int input_width = 0;  // of the model's input
  int input_height = 0;
  std::optional<Letterbox> letterbox;  // when it is the whole image
  // image x = a[0] * x + a[1] * y + a[2], image y = a[3] * x + a[4] * y + a[5]
  std::array<double, 6> a = {1, 0, 0, 0, 1, 0};

  geometry::Point to_image(geometry::Point model) const;
  geometry::Point to_model(geometry::Point image) const;
  // Around the turned rectangle, clamped to the image.
  geometry::Rect to_image(const geometry::Rect& model) const;
  double scale() const;     // image pixels per model pixel, the mean of both axes
  double rotation() const;  // degrees, clockwise: of the region in the image
};

// `spec` is sized already (InputSpec::sized_for).
Frame plan_frame(int image_width, int image_height, const InputSpec& spec,
                 const std::optional<Region>& region = std::nullopt);
// `out` has spec.elements() floats, any number of channels that InputSpec has.
void fill_frame(const raster::ImageView& image, const InputSpec& spec, const Frame& frame,
                std::span<float> out);

// How the next model's region follows from a finding.
struct RegionRule {
  double margin = 0;    // of each side, as a share of the region's width and height
  bool square = false;  // the longer side both ways
  double shift_y = 0;   // of the centre, as a share of the height, along the region's own axis
};
Region region_of(const Finding& finding, const RegionRule& rule);
Region region_of(const geometry::Rect& rect);

}  // namespace aa::decode
