#include "kernel/decode/letterbox.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/error.hpp"

namespace aa::decode {
namespace {

// Where one output coordinate reads from: two neighbours and the weight of the second.
struct Tap {
  int first = 0;
  int second = 0;
  float weight = 0;
};

std::vector<Tap> taps(int from, int to) {
  std::vector<Tap> out(static_cast<std::size_t>(to));
  const double step = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    const double at = std::clamp((i + 0.5) * step - 0.5, 0.0, from - 1.0);
    const int first = static_cast<int>(at);
    out[static_cast<std::size_t>(i)] = {first, std::min(first + 1, from - 1),
                                        static_cast<float>(at - first)};
  }
  return out;
}

// Two source rows blended as they lie, a loop over plain arrays that becomes vector instructions.
void blend_rows(const std::uint8_t* __restrict upper, const std::uint8_t* __restrict lower,
                float weight, float* __restrict out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto level = static_cast<float>(upper[i]);
    out[i] = level + (static_cast<float>(lower[i]) - level) * weight;
  }
}

// Red, green, blue and one lane that nobody reads.
using Pixel = float __attribute__((vector_size(16)));
using Levels = std::int32_t __attribute__((vector_size(16)));

Pixel load(const float* at) {
  Pixel out;
  std::memcpy(&out, at, sizeof out);
  return out;
}

Pixel rounded(Pixel level) {
  return __builtin_convertvector(__builtin_convertvector(level + 0.5F, Levels), Pixel);
}

// First down, which is cheap along whole rows, then sideways for the pixels that are wanted.
class Filler {
 public:
  Filler(const raster::ImageView& image, const InputSpec& spec, const Letterbox& box,
         std::span<float> out)
      : image_(image),
        spec_(spec),
        box_(box),
        out_(out),
        step_(image.channels == 4 ? 4 : 3),
        columns_(taps(image.width, box.resized_width)),
        lines_(taps(image.height, box.resized_height)),
        line_(static_cast<std::size_t>(image.width) * step_ + 1) {
    for (auto& tap : columns_) {
      tap.first *= static_cast<int>(step_);
      tap.second *= static_cast<int>(step_);
    }
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t source = spec.bgr ? 2 - c : c;
      scale_[source] = spec.scale[c];
      offset_[source] = spec.offset[c];
      pad_[c] = spec.pad_zero ? 0 : spec.pad_level * spec.scale[c] + spec.offset[c];
    }
  }

  void run() {
    const int bottom = box_.top + box_.resized_height;
    pad_rows(0, box_.top);
    for (int y = 0; y < box_.resized_height; ++y) {
      blend(lines_[static_cast<std::size_t>(y)]);
      pad_columns(box_.top + y, 0, box_.left);
      write(box_.top + y);
      pad_columns(box_.top + y, box_.left + box_.resized_width, spec_.width);
    }
    pad_rows(bottom, spec_.height);
  }

 private:
  void blend(const Tap& tap) {
    const auto width = static_cast<std::size_t>(image_.width);
    const auto values = width * static_cast<std::size_t>(image_.channels);
    blend_rows(image_.row(tap.first), image_.row(tap.second), tap.weight, line_.data(), values);
    if (image_.channels != 1) return;
    for (std::size_t x = width; x-- > 0;) std::fill_n(line_.begin() + offset_of(x), 3, line_[x]);
  }

  std::ptrdiff_t offset_of(std::size_t x) const { return static_cast<std::ptrdiff_t>(x * step_); }

  // Where the model's channel c of this pixel lies, and how far apart its neighbours are.
  float* place(int x, int y, std::size_t c) const {
    const auto width = static_cast<std::size_t>(spec_.width);
    const std::size_t at = static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x);
    const std::size_t plane = width * static_cast<std::size_t>(spec_.height);
    return out_.data() + (spec_.layout == Layout::nchw ? c * plane + at : 3 * at + c);
  }
  std::size_t stride() const { return spec_.layout == Layout::nchw ? 1 : 3; }

  void write(int y) {
    float* __restrict red = place(box_.left, y, spec_.bgr ? 2 : 0);
    float* __restrict green = place(box_.left, y, 1);
    float* __restrict blue = place(box_.left, y, spec_.bgr ? 0 : 2);
    const float* __restrict line = line_.data();
    const std::size_t stride = this->stride();
    std::size_t at = 0;
    for (const Tap& tap : columns_) {
      const Pixel a = load(line + tap.first);
      const Pixel level = a + (load(line + tap.second) - a) * tap.weight;
      const Pixel value = rounded(level) * scale_ + offset_;
      red[at] = value[0];
      green[at] = value[1];
      blue[at] = value[2];
      at += stride;
    }
  }

  void pad_columns(int y, int from, int to) {
    for (std::size_t c = 0; c < 3; ++c) {
      float* at = place(from, y, c);
      for (int x = from; x < to; ++x, at += stride()) *at = pad_[c];
    }
  }
  void pad_rows(int from, int to) {
    for (int y = from; y < to; ++y) pad_columns(y, 0, spec_.width);
  }

  const raster::ImageView& image_;
  const InputSpec& spec_;
  const Letterbox& box_;
  std::span<float> out_;
  std::size_t step_;  // floats from one pixel of line_ to the next
  std::vector<Tap> columns_;
  std::vector<Tap> lines_;
  std::vector<float> line_;  // one source row; load() reads a float past the last pixel
  Pixel scale_{};            // in the order of the source
  Pixel offset_{};
  std::array<float, 3> pad_{};  // in the order of the model
};

