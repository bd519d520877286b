#include "kernel/raster/rle.hpp"

#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::raster {
namespace {

Mask random_mask(std::mt19937_64& random, std::uint32_t side_max) {
  Mask mask;
  mask.height = 1 + static_cast<std::uint32_t>(random() % side_max);
  mask.width = 1 + static_cast<std::uint32_t>(random() % side_max);
  const auto density = 1 + random() % 9;
  mask.bytes.resize(static_cast<std::size_t>(mask.height) * mask.width);
  for (auto& byte : mask.bytes) byte = random() % 10 < density ? 1 : 0;
  return mask;
}

// Expected texts computed with a separate Python program from the format's description.
TEST(Rle, CountsAsCocoWritesThem) {
  EXPECT_EQ(to_counts({3, 3, {9}}), "9");
  EXPECT_EQ(to_counts({3, 3, {0, 9}}), "09");
  EXPECT_EQ(to_counts({4, 5, {3, 2, 2, 2, 11}}),
            "3220"
            "9");
  EXPECT_EQ(to_counts({100, 100, {5000, 1, 4999}}), "Xl41Wl4");
  EXPECT_EQ(to_counts({10, 10, {40, 20, 3, 2, 35}}), "X1d03^OP1");
}

TEST(Rle, EncodesByColumns) {
  // . X .
  // X X .
  const Mask mask{2, 3, {0, 1, 0, 1, 1, 0}};
  EXPECT_EQ(encode(mask).runs, (std::vector<std::uint32_t>{1, 3, 2}));
  EXPECT_EQ(decode(encode(mask)), mask);
}

TEST(Rle, EveryMaskSurvivesBothForms) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    const Mask mask = random_mask(random, 40);
    const Rle rle = encode(mask);
    ASSERT_EQ(decode(rle), mask) << "seed " << seed;
    ASSERT_EQ(from_counts(to_counts(rle), rle.height, rle.width), rle) << "seed " << seed;
    ASSERT_EQ(canonical(rle), rle) << "seed " << seed;
  }
}

TEST(Rle, APartIsPlacedPixelByPixel) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    const Mask part = random_mask(random, 12);
    const auto x = static_cast<std::uint32_t>(random() % 4);
    const auto y = static_cast<std::uint32_t>(random() % 4);
    Mask whole{part.height + y + static_cast<std::uint32_t>(random() % 4),
               part.width + x + static_cast<std::uint32_t>(random() % 4),
               {}};
    whole.bytes.resize(static_cast<std::size_t>(whole.height) * whole.width);
    for (std::size_t row = 0; row < part.height; ++row) {
      for (std::size_t column = 0; column < part.width; ++column) {
        whole.bytes[(row + y) * whole.width + column + x] = part.bytes[row * part.width + column];
      }
    }
    ASSERT_EQ(place(encode(part), x, y, whole.height, whole.width), encode(whole))
        << "seed " << seed;
  }
}

TEST(Rle, APartBeyondThePictureIsRefused) {
  EXPECT_THROW(place({2, 2, {4}}, 3, 0, 4, 4), Error);
  EXPECT_THROW(place({2, 2, {4}}, 0, 5, 4, 4), Error);
}

TEST(Rle, MeasuresEqualThoseOfThePixels) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    const Mask mask = random_mask(random, 12);
    std::uint64_t count = 0;
    double x0 = 1e9, y0 = 1e9, x1 = 0, y1 = 0;
    for (std::size_t i = 0; i < mask.bytes.size(); ++i) {
      if (mask.bytes[i] == 0) continue;
      ++count;
      x0 = std::min(x0, static_cast<double>(i % mask.width));
      x1 = std::max(x1, static_cast<double>(i % mask.width + 1));
      y0 = std::min(y0, static_cast<double>(i / mask.width));
      y1 = std::max(y1, static_cast<double>(i / mask.width + 1));
    }
    const Rle rle = encode(mask);
    ASSERT_EQ(area(rle), count) << "seed " << seed;
    const geometry::Rect expected = count == 0 ? geometry::Rect{} : geometry::Rect{x0, y0, x1, y1};
    ASSERT_EQ(bounds(rle), expected) << "seed " << seed;
  }
}

