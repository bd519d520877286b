#include "driver/media/image_codec.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/media/decode_budget.hpp"
#include "driver/media/image_rows.hpp"
#include "driver/media/image_samples.hpp"
#include "driver/media/row_sink.hpp"

namespace aa::media {
namespace {

// A pixel of `upright` where the stored corner pixel must land, by the words of EXIF 2.32: "the
// 0th row is the visual TOP, and the 0th column the visual LEFT-hand side", and so on.
TEST(UprightTest, FollowsTheWordsOfExif) {
  raster::Image stored(2, 1, 1);
  stored.row(0)[0] = 10;  // row 0, column 0
  stored.row(0)[1] = 20;  // row 0, column 1
  const auto first = [&](int orientation) {
    const auto image = to_upright(stored, orientation);
    return std::pair(image.width(), int{image.row(0)[0]});
  };
  EXPECT_EQ(first(1), std::pair(2, 10));
  EXPECT_EQ(first(2), std::pair(2, 20));  // column 0 at the right
  EXPECT_EQ(first(3), std::pair(2, 20));  // row 0 at the bottom, column 0 at the right
  EXPECT_EQ(first(4), std::pair(2, 10));  // row 0 at the bottom
  EXPECT_EQ(first(5), std::pair(1, 10));  // row 0 at the left, column 0 at the top
  EXPECT_EQ(first(6), std::pair(1, 10));  // row 0 at the right, column 0 at the top
  EXPECT_EQ(first(7), std::pair(1, 20));  // row 0 at the right, column 0 at the bottom
  EXPECT_EQ(first(8), std::pair(1, 20));  // row 0 at the left, column 0 at the bottom
  raster::Image column(1, 2, 1);
  column.row(0)[0] = 10;
  column.row(1)[0] = 20;
  const auto left = [&](int orientation) { return int{to_upright(column, orientation).row(0)[0]}; };
  EXPECT_EQ(left(3), 20);
  EXPECT_EQ(left(4), 20);
  EXPECT_EQ(left(5), 10);
  EXPECT_EQ(left(6), 20);
  EXPECT_EQ(left(7), 20);
  EXPECT_EQ(left(8), 10);
}

TEST(UprightTest, RowSinkEqualsToUprightInAnyOrderOfRows) {
  const auto stored = drawing(37, 41);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    RowSink up(37, 41, orientation);
    RowSink down(37, 41, orientation);
    for (std::uint32_t y = 0; y < 41; ++y) {
      up.put_rgb(y, stored.row(static_cast<int>(y)));
      down.put_rgb(40 - y, stored.row(static_cast<int>(40 - y)));
    }
    EXPECT_EQ(up.take(), to_upright(stored, orientation)) << orientation;
    EXPECT_EQ(down.take(), to_upright(stored, orientation)) << orientation;
  }
}

TEST(ImageCodecTest, OrientationTurnsSizesAndPixelsInEveryFormat) {
  const auto stored = drawing(48, 33);
  const auto jpeg = encode_jpeg_as(stored, false, false);
  const auto plain_jpeg = decode(as_file(jpeg));
  const auto png = encode_png(stored);
  const auto webp = encode_webp_lossless(stored);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto upright = to_upright(stored, orientation);
    const auto check = [&](const std::string& file, const raster::Image& expected) {
      const auto info = probe(as_file(file));
      EXPECT_EQ(info.orientation, orientation);
      EXPECT_EQ(info.width, static_cast<std::uint32_t>(expected.width()));
      EXPECT_EQ(info.height, static_cast<std::uint32_t>(expected.height()));
      EXPECT_EQ(decode(as_file(file)), expected) << content_type(info.format) << orientation;
    };
    for (const bool flag : {false, true}) {
      check(jpeg_with_orientation(jpeg, orientation, flag), to_upright(plain_jpeg, orientation));
      check(png_with_orientation(png, orientation, flag), upright);
      check(encode_tiff(stored, orientation, 1, flag), upright);
    }
    check(webp_with_orientation(webp, 48, 33, orientation, false), upright);
  }
}

