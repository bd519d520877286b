#include "driver/media/shrinking_sink.hpp"

#include <algorithm>

namespace aa::media {
namespace {

std::uint32_t squares(std::uint32_t length, std::uint32_t step) {
  return (length + step - 1) / step;
}

}  // namespace

ShrinkingSink::ShrinkingSink(std::uint32_t stored_width, std::uint32_t stored_height,
                             int orientation, std::uint32_t step)
    : width_(stored_width),
      height_(stored_height),
      step_(step),
      sink_(squares(stored_width, step), squares(stored_height, step), orientation),
      sums_(std::size_t{sink_.width()} * 3),
      row_(std::size_t{stored_width} * 3) {}

void ShrinkingSink::put_rgb(std::uint32_t y, const std::uint8_t* rgb) noexcept {
  for (std::size_t to = 0; to < sink_.width(); ++to) {
    const std::size_t from = to * step_;
    const std::size_t end = std::min<std::size_t>(width_, from + step_);
    for (std::size_t x = from; x < end; ++x) {
      for (std::size_t c = 0; c < 3; ++c) sums_[to * 3 + c] += rgb[x * 3 + c];
    }
  }
  ++rows_;
  if (rows_ == step_ || y + 1 == height_) flush(y / step_);
}

void ShrinkingSink::put_rgba(std::uint32_t y, const std::uint8_t* rgba) noexcept {
  blend_over_white(rgba, width_, row_.data());
  put_rgb(y, row_.data());
}

void ShrinkingSink::flush(std::uint32_t y) noexcept {
  for (std::size_t to = 0; to < sink_.width(); ++to) {
    const auto across = std::min<std::size_t>(step_, width_ - to * step_);
    const auto pixels = static_cast<std::uint32_t>(across) * rows_;
    for (std::size_t c = 0; c < 3; ++c) {
      row_[to * 3 + c] = static_cast<std::uint8_t>((sums_[to * 3 + c] + pixels / 2) / pixels);
    }
  }
  sink_.put_rgb(y, row_.data());
  std::ranges::fill(sums_, 0U);
  rows_ = 0;
}

}  // namespace aa::media
