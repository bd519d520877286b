#include <gmock/gmock.h>
#include <thread>

#include "base/hash.hpp"
#include "base/limits.hpp"
#include "service/assets/assets.hpp"
#include "service/assets/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::assets {
namespace {

using fixture::png_file;
using fixture::turned_jpeg_file;

const bool kCensus = fixture::require_statements(sql::kAll);

std::span<const std::byte> as_file(const std::string& bytes) {
  return std::as_bytes(std::span(bytes));
}

Task<> begin_upload(Assets& assets, tenancy::Tenant tenant, ProjectId project) {
  const auto upload = co_await assets.upload(std::move(tenant), project);
}

class AssetsTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    tenant_.emplace(register_person());
    project_ = make_project(*tenant_).id;
  }
  Assets& service() { return world_->assets; }
  std::string content(AssetId id) {
    const auto reader = run(service().content(*tenant_, id));
    return blob::read_all(*reader, 1 << 24);
  }
  media::ImageInfo thumbnail(AssetId id, ThumbnailSize size) {
    const auto bytes = run(service().thumbnail(*tenant_, id, size));
    return media::probe(as_file(bytes));
  }
  std::vector<Asset> list(std::int64_t after = -1, int limit = 100) {
    return run(service().list(*tenant_, project_, after, limit));
  }

  std::optional<tenancy::Tenant> tenant_;
  ProjectId project_;
};
AA_ON_BOTH_ENGINES(AssetsTest);

TEST_P(AssetsTest, many_are_found_at_once_except_those_that_are_gone_or_anothers) {
  const auto first = upload_png(*tenant_, project_, "1.png");
  const auto second = upload_png(*tenant_, project_, "2.png");
  run(service().remove(*tenant_, second.id));
  const std::vector<AssetId> ids{first.id, second.id, fresh<AssetId>()};
  const auto found = run(service().find_for(tenant_->organization(), ids));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.at(first.id).filename, "1.png");
  EXPECT_TRUE(run(service().find_for(register_person("eve").organization(), ids)).empty());
}

TEST_P(AssetsTest, a_project_that_goes_gives_back_what_its_images_took) {
  const auto used = [&] {
    const auto quota = run(world_->metering.quota(tenant_->organization()));
    return std::pair(quota.assets, quota.storage_bytes);
  };
  const auto before = used();
  upload_png(*tenant_, project_, "1.png");
  EXPECT_EQ(used().first, before.first + 1);
  EXPECT_GT(used().second, before.second);
  run(world_->projects.remove(*tenant_, project_));
  EXPECT_EQ(used(), before);
}

TEST_P(AssetsTest, an_image_is_kept_byte_for_byte_and_described) {
  const auto bytes = png_file(300, 120);
  const auto asset = upload_one(*tenant_, project_, "Grüße 猫.png", bytes);
  EXPECT_EQ(asset.filename, "Grüße 猫.png");
  EXPECT_EQ(asset.format, "png");
  EXPECT_EQ(asset.width, 300);
  EXPECT_EQ(asset.height, 120);
  EXPECT_EQ(asset.orientation, 1);
  EXPECT_EQ(asset.rank, 0);
  EXPECT_EQ(asset.sha256, to_hex(sha256(bytes)));
  EXPECT_EQ(asset.size_bytes, static_cast<std::int64_t>(bytes.size()));
  EXPECT_EQ(asset.status, AssetStatus::ready);
  EXPECT_EQ(json::write(run(service().get(*tenant_, asset.id))), json::write(asset));
  EXPECT_EQ(content(asset.id), bytes);
  const auto small = thumbnail(asset.id, ThumbnailSize::small);
  EXPECT_EQ(small.format, media::ImageFormat::jpeg);
  EXPECT_EQ(small.width, 256U);
  EXPECT_EQ(small.height, 102U);
  EXPECT_EQ(thumbnail(asset.id, ThumbnailSize::large).width, 300U) << "never enlarged";
}