TEST(ImageCodecTest, OddOrientationsCountAsUpright) {
  const auto jpeg = encode_jpeg(drawing(16, 9));
  for (const int orientation : {0, 9, 255, 65535}) {
    EXPECT_EQ(probe(as_file(jpeg_with_orientation(jpeg, orientation, true))).orientation, 1);
  }
}

TEST(ImageCodecTest, AvifTurnsByItsPropertiesAlone) {
  const auto stored = drawing(64, 40);
  // What irot (anti-clockwise quarter turns), then imir (0 exchanges top and bottom, 1 left and
  // right) make of the image, step by step.
  for (int turns = 0; turns < 4; ++turns) {
    for (int mirror = -1; mirror < 2; ++mirror) {
      auto expected = stored;
      for (int i = 0; i < turns; ++i) expected = to_upright(expected, 8);
      if (mirror >= 0) expected = to_upright(expected, mirror == 0 ? 4 : 2);
      const auto file = encode_avif(stored, turns, mirror);
      const auto info = probe(as_file(file));
      EXPECT_EQ(info.width, static_cast<std::uint32_t>(expected.width()));
      EXPECT_LE(difference(decode(as_file(file)), expected), 12) << turns << " " << mirror;
    }
  }
}

TEST(ImageCodecTest, ScalesJpegsDownNoFurtherThanAsked) {
  const auto file = encode_jpeg(drawing(803, 601));
  const auto longest = [&](std::uint32_t side) {
    DecodeOptions options;
    options.min_long_side = side;
    const auto image = decode(as_file(file), options);
    return std::max(image.width(), image.height());
  };
  EXPECT_EQ(longest(2000), 803);
  EXPECT_EQ(longest(803), 803);
  EXPECT_EQ(longest(402), 402);
  EXPECT_EQ(longest(403), 803);
  EXPECT_EQ(longest(201), 201);
  EXPECT_EQ(longest(101), 101);
  EXPECT_EQ(longest(1), 101);
  DecodeOptions options;
  options.min_long_side = 101;
  const auto turned = decode(as_file(jpeg_with_orientation(file, 6, true)), options);
  EXPECT_EQ(turned.height(), 101);
  EXPECT_LE(mean_difference(decode(as_file(file), options), resize(drawing(803, 601), 101, 76)), 3);
}

TEST(ImageCodecTest, EncodersGiveBackWhatTheyTook) {
  for (const int channels : {1, 2, 3, 4}) {
    const auto image = drawing(50, 31, channels);
    const auto expected = over_white(image);
    EXPECT_EQ(decode(as_file(encode_png(image))), expected) << channels;
    EXPECT_LE(mean_difference(decode(as_file(encode_jpeg(image, 95))), expected), 4) << channels;
    EXPECT_LE(mean_difference(decode(as_file(encode_webp(image, 95))), expected), 4) << channels;
    const auto part = image.view().crop(3, 4, 20, 20);
    EXPECT_EQ(decode(as_file(encode_png(part))).width(), 20);
  }
}

TEST(ImageCodecTest, DecodesRealPhotosAndTheirThumbnails) {
  const char* data = std::getenv("ANNOTATEAI_TEST_DATA");
  if (data == nullptr) GTEST_SKIP() << "ANNOTATEAI_TEST_DATA is not set";
  int photos = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(data) + "/photos")) {
    if (entry.path().extension() != ".jpg") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string file{std::istreambuf_iterator<char>(in), {}};
    const auto info = probe(as_file(file));
    const auto image = decode(as_file(file));
    EXPECT_EQ(image.width(), static_cast<int>(info.width));
    EXPECT_GE(info.decoded_bytes, image.bytes());
    const auto small = thumbnail(image, 256);
    EXPECT_EQ(std::max(small.width(), small.height()), 256);
    DecodeOptions options;
    options.min_long_side = 256;
    // Scaled in the DCT and then averaged, or averaged alone: nearly the same picture.
    const auto quick =
        resize(decode(as_file(file), options), static_cast<std::uint32_t>(small.width()),
               static_cast<std::uint32_t>(small.height()));
    EXPECT_LT(mean_difference(small, quick), 6.0) << entry.path();
    ++photos;
  }
  EXPECT_GE(photos, 11);
}