int resized(int side, double ratio, int limit, Rounding rounding) {
  const double exact = side * ratio;
  const int whole = static_cast<int>(rounding == Rounding::down ? exact : exact + 0.5);
  return std::clamp(whole, 1, limit);
}

}  // namespace

std::vector<std::int64_t> InputSpec::shape() const {
  if (layout == Layout::nchw) return {1, channels, height, width};
  return {1, height, width, channels};
}

InputSpec InputSpec::sized_for(double image_width, double image_height) const {
  InputSpec out = *this;
  if (sizing == Sizing::fixed || !(image_width > 0) || !(image_height > 0)) return out;
  const double limit = side_max;
  if (sizing == Sizing::by_aspect) {
    const double wide = std::ceil(height * image_width / image_height);
    out.width = static_cast<int>(std::clamp(wide, static_cast<double>(multiple), limit));
    return out;
  }
  const double ratio = std::min(1.0, limit / std::max(image_width, image_height));
  const auto rounded = [&](double side) {
    const double whole = std::max(1.0, std::round(side * ratio / multiple));
    return static_cast<int>(whole) * multiple;
  };
  out.width = rounded(image_width);
  out.height = rounded(image_height);
  return out;
}

geometry::Point Letterbox::to_model(geometry::Point image) const {
  return {image.x * scale_x + left, image.y * scale_y + top};
}

geometry::Point Letterbox::to_image(geometry::Point model) const {
  return {(model.x - left) / scale_x, (model.y - top) / scale_y};
}

geometry::Rect Letterbox::to_image(const geometry::Rect& model) const {
  const auto a = to_image(geometry::Point{model.x0, model.y0});
  const auto b = to_image(geometry::Point{model.x1, model.y1});
  return geometry::clamped({a.x, a.y, b.x, b.y}, image_width, image_height);
}

Letterbox plan_letterbox(int image_width, int image_height, const InputSpec& spec) {
  if (image_width <= 0 || image_height <= 0) throw invalid("bad_image", "The image is empty.");
  Letterbox box{.image_width = image_width, .image_height = image_height};
  const double rx = static_cast<double>(spec.width) / image_width;
  const double ry = static_cast<double>(spec.height) / image_height;
  if (spec.fit == Fit::stretch) {
    box.resized_width = spec.width;
    box.resized_height = spec.height;
    box.scale_x = rx;
    box.scale_y = ry;
    return box;
  }
  const double ratio = std::min(rx, ry);
  box.scale_x = box.scale_y = ratio;
  box.resized_width = resized(image_width, ratio, spec.width, spec.rounding);
  box.resized_height = resized(image_height, ratio, spec.height, spec.rounding);
  if (spec.fit == Fit::centred) {
    box.left = (spec.width - box.resized_width) / 2;
    box.top = (spec.height - box.resized_height) / 2;
  }
  return box;
}

void fill_input(const raster::ImageView& image, const InputSpec& spec, const Letterbox& letterbox,
                std::span<float> out) {
  const bool channels_known = image.channels == 1 || image.channels == 3 || image.channels == 4;
  if (image.empty() || !channels_known || image.width != letterbox.image_width ||
      image.height != letterbox.image_height) {
    throw invalid("bad_image", "The image is empty, of another size or has unknown channels.");
  }
  if (out.size() != spec.elements() || spec.channels != 3) {
    throw invalid("model_input", "The model's input has another size than the image prepared.");
  }
  Filler(image, spec, letterbox, out).run();
}

}  // namespace aa::decode
