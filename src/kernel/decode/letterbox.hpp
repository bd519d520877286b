// From pixels to a model's input in one pass: resize, pad, reorder channels, normalise.
//
// Resampling is bilinear with half-pixel centres, without antialias and rounded to whole grey
// levels, as cv2.resize(INTER_LINEAR) does on 8-bit images: source x = (x + 0.5) * w / w' - 0.5,
// clamped to the image.
//
// Fit:  stretch    the image fills the input, its aspect is lost
//       top_left   the aspect is kept, the rest is padded at right and bottom
//       centred    the aspect is kept, padded on both sides
//       cover      the aspect is kept, the middle `cover_share` of the shorter side fills the
//       input;
//                  planned by frame.hpp, a letterbox has no such thing
// A letterbox maps boxes back by the one ratio r = min(W / w, H / h) although the resized side is a
// whole number; that is what the references of the YOLO families do.
//
// Output value = level * scale[c] + offset[c], c in the model's channel order; padding is
// `pad_level` treated the same, or exactly 0 when `pad_zero`.
// Input: grey, RGB or RGBA (alpha is ignored). Thread rule: pure functions.
// Errors: invalid_argument "bad_image" (empty, channels), "model_input" (size of the output).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "kernel/geometry/geometry.hpp"
#include "kernel/raster/image.hpp"

namespace aa::decode {

// How large the input is: as the graph says; sides of the image rounded to `multiple`, the longer
// at most `side_max`; height as the graph says and width by the image's aspect, at most `side_max`.
enum class Sizing { fixed, multiples, by_aspect };
enum class Fit { stretch, top_left, centred, cover };
enum class Layout { nchw, nhwc };
// Of the resized sides; exact: not to whole pixels.
enum class Rounding { down, nearest, exact };
// plain: two neighbours each way, as above. The others average over what a pixel covers when an
// image is made smaller (resample.hpp); they need an input without padding.
enum class Resampling { plain, bilinear, bicubic };

struct InputSpec {
  int width = 0;
  int height = 0;
  Layout layout = Layout::nchw;
  Fit fit = Fit::top_left;
  Rounding rounding = Rounding::down;
  Resampling resampling = Resampling::plain;
  float cover_share = 1;  // 0..1
  bool bgr = false;
  std::array<float, 3> scale = {1, 1, 1};
  std::array<float, 3> offset = {0, 0, 0};
  float pad_level = 114;
  bool pad_zero = false;
  bool repeat_edge = false;  // around a region that leaves the image, instead of padding
  // 3; 1: luma (BT.601) by scale[0] and offset[0]; 4: a plane of `fourth` after the three.
  int channels = 3;
  float fourth = 1;
  Sizing sizing = Sizing::fixed;
  int multiple = 32;
  int side_max = 960;

  std::size_t elements() const {
    return static_cast<std::size_t>(channels) * static_cast<std::size_t>(width) *
           static_cast<std::size_t>(height);
  }
  std::vector<std::int64_t> shape() const;  // with batch 1
  // The same with the width and height for an image of this size; see Sizing.
  InputSpec sized_for(double image_width, double image_height) const;
};

struct Letterbox {
  int image_width = 0;
  int image_height = 0;
  int resized_width = 0;  // of the image inside the input
  int resized_height = 0;
  int left = 0;  // padding before it
  int top = 0;
  double scale_x = 1;  // model pixels per image pixel
  double scale_y = 1;

  geometry::Point to_model(geometry::Point image) const;
  geometry::Point to_image(geometry::Point model) const;
  geometry::Rect to_image(const geometry::Rect& model) const;  // clamped to the image
};

Letterbox plan_letterbox(int image_width, int image_height, const InputSpec& spec);
// `out` has spec.elements() floats; three channels only, see frame.hpp for others.
void fill_input(const raster::ImageView& image, const InputSpec& spec, const Letterbox& letterbox,
                std::span<float> out);

}  // namespace aa::decode
