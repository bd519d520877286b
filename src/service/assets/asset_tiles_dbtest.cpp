#include <gmock/gmock.h>

#include "service/assets/asset_tiles.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::assets {
namespace {

using fixture::png_file;
using fixture::turned_jpeg_file;

class TilesTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    tenant_.emplace(register_person());
    project_ = make_project(*tenant_).id;
    open(1 << 30);
  }
  void open(std::uint64_t cache_bytes) {
    tiles_ = std::make_unique<Tiles>(world_->assets, world_->blobs, world_->budget, world_->clock,
                                     world_->executors, cache_bytes);
  }
  std::string bytes(const Asset& asset, TilePlace place) {
    return run(tiles_->get(tenant_->organization(), asset, place));
  }
  raster::Image tile(const Asset& asset, TilePlace place) {
    const auto jpeg = bytes(asset, place);
    return media::decode(std::as_bytes(std::span(jpeg)));
  }
  blob::Key first_level(const Asset& asset) {
    return {tenant_->organization(),
            "tiles/" + asset.id.str() + "-0-" + asset.sha256.substr(0, 16)};
  }

  std::optional<tenancy::Tenant> tenant_;
  ProjectId project_;
  std::unique_ptr<Tiles> tiles_;
};
AA_ON_BOTH_ENGINES(TilesTest);

// The mean over all channels of what differs.
double difference(const raster::ImageView& a, const raster::ImageView& b) {
  double sum = 0;
  for (int y = 0; y < a.height; ++y) {
    for (int i = 0; i < a.width * 3; ++i) sum += std::abs(a.row(y)[i] - b.row(y)[i]);
  }
  return sum / (3.0 * a.width * a.height);
}

TEST_P(TilesTest, every_tile_shows_its_part_of_the_image) {
  const auto file = png_file(1300, 700);
  const auto whole = media::decode(std::as_bytes(std::span(file)));
  const auto asset = upload_one(*tenant_, project_, "a.png", file);
  for (std::uint32_t y = 0; y < 2; ++y) {
    for (std::uint32_t x = 0; x < 3; ++x) {
      const auto part = tile(asset, {0, x, y});
      EXPECT_EQ(part.width(), x == 2 ? 276 : 512);
      EXPECT_EQ(part.height(), y == 1 ? 188 : 512);
      const auto expected = whole.view().crop(static_cast<int>(x) * 512, static_cast<int>(y) * 512,
                                              part.width(), part.height());
      EXPECT_LT(difference(part, expected), 4.0) << x << ' ' << y;
    }
  }
}