TEST_P(AssetsTest, good_files_stay_when_others_are_refused_and_nothing_of_those_remains) {
  const auto whole = png_file(64, 48);
  const auto result = upload(*tenant_, project_,
                             {{"a.png", whole},
                              {"notes.txt", "not a picture at all"},
                              {"cut.png", whole.substr(0, whole.size() / 2)},
                              {"empty.jpg", ""},
                              {"", png_file(20, 10)}});
  ASSERT_EQ(result.items.size(), 2U);
  EXPECT_EQ(result.items[0].filename, "a.png");
  EXPECT_EQ(result.items[1].filename, "unnamed");
  ASSERT_EQ(result.rejected.size(), 3U);
  EXPECT_EQ(result.rejected[0].filename, "notes.txt");
  EXPECT_EQ(result.rejected[0].code, "unsupported_image");
  EXPECT_EQ(result.rejected[1].filename, "cut.png");
  EXPECT_EQ(result.rejected[1].code, "image_truncated");
  EXPECT_EQ(result.rejected[2].filename, "empty.jpg");
  for (const auto& rejected : result.rejected) EXPECT_FALSE(rejected.detail.empty());
  EXPECT_EQ(list().size(), 2U);
  EXPECT_EQ(bare("select count(*) as n from assets").one().get<int>("n"), 2);
  std::vector<std::string> wanted;
  for (const auto& asset : result.items) {
    for (const auto* part : {"/original", "/thumb-256", "/thumb-1024"}) {
      wanted.push_back("assets/" + asset.id.str() + part);
    }
  }
  EXPECT_THAT(world_->blobs.present(), testing::UnorderedElementsAreArray(wanted));
  EXPECT_GT(world_->blobs.begun().size(), wanted.size()) << "the others were begun";
}

TEST_P(AssetsTest, a_failing_store_refuses_the_file_and_leaves_nothing) {
  const Error full(ErrorCode::out_of_space, "out_of_space", "The disk is full.");
  for (int step = 1; step <= 6; ++step) {  // write and commit of the original and two thumbnails
    world_->blobs.fail_at(step, full);
    try {
      upload(*tenant_, project_, {{"a.png", png_file(64, 48)}});
      ADD_FAILURE() << "step " << step;
    } catch (const Error& e) {
      EXPECT_EQ(e.slug(), "out_of_space");
    }
    EXPECT_TRUE(world_->blobs.present().empty());
    EXPECT_TRUE(list().empty());
  }
  world_->blobs.fail_at(1, full);
  const auto result =
      upload(*tenant_, project_, {{"a.png", png_file(64, 48)}, {"b.png", png_file(64, 48)}});
  ASSERT_EQ(result.items.size(), 1U) << "what could be kept is kept, and said";
  ASSERT_EQ(result.rejected.size(), 1U);
  EXPECT_EQ(result.rejected[0].code, "out_of_space");
}

TEST_P(AssetsTest, the_sweep_takes_blobs_without_a_row_and_no_others) {
  const auto kept = upload_one(*tenant_, project_, "a.png", png_file(30, 20));
  const auto deleted = upload_one(*tenant_, project_, "b.png", png_file(30, 20));
  run(service().remove(*tenant_, deleted.id));
  const auto before = world_->blobs.present();
  const auto orphan = "assets/" + fresh<AssetId>().str();
  blob::put(world_->blobs, {tenant_->organization(), orphan + "/original"}, "bytes");
  blob::put(world_->blobs, {tenant_->organization(), orphan + "/thumb-256"}, "bytes");
  blob::Sweep sweep(world_->blobs, world_->clock, world_->executors);
  sweep.add(service().blob_folder());
  EXPECT_EQ(run(sweep.run(Timestamp{0}, world_->clock.now())), 0U) << "a row may be on its way";
  world_->clock.advance(std::chrono::minutes(5));
  EXPECT_EQ(run(sweep.run(Timestamp{0}, world_->clock.now())), 1U);
  EXPECT_EQ(world_->blobs.present(), before);
  EXPECT_EQ(run(sweep.run(Timestamp{0}, world_->clock.now())), 0U);
}

TEST_P(AssetsTest, names_of_files_are_labels) {
  const auto name = [&](const std::string& given) {
    return upload_one(*tenant_, project_, given, png_file(20, 10)).filename;
  };
  EXPECT_EQ(name("a\nb\x7F.png"), "a_b_.png");
  EXPECT_EQ(name("gnp.\u202Etxt"), "gnp._txt");
  EXPECT_EQ(name(std::string(254, 'x') + "é"), std::string(254, 'x'));
}

TEST_P(AssetsTest, results_keep_the_order_of_the_files) {
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 12; ++i) {
    const int side = i % 3 == 0 ? 900 : 16;
    files.emplace_back("f" + std::to_string(i), png_file(side, side, i));
  }
  const auto result = upload(*tenant_, project_, files);
  ASSERT_EQ(result.items.size(), files.size());
  std::set<std::int64_t> ranks;
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(result.items[i].filename, files[i].first);
    ranks.insert(result.items[i].rank);
  }
  EXPECT_EQ(ranks.size(), files.size());
  EXPECT_EQ(*ranks.rbegin(), 11);
}

