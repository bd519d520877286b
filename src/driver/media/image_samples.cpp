#include "driver/media/image_samples.hpp"

#include <avif/avif.h>
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs FILE and size_t declared before it.
#include <cstring>
#include <jpeglib.h>
#include <png.h>
#include <stdexcept>
#include <tiffio.h>
#include <vector>
#include <webp/encode.h>
#include <zlib.h>

namespace aa::media {

std::string png_chunk(const std::string& type, const std::string& content) {
  const auto body = type + content;
  const auto crc =
      ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big(static_cast<std::uint32_t>(content.size()), 4) + body +
         big(static_cast<std::uint32_t>(crc), 4);
}

std::string jpeg_with_orientation(const std::string& jpeg, int orientation, bool big_endian) {
  const auto content = std::string("Exif\0\0", 6) + exif_block(orientation, big_endian);
  return jpeg.substr(0, 2) + "\xff\xe1" + big(static_cast<std::uint32_t>(content.size() + 2), 2) +
         content + jpeg.substr(2);
}

std::string png_with_orientation(const std::string& png, int orientation, bool at_end) {
  const auto chunk = png_chunk("eXIf", exif_block(orientation, true));
  const std::size_t at = at_end ? png.size() - 12 : 33;
  return png.substr(0, at) + chunk + png.substr(at);
}

std::string webp_with_orientation(const std::string& webp, int width, int height, int orientation,
                                  bool alpha) {
  const auto exif = exif_block(orientation, false);
  const auto body = "WEBP" + std::string("VP8X") + little(10, 4) +
                    little(0x08U | (alpha ? 0x10U : 0U), 4) +
                    little(static_cast<std::uint32_t>(width - 1), 3) +
                    little(static_cast<std::uint32_t>(height - 1), 3) + webp.substr(12) + "EXIF" +
                    little(static_cast<std::uint32_t>(exif.size()), 4) + exif;
  return "RIFF" + little(static_cast<std::uint32_t>(body.size()), 4) + body;
}

namespace {

struct MemoryTiff {
  std::string bytes;
  std::size_t at = 0;

  static MemoryTiff& of(thandle_t handle) { return *static_cast<MemoryTiff*>(handle); }
  static tmsize_t read(thandle_t handle, void* out, tmsize_t count) {
    auto& me = of(handle);
    const auto left = me.at < me.bytes.size() ? me.bytes.size() - me.at : 0;
    const auto done = std::min<std::size_t>(left, static_cast<std::size_t>(count));
    if (done > 0) std::memcpy(out, me.bytes.data() + me.at, done);
    me.at += done;
    return static_cast<tmsize_t>(done);
  }
  static tmsize_t write(thandle_t handle, void* in, tmsize_t count) {
    auto& me = of(handle);
    const auto end = me.at + static_cast<std::size_t>(count);
    if (me.bytes.size() < end) me.bytes.resize(end);
    std::memcpy(me.bytes.data() + me.at, in, static_cast<std::size_t>(count));
    me.at = end;
    return count;
  }
  static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    auto& me = of(handle);
    me.at = offset + (whence == SEEK_CUR ? me.at : whence == SEEK_END ? me.bytes.size() : 0);
    return me.at;
  }
  static int close(thandle_t) { return 0; }
  static toff_t size(thandle_t handle) { return of(handle).bytes.size(); }
};

void put_tiles(TIFF* tiff, const raster::ImageView& image) {
  constexpr int kTile = 16;
  TIFFSetField(tiff, TIFFTAG_TILEWIDTH, kTile);
  TIFFSetField(tiff, TIFFTAG_TILELENGTH, kTile);
  const auto pixel = static_cast<std::size_t>(image.channels);
  std::vector<std::uint8_t> tile(kTile * kTile * pixel);
  for (int top = 0; top < image.height; top += kTile) {
    for (int left = 0; left < image.width; left += kTile) {
      for (int y = top; y < std::min(top + kTile, image.height); ++y) {
        std::memcpy(tile.data() + static_cast<std::size_t>(y - top) * kTile * pixel,
                    image.at(left, y),
                    static_cast<std::size_t>(std::min(kTile, image.width - left)) * pixel);
      }
      TIFFWriteTile(tiff, tile.data(), static_cast<std::uint32_t>(left),
                    static_cast<std::uint32_t>(top), 0, 0);
    }
  }
}

void put_strips(TIFF* tiff, const raster::ImageView& image, int bits) {
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 7);
  for (int y = 0; y < image.height; ++y) {
    std::vector<std::uint8_t> row;
    for (int i = 0; i < image.width * image.channels; ++i) {
      row.insert(row.end(), static_cast<std::size_t>(bits / 8), image.row(y)[i]);
    }
    TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0);
  }
}

}  // namespace

std::string encode_tiff(const raster::ImageView& image, int orientation, int compression,
                        bool tiled, int bits) {
  MemoryTiff memory;
  TIFF* tiff =
      TIFFClientOpen("sample", "w", &memory, MemoryTiff::read, MemoryTiff::write, MemoryTiff::seek,
                     MemoryTiff::close, MemoryTiff::size, nullptr, nullptr);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, image.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, image.height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, image.channels);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
               image.channels >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, orientation);
  if (image.channels % 2 == 0) {
    std::uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha);
  }
  if (tiled)
    put_tiles(tiff, image);
  else
    put_strips(tiff, image, bits);
  TIFFClose(tiff);
  return memory.bytes;
}