TEST(DecodeBudgetTest, WaitsInOrderAndGivesUpAtTheDeadline) {
  using namespace std::chrono_literals;
  DecodeBudget budget(100);
  const auto now = [] { return std::chrono::steady_clock::now(); };
  auto first = budget.acquire(60, now());
  EXPECT_EQ(budget.free_bytes(), 40U);
  EXPECT_FALSE(budget.try_acquire(50));
  try {
    budget.acquire(50, now() + 20ms);
    FAIL() << "got more than there is";
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "decode_busy");
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
  }
  EXPECT_THROW(budget.acquire(101, now()), Error);
  std::thread large([&] { EXPECT_EQ(budget.acquire(100, now() + 10s).bytes(), 100U); });
  while (budget.try_acquire(1)) std::this_thread::sleep_for(1ms);  // until the large one waits
  // A small one that would fit does not overtake.
  EXPECT_FALSE(budget.try_acquire(1));
  first = {};
  large.join();
  EXPECT_EQ(budget.free_bytes(), 100U);
}

raster::Image by_rows(const std::string& file, int width, int height) {
  raster::Image out(width, height, 3);
  int y = 0;
  decode_rows(as_file(file),
              [&](const std::uint8_t* row) { std::copy_n(row, out.stride(), out.row(y++)); });
  EXPECT_EQ(y, height);
  return out;
}

TEST(RowsTest, AreThoseOfTheWholeImage) {
  for (const auto& file :
       {encode_jpeg_as(drawing(61, 43), false, false), encode_jpeg_as(drawing(61, 43), false, true),
        encode_png(drawing(61, 43)), encode_png(drawing(61, 43, 4))}) {
    ASSERT_TRUE(comes_in_rows(as_file(file)));
    EXPECT_EQ(by_rows(file, 61, 43), decode(as_file(file)));
  }
  for (const auto& file :
       {encode_jpeg_as(drawing(61, 43), true, false), encode_webp(drawing(61, 43)),
        encode_png_as(drawing(61, 43, 1), 3, 4, true),
        png_with_orientation(encode_png(drawing(61, 43)), 3, true)}) {
    EXPECT_FALSE(comes_in_rows(as_file(file)));
  }
}

TEST(RowsTest, EndWhereTheFileDoes) {
  auto file = encode_png(drawing(61, 43));
  file.resize(file.size() / 2);
  EXPECT_THROW(decode_rows(as_file(file), [](const std::uint8_t*) {}), Error);
}

TEST(ShrinkingTest, APngIsAveragedWhileItIsRead) {
  const auto file = encode_png(drawing(64, 48));
  const auto whole = decode(as_file(file));
  for (const std::uint32_t side : {32U, 16U, 8U}) {
    const auto small = decode(as_file(file), {.min_long_side = side});
    const auto expected = resize(whole, side, side * 3 / 4);
    ASSERT_EQ(small.width(), expected.width());
    ASSERT_EQ(small.height(), expected.height());
    int off = 0;
    for (int y = 0; y < small.height(); ++y) {
      for (std::size_t i = 0; i < small.stride(); ++i) {
        off = std::max(off, std::abs(small.row(y)[i] - expected.row(y)[i]));
      }
    }
    EXPECT_LE(off, 1) << side;
  }
  EXPECT_EQ(decode(as_file(file), {.min_long_side = 33}), whole);
  EXPECT_EQ(decode(as_file(file), {.min_long_side = 1}).width(), 8) << "an eighth at most";
  const auto turned = png_with_orientation(encode_png(drawing(61, 43, 4)), 6, true);
  const auto small = decode(as_file(turned), {.min_long_side = 31});
  EXPECT_EQ(small.width(), 22);
  EXPECT_EQ(small.height(), 31);
  EXPECT_NEAR(small.row(30)[0], resize(decode(as_file(turned)), 22, 31).row(30)[0], 24);
}

}  // namespace
}  // namespace aa::media