TEST_P(TilesTest, each_level_halves_until_one_tile_holds_all) {
  const auto asset = upload_one(*tenant_, project_, "a.png", png_file(1301, 700));
  EXPECT_EQ(tile(asset, {1, 1, 0}).width(), 651 - 512);
  const auto last = tile(asset, {2, 0, 0});
  EXPECT_EQ(last.width(), 326);
  EXPECT_EQ(last.height(), 175);
  EXPECT_THROW(bytes(asset, {3, 0, 0}), Error);
  EXPECT_THROW(bytes(asset, {2, 1, 0}), Error);
  EXPECT_THROW(bytes(asset, {0, 0, 2}), Error);
  EXPECT_THROW(bytes(asset, {4'000'000'000U, 0, 0}), Error);
}

TEST_P(TilesTest, a_turned_jpeg_comes_upright_at_every_level) {
  const auto file = turned_jpeg_file(1600, 900, 6);
  const auto whole = media::decode(std::as_bytes(std::span(file)));
  const auto asset = upload_one(*tenant_, project_, "a.jpg", file);
  ASSERT_EQ(asset.width, 900);
  const auto half = media::resize(whole, 450, 800);
  const auto top = tile(asset, {1, 0, 0});
  ASSERT_EQ(top.width(), 450);
  ASSERT_EQ(top.height(), 512);
  EXPECT_LT(difference(top, half.view().crop(0, 0, 450, 512)), 6.0);
  EXPECT_EQ(tile(asset, {1, 0, 1}).height(), 800 - 512);
}

TEST_P(TilesTest, coarse_levels_are_made_together_and_fine_ones_alone) {
  const auto asset = upload_one(*tenant_, project_, "a.png", png_file(9'000, 40));
  const auto made = [&](std::uint32_t level) {
    const blob::Key key{
        tenant_->organization(),
        "tiles/" + asset.id.str() + "-" + std::to_string(level) + "-" + asset.sha256.substr(0, 16)};
    return world_->blobs.versions(key).size();
  };
  bytes(asset, {1, 8, 0});
  EXPECT_EQ(made(1), 1U);
  EXPECT_EQ(made(2), 0U);
  bytes(asset, {3, 0, 0});
  EXPECT_EQ(made(4), 1U);
  EXPECT_EQ(made(5), 1U);
  EXPECT_EQ(made(6), 0U) << "one tile holds all of level 5";
  EXPECT_EQ(tile(asset, {5, 0, 0}).width(), 282);
  EXPECT_EQ(tile(asset, {5, 0, 0}).height(), 2) << "40 / 32, rounded up";
  EXPECT_EQ(made(5), 1U) << "made once";
}

TEST_P(TilesTest, changed_bytes_have_tiles_of_their_own) {
  const auto asset = upload_one(*tenant_, project_, "a.png", png_file(1300, 700));
  const auto before = tile(asset, {0, 1, 0});
  const auto file = turned_jpeg_file(1300, 700, 1);
  const auto changed = run(world_->assets.replace_content(*tenant_, asset.id, file));
  const auto whole = media::decode(std::as_bytes(std::span(file)));
  const auto after = tile(changed, {0, 1, 0});
  EXPECT_LT(difference(after, whole.view().crop(512, 0, 512, 512)), 6.0);
  EXPECT_NE(first_level(changed).name, first_level(asset).name);
  EXPECT_EQ(after.width(), before.width());
}

TEST_P(TilesTest, what_is_no_picture_has_no_tiles) {
  auto asset = upload_one(*tenant_, project_, "a.png", png_file(600, 300));
  asset.kind = AssetKind::video;
  EXPECT_EQ(slug_of(tiles_->get(tenant_->organization(), asset, {0, 0, 0})), "not_found");
}

TEST_P(TilesTest, who_asks_together_waits_for_one_making) {
  const auto asset = upload_one(*tenant_, project_, "a.png", png_file(1300, 700));
  auto first = spawn(tiles_->get(tenant_->organization(), asset, {0, 0, 0}));
  auto second = spawn(tiles_->get(tenant_->organization(), asset, {0, 0, 0}));
  EXPECT_EQ(first.get(), second.get());
  EXPECT_EQ(world_->blobs.versions(first_level(asset)).size(), 1U);
}

TEST_P(TilesTest, levels_beyond_the_cache_go_and_come_again) {
  const auto asset = upload_one(*tenant_, project_, "a.png", png_file(1300, 700));
  open(1);
  const auto before = bytes(asset, {0, 0, 0});
  const auto alone = tiles_->cached_bytes();
  bytes(asset, {1, 0, 0});
  EXPECT_LT(tiles_->cached_bytes(), alone);
  EXPECT_TRUE(world_->blobs.versions(first_level(asset)).empty());
  EXPECT_EQ(bytes(asset, {0, 0, 0}), before);
}

TEST_P(TilesTest, a_failure_is_told_and_does_not_stay) {
  auto asset = upload_one(*tenant_, project_, "a.png", png_file(1300, 700));
  auto gone = asset;
  gone.id = fresh<AssetId>();
  EXPECT_THROW(bytes(gone, {0, 0, 0}), Error);
  EXPECT_THROW(bytes(gone, {0, 0, 0}), Error);
  EXPECT_FALSE(bytes(asset, {0, 0, 0}).empty());
}

}  // namespace
}  // namespace aa::assets