TEST_P(AssetsTest, a_turned_photo_is_measured_and_seen_upright) {
  const auto bytes = turned_jpeg_file(80, 50, 6);
  const auto asset = upload_one(*tenant_, project_, "phone.jpg", bytes);
  EXPECT_EQ(asset.width, 50);
  EXPECT_EQ(asset.height, 80);
  EXPECT_EQ(asset.orientation, 6);
  EXPECT_EQ(content(asset.id), bytes) << "the original stays";
  const auto small = thumbnail(asset.id, ThumbnailSize::small);
  EXPECT_EQ(small.width, 50U);
  EXPECT_EQ(small.height, 80U);
  EXPECT_EQ(small.orientation, 1);
  const auto pixels = run(service().pixels_for(tenant_->organization(), asset.id));
  EXPECT_EQ(pixels->width(), 50);
  EXPECT_EQ(pixels->height(), 80);
}

TEST_P(AssetsTest, files_larger_than_what_is_held_in_memory_are_read_back) {
  raster::Image image(2'000, 1'600, 3);
  std::uint32_t state = 1;  // noise does not compress
  for (std::size_t i = 0; i < image.bytes(); ++i) {
    state = state * 1'664'525U + 1'013'904'223U;
    image.data()[i] = static_cast<std::uint8_t>(state >> 24);
  }
  const auto bytes = media::encode_png(image.view());
  ASSERT_GT(bytes.size(), 8U << 20);
  const auto asset = upload_one(*tenant_, project_, "noise.png", bytes);
  EXPECT_EQ(asset.sha256, to_hex(sha256(bytes)));
  EXPECT_EQ(run(service().bytes_for(tenant_->organization(), asset.id)), bytes);
  const auto cut = upload(*tenant_, project_, {{"cut.png", bytes.substr(0, 9U << 20)}});
  ASSERT_EQ(cut.rejected.size(), 1U);
  EXPECT_EQ(world_->blobs.present().size(), 3U) << "the committed original was taken back";
}

TEST_P(AssetsTest, a_listing_goes_by_rank) {
  for (const auto* name : {"a.png", "b.png", "c.png"}) upload_png(*tenant_, project_, name);
  const auto page = list(-1, 2);
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].filename, "a.png");
  EXPECT_EQ(page[1].rank, 1);
  const auto rest = list(page[1].rank);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].filename, "c.png");
}

TEST_P(AssetsTest, content_is_replaced_as_a_version_and_restored) {
  const auto first = png_file(64, 48, 1);
  const auto second = png_file(64, 48, 2);
  const auto asset = upload_one(*tenant_, project_, "a.png", first);
  const auto replaced = run(service().replace_content(*tenant_, asset.id, second));
  EXPECT_EQ(replaced.sha256, to_hex(sha256(second)));
  EXPECT_EQ(content(asset.id), second);
  const auto versions = run(service().versions(*tenant_, asset.id));
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(to_hex(versions[0].sha256), asset.sha256);
  const auto restored = run(service().restore(*tenant_, asset.id, versions[0].id));
  EXPECT_EQ(restored.sha256, asset.sha256);
  EXPECT_EQ(content(asset.id), first);
  EXPECT_EQ(run(service().versions(*tenant_, asset.id)).size(), 3U);
  EXPECT_EQ(slug_of(service().restore(*tenant_, asset.id, "no such version")), "not_found");
}

TEST_P(AssetsTest, a_replacement_may_be_stored_turned_as_long_as_it_is_upright_alike) {
  const auto asset = upload_one(*tenant_, project_, "a.png", png_file(50, 80));
  const auto turned =
      run(service().replace_content(*tenant_, asset.id, turned_jpeg_file(80, 50, 6)));
  EXPECT_EQ(turned.format, "jpeg");
  EXPECT_EQ(turned.orientation, 6);
  EXPECT_EQ(turned.width, 50);
  EXPECT_EQ(turned.height, 80);
}

TEST_P(AssetsTest, a_replacement_of_another_size_or_none_is_refused_and_changes_nothing) {
  const auto first = png_file(64, 48);
  const auto asset = upload_one(*tenant_, project_, "a.png", first);
  EXPECT_EQ(slug_of(service().replace_content(*tenant_, asset.id, png_file(48, 64))),
            "size_differs");
  EXPECT_EQ(slug_of(service().replace_content(*tenant_, asset.id, "no picture")),
            "unsupported_image");
  EXPECT_EQ(
      slug_of(service().replace_content(*tenant_, asset.id, first.substr(0, first.size() / 2))),
      "image_truncated");
  EXPECT_EQ(content(asset.id), first);
  EXPECT_EQ(run(service().versions(*tenant_, asset.id)).size(), 1U);
}

