// Every kind of file that each format knows, against the drawing it was made of.
#include <png.h>
#include <tiffio.h>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/media/image_codec.hpp"
#include "driver/media/image_samples.hpp"

namespace aa::media {
namespace {

TEST(SniffTest, GoesByContent) {
  const auto image = drawing(20, 10);
  EXPECT_EQ(sniff(as_file(encode_jpeg(image))), ImageFormat::jpeg);
  EXPECT_EQ(sniff(as_file(encode_png(image))), ImageFormat::png);
  EXPECT_EQ(sniff(as_file(encode_webp(image))), ImageFormat::webp);
  EXPECT_EQ(sniff(as_file(encode_tiff(image, 1, 1, false))), ImageFormat::tiff);
  EXPECT_EQ(sniff(as_file(encode_avif(image, 0, -1))), ImageFormat::avif);
  for (const std::string& text :
       {std::string(), std::string("BM"), std::string("\xff\xd8", 2), std::string("GIF89a........"),
        std::string("<svg xmlns="), std::string("%PDF-1.7"), std::string("PK\3\4"),
        std::string("\0\0\0\x18"
                    "ftypmp42\0\0\0\0isommp42",
                    24),
        std::string("RIFF\0\0\0\0WAVE", 12), std::string("BMs and other words that start so")}) {
    EXPECT_FALSE(sniff(as_file(text))) << text;
  }
}

// A sample of `bits` as 8 bits.
int widen(int value, int bits) {
  const int kept = value >> (8 - bits);
  return kept * 255 / ((1 << bits) - 1);
}

TEST(PngTest, EveryDepthColorAndInterlace) {
  for (const bool interlaced : {false, true}) {
    for (const int bits : {1, 2, 4, 8, 16}) {
      const auto grey = drawing(45, 23, 1);
      raster::Image expected(45, 23, 3);
      raster::Image mapped(45, 23, 3);
      for (int y = 0; y < 23; ++y) {
        for (int x = 0; x < 45; ++x) {
          const int level = widen(grey.row(y)[x], std::min(bits, 8));
          auto* pixel = expected.row(y) + x * 3;
          pixel[0] = pixel[1] = pixel[2] = static_cast<std::uint8_t>(level);
          auto* color = mapped.row(y) + x * 3;
          // Entry 0 is clear, and so white.
          color[0] = static_cast<std::uint8_t>(level == 0 ? 255 : level);
          color[1] = static_cast<std::uint8_t>(255 - level);
          color[2] = level == 0 ? 255 : 7;
        }
      }
      EXPECT_EQ(decode(as_file(encode_png_as(grey, PNG_COLOR_TYPE_GRAY, bits, interlaced))),
                expected)
          << bits;
      if (bits <= 8) {
        EXPECT_EQ(decode(as_file(encode_png_as(grey, PNG_COLOR_TYPE_PALETTE, bits, interlaced))),
                  mapped)
            << bits;
      }
    }
    for (const int bits : {8, 16}) {
      EXPECT_EQ(
          decode(as_file(encode_png_as(drawing(45, 23, 3), PNG_COLOR_TYPE_RGB, bits, interlaced))),
          drawing(45, 23, 3));
      EXPECT_EQ(
          decode(as_file(encode_png_as(drawing(45, 23, 4), PNG_COLOR_TYPE_RGBA, bits, interlaced))),
          over_white(drawing(45, 23, 4)));
      EXPECT_EQ(decode(as_file(encode_png_as(drawing(45, 23, 2), PNG_COLOR_TYPE_GRAY_ALPHA, bits,
                                             interlaced))),
                over_white(drawing(45, 23, 2)));
    }
  }
}

TEST(JpegTest, ProgressiveAndInks) {
  const auto image = drawing(64, 48);
  const auto baseline = decode(as_file(encode_jpeg_as(image, false, false)));
  EXPECT_LE(mean_difference(baseline, image), 3);
  EXPECT_EQ(decode(as_file(encode_jpeg_as(image, true, false))), baseline);
  EXPECT_LE(mean_difference(decode(as_file(encode_jpeg_as(image, false, true))), image), 3);
  EXPECT_LE(mean_difference(decode(as_file(encode_jpeg_as(image, true, true))), image), 3);
  // Grey: all channels alike.
  const auto grey = decode(as_file(encode_jpeg(drawing(64, 48, 1), 95)));
  for (std::size_t i = 0; i < grey.bytes(); i += 3) ASSERT_EQ(grey.data()[i], grey.data()[i + 2]);
  EXPECT_GT(probe(as_file(encode_jpeg_as(image, true, false))).decoded_bytes,
            probe(as_file(encode_jpeg_as(image, false, false))).decoded_bytes);
}

TEST(WebpTest, LosslessAlphaAndAnimation) {
  EXPECT_EQ(decode(as_file(encode_webp_lossless(drawing(30, 20)))), drawing(30, 20));
  EXPECT_EQ(decode(as_file(encode_webp_lossless(drawing(30, 20, 4)))),
            over_white(drawing(30, 20, 4)));
  // An animation of one 30 x 20 frame at (4, 2) of a 40 x 30 canvas (WebP container, ANMF).
  const auto stream = encode_webp_lossless(drawing(30, 20)).substr(12);
  const auto frame = little(2, 3) + little(1, 3) + little(29, 3) + little(19, 3) + little(0, 3) +
                     little(0, 1) + stream;
  const auto body = "WEBPVP8X" + little(10, 4) + little(0x02, 4) + little(39, 3) + little(29, 3) +
                    "ANIM" + little(6, 4) + little(0xFF000000, 4) + little(0, 2) + "ANMF" +
                    little(static_cast<std::uint32_t>(frame.size()), 4) + frame;
  const auto file = "RIFF" + little(static_cast<std::uint32_t>(body.size()), 4) + body;
  const auto image = decode(as_file(file));
  ASSERT_EQ(image.width(), 40);
  ASSERT_EQ(image.height(), 30);
  EXPECT_EQ(difference(image.view().crop(4, 2, 30, 20), drawing(30, 20)), 0);
  EXPECT_EQ(int{image.row(0)[0]}, 255);
}

TEST(TiffTest, CompressionsDepthsTilesAndAlpha) {
  for (const int channels : {1, 3, 4}) {
    const auto image = drawing(45, 39, channels);
    for (const int compression :
         {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS}) {
      for (const bool tiled : {false, true}) {
        const auto decoded = decode(as_file(encode_tiff(image, 1, compression, tiled)));
        EXPECT_LE(difference(decoded, over_white(image)), channels == 4 ? 1 : 0)
            << channels << " " << compression << " " << tiled;
      }
      EXPECT_LE(difference(decode(as_file(encode_tiff(image, 1, compression, false, 16))),
                           over_white(image)),
                1);
    }
  }
}

TEST(AvifTest, ColorAndAlpha) {
  EXPECT_LE(difference(decode(as_file(encode_avif(drawing(50, 30), 0, -1))), drawing(50, 30)), 12);
  EXPECT_LE(difference(decode(as_file(encode_avif(drawing(50, 30, 4), 0, -1))),
                       over_white(drawing(50, 30, 4))),
            16);
}

// ---- BMP, built byte by byte --------------------------------------------------------------------

struct BmpParts {
  int width = 0;
  int height = 0;  // negative: top-down
  std::uint32_t bits = 24;
  std::uint32_t compression = 0;
  std::string masks;
  std::string palette;
  std::string pixels;
};

std::string bmp(const BmpParts& parts) {
  const auto info = little(40, 4) + little(static_cast<std::uint32_t>(parts.width), 4) +
                    little(static_cast<std::uint32_t>(parts.height), 4) + little(1, 2) +
                    little(parts.bits, 2) + little(parts.compression, 4) + std::string(20, '\0');
  const auto offset = 14 + info.size() + parts.masks.size() + parts.palette.size();
  return "BM" + little(static_cast<std::uint32_t>(offset + parts.pixels.size()), 4) + little(0, 4) +
         little(static_cast<std::uint32_t>(offset), 4) + info + parts.masks + parts.palette +
         parts.pixels;
}

std::string padded(std::string row) {
  row.resize((row.size() + 3) / 4 * 4);
  return row;
}

raster::Image pixels(int width, int height, std::initializer_list<std::uint32_t> colors) {
  raster::Image image(width, height, 3);
  auto* at = image.data();
  for (const auto color : colors) {
    for (const int shift : {16, 8, 0}) *at++ = static_cast<std::uint8_t>(color >> shift);
  }
  return image;
}

TEST(BmpTest, EveryDepthBothWaysUp) {
  const auto image = drawing(7, 5);
  for (const bool top_down : {false, true}) {
    std::string rows24;
    std::string rows32;
    std::string rows8;
    for (int i = 0; i < 5; ++i) {
      const int y = top_down ? i : 4 - i;
      std::string row24;
      std::string row8;
      for (int x = 0; x < 7; ++x) {
        const auto* p = image.row(y) + x * 3;
        row24 += text_of({p[2], p[1], p[0]});
        rows32 += text_of({p[2], p[1], p[0], 0});
        row8 += static_cast<char>(x + 7 * y);
      }
      rows24 += padded(row24);
      rows8 += padded(row8);
    }
    std::string palette;
    for (int i = 0; i < 256; ++i) {
      const auto* p = image.data() + (i < 35 ? i : 0) * 3;
      palette += text_of({p[2], p[1], p[0], 0});
    }
    const int height = top_down ? -5 : 5;
    EXPECT_EQ(decode(as_file(bmp({7, height, 24, 0, "", "", rows24}))), image);
    EXPECT_EQ(decode(as_file(bmp({7, height, 32, 0, "", "", rows32}))), image);
    EXPECT_EQ(decode(as_file(bmp({7, height, 8, 0, "", palette, rows8}))), image);
  }
  const auto black_white = little(0x000000, 4) + little(0xFFFFFF, 4);
  EXPECT_EQ(decode(as_file(bmp({3, 1, 1, 0, "", black_white, text_of({0xA0, 0, 0, 0})}))),
            pixels(3, 1, {0xFFFFFF, 0, 0xFFFFFF}));
  std::string sixteen;
  for (std::uint32_t i = 0; i < 16; ++i) sixteen += little(i * 0x111111, 4);
  EXPECT_EQ(decode(as_file(bmp({3, 1, 4, 0, "", sixteen, text_of({0x1F, 0x30, 0, 0})}))),
            pixels(3, 1, {0x111111, 0xFFFFFF, 0x333333}));
}

TEST(BmpTest, SixteenBitsAndMasks) {
  const auto red_green = little(0x7C00, 2) + little(0x03E0, 2);
  EXPECT_EQ(decode(as_file(bmp({2, 1, 16, 0, "", "", red_green}))),
            pixels(2, 1, {0xFF0000, 0x00FF00}));
  const auto masks565 = little(0xF800, 4) + little(0x07E0, 4) + little(0x001F, 4);
  EXPECT_EQ(
      decode(as_file(bmp({2, 1, 16, 3, masks565, "", little(0xF800, 2) + little(0x07E0, 2)}))),
      pixels(2, 1, {0xFF0000, 0x00FF00}));
  const auto masks8888 =
      little(0xFF, 4) + little(0xFF00, 4) + little(0xFF0000, 4) + little(0xFF000000, 4);
  EXPECT_EQ(decode(as_file(
                bmp({2, 1, 32, 6, masks8888, "", little(0xFF332211, 4) + little(0x00332211, 4)}))),
            pixels(2, 1, {0x112233, 0xFFFFFF}));
  // All clear is what careless writers make of opaque images.
  EXPECT_EQ(decode(as_file(bmp({1, 1, 32, 6, masks8888, "", little(0x00332211, 4)}))),
            pixels(1, 1, {0x112233}));
}

TEST(BmpTest, RunLengths) {
  std::string palette;
  for (std::uint32_t i = 0; i < 256; ++i) palette += little(i * 0x010101, 4);
  // Bottom row: 3 x 7, end of line; top row: literal 1 2 3 (padded), end of bitmap.
  EXPECT_EQ(decode(as_file(
                bmp({3, 2, 8, 1, "", palette, text_of({3, 7, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1})}))),
            pixels(3, 2, {0x010101, 0x020202, 0x030303, 0x070707, 0x070707, 0x070707}));
  // A move of one to the right and one up.
  EXPECT_EQ(decode(as_file(bmp({2, 2, 8, 1, "", palette, text_of({0, 2, 1, 1, 1, 9, 0, 1})}))),
            pixels(2, 2, {0, 0x090909, 0, 0}));
  std::string sixteen;
  for (std::uint32_t i = 0; i < 16; ++i) sixteen += little(i * 0x111111, 4);
  // 5 alternating nibbles; then a literal of 5 nibbles in 3 bytes with padding.
  EXPECT_EQ(decode(as_file(bmp({5, 2, 4, 2, "", sixteen,
                                text_of({5, 0x12, 0, 0, 0, 5, 0x34, 0x56, 0x70, 0, 0, 1})}))),
            pixels(5, 2,
                   {0x333333, 0x444444, 0x555555, 0x666666, 0x777777, 0x111111, 0x222222, 0x111111,
                    0x222222, 0x111111}));
}

TEST(BmpTest, LiesAreRefused) {
  std::string palette;
  for (std::uint32_t i = 0; i < 2; ++i) palette += little(i, 4);
  const auto slug = [](const BmpParts& parts) {
    try {
      decode(as_file(bmp(parts)));
    } catch (const Error& error) {
      return error.slug();
    }
    return std::string();
  };
  EXPECT_EQ(slug({3, 1, 8, 0, "", palette, text_of({0, 1, 2, 0})}), "image_damaged");
  EXPECT_EQ(slug({3, 1, 8, 1, "", palette, text_of({4, 1, 0, 1})}), "image_damaged");
  EXPECT_EQ(slug({3, 1, 8, 1, "", palette, text_of({3, 1})}), "image_truncated");
  EXPECT_EQ(slug({3, 1, 8, 1, "", palette, text_of({0, 200, 1})}), "image_truncated");
  EXPECT_EQ(slug({3, -1, 8, 1, "", palette, text_of({3, 1, 0, 1})}), "unsupported_image");
  EXPECT_EQ(slug({3, 1, 24, 4, "", "", std::string(12, 'x')}), "unsupported_image");
  EXPECT_EQ(slug({3, 1, 5, 0, "", "", std::string(12, 'x')}), "unsupported_image");
  EXPECT_EQ(slug({-3, 1, 24, 0, "", "", std::string(12, 'x')}), "image_damaged");
  EXPECT_EQ(slug({3, 0, 24, 0, "", "", std::string(12, 'x')}), "image_empty");
  EXPECT_EQ(slug({3, 2, 24, 0, "", "", std::string(12, 'x')}), "image_truncated");
  EXPECT_EQ(slug({3, INT32_MIN, 24, 0, "", "", std::string(12, 'x')}), "image_too_large");
  EXPECT_EQ(slug({1, 1, 32, 3, little(0x0F0F, 4) + little(0, 8), "", little(0, 4)}),
            "image_damaged");
}

}  // namespace
}  // namespace aa::media
