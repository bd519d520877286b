#include "service/annotation/heads.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::annotation {
namespace {

class HeadsTest : public fixture::ServiceTest {};
AA_ON_BOTH_ENGINES(HeadsTest);

TEST_P(HeadsTest, those_that_stand_are_told_with_their_revisions) {
  const auto ada = register_person("ada");
  const auto project = make_project(ada);
  const auto doomed = make_project(ada);
  const auto written = upload_png(ada, project.id, "a.png").id;
  const auto still = upload_png(ada, project.id, "b.png").id;
  const auto removed = upload_png(ada, project.id, "c.png").id;
  const auto inside = upload_png(ada, doomed.id, "d.png").id;
  apply(ada, written, 0, {box_operation(project.labels[0].id)});
  bare("UPDATE assets SET comments_revision = 4 WHERE id = $1", db::args(still));
  run(world_->assets.remove(ada, removed));
  run(world_->projects.remove(ada, doomed.id));
  std::vector<AssetId> asked{written, still, removed, inside, fresh<AssetId>()};
  auto heads = run(heads_of(*world_->database, asked));
  std::ranges::sort(heads, {}, &Head::id);
  ASSERT_EQ(heads.size(), 2U);
  EXPECT_EQ(heads[0].id, written);
  EXPECT_EQ(heads[0].revision, 1);
  EXPECT_EQ(heads[0].organization_id, ada.organization());
  EXPECT_EQ(heads[1].id, still);
  EXPECT_EQ(heads[1].revision, 0);
  EXPECT_EQ(heads[1].comments_revision, 4);
}

}  // namespace
}  // namespace aa::annotation
