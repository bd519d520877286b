#include "driver/media/row_sink.hpp"

#include <algorithm>
#include <cstring>

namespace aa::media {
namespace {

constexpr std::uint32_t kBandRows = 16;

struct Place {
  int x;
  int y;
};

// Where the stored pixel goes, for a stored image of w x h.
Place upright_place(int orientation, int x, int y, int w, int h) {
  switch (orientation) {
    case 2:
      return {w - 1 - x, y};
    case 3:
      return {w - 1 - x, h - 1 - y};
    case 4:
      return {x, h - 1 - y};
    case 5:
      return {y, x};
    case 6:
      return {h - 1 - y, x};
    case 7:
      return {h - 1 - y, w - 1 - x};
    case 8:
      return {y, w - 1 - x};
    default:
      return {x, y};
  }
}

std::uint8_t over_white(unsigned value, unsigned alpha) {
  return static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

int upright_width(std::uint32_t w, std::uint32_t h, int orientation) {
  return static_cast<int>(swaps_sides(orientation) ? h : w);
}

raster::Image make_image(int width, int height, Rows rows) {
  return rows == Rows::all ? raster::Image::unset(width, height, 3)
                           : raster::Image(width, height, 3);
}

}  // namespace

RowSink::RowSink(std::uint32_t stored_width, std::uint32_t stored_height, int orientation,
                 Rows rows)
    : width_(stored_width),
      height_(stored_height),
      orientation_(orientation),
      image_(make_image(upright_width(stored_width, stored_height, orientation),
                        upright_width(stored_height, stored_width, orientation), rows)),
      row_(std::size_t{stored_width} * 3),
      band_(swaps_sides(orientation) ? std::size_t{stored_width} * 3 * kBandRows : 0) {}

std::uint8_t* RowSink::in_place(std::uint32_t y) noexcept {
  if (orientation_ != 1 && orientation_ != 4) return nullptr;
  return image_.row(static_cast<int>(orientation_ == 4 ? height_ - 1 - y : y));
}

void RowSink::put_rgb(std::uint32_t y, const std::uint8_t* rgb) noexcept {
  const std::size_t bytes = std::size_t{width_} * 3;
  if (swaps_sides(orientation_)) {
    if (band_rows_ == kBandRows || (band_rows_ > 0 && band_first_ + band_rows_ != y)) flush();
    if (band_rows_ == 0) band_first_ = y;
    std::memcpy(band_.data() + band_rows_++ * bytes, rgb, bytes);
    return;
  }
  if (auto* place = in_place(y)) {
    std::memcpy(place, rgb, bytes);
    return;
  }
  std::uint8_t* out = image_.row(static_cast<int>(orientation_ == 3 ? height_ - 1 - y : y));
  for (std::uint32_t x = 0; x < width_; ++x) {
    std::memcpy(out + (std::size_t{width_} - 1 - x) * 3, rgb + std::size_t{x} * 3, 3);
  }
}

void RowSink::flush() noexcept {
  const bool mirrored = orientation_ == 6 || orientation_ == 7;
  const bool upwards = orientation_ >= 7;
  for (std::uint32_t x = 0; x < width_; ++x) {
    std::uint8_t* out = image_.row(static_cast<int>(upwards ? width_ - 1 - x : x));
    for (std::uint32_t i = 0; i < band_rows_; ++i) {
      const std::uint32_t y = band_first_ + i;
      const std::uint32_t to = mirrored ? height_ - 1 - y : y;
      std::memcpy(out + std::size_t{to} * 3, band_.data() + (std::size_t{i} * width_ + x) * 3, 3);
    }
  }
  band_rows_ = 0;
}

void blend_over_white(const std::uint8_t* rgba, std::size_t pixels, std::uint8_t* rgb) noexcept {
  for (std::size_t i = 0; i < pixels; ++i) {
    const unsigned alpha = rgba[i * 4 + 3];
    for (std::size_t c = 0; c < 3; ++c) rgb[i * 3 + c] = over_white(rgba[i * 4 + c], alpha);
  }
}

void RowSink::put_rgba(std::uint32_t y, const std::uint8_t* rgba) noexcept {
  blend_over_white(rgba, width_, row_.data());
  put_rgb(y, row_.data());
}

void RowSink::put_premultiplied(std::uint32_t y, const std::uint8_t* rgba) noexcept {
  for (std::size_t i = 0; i < width_; ++i) {
    const unsigned rest = 255U - rgba[i * 4 + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      row_[i * 3 + c] = static_cast<std::uint8_t>(std::min(255U, rgba[i * 4 + c] + rest));
    }
  }
  put_rgb(y, row_.data());
}

raster::Image RowSink::take() {
  flush();
  return std::move(image_);
}

raster::Image to_upright(const raster::ImageView& image, int orientation) {
  const bool swap = swaps_sides(orientation);
  raster::Image out(swap ? image.height : image.width, swap ? image.width : image.height,
                    image.channels);
  const auto pixel = static_cast<std::size_t>(image.channels);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const auto to = upright_place(orientation, x, y, image.width, image.height);
      std::memcpy(out.row(to.y) + static_cast<std::size_t>(to.x) * pixel, image.at(x, y), pixel);
    }
  }
  return out;
}

}  // namespace aa::media
