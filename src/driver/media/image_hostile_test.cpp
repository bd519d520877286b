// Bombs, cut files and random damage: always an Error, soon, and without the memory.
#include <chrono>
#include <map>
#include <random>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/media/image_codec.hpp"
#include "driver/media/image_fuzz.hpp"
#include "driver/media/image_samples.hpp"

namespace aa::media {
namespace {

std::string slug_of(const std::string& file, bool whole) {
  try {
    if (whole)
      decode(as_file(file));
    else
      probe(as_file(file));
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

std::string png_header(std::uint32_t width, std::uint32_t height, int bits, int color,
                       int interlace) {
  const auto head = big(width, 4) + big(height, 4) + text_of({bits, color, 0, 0, interlace});
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", head) + png_chunk("IDAT", "x") +
         png_chunk("IEND", "");
}

std::string jpeg_of_size(std::uint32_t width, std::uint32_t height) {
  auto file = encode_jpeg(drawing(16, 16));
  const auto frame = file.find(std::string("\xff\xc0", 2));
  file.replace(frame + 5, 4, big(height, 2) + big(width, 2));
  return file;
}

std::string bmp_header(std::uint32_t width, std::uint32_t height) {
  return "BM" + little(70, 4) + little(0, 4) + little(54, 4) + little(40, 4) + little(width, 4) +
         little(height, 4) + little(1, 2) + little(24, 2) + std::string(40, '\0');
}

std::string webp_header(std::uint32_t width, std::uint32_t height, bool lossless) {
  std::string stream =
      little(0x2F, 1) + little((width - 1) | (height - 1) << 14, 4) + std::string(20, '\0');
  if (!lossless) {
    stream = text_of({0x30, 0, 0, 0x9d, 0x01, 0x2a}) + little(width, 2) + little(height, 2) +
             std::string(20, '\0');
  }
  const auto body = std::string(lossless ? "WEBPVP8L" : "WEBPVP8 ") +
                    little(static_cast<std::uint32_t>(stream.size()), 4) + stream;
  return "RIFF" + little(static_cast<std::uint32_t>(body.size() + body.size() % 2), 4) + body +
         std::string(body.size() % 2, '\0');
}

// A progressive image whose first scan comes again and again.
std::string jpeg_of_many_scans(int count) {
  auto file = encode_jpeg_as(drawing(64, 64), true, false);
  const auto first = file.find(std::string("\xff\xda", 2));
  auto end = first + 2;
  while (file[end] != '\xff' || file[end + 1] == '\0') ++end;
  const auto scan = file.substr(first, end - first);
  std::string more;
  for (int i = 0; i < count; ++i) more += scan;
  return file.insert(first, more);
}

TEST(HostileImageTest, BombsAreRefusedFromTheHeaderAtOnce) {
  const std::vector<std::pair<std::string, std::string>> bombs = {
      {"PNG 60000 x 60000, 1 bit", png_header(60'000, 60'000, 1, 0, 0)},
      {"PNG 30000 x 30000 grey", png_header(30'000, 30'000, 8, 0, 0)},
      {"PNG 2^31-1", png_header(0x7FFFFFFF, 1, 8, 2, 0)},
      {"PNG 13000 x 13000 interlaced", png_header(13'000, 13'000, 8, 2, 1)},
      {"JPEG 65500 x 65500", jpeg_of_size(65'500, 65'500)},
      {"JPEG 65535 x 65535", jpeg_of_size(65'535, 65'535)},
      {"JPEG of 10000 scans", jpeg_of_many_scans(10'000)},
      {"BMP 60000 x 60000", bmp_header(60'000, 60'000)},
      {"BMP 2^31-1", bmp_header(0x7FFFFFFF, 0x7FFFFFFF)},
      {"PNG 16384 x 16385", png_header(16'384, 16'385, 8, 2, 0)},
      {"JPEG 16385 x 16384", jpeg_of_size(16'385, 16'384)},
      {"WebP lossless 16383 x 16383", webp_header(16'383, 16'383, true)},
      {"WebP lossy 16383 x 16383", webp_header(16'383, 16'383, false)},
  };
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  for (const auto& [name, file] : bombs) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(slug_of(file, false), "image_too_large") << name;
    EXPECT_EQ(slug_of(file, true), "image_too_large") << name;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(200)) << name;
  }
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 16 * 1024);
}

TEST(HostileImageTest, TwoHundredAndFiftySixMegapixelsAreTaken) {
  for (const auto& file : {png_header(16'384, 16'384, 8, 2, 0), png_header(16'384, 16'384, 8, 6, 0),
                           jpeg_of_size(16'384, 16'384), jpeg_of_size(65'500, 4'098)}) {
    EXPECT_EQ(slug_of(file, false), "");
  }
}

TEST(HostileImageTest, ALegalSizeInTooFewBytesTakesNoMemory) {
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const auto file = png_header(15'000, 15'000, 16, 6, 0);
  EXPECT_EQ(slug_of(file, false), "");
  EXPECT_EQ(slug_of(file, true), "image_truncated");
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 16 * 1024);
}

TEST(HostileImageTest, OtherFilesAreNotImages) {
  EXPECT_EQ(slug_of("", true), "image_empty");
  for (const std::string& file : {std::string("x"), std::string("GIF89a\1\0\1\0\0\0\0;", 14),
                                  std::string("<html><script>alert(1)</script>"),
                                  std::string("MZ\x90\0\3", 5), std::string(1000, '\0')}) {
    EXPECT_EQ(slug_of(file, true), "unsupported_image");
  }
  EXPECT_EQ(slug_of(jpeg_of_many_scans(400), true), "");
}

std::map<std::string, std::string> samples() {
  const auto image = drawing(61, 43);
  const auto alpha = drawing(61, 43, 4);
  std::string bmp = bmp_header(61, 43);
  bmp.resize(54);
  for (int i = 0; i < 43 * 184; ++i) bmp += static_cast<char>(i);
  std::string runs = "BM" + little(0, 8) + little(54 + 64, 4) + little(40, 4) + little(61, 4) +
                     little(8, 4) + little(1, 2) + little(4, 2) + little(2, 4) +
                     std::string(20, '\0') + std::string(64, '\x33');
  for (int i = 0; i < 8; ++i) runs += text_of({57, 0x12, 0, 4, 0x34, 0x56, 0, 0});
  return {{"jpeg", jpeg_with_orientation(encode_jpeg_as(image, false, false), 6, true)},
          {"jpeg progressive", encode_jpeg_as(image, true, false)},
          {"jpeg inks", encode_jpeg_as(image, false, true)},
          {"png", png_with_orientation(encode_png(alpha), 3, true)},
          {"png interlaced palette", encode_png_as(drawing(61, 43, 1), 3, 4, true)},
          {"webp", webp_with_orientation(encode_webp(image), 61, 43, 5, false)},
          {"webp lossless", encode_webp_lossless(alpha)},
          {"bmp", bmp},
          {"bmp runs", runs},
          {"tiff", encode_tiff(image, 8, 1, false)},
          {"tiff lzw", encode_tiff(alpha, 1, 5, true)},
          {"tiff deflate", encode_tiff(image, 1, 8, false)},
          {"avif", encode_avif(alpha, 1, 0)}};
}

TEST(HostileImageTest, ACutFileIsNeverTakenForAWholeOne) {
  for (const auto& [name, file] : samples()) {
    ASSERT_EQ(slug_of(file, true), "") << name;
    for (std::size_t percent = 0; percent < 100; percent += 5) {
      const auto cut = file.substr(0, file.size() * percent / 100);
      const auto slug = slug_of(cut, true);
      EXPECT_NE(slug, "") << name << " at " << percent << " %";
      const bool must_say_so = name.starts_with("jpeg") || name.starts_with("png") ||
                               name.starts_with("webp") || name.starts_with("bmp");
      if (must_say_so && percent >= 20) {
        EXPECT_EQ(slug, "image_truncated") << name << percent;
      }
    }
    if (!name.starts_with("tiff")) {
      EXPECT_NE(slug_of(file.substr(0, file.size() - 1), true), "") << name;
    }
  }
}

TEST(HostileImageTest, DamagedFilesGiveAnErrorOrAnImage) {
  const char* wish = std::getenv("ANNOTATEAI_MUTATIONS");
  const int rounds = wish != nullptr ? std::atoi(wish) : 2000;
  std::mt19937 random(20);
  for (const auto& [name, file] : samples()) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) {
      auto bad = file;
      // Half of the damage in the head, where sizes and offsets stand.
      const int changes = 1 + static_cast<int>(random() % 4);
      for (int c = 0; c < changes; ++c) {
        const auto within = random() % 2 == 0 ? std::min<std::size_t>(bad.size(), 200) : bad.size();
        bad[random() % within] = static_cast<char>(random());
      }
      const auto* data = reinterpret_cast<const std::uint8_t*>(bad.data());
      ASSERT_EQ(fuzz_decode(data, bad.size()), 0);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_LT(took.count() / rounds, 0.1) << name;
  }
}

}  // namespace
}  // namespace aa::media
