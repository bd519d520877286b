// Drawings with known pixels, and their files in every format, for tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string>

#include "driver/media/image_codec.hpp"
#include "kernel/raster/image.hpp"

namespace aa::media {

// No two corners, rows or columns alike, smooth enough for lossy formats.
inline raster::Image drawing(int width, int height, int channels = 3) {
  raster::Image image(width, height, channels);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      auto* pixel = image.row(y) + x * channels;
      const int value[4] = {x * 255 / width, y * 255 / height,
                            (x < width / 2 && y < height / 2) ? 220 : 30, 255 - x * 200 / width};
      for (int c = 0; c < channels; ++c) {
        // The last of 2 or 4 channels is alpha.
        const bool alpha = channels % 2 == 0 && c == channels - 1;
        pixel[c] = static_cast<std::uint8_t>(value[alpha ? 3 : c]);
      }
    }
  }
  return image;
}

inline raster::Image over_white(const raster::Image& image) {
  raster::Image out(image.width(), image.height(), 3);
  const int channels = image.channels();
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const auto* in = image.row(y) + x * channels;
      const int alpha = channels % 2 == 0 ? in[channels - 1] : 255;
      for (int c = 0; c < 3; ++c) {
        const int value = in[channels >= 3 ? c : 0];
        out.row(y)[x * 3 + c] =
            static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
      }
    }
  }
  return out;
}

// The largest difference of any sample; 1000 when the sizes differ.
inline int difference(const raster::ImageView& a, const raster::ImageView& b) {
  if (a.width != b.width || a.height != b.height || a.channels != b.channels) return 1000;
  int largest = 0;
  for (int y = 0; y < a.height; ++y) {
    for (int i = 0; i < a.width * a.channels; ++i) {
      largest = std::max(largest, std::abs(int{a.row(y)[i]} - int{b.row(y)[i]}));
    }
  }
  return largest;
}

// The mean difference of all samples: what lossy formats are judged by.
inline double mean_difference(const raster::ImageView& a, const raster::ImageView& b) {
  if (a.width != b.width || a.height != b.height || a.channels != b.channels) return 1000;
  double sum = 0;
  for (int y = 0; y < a.height; ++y) {
    for (int i = 0; i < a.width * a.channels; ++i) {
      sum += std::abs(int{a.row(y)[i]} - int{b.row(y)[i]});
    }
  }
  return sum / (static_cast<double>(a.pixels()) * a.channels);
}

inline std::span<const std::byte> as_file(const std::string& bytes) {
  return std::as_bytes(std::span(bytes));
}

inline std::string text_of(std::initializer_list<int> bytes) {
  std::string text;
  for (const int byte : bytes) text += static_cast<char>(byte);
  return text;
}
inline std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}
inline std::string big(std::uint64_t value, int bytes) {
  const auto text = little(value, bytes);
  return {text.rbegin(), text.rend()};
}

// A TIFF structure that holds nothing but the orientation.
inline std::string exif_block(int orientation, bool big_endian) {
  const auto number = [&](std::uint32_t value, int bytes) {
    return big_endian ? big(value, bytes) : little(value, bytes);
  };
  return (big_endian ? "MM" : "II") + number(42, 2) + number(8, 4) + number(1, 2) +
         number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + number(0, 2) +
         number(0, 4);
}

std::string png_chunk(const std::string& type, const std::string& content);

// Files with an EXIF orientation put into them.
std::string jpeg_with_orientation(const std::string& jpeg, int orientation, bool big_endian);
std::string png_with_orientation(const std::string& png, int orientation, bool at_end);
std::string webp_with_orientation(const std::string& webp, int width, int height, int orientation,
                                  bool alpha);

// By the libraries' own writers.
std::string encode_tiff(const raster::ImageView& image, int orientation, int compression,
                        bool tiled, int bits = 8);
std::string encode_avif(const raster::ImageView& image, int irot, int imir);
std::string encode_webp_lossless(const raster::ImageView& image);
// `bits` 1, 2, 4, 8, 16 per sample; grey, palette (index = grey level) or color.
std::string encode_png_as(const raster::ImageView& image, int color_type, int bits,
                          bool interlaced);
std::string encode_jpeg_as(const raster::ImageView& image, bool progressive, bool cmyk);

}  // namespace aa::media
