#include "kernel/vision/superpixels.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/vision/lab_colours.hpp"

namespace aa::vision {
namespace {

// Dark on the left of a wavy border, light on the right, with noise.
raster::Image two_sides(int width, int height, std::mt19937_64& random) {
  raster::Image image(width, height, 4);
  for (int y = 0; y < height; ++y) {
    const int border = width / 2 + static_cast<int>(y / 7) % 5;
    for (int x = 0; x < width; ++x) {
      for (int i = 0; i < 3; ++i) {
        image.row(y)[4 * x + i] =
            static_cast<std::uint8_t>((x < border ? 50 : 190) + static_cast<int>(random() % 10));
      }
      image.row(y)[4 * x + 3] = 255;
    }
  }
  return image;
}

// Pixels that can be reached from the first one of each label, by edges.
std::size_t reached_from_first(const Superpixels& found, int width) {
  std::vector<bool> seen(found.labels.size());
  std::set<std::uint32_t> begun;
  std::size_t count = 0;
  for (std::size_t start = 0; start < found.labels.size(); ++start) {
    if (!begun.insert(found.labels[start]).second) continue;
    std::vector<std::size_t> stack{start};
    seen[start] = true;
    while (!stack.empty()) {
      const std::size_t at = stack.back();
      stack.pop_back();
      ++count;
      const auto visit = [&](std::size_t next) {
        if (seen[next] || found.labels[next] != found.labels[start]) return;
        seen[next] = true;
        stack.push_back(next);
      };
      const auto wide = static_cast<std::size_t>(width);
      if (at % wide > 0) visit(at - 1);
      if (at % wide + 1 < wide) visit(at + 1);
      if (at >= wide) visit(at - wide);
      if (at + wide < found.labels.size()) visit(at + wide);
    }
  }
  return count;
}

TEST(Superpixels, HangTogetherAndCoverTheImage) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    std::mt19937_64 random(seed);
    raster::Image image(1 + static_cast<int>(random() % 90), 1 + static_cast<int>(random() % 90),
                        random() % 2 == 0 ? 4 : 1);
    for (std::size_t i = 0; i < image.bytes(); ++i) {
      image.data()[i] = static_cast<std::uint8_t>(random());
    }
    const auto found = superpixels(image, {.cell = 4 + static_cast<int>(random() % 20)});
    ASSERT_EQ(found.labels.size(), image.view().pixels());
    ASSERT_EQ(std::set(found.labels.begin(), found.labels.end()).size(), found.count);
    ASSERT_EQ(*std::max_element(found.labels.begin(), found.labels.end()) + 1, found.count);
    ASSERT_EQ(reached_from_first(found, image.width()), found.labels.size()) << "seed " << seed;
  }
}

TEST(Superpixels, KeepToEdges) {
  std::mt19937_64 random(7);
  const auto image = two_sides(200, 160, random);
  const auto found = superpixels(image, {.cell = 20});
  EXPECT_NEAR(found.count, 80, 20);
  const auto colours = lab_of(image);
  std::vector<std::size_t> light(found.count);
  std::vector<std::size_t> all(found.count);
  for (std::size_t i = 0; i < found.labels.size(); ++i) {
    ++all[found.labels[i]];
    if (colours[i].l > 50) ++light[found.labels[i]];
  }
  std::size_t strays = 0;
  for (std::size_t i = 0; i < all.size(); ++i) strays += std::min(light[i], all[i] - light[i]);
  EXPECT_LT(strays, found.labels.size() / 1000);
}

TEST(Superpixels, ColoursAreThoseOfTheStandard) {
  raster::Image image(3, 1, 3);
  const std::uint8_t pixels[9] = {255, 255, 255, 255, 0, 0, 0, 0, 255};
  std::copy_n(pixels, 9, image.data());
  const auto lab = lab_of(image);
  EXPECT_NEAR(lab[0].l, 100, 0.1);
  EXPECT_NEAR(lab[0].a, 0, 0.2);
  EXPECT_NEAR(lab[1].l, 53.24, 0.1);
  EXPECT_NEAR(lab[1].a, 80.09, 0.3);
  EXPECT_NEAR(lab[1].b, 67.20, 0.3);
  EXPECT_NEAR(lab[2].l, 32.30, 0.1);
  EXPECT_NEAR(lab[2].b, -107.86, 0.3);
}

TEST(Superpixels, RefusesCellsOfNoSize) {
  EXPECT_THROW(superpixels(raster::Image(8, 8, 3), {.cell = 3}), Error);
}

}  // namespace
}  // namespace aa::vision
