#include "service/annotation/anchors.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::annotation {
namespace {

using namespace std::chrono_literals;

class AnchorsTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    anchors_ = std::make_unique<Anchors>(*world_->database, world_->trail, world_->annotations,
                                         world_->clock, world_->executors);
    tenant_.emplace(register_person());
    project_ = make_project(*tenant_);
    asset_ = upload_png(*tenant_, project_.id);
  }
  void TearDown() override {
    anchors_.reset();
    ServiceTest::TearDown();
  }
  void draw() { apply(*tenant_, asset_.id, revision_++, {box_operation(project_.labels[0].id)}); }
  int anchors() {
    audit::Filter filter;
    filter.action = "annotation.anchor";
    return static_cast<int>(
        run(world_->trail.search(tenant_->organization(), filter, std::nullopt, 100)).size());
  }
  LogVerdict verdict() { return run(anchors_->verify(tenant_->organization())); }

  std::unique_ptr<Anchors> anchors_;
  std::optional<tenancy::Tenant> tenant_;
  projects::Project project_;
  assets::Asset asset_;
  std::int64_t revision_ = 0;
};
AA_ON_BOTH_ENGINES(AnchorsTest);

TEST_P(AnchorsTest, a_log_that_nobody_appends_to_any_more_is_anchored_too) {
  draw();
  EXPECT_EQ(anchors(), 1);
  world_->clock.advance(10s);
  draw();
  draw();
  EXPECT_EQ(anchors(), 1) << "at most once a minute";
  EXPECT_EQ(run(anchors_->anchor_waiting()), 0);
  world_->clock.advance(1min);
  EXPECT_EQ(run(anchors_->anchor_waiting()), 1);
  EXPECT_EQ(anchors(), 2);
  world_->clock.advance(1h);
  EXPECT_EQ(run(anchors_->anchor_waiting()), 0) << "nothing came since";
  const auto found = verdict();
  EXPECT_EQ(found.asset, std::nullopt);
  EXPECT_EQ(found.assets, 1);
  EXPECT_EQ(found.anchors, 2);
}

TEST_P(AnchorsTest, a_clock_that_was_set_back_does_not_end_anchoring_188) {
  draw();
  world_->clock.advance(-24h * 365 * 10);
  draw();
  EXPECT_EQ(anchors(), 2);
  draw();
  EXPECT_EQ(anchors(), 2);
}

TEST_P(AnchorsTest, an_altered_log_is_found_even_when_its_chain_was_made_to_fit) {
  draw();
  EXPECT_EQ(verdict().asset, std::nullopt);
  bare("update operations set created_at = created_at + 1");
  EXPECT_EQ(verdict().asset, asset_.id);
  EXPECT_EQ(verdict().first_bad, 1);
  // Whoever owns the database can chain the altered operation anew, but not what was anchored.
  const auto rows = bare(
      "select revision, id, body, source, actor_id, created_at, run, hash"
      " from operations");
  const auto hash = chain("", asset_.id, rows.one().as<LogRow>());
  bare("update operations set hash = $1", db::args(hash));
  bare("update assets set log_hash = $1", db::args(hash));
  EXPECT_EQ(run(world_->annotations.verify_log(tenant_->organization(), asset_.id)), std::nullopt);
  EXPECT_EQ(verdict().asset, asset_.id);
}

}  // namespace
}  // namespace aa::annotation
