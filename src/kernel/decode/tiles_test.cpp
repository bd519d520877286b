#include "kernel/decode/tiles.hpp"

#include <gtest/gtest.h>

namespace aa::decode {
namespace {

constexpr int kWidth = 1000;
constexpr int kHeight = 600;
constexpr Tile kWhole{0, 0, kWidth, kHeight};
constexpr Tile kLeft{0, 0, 600, 600};
constexpr Tile kRight{400, 0, 600, 600};

InputSpec square(int side) {
  InputSpec out;
  out.width = side;
  out.height = side;
  return out;
}

Detection found(geometry::Rect box, float score, int class_index = 0) {
  return {box, score, class_index};
}

std::vector<Detection> merged(const std::vector<TileDetections>& parts) {
  return merge_tiles(parts, kWidth, kHeight);
}

TEST(Tiles, cover_the_image_and_overlap) {
  for (const auto& [width, height, across] : {std::tuple{4000, 3000, 4},
                                              {3000, 4000, 3},
                                              {1920, 1080, 2},
                                              {5000, 200, 8},
                                              {641, 640, 2}}) {
    const auto tiles = plan_tiles(width, height, square(416), across);
    ASSERT_GE(tiles.size(), 2U);
    std::vector<int> columns(static_cast<std::size_t>(width));
    std::vector<int> rows(static_cast<std::size_t>(height));
    for (const auto& tile : tiles) {
      EXPECT_GE(tile.x, 0);
      EXPECT_LE(tile.x + tile.width, width);
      EXPECT_LE(tile.y + tile.height, height);
      EXPECT_EQ(tile.width, tiles[0].width);
      if (tile.y == 0) {
        for (int x = tile.x; x < tile.x + tile.width; ++x) ++columns[static_cast<std::size_t>(x)];
      }
      if (tile.x == 0) {
        for (int y = tile.y; y < tile.y + tile.height; ++y) ++rows[static_cast<std::size_t>(y)];
      }
    }
    EXPECT_GE(*std::ranges::min_element(columns), 1);
    EXPECT_GE(*std::ranges::min_element(rows), 1);
    const auto twice = std::ranges::count_if(columns, [](int n) { return n > 1; });
    EXPECT_GT(twice + std::ranges::count_if(rows, [](int n) { return n > 1; }), 0);
  }
}

TEST(Tiles, are_wanted_for_large_images_only) {
  EXPECT_EQ(tiles_wanted(640, 480, square(640)), 1);
  EXPECT_EQ(tiles_wanted(640, 480, square(416)), 1);
  EXPECT_EQ(tiles_wanted(1280, 960, square(416)), 3);
  EXPECT_EQ(tiles_wanted(8000, 6000, square(416)), 4);
  EXPECT_TRUE(plan_tiles(640, 480, square(640), 1).empty());
  EXPECT_EQ(plan_tiles(9000, 9000, square(416), 100).size(), 64U);
}

TEST(Tiles, an_object_in_the_overlap_counts_once) {
  const auto out = merged({{kLeft, {found({450, 100, 550, 200}, 0.6F)}},
                           {kRight, {found({452, 101, 551, 203}, 0.8F)}}});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].score, 0.8F);
}

TEST(Tiles, a_piece_goes_when_the_whole_was_found) {
  const geometry::Rect whole{300, 100, 590, 300};
  const auto out =
      merged({{kLeft, {found(whole, 0.5F)}}, {kRight, {found({400, 100, 590, 300}, 0.9F)}}});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].box, whole);
}

TEST(Tiles, pieces_on_both_sides_of_a_seam_become_one) {
  const auto out = merged(
      {{kLeft, {found({200, 100, 600, 300}, 0.7F)}}, {kRight, {found({400, 98, 850, 305}, 0.6F)}}});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].box, (geometry::Rect{200, 98, 850, 305}));
  EXPECT_EQ(out[0].score, 0.7F);
}

TEST(Tiles, pieces_of_two_objects_stay_two) {
  const auto out = merged({{kLeft, {found({200, 100, 600, 200}, 0.7F)}},
                           {kRight, {found({400, 350, 850, 450}, 0.6F)}}});
  EXPECT_EQ(out.size(), 2U);
  const auto classes = merged({{kLeft, {found({200, 100, 600, 300}, 0.7F, 1)}},
                               {kRight, {found({400, 98, 850, 305}, 0.6F, 2)}}});
  EXPECT_EQ(classes.size(), 2U);
}

TEST(Tiles, an_object_at_the_images_edge_is_no_piece) {
  const auto out =
      merged({{kWhole, {found({0, 0, 900, 600}, 0.5F)}}, {kLeft, {found({0, 0, 80, 80}, 0.9F)}}});
  EXPECT_EQ(out.size(), 2U);
}

TEST(Tiles, small_objects_are_added_to_what_the_whole_shows) {
  const auto out = merged({{kWhole, {found({100, 100, 500, 500}, 0.9F)}},
                           {kRight, {found({700, 300, 730, 340}, 0.6F)}},
                           {kLeft, {found({200, 200, 260, 260}, 0.4F)}}});
  ASSERT_EQ(out.size(), 2U);  // the third is a part of the first, and less sure
  EXPECT_EQ(out[1].box, (geometry::Rect{700, 300, 730, 340}));
}

}  // namespace
}  // namespace aa::decode
