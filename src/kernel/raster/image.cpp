#include "kernel/raster/image.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "base/limits.hpp"

namespace aa::raster {

void check_image_size(std::int64_t width, std::int64_t height) {
  const std::string size = std::to_string(width) + " x " + std::to_string(height);
  if (width < 1 || height < 1) {
    throw invalid("bad_image_size", "An image of " + size + " pixels has no pixels.");
  }
  const auto side = static_cast<std::int64_t>(limits::kImageSide);
  const auto pixels = static_cast<std::int64_t>(limits::kImagePixels);
  if (width > side || height > side || width > pixels / height) {
    throw too_large("image_too_large", "An image of " + size + " pixels is beyond the limit of " +
                                           std::to_string(pixels) + " pixels and " +
                                           std::to_string(side) + " a side.");
  }
}

ImageView ImageView::crop(int x, int y, int crop_width, int crop_height) const {
  if (x < 0 || y < 0 || crop_width < 0 || crop_height < 0 || x > width - crop_width ||
      y > height - crop_height) {
    throw invalid("bad_crop", "The part does not lie inside the image.");
  }
  return {at(x, y), crop_width, crop_height, channels, stride};
}

Image Image::unset(int width, int height, int channels) {
  check_image_size(width, height);
  if (channels < 1 || channels > 4) {
    throw invalid("bad_channels",
                  "An image has 1 to 4 channels, not " + std::to_string(channels) + ".");
  }
  Image out;
  out.width_ = width;
  out.height_ = height;
  out.channels_ = channels;
  out.pixels_.resize(out.stride() * static_cast<std::size_t>(height));
  return out;
}

Image::Image(int width, int height, int channels) : Image(unset(width, height, channels)) {
  std::fill(pixels_.begin(), pixels_.end(), std::uint8_t{0});
}

}  // namespace aa::raster
