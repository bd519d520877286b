#include <csetjmp>
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>
#include <memory>
#include <png.h>
#include <vector>
#include <webp/encode.h>

#include "base/error.hpp"
#include "driver/media/image_codec.hpp"

namespace aa::media {
namespace {

void check_view(const raster::ImageView& image) {
  if (image.empty() || image.channels < 1 || image.channels > 4) {
    throw invalid("image_empty", "There are no pixels to encode.");
  }
}

// Grey stays grey, two channels are grey and alpha; alpha goes over white.
std::vector<std::uint8_t> opaque_row(const raster::ImageView& image, int y) {
  const auto* in = image.row(y);
  const bool grey = image.channels <= 2;
  const auto colors = grey ? 1U : 3U;
  const bool alpha = image.channels % 2 == 0;
  std::vector<std::uint8_t> row;
  row.reserve(static_cast<std::size_t>(image.width) * colors);
  for (int x = 0; x < image.width; ++x, in += image.channels) {
    const unsigned a = alpha ? in[colors] : 255U;
    for (unsigned c = 0; c < colors; ++c) {
      row.push_back(static_cast<std::uint8_t>((in[c] * a + 255 * (255 - a) + 127) / 255));
    }
  }
  return row;
}

class JpegWriter {
 public:
  JpegWriter() {
    encoder_.err = jpeg_std_error(&errors_);
    errors_.error_exit = leave;
    errors_.output_message = [](j_common_ptr) {};
    encoder_.client_data = this;
  }
  ~JpegWriter() {
    jpeg_destroy_compress(&encoder_);
    std::free(bytes_);
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  bool start(int width, int height, bool grey, int quality) {
    if (setjmp(leave_) != 0) return false;
    jpeg_create_compress(&encoder_);
    encoder_.client_data = this;
    jpeg_mem_dest(&encoder_, &bytes_, &size_);
    encoder_.image_width = static_cast<JDIMENSION>(width);
    encoder_.image_height = static_cast<JDIMENSION>(height);
    encoder_.input_components = grey ? 1 : 3;
    encoder_.in_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&encoder_);
    jpeg_set_quality(&encoder_, quality, TRUE);
    jpeg_start_compress(&encoder_, TRUE);
    return true;
  }
  bool put_row(std::uint8_t* row) {
    if (setjmp(leave_) != 0) return false;
    return jpeg_write_scanlines(&encoder_, &row, 1) == 1;
  }
  bool finish() {
    if (setjmp(leave_) != 0) return false;
    jpeg_finish_compress(&encoder_);
    return true;
  }
  std::string take() const { return {reinterpret_cast<const char*>(bytes_), size_}; }

 private:
  [[noreturn]] static void leave(j_common_ptr common) {
    std::longjmp(static_cast<JpegWriter*>(common->client_data)->leave_, 1);
  }

  jpeg_compress_struct encoder_{};
  jpeg_error_mgr errors_{};
  std::jmp_buf leave_{};
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;
};

struct FreeWebp {
  void operator()(std::uint8_t* bytes) const { WebPFree(bytes); }
};

}  // namespace

std::string encode_jpeg(const raster::ImageView& image, int quality) {
  check_view(image);
  JpegWriter writer;
  bool good = writer.start(image.width, image.height, image.channels <= 2, quality);
  for (int y = 0; good && y < image.height; ++y) {
    auto row = opaque_row(image, y);
    good = writer.put_row(row.data());
  }
  if (!good || !writer.finish()) throw internal_error("libjpeg could not encode");
  return writer.take();
}

std::string encode_webp(const raster::ImageView& image, float quality) {
  check_view(image);
  std::vector<std::uint8_t> rgb;
  rgb.reserve(image.pixels() * 3);
  for (int y = 0; y < image.height; ++y) {
    const auto row = opaque_row(image, y);
    if (image.channels > 2) {
      rgb.insert(rgb.end(), row.begin(), row.end());
    } else {
      for (const auto value : row) rgb.insert(rgb.end(), 3, value);
    }
  }
  std::uint8_t* bytes = nullptr;
  const auto size =
      WebPEncodeRGB(rgb.data(), image.width, image.height, image.width * 3, quality, &bytes);
  const std::unique_ptr<std::uint8_t, FreeWebp> owner(bytes);
  if (size == 0) {
    throw too_large("image_too_large", "A WebP image has at most 16383 pixels on a side.");
  }
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string encode_png(const raster::ImageView& image) {
  check_view(image);
  constexpr png_uint_32 kFormats[] = {PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB,
                                      PNG_FORMAT_RGBA};
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(image.width);
  png.height = static_cast<png_uint_32>(image.height);
  png.format = kFormats[image.channels - 1];
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&png, bytes.data(), &size, 0, image.data,
                                static_cast<png_int_32>(image.stride), nullptr) == 0) {
    throw internal_error(std::string("libpng could not encode: ") + png.message);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace aa::media
