#include "service/metering/metering.hpp"
#include "service/metering/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::metering {
namespace {

const bool kCensus = fixture::require_statements(sql::kAll);

class MeteringTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (IsSkipped()) return;
    tenant_.emplace(register_person());
    project_ = make_project(*tenant_);
  }
  Metering& service() { return world_->metering; }
  OrganizationId organization() const { return tenant_->organization(); }
  QuotaView quota() { return run(service().quota(organization())); }
  void allow(std::optional<std::int64_t> bytes, std::optional<std::int64_t> assets,
             std::optional<std::int64_t> seconds = std::nullopt) {
    Quota given;
    given.storage_bytes = bytes;
    given.assets = assets;
    given.model_seconds = seconds;
    run(service().set_by_operator(organization(), given));
  }
  std::string upload_slug(const std::string& name) {
    try {
      const auto result = upload(*tenant_, project_.id, {{name, fixture::png_file(64, 48)}});
      return result.rejected.empty() ? "" : result.rejected[0].code;
    } catch (const Error& error) {
      return error.slug();
    }
  }

  std::optional<tenancy::Tenant> tenant_;
  projects::Project project_;
};
AA_ON_BOTH_ENGINES(MeteringTest);

TEST_P(MeteringTest, what_is_stored_is_counted_and_what_is_deleted_is_not) {
  const auto asset = upload_png(*tenant_, project_.id, "a.png");
  upload_png(*tenant_, project_.id, "b.png");
  EXPECT_EQ(quota().assets, 2);
  EXPECT_EQ(quota().storage_bytes, 2 * asset.size_bytes);
  run(world_->assets.remove(*tenant_, asset.id));
  EXPECT_EQ(quota().assets, 1);
  EXPECT_EQ(quota().storage_bytes, asset.size_bytes);
  const auto days = run(service().days(organization(), 1));
  ASSERT_EQ(days.size(), 1U);
  EXPECT_EQ(days[0].assets_added, 2) << "what was added that day stays told";
  EXPECT_EQ(days[0].bytes_added, 2 * asset.size_bytes);
  run(world_->projects.remove(*tenant_, project_.id));
  EXPECT_EQ(quota().assets, 0);
  EXPECT_EQ(quota().storage_bytes, 0);
}

TEST_P(MeteringTest, a_quota_of_images_stops_the_next_one) {
  allow(std::nullopt, 2);
  EXPECT_EQ(upload_slug("a.png"), "");
  EXPECT_EQ(upload_slug("b.png"), "");
  EXPECT_EQ(upload_slug("c.png"), "quota_assets");
  EXPECT_EQ(quota().assets, 2);
  const auto all = run(world_->assets.list(*tenant_, project_.id, -1, 10));
  EXPECT_EQ(all.size(), 2U);
}

TEST_P(MeteringTest, of_uploads_at_once_no_more_are_kept_than_there_is_room_for) {
  const auto size = upload_png(*tenant_, project_.id).size_bytes;
  allow(4 * size, std::nullopt);
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 12; ++i) {
    files.emplace_back(std::to_string(i) + ".png", fixture::png_file(64, 48));
  }
  const auto result = upload(*tenant_, project_.id, std::move(files));
  EXPECT_EQ(result.items.size(), 3U);
  ASSERT_EQ(result.rejected.size(), 9U);
  EXPECT_EQ(result.rejected[0].code, "quota_storage");
  EXPECT_EQ(quota().storage_bytes, 4 * size);
  EXPECT_EQ(upload_slug("late.png"), "quota_storage");
}

TEST_P(MeteringTest, another_content_is_counted_by_its_difference) {
  const auto asset = upload_one(*tenant_, project_.id, "a.png", fixture::png_file(64, 48));
  const auto other = fixture::png_file(64, 48, 200);
  const auto now = run(world_->assets.replace_content(*tenant_, asset.id, other));
  EXPECT_EQ(quota().storage_bytes, now.size_bytes);
  EXPECT_EQ(quota().assets, 1);
  allow(now.size_bytes - 1, std::nullopt);
  EXPECT_EQ(slug_of(service().require_room(organization(), 0)), "quota_storage");
}

TEST_P(MeteringTest, model_time_is_of_the_month) {
  allow(std::nullopt, std::nullopt, 10);
  run(service().add_model_time(organization(), 400));
  EXPECT_TRUE(run(service().days(organization(), 1)).empty()) << "not worth a row yet";
  EXPECT_DOUBLE_EQ(quota().model_seconds, 0.4);
  run(service().add_model_time(organization(), 9'599));
  EXPECT_EQ(slug_of(service().require_model_time(organization())), "");
  run(service().add_model_time(organization(), 1'000));
  EXPECT_EQ(slug_of(service().require_model_time(organization())), "quota_model_seconds");
  ASSERT_TRUE(last_error_->retry_after());
  EXPECT_GT(last_error_->retry_after()->count(), 0);
  world_->clock.advance(*last_error_->retry_after() + std::chrono::hours(24));
  EXPECT_EQ(slug_of(service().require_model_time(organization())), "");
  EXPECT_EQ(run(service().days(organization(), 1)).size(), 0U);
  EXPECT_EQ(run(service().days(organization(), 366)).size(), 1U);
}

TEST_P(MeteringTest, an_organisation_limits_itself_below_the_server) {
  allow(1000, 50);
  Quota own;
  own.storage_bytes = 1001;
  EXPECT_EQ(slug_of(service().limit_self(*tenant_, own)), "above_limit");
  EXPECT_EQ(pointer(), "/storage_bytes");
  own.storage_bytes = 900;
  own.model_seconds = 5;
  const auto now = run(service().limit_self(*tenant_, own));
  EXPECT_EQ(now.limits.storage_bytes, 900);
  EXPECT_EQ(now.limits.assets, 50);
  EXPECT_EQ(now.limits.model_seconds, 5);
  EXPECT_EQ(now.own, own);
  EXPECT_EQ(now.server.storage_bytes, 1000);
  run(service().limit_self(*tenant_, {}));
  EXPECT_EQ(quota().limits.storage_bytes, 1000);
}

}  // namespace
}  // namespace aa::metering