std::string encode_avif(const raster::ImageView& image, int irot, int imir) {
  avifImage* avif =
      avifImageCreate(static_cast<std::uint32_t>(image.width),
                      static_cast<std::uint32_t>(image.height), 8, AVIF_PIXEL_FORMAT_YUV444);
  if (irot > 0) {
    avif->transformFlags |= AVIF_TRANSFORM_IROT;
    avif->irot.angle = static_cast<std::uint8_t>(irot);
  }
  if (imir >= 0) {
    avif->transformFlags |= AVIF_TRANSFORM_IMIR;
    avif->imir.mode = static_cast<std::uint8_t>(imir);
  }
  avifRGBImage rgb{};
  avifRGBImageSetDefaults(&rgb, avif);
  rgb.format = image.channels == 4 ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB;
  rgb.pixels = const_cast<std::uint8_t*>(image.data);
  rgb.rowBytes = static_cast<std::uint32_t>(image.stride);
  avifEncoder* encoder = avifEncoderCreate();
  encoder->speed = AVIF_SPEED_FASTEST;
  encoder->minQuantizer = encoder->maxQuantizer = 8;
  avifRWData out = AVIF_DATA_EMPTY;
  if (avifImageRGBToYUV(avif, &rgb) != AVIF_RESULT_OK ||
      avifEncoderWrite(encoder, avif, &out) != AVIF_RESULT_OK) {
    throw std::runtime_error("libavif could not write the sample");
  }
  std::string bytes(reinterpret_cast<const char*>(out.data), out.size);
  avifRWDataFree(&out);
  avifEncoderDestroy(encoder);
  avifImageDestroy(avif);
  return bytes;
}

std::string encode_webp_lossless(const raster::ImageView& image) {
  std::uint8_t* bytes = nullptr;
  WebPConfig config;
  WebPPicture picture;
  WebPMemoryWriter writer;
  WebPConfigInit(&config);
  WebPPictureInit(&picture);
  WebPMemoryWriterInit(&writer);
  config.lossless = 1;
  config.exact = 1;  // keep colours under clear pixels
  picture.use_argb = 1;
  picture.width = image.width;
  picture.height = image.height;
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  const auto stride = static_cast<int>(image.stride);
  if (image.channels == 4)
    WebPPictureImportRGBA(&picture, image.data, stride);
  else
    WebPPictureImportRGB(&picture, image.data, stride);
  WebPEncode(&config, &picture);
  std::string out(reinterpret_cast<const char*>(writer.mem), writer.size);
  WebPPictureFree(&picture);
  WebPMemoryWriterClear(&writer);
  WebPFree(bytes);
  return out;
}

namespace {

void append_png(png_structp png, png_bytep bytes, png_size_t count) {
  static_cast<std::string*>(png_get_io_ptr(png))
      ->append(reinterpret_cast<const char*>(bytes), count);
}

std::string png_row(const raster::ImageView& image, int y, int bits) {
  std::string row;
  unsigned pending = 0;
  int filled = 0;
  for (int i = 0; i < image.width * image.channels; ++i) {
    const unsigned value = image.row(y)[i];
    if (bits >= 8) {
      row.append(static_cast<std::size_t>(bits / 8), static_cast<char>(value));
      continue;
    }
    pending = pending << bits | value >> (8 - bits);
    filled += bits;
    if (filled == 8) row += static_cast<char>(pending);
    if (filled == 8) filled = 0;
  }
  if (filled > 0) row += static_cast<char>(pending << (8 - filled));
  return row;
}

}  // namespace

std::string encode_png_as(const raster::ImageView& image, int color_type, int bits,
                          bool interlaced) {
  std::string out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &out, append_png, nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(image.width),
               static_cast<png_uint_32>(image.height), bits, color_type,
               interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (color_type == PNG_COLOR_TYPE_PALETTE) {
    const int count = 1 << bits;
    std::vector<png_color> palette;
    for (int i = 0; i < count; ++i) {
      const auto level = static_cast<png_byte>(i * 255 / (count - 1));
      palette.push_back({level, static_cast<png_byte>(255 - level), 7});
    }
    png_set_PLTE(png, info, palette.data(), count);
    png_byte clear = 0;  // palette entry 0
    png_set_tRNS(png, info, &clear, 1, nullptr);
  }
  png_write_info(png, info);
  std::vector<std::string> rows;
  std::vector<png_bytep> pointers;
  for (int y = 0; y < image.height; ++y) rows.push_back(png_row(image, y, bits));
  for (auto& row : rows) pointers.push_back(reinterpret_cast<png_bytep>(row.data()));
  png_write_image(png, pointers.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

std::string encode_jpeg_as(const raster::ImageView& image, bool progressive, bool cmyk) {
  jpeg_compress_struct encoder{};
  jpeg_error_mgr errors{};
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  jpeg_mem_dest(&encoder, &bytes, &size);
  encoder.image_width = static_cast<JDIMENSION>(image.width);
  encoder.image_height = static_cast<JDIMENSION>(image.height);
  encoder.input_components = cmyk ? 4 : 3;
  encoder.in_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&encoder);
  if (cmyk) jpeg_set_colorspace(&encoder, JCS_YCCK);
  jpeg_set_quality(&encoder, 95, TRUE);
  if (progressive) jpeg_simple_progression(&encoder);
  jpeg_start_compress(&encoder, TRUE);
  for (int y = 0; y < image.height; ++y) {
    std::vector<JSAMPLE> row;
    for (int x = 0; x < image.width; ++x) {
      const auto* pixel = image.at(x, y);
      row.insert(row.end(), pixel, pixel + 3);
      // Adobe's inverted inks: a light key lets the colours through as they are.
      if (cmyk) row.push_back(255);
    }
    auto* at = row.data();
    jpeg_write_scanlines(&encoder, &at, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  std::string out(reinterpret_cast<const char*>(bytes), size);
  std::free(bytes);
  return out;
}

}  // namespace aa::media
