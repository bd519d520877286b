// Zips among uploaded files; cases 115 to 117 of the security list against the whole service.
#include <gmock/gmock.h>

#include "driver/archive/zip_samples.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::assets {
namespace {

using archive::packed_zip;
using archive::raw_zip;
using fixture::png_file;

class ZipUploadTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    tenant_.emplace(register_person());
    project_ = make_project(*tenant_).id;
  }
  UploadResult send(std::vector<std::pair<std::string, std::string>> files) {
    return upload(*tenant_, project_, std::move(files));
  }
  static std::vector<std::string> names(const UploadResult& result) {
    std::vector<std::string> out;
    for (const auto& asset : result.items) out.push_back(asset.filename);
    return out;
  }
  static std::vector<std::pair<std::string, std::string>> refusals(const UploadResult& result) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& one : result.rejected) out.emplace_back(one.filename, one.code);
    return out;
  }
  std::size_t assets_in_project() {
    return run(world_->assets.list(*tenant_, project_, -1, 200)).size();
  }

  std::optional<tenancy::Tenant> tenant_;
  ProjectId project_;
};
AA_ON_BOTH_ENGINES(ZipUploadTest);

TEST_P(ZipUploadTest, images_of_a_zip_are_taken_in_its_place_and_order) {
  const auto result = send({{"first.png", png_file(8, 8, 1)},
                            {"photos.zip", packed_zip({{"z.png", png_file(8, 8, 2)},
                                                       {"sub/a.png", png_file(900, 700, 3)},
                                                       {"sub/b.png", png_file(8, 8, 4)}})},
                            {"last.png", png_file(8, 8, 5)}});
  EXPECT_TRUE(result.rejected.empty());
  EXPECT_THAT(names(result),
              testing::ElementsAre("first.png", "z.png", "sub/a.png", "sub/b.png", "last.png"));
  for (std::size_t i = 0; i < result.items.size(); ++i) {
    EXPECT_EQ(result.items[i].rank, static_cast<std::int64_t>(i));
  }
  EXPECT_EQ(run(world_->assets.bytes_for(tenant_->organization(), result.items[2].id)),
            png_file(900, 700, 3));
  EXPECT_EQ(world_->blobs.present().size(), 3 * 5U) << "nothing is left of the zip itself";
}

TEST_P(ZipUploadTest, broken_and_foreign_entries_are_named_and_the_others_are_kept) {
  const auto good = png_file(20, 20);
  const auto result =
      send({{"photos.zip", packed_zip({{"sub/bad.jpg", good.substr(0, 40)},
                                       {"__MACOSX/._a.png", "resource fork"},
                                       {".DS_Store", "finder"},
                                       {"sub/Thumbs.db", "explorer"},
                                       {"a.png", good},
                                       {"notes.txt", "no picture"},
                                       {"more.zip", packed_zip({{"deep.png", good}})},
                                       {"empty.png", ""}})}});
  EXPECT_THAT(names(result), testing::ElementsAre("a.png"));
  EXPECT_THAT(refusals(result),
              testing::ElementsAre(testing::Pair("photos.zip/sub/bad.jpg", "image_truncated"),
                                   testing::Pair("photos.zip/notes.txt", "unsupported_image"),
                                   testing::Pair("photos.zip/more.zip", "nested_zip"),
                                   testing::Pair("photos.zip/empty.png", "image_empty")));
  EXPECT_EQ(world_->blobs.present().size(), 3U);
}

TEST_P(ZipUploadTest, a_zip_without_files_is_told) {
  const auto result = send({{"a.zip", packed_zip({})}, {"b.zip", packed_zip({{".DS_Store", ""}})}});
  EXPECT_THAT(refusals(result), testing::ElementsAre(testing::Pair("a.zip", "zip_empty"),
                                                     testing::Pair("b.zip", "zip_empty")));
}

