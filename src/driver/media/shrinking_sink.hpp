// Averages squares of stored pixels on their way into a RowSink, so that a large image that is
// wanted small is never held as a whole. Squares at the right and lower edge may be cut.
//
// Rows come in ascending order. Thread rule: one thread at a time.
#pragma once

#include <vector>

#include "driver/media/row_sink.hpp"

namespace aa::media {

class ShrinkingSink {
 public:
  ShrinkingSink(std::uint32_t stored_width, std::uint32_t stored_height, int orientation,
                std::uint32_t step);

  void put_rgb(std::uint32_t y, const std::uint8_t* rgb) noexcept;
  void put_rgba(std::uint32_t y, const std::uint8_t* rgba) noexcept;  // composited over white
  raster::Image take() { return sink_.take(); }

 private:
  void flush(std::uint32_t y) noexcept;

  std::uint32_t width_;
  std::uint32_t height_;
  std::uint32_t step_;
  RowSink sink_;
  std::vector<std::uint32_t> sums_;
  std::vector<std::uint8_t> row_;
  std::uint32_t rows_ = 0;  // summed up
};

}  // namespace aa::media
