#include <fstream>
#include <set>

#include "service/demo/demo.hpp"
#include "service/demo/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::demo {
namespace {

const bool kCensus = fixture::require_statements(sql::kAll);

class DemoTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (world_) tenant_.emplace(register_person());
  }
  std::size_t projects_there() {
    return run(world_->projects.list(*tenant_, std::nullopt, 100)).size();
  }
  projects::Project open() { return run(world_->demo.open(*tenant_)); }
  // A demo of other files.
  Demo demo_of(const std::filesystem::path& folder) {
    return {*world_->database, world_->projects, world_->assets,    world_->annotations,
            world_->clock,     world_->ids,      world_->executors, folder};
  }

  std::optional<tenancy::Tenant> tenant_;
};
AA_ON_BOTH_ENGINES(DemoTest);

TEST_P(DemoTest, shows_photos_with_objects_that_fit_them) {
  const auto project = open();
  EXPECT_EQ(project.counts.assets, 3);
  EXPECT_GE(project.counts.annotations, 12);
  const document::LabelSchema schema{project.labels};
  for (const auto& asset : run(world_->assets.list(*tenant_, project.id, -1, 10))) {
    EXPECT_EQ(asset.width, 800) << asset.filename;
    EXPECT_EQ(asset.status, assets::AssetStatus::ready);
    const auto objects = annotations_of(*tenant_, asset.id);
    EXPECT_GE(objects.size(), 3U) << asset.filename;
    for (const auto& object : objects) {
      EXPECT_EQ(object.source, document::Source::manual);
      const auto box = document::shape_bounds(object.shape);
      ASSERT_TRUE(box);
      EXPECT_GE(box->x0, 0);
      EXPECT_GE(box->y0, 0);
      EXPECT_LE(box->x1, static_cast<double>(asset.width)) << asset.filename;
      EXPECT_LE(box->y1, static_cast<double>(asset.height)) << asset.filename;
    }
  }
}

TEST_P(DemoTest, an_organisation_has_one_until_it_is_deleted) {
  const auto first = open();
  EXPECT_EQ(open().id, first.id);
  EXPECT_EQ(projects_there(), 1U);
  run(world_->projects.remove(*tenant_, first.id));
  const auto second = open();
  EXPECT_NE(second.id, first.id);
  EXPECT_EQ(open().id, second.id);
  EXPECT_EQ(second.counts.assets, 3);

  const auto other = register_person("bea");
  const auto theirs = run(world_->demo.open(other));
  EXPECT_NE(theirs.id, second.id);
  EXPECT_EQ(projects_there(), 1U);
}

TEST_P(DemoTest, calls_at_the_same_time_give_the_same_project) {
  std::vector<std::future<projects::Project>> calls;
  for (int i = 0; i < 4; ++i) calls.push_back(spawn(world_->demo.open(*tenant_)));
  std::set<std::string> ids;
  for (auto& call : calls) ids.insert(call.get().id.str());
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_EQ(projects_there(), 1U);
}

TEST_P(DemoTest, is_not_for_those_who_may_make_no_projects) {
  const auto reader = with_role(*tenant_, tenancy::Role::annotator);
  EXPECT_EQ(slug_of(world_->demo.open(reader)), "permission_denied");
}

TEST_P(DemoTest, a_failure_leaves_no_project_behind) {
  const auto folder = std::filesystem::temp_directory_path() / fresh<ProjectId>().str();
  EXPECT_EQ(slug_of(demo_of(folder).open(*tenant_)), "demo_unreadable");
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "demo.json")
      << R"({"name": "D", "type": "detection", "labels": [{"name": "a"}],
             "photos": [{"file": "gone.jpg", "objects": []}]})";
  EXPECT_EQ(slug_of(demo_of(folder).open(*tenant_)), "demo_unreadable");
  EXPECT_EQ(projects_there(), 0U);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace aa::demo