// 115, 116, 117: whatever is hostile in it, the zip is refused whole; nothing of it was stored, and
// the other files of the upload are kept.
TEST_P(ZipUploadTest, cases_115_to_117_a_hostile_zip_leaves_nothing) {
  const auto png = png_file(8, 8);
  const archive::RawEntry good{.name = "good.png", .content = png};
  auto wrong_crc = good;
  wrong_crc.name = "second.png";
  wrong_crc.crc = 1;
  auto secret = wrong_crc;
  secret.flags = 1;
  auto renamed = good;
  renamed.local_name = "evil.png";
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {raw_zip({good, {.name = "../x.png", .content = png}}), "zip_entry_path", "../x.png"},
      {raw_zip({good, {.name = "/etc/x.png", .content = png}}), "zip_entry_path", "/etc/x.png"},
      {raw_zip({good, {.name = "..\\x.png", .content = png}}), "zip_entry_path", "..\\x.png"},
      {raw_zip({good, {.name = "a/../../x", .content = png}}), "zip_entry_path", "a/../../x"},
      {raw_zip({good, {.name = "C:\\x.png", .content = png}}), "zip_entry_path", "C:\\x.png"},
      {raw_zip({good, {.name = std::string("a\0b", 3), .content = png}}), "zip_entry_path", "a?b"},
      {raw_zip({good, {.name = "link", .content = "/etc/passwd", .mode = 0120777}}),
       "zip_entry_type", "link"},
      {raw_zip({good, {.name = "disk", .content = "", .mode = 0060666}}), "zip_entry_type", "disk"},
      {raw_zip({good, {.name = "run", .content = "x", .mode = 0104755}}), "zip_entry_type", "run"},
      {packed_zip({{"good.png", png}, {"zeros.bmp", std::string(100U << 20, '\0')}}), "zip_bomb",
       "zeros.bmp"},
      {raw_zip({good}, {.zip64 = true, .zip64_entries = 1'000'000}), "zip_too_many_entries", ""},
      {raw_zip({good, wrong_crc}), "zip_damaged", "second.png"},
      {raw_zip({good, secret}), "zip_encrypted", "second.png"},
      {raw_zip({good, good}), "zip_duplicate_entry", "good.png"},
      {raw_zip({renamed}), "zip_damaged", "good.png"},
      {raw_zip({good}) + "trailing", "zip_damaged", ""},
      {raw_zip({good}).substr(0, 60), "zip_damaged", ""}};
  std::size_t kept = 0;
  for (const auto& [bytes, code, entry] : cases) {
    const auto result = send({{"evil.zip", bytes}, {"fine.png", png}});
    EXPECT_THAT(refusals(result), testing::ElementsAre(testing::Pair("evil.zip", code))) << entry;
    if (!result.rejected.empty()) {
      EXPECT_THAT(result.rejected[0].detail, testing::HasSubstr(entry));
    }
    ++kept;
    EXPECT_EQ(result.items.size(), 1U);
    EXPECT_EQ(world_->blobs.present().size(), 3 * kept) << entry;
  }
  EXPECT_EQ(assets_in_project(), kept);
}

TEST_P(ZipUploadTest, a_failing_store_leaves_nothing_of_a_zip) {
  const auto bytes = packed_zip({{"a.png", png_file(8, 8, 1)}, {"b.png", png_file(8, 8, 2)}});
  const Error full(ErrorCode::out_of_space, "out_of_space", "The disk is full.");
  for (const long n : {1L, 2L, 3L}) {
    world_->blobs.fail_at(n, full);
    slug_of([](ServiceTest* test, Assets& assets, tenancy::Tenant tenant, ProjectId project,
               std::string zip) -> Task<> {
      static_cast<void>(test);
      auto upload = co_await assets.upload(std::move(tenant), project);
      co_await upload.begin("a.zip");
      co_await upload.write(std::as_bytes(std::span(zip)));
      co_await upload.end();
      co_await upload.finish();
    }(this, world_->assets, *tenant_, project_, bytes));
    world_->blobs.fail_at(0, full);
  }
  EXPECT_EQ(world_->blobs.present().size(), 3 * assets_in_project());
}

}  // namespace
}  // namespace aa::assets
