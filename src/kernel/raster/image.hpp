// Pixels in memory: interleaved 8-bit channels, rows top to bottom.
//
// Channel order is RGB or RGBA unless a function says otherwise; one channel is grey. `stride` is
// bytes from one row to the next and may exceed width * channels.
// Limits: width * height <= limits::kImagePixels, sides <= limits::kImageSide, 1 to 4 channels.
// Thread rule: values; a view must not outlive its pixels.
// Errors: Image's constructor and the checked view throw Error(too_large | invalid_argument).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/raw_bytes.hpp"

namespace aa::raster {

// Throws Error(invalid_argument, "bad_image_size") or Error(too_large, "image_too_large").
void check_image_size(std::int64_t width, std::int64_t height);

struct ImageView {
  const std::uint8_t* data = nullptr;
  int width = 0;
  int height = 0;
  int channels = 0;
  std::size_t stride = 0;

  const std::uint8_t* row(int y) const { return data + static_cast<std::size_t>(y) * stride; }
  const std::uint8_t* at(int x, int y) const {
    return row(y) + static_cast<std::size_t>(x) * static_cast<std::size_t>(channels);
  }
  std::size_t pixels() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  }
  bool empty() const { return width <= 0 || height <= 0; }
  // The part of this view; the rectangle must lie inside.
  ImageView crop(int x, int y, int crop_width, int crop_height) const;
};

// Owns its pixels, tightly packed.
class Image {
 public:
  Image() = default;
  Image(int width, int height, int channels);  // zeroed
  // For those who write every pixel: zeros first are a pass over memory that nobody needs.
  static Image unset(int width, int height, int channels);

  int width() const { return width_; }
  int height() const { return height_; }
  int channels() const { return channels_; }
  std::size_t stride() const {
    return static_cast<std::size_t>(width_) * static_cast<std::size_t>(channels_);
  }
  bool empty() const { return pixels_.empty(); }
  std::size_t bytes() const { return pixels_.size(); }
  std::uint8_t* data() { return pixels_.data(); }
  const std::uint8_t* data() const { return pixels_.data(); }
  std::uint8_t* row(int y) { return pixels_.data() + static_cast<std::size_t>(y) * stride(); }
  const std::uint8_t* row(int y) const {
    return pixels_.data() + static_cast<std::size_t>(y) * stride();
  }
  ImageView view() const { return {pixels_.data(), width_, height_, channels_, stride()}; }
  operator ImageView() const { return view(); }
  bool operator==(const Image&) const = default;

 private:
  int width_ = 0;
  int height_ = 0;
  int channels_ = 0;
  std::vector<std::uint8_t, DefaultInitAllocator<std::uint8_t>> pixels_;
};

}  // namespace aa::raster