TEST(Rle, MergeEqualsThatOfThePixels) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    const Mask a = random_mask(random, 20);
    Mask b = a;
    for (auto& byte : b.bytes) byte = random() % 2;
    Mask both = a, either = a, only = a, one = a;
    std::uint64_t shared = 0, whole = 0;
    for (std::size_t i = 0; i < a.bytes.size(); ++i) {
      both.bytes[i] = a.bytes[i] & b.bytes[i];
      either.bytes[i] = a.bytes[i] | b.bytes[i];
      only.bytes[i] = a.bytes[i] & static_cast<std::uint8_t>(1 - b.bytes[i]);
      one.bytes[i] = a.bytes[i] ^ b.bytes[i];
      shared += both.bytes[i];
      whole += either.bytes[i];
    }
    const Rle ra = encode(a), rb = encode(b);
    ASSERT_EQ(merge(ra, rb, MergeMode::intersect), encode(both)) << "seed " << seed;
    ASSERT_EQ(merge(ra, rb, MergeMode::unite), encode(either)) << "seed " << seed;
    ASSERT_EQ(merge(ra, rb, MergeMode::subtract), encode(only)) << "seed " << seed;
    ASSERT_EQ(merge(ra, rb, MergeMode::differ), encode(one)) << "seed " << seed;
    const double expected =
        whole == 0 ? 0 : static_cast<double>(shared) / static_cast<double>(whole);
    ASSERT_EQ(iou(ra, rb), expected) << "seed " << seed;
  }
}

TEST(Rle, EmptyRunsInsideAreRead) {
  const Rle odd = from_runs(std::vector<std::uint32_t>{0, 2, 0, 1, 3}, 2, 3);
  EXPECT_EQ(area(odd), 3U);
  EXPECT_EQ(canonical(odd).runs, (std::vector<std::uint32_t>{0, 3, 3}));
  EXPECT_EQ(merge(odd, odd, MergeMode::unite), canonical(odd));
  EXPECT_EQ(iou(odd, canonical(odd)), 1);
}

TEST(Rle, CrowdCountsWhatItCovers) {
  const Rle small{1, 10, {0, 2, 8}};
  const Rle crowd{1, 10, {0, 10}};
  EXPECT_EQ(iou(small, crowd), 0.2);
  EXPECT_EQ(iou(small, crowd, true), 1);
}

TEST(Rle, RefusesBadTexts) {
  EXPECT_THROW(from_counts("", 3, 3), Error);
  EXPECT_THROW(from_counts("8", 3, 3), Error) << "too short";
  EXPECT_THROW(from_counts("91", 3, 3), Error) << "too long";
  EXPECT_THROW(from_counts("X", 3, 3), Error) << "ends within a number";
  EXPECT_THROW(from_counts("O9", 3, 3), Error) << "negative";
  EXPECT_THROW(from_counts("9 ", 3, 3), Error) << "no such character";
  EXPECT_THROW(from_counts("\x7f", 3, 3), Error);
  EXPECT_THROW(from_counts(std::string(20, 'o'), 3, 3), Error) << "endless number";
  EXPECT_THROW(from_counts("9", 0, 9), Error);
  EXPECT_THROW(from_counts("9", 70'000, 70'000), Error);
}

TEST(Rle, ArbitraryTextNeverBreaksTheReader) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    std::mt19937_64 random(seed);
    std::string text(random() % 30, ' ');
    for (char& c : text) c = static_cast<char>(random() % 4 == 0 ? random() : 48 + random() % 64);
    try {
      const Rle rle = from_counts(text, 50, 50);
      ASSERT_EQ(from_counts(to_counts(rle), 50, 50), rle) << "seed " << seed;
    } catch (const Error& error) {
      ASSERT_FALSE(error.slug().empty());
    }
  }
}

TEST(Rle, SizesMustAgree) {
  EXPECT_THROW(merge({2, 3, {6}}, {3, 2, {6}}, MergeMode::unite), Error);
  EXPECT_THROW(check({2, 3, {5}}), Error);
  EXPECT_THROW(encode(std::vector<std::uint8_t>(5), 2, 3), Error);
}

}  // namespace
}  // namespace aa::raster