TEST_P(AssetsTest, another_tenant_sees_and_changes_nothing) {
  const auto asset = upload_png(*tenant_, project_);
  const auto eve = register_person("eve");
  EXPECT_EQ(slug_of(service().get(eve, asset.id)), "not_found");
  EXPECT_EQ(slug_of(service().content(eve, asset.id)), "not_found");
  EXPECT_EQ(slug_of(service().thumbnail(eve, asset.id, ThumbnailSize::small)), "not_found");
  EXPECT_EQ(slug_of(service().versions(eve, asset.id)), "not_found");
  EXPECT_EQ(slug_of(service().replace_content(eve, asset.id, png_file(64, 48))), "not_found");
  EXPECT_EQ(slug_of(service().remove(eve, asset.id)), "not_found");
  EXPECT_EQ(slug_of(service().list(eve, project_, -1, 10)), "not_found");
  EXPECT_EQ(slug_of(begin_upload(service(), eve, project_)), "not_found");
  EXPECT_EQ(slug_of(service().bytes_for(eve.organization(), asset.id)), "not_found");
  const auto viewer = with_role(*tenant_, tenancy::Role::viewer);
  EXPECT_EQ(slug_of(begin_upload(service(), viewer, project_)), "permission_denied");
  EXPECT_EQ(slug_of(service().remove(viewer, asset.id)), "permission_denied");
  EXPECT_EQ(list().size(), 1U);
}

TEST_P(AssetsTest, changes_of_comments_are_counted_in_the_callers_transaction) {
  const auto asset = upload_png(*tenant_, project_);
  auto raise = [](db::Database& database, Assets& assets, tenancy::Tenant tenant, AssetId id,
                  bool commit) -> Task<std::int64_t> {
    auto transaction = co_await database.begin(tenant.scope());
    const auto count =
        co_await assets.raise_comments_revision(*transaction, tenant.organization(), id);
    if (commit) co_await transaction->commit();
    co_return count;
  };
  auto& database = *world_->database;
  EXPECT_EQ(run(raise(database, service(), *tenant_, asset.id, false)), 1);
  EXPECT_EQ(run(raise(database, service(), *tenant_, asset.id, true)), 1) << "the first was undone";
  EXPECT_EQ(run(raise(database, service(), *tenant_, asset.id, true)), 2);
  EXPECT_EQ(run(service().comments_revision_for(tenant_->organization(), asset.id)), 2);
  const auto eve = register_person("eve");
  EXPECT_EQ(slug_of(raise(database, service(), eve, asset.id, true)), "not_found");
  EXPECT_EQ(slug_of(service().comments_revision_for(eve.organization(), asset.id)), "not_found");
}

TEST_P(AssetsTest, a_removed_image_is_gone_from_lists_and_counts) {
  const auto asset = upload_png(*tenant_, project_, "a.png");
  upload_png(*tenant_, project_, "b.png");
  run(service().remove(*tenant_, asset.id));
  EXPECT_EQ(slug_of(service().get(*tenant_, asset.id)), "not_found");
  EXPECT_EQ(slug_of(service().remove(*tenant_, asset.id)), "not_found");
  EXPECT_EQ(list().size(), 1U);
  EXPECT_EQ(run(world_->projects.get(*tenant_, project_)).counts.assets, 1);
  EXPECT_EQ(upload_png(*tenant_, project_, "c.png").rank, 2) << "ranks are not given again";
}

Task<> begin_many(Assets& assets, tenancy::Tenant tenant, ProjectId project) {
  auto upload = co_await assets.upload(std::move(tenant), project);
  for (std::size_t i = 0; i <= limits::kUploadFiles; ++i) co_await upload.begin("x");
}

TEST_P(AssetsTest, an_upload_takes_a_limited_number_of_files) {
  EXPECT_EQ(slug_of(begin_many(service(), *tenant_, project_)), "too_many_files");
}

TEST_P(AssetsTest, many_uploads_at_once_get_ranks_of_their_own) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([this, i] {
      upload(*tenant_, project_, {{std::to_string(i), png_file(16, 16, i)}});
    });
  }
  for (auto& thread : threads) thread.join();
  const auto all = list();
  ASSERT_EQ(all.size(), 6U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].rank, static_cast<std::int64_t>(i));
  }
}

}  // namespace
}  // namespace aa::assets
