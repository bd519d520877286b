// Puts stored rows where they belong in the upright RGB image, so that no format needs a second
// image for turning.
//
// Orientations are those of EXIF 2.32, tag 0x0112: 1 as stored, 2 mirrored, 3 turned by 180
// degrees, 4 flipped, 5 transposed, 6 to be turned clockwise, 7 transverse, 8 anti-clockwise.
// Thread rule: one thread at a time. put functions do not throw (they are called between C
// functions that leave by longjmp).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernel/raster/image.hpp"

namespace aa::media {

// Whether the decoder puts every pixel or fails. Formats that may leave some out get zeros: what
// memory held before is nobody's to see.
enum class Rows { some, all };

class RowSink {
 public:
  RowSink(std::uint32_t stored_width, std::uint32_t stored_height, int orientation,
          Rows rows = Rows::some);

  // Where a decoder may write row `y` itself; null when the rows have to be turned: put_rgb them.
  std::uint8_t* in_place(std::uint32_t y) noexcept;
  // Row `y` of the stored image, in any order; fastest in ascending order.
  void put_rgb(std::uint32_t y, const std::uint8_t* rgb) noexcept;
  void put_rgba(std::uint32_t y, const std::uint8_t* rgba) noexcept;  // composited over white
  void put_premultiplied(std::uint32_t y, const std::uint8_t* rgba) noexcept;
  raster::Image take();

  std::uint32_t width() const { return width_; }
  std::uint32_t height() const { return height_; }

 private:
  void flush() noexcept;

  std::uint32_t width_;
  std::uint32_t height_;
  int orientation_;
  raster::Image image_;
  std::vector<std::uint8_t> row_;
  std::vector<std::uint8_t> band_;  // rows waiting to become columns
  std::uint32_t band_first_ = 0;
  std::uint32_t band_rows_ = 0;
};

void blend_over_white(const std::uint8_t* rgba, std::size_t pixels, std::uint8_t* rgb) noexcept;

constexpr bool swaps_sides(int orientation) { return orientation >= 5; }

// Pixels of 1 to 4 channels, turned upright.
raster::Image to_upright(const raster::ImageView& image, int orientation);

}  // namespace aa::media
