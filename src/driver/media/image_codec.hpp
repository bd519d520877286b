// Images from files and to files: sniff by content, probe from the header alone, decode upright.
//
// JPEG (libjpeg-turbo), PNG (libpng), WebP (libwebp), BMP (ours), TIFF (libtiff), AVIF (libavif).
// Sizes are checked against base/limits.hpp before any pixel is decoded. Decoded images are 8-bit
// RGB, alpha composited over white, CMYK and 16-bit converted, turned upright by the EXIF
// orientation (TIFF/EXIF tag 0x0112), first frame of animations.
//
// Thread rule: functions are pure apart from DecodeBudget; call on the compute executor.
// Errors (aa::Error): unsupported "unsupported_image"; invalid_argument "image_truncated",
// "image_damaged", "image_empty"; too_large "image_too_large" - each says which limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "kernel/raster/image.hpp"

namespace aa::media {

enum class ImageFormat { jpeg, png, webp, bmp, tiff, avif };

std::optional<ImageFormat> sniff(std::span<const std::byte> head);  // 64 bytes suffice
std::string_view content_type(ImageFormat format);
std::string_view extension(ImageFormat format);  // "jpg", ...

struct ImageInfo {
  ImageFormat format = ImageFormat::jpeg;
  std::uint32_t width = 0;          // upright
  std::uint32_t height = 0;         // upright
  int orientation = 1;              // EXIF, 1..8
  std::uint64_t decoded_bytes = 0;  // what decode() will hold at most, for the budget
};

// Reads the header only.
ImageInfo probe(std::span<const std::byte> file);

struct DecodeOptions {
  // When set, JPEGs and PNGs without interlacing may be decoded at 1/2, 1/4 or 1/8 as long as the
  // longer upright side stays at least this long: for thumbnails and models with small inputs.
  std::optional<std::uint32_t> min_long_side;
};
raster::Image decode(std::span<const std::byte> file, const DecodeOptions& options = {});

std::string encode_jpeg(const raster::ImageView& image, int quality = 85);
std::string encode_webp(const raster::ImageView& image, float quality = 80);
std::string encode_png(const raster::ImageView& image);
// Area averaging when shrinking, bilinear when growing.
raster::Image resize(const raster::ImageView& image, std::uint32_t width, std::uint32_t height);
// Fits within side x side, never enlarging.
raster::Image thumbnail(const raster::ImageView& image, std::uint32_t side);

}  // namespace aa::media
