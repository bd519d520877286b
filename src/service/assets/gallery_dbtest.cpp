#include <future>
#include <gmock/gmock.h>
#include <ranges>

#include "service/assets/assets.hpp"
#include "service/assets/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::assets {
namespace {

class GalleryTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    tenant_.emplace(register_person());
    project_ = make_project(*tenant_).id;
  }
  Assets& service() { return world_->assets; }
  Asset add(const std::string& name) { return upload_png(*tenant_, project_, name); }
  std::vector<std::string> names(AssetOrder order, std::int64_t position, int limit,
                                 AssetFilter filter = {}) {
    return names_of(run(service().page(*tenant_, project_, filter, order, {{}, position}, limit)));
  }
  static std::vector<std::string> names_of(const std::vector<Asset>& page) {
    std::vector<std::string> out;
    for (const auto& asset : page) out.push_back(asset.filename);
    return out;
  }
  // Walks the list from its beginning, each page after the last image of the one before.
  std::vector<std::string> walked(AssetOrder order, AssetFilter filter, int limit) {
    std::vector<std::string> out;
    for (PageStart start;;) {
      const auto page = run(service().page(*tenant_, project_, filter, order, start, limit));
      for (const auto& name : names_of(page)) out.push_back(name);
      if (static_cast<int>(page.size()) < limit) return out;
      start.after = AssetKey{page.back().rank, page.back().filename};
    }
  }
  std::vector<std::string> found(AssetFilter filter) {
    EXPECT_EQ(names(AssetOrder::oldest, 0, 100, filter).size(),
              static_cast<std::size_t>(run(service().count(*tenant_, project_, filter))));
    return names(AssetOrder::oldest, 0, 100, filter);
  }
  std::int64_t count() { return run(service().count(*tenant_, project_, {})); }

  std::optional<tenancy::Tenant> tenant_;
  ProjectId project_;
};
AA_ON_BOTH_ENGINES(GalleryTest);

using testing::ElementsAre;

TEST_P(GalleryTest, positions_follow_deletions_and_insertions_in_every_order) {
  std::vector<Asset> made;
  for (const auto* name : {"d.png", "b.png", "e.png", "a.png", "c.png"}) made.push_back(add(name));
  EXPECT_THAT(names(AssetOrder::oldest, 1, 2), ElementsAre("b.png", "e.png"));
  EXPECT_THAT(names(AssetOrder::newest, 1, 2), ElementsAre("a.png", "e.png"));
  EXPECT_THAT(names(AssetOrder::name, 1, 2), ElementsAre("b.png", "c.png"));
  run(service().remove(*tenant_, made[1].id));
  EXPECT_EQ(count(), 4);
  EXPECT_THAT(names(AssetOrder::oldest, 1, 2), ElementsAre("e.png", "a.png"));
  EXPECT_THAT(names(AssetOrder::newest, 2, 9), ElementsAre("e.png", "d.png"));
  EXPECT_THAT(names(AssetOrder::name, 0, 2), ElementsAre("a.png", "c.png"));
  add("f.png");
  EXPECT_EQ(count(), 5);
  EXPECT_THAT(names(AssetOrder::newest, 0, 1), ElementsAre("f.png"));
  EXPECT_TRUE(names(AssetOrder::oldest, 5, 2).empty());
}

TEST_P(GalleryTest, any_position_of_thousands_is_found) {
  const auto first = add("first.png");
  run(service().copy_for(tenant_->organization(), project_, 5'000));
  const auto last = add("last.png");
  EXPECT_EQ(count(), 5'002);
  EXPECT_THAT(names(AssetOrder::oldest, 5'001, 5), ElementsAre("last.png"));
  EXPECT_THAT(names(AssetOrder::newest, 5'001, 5), ElementsAre("first.png"));
  EXPECT_THAT(names(AssetOrder::oldest, 3'001, 1), ElementsAre("0003000-first.png"));
  EXPECT_THAT(names(AssetOrder::name, 3'000, 1), ElementsAre("0003000-first.png"));
  DeleteAssets request;
  for (const auto& asset :
       run(service().page(*tenant_, project_, {}, AssetOrder::oldest, {{}, 1}, 1'000))) {
    request.asset_ids.push_back(asset.id);
  }
  EXPECT_EQ(run(service().remove_many(*tenant_, project_, request)).deleted, 1'000);
  EXPECT_EQ(run(service().remove_many(*tenant_, project_, request)).deleted, 0);
  EXPECT_EQ(count(), 4'002);
  EXPECT_THAT(names(AssetOrder::oldest, 1, 1), ElementsAre("0001000-first.png"));
  EXPECT_THAT(names(AssetOrder::newest, 4'000, 1), ElementsAre("0001000-first.png"));
  const auto copy =
      run(service().page(*tenant_, project_, {}, AssetOrder::oldest, {{}, 1}, 1)).at(0);
  EXPECT_EQ(run(service().thumbnail(*tenant_, copy.id, ThumbnailSize::small)),
            run(service().thumbnail(*tenant_, first.id, ThumbnailSize::small)));
  EXPECT_EQ(run(service().content(*tenant_, copy.id))->version().size,
            static_cast<std::uint64_t>(first.size_bytes));
}

constexpr AssetOrder kOrders[] = {AssetOrder::oldest, AssetOrder::newest, AssetOrder::name};

TEST_P(GalleryTest, pages_follow_each_other_in_every_order_of_all_and_of_some) {
  for (const auto* name : {"d.png", "b.png", "d.png", "a.jpg.png", "c.png", "b.png"}) add(name);
  run(service().remove(*tenant_, add("b.png").id));
  AssetFilter some;
  some.name_part = ".png";
  some.uploaded_from = Timestamp{1};
  for (const auto& filter : {AssetFilter{}, some}) {
    for (const int limit : {1, 2, 3, 6, 7}) {
      EXPECT_THAT(walked(AssetOrder::oldest, filter, limit),
                  ElementsAre("d.png", "b.png", "d.png", "a.jpg.png", "c.png", "b.png"));
      EXPECT_THAT(walked(AssetOrder::newest, filter, limit),
                  ElementsAre("b.png", "c.png", "a.jpg.png", "d.png", "b.png", "d.png"));
      EXPECT_THAT(walked(AssetOrder::name, filter, limit),
                  ElementsAre("a.jpg.png", "b.png", "b.png", "c.png", "d.png", "d.png"));
    }
  }
}

TEST_P(GalleryTest, every_position_is_near_a_mark) {
  add("first.png");
  run(service().copy_for(tenant_->organization(), project_, 3'500));
  AssetFilter filter;
  filter.name_part = "-first";  // not the first one itself
  for (const auto order : kOrders) {
    const auto marks = run(service().marks(*tenant_, project_, filter, order));
    ASSERT_EQ(marks.size(), 3U);
    for (std::int64_t i = 0; i < 3; ++i) {
      const auto position = (i + 1) * kMarkEvery + 250;
      const PageStart start{marks[static_cast<std::size_t>(i)], 250};
      EXPECT_EQ(names_of(run(service().page(*tenant_, project_, filter, order, start, 3))),
                names(order, position, 3, filter));
    }
    EXPECT_EQ(run(service().marks(*tenant_, project_, {}, order)).size(), 3U);
    // One position after the other, past the end, and what is known of the list by then.
    std::vector<std::string> all;
    for (std::int64_t at = 0; at < 3'600; at += 900) {
      const auto some = names(order, at, 900, filter);
      all.insert(all.end(), some.begin(), some.end());
    }
    EXPECT_EQ(all.size(), 3'500U);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
    EXPECT_TRUE(names(order, 9'000, 5, filter).empty());
  }
  EXPECT_EQ(slug_of(service().marks(register_person("eve"), project_, filter, AssetOrder::name)),
            "not_found");
}

// Whatever lies before it is not read: the page is found in an index and comes in its order.
TEST_P(GalleryTest, a_page_is_reached_through_an_index) {
  add("first.png");
  run(service().copy_for(tenant_->organization(), project_, 20'000));
  const bool sqlite = GetParam() == db::Engine::sqlite;
  run(world_->database->write(db::Scope::system(), {"test.analyze", "analyze", "analyze assets"}));
  for (const auto& statement : {sql::page_oldest, sql::page_newest, sql::page_by_name}) {
    auto args = db::args(project_, tenant_->organization(), 0, 9, 0, 0, 9'999'999, Timestamp{0},
                         Timestamp{std::numeric_limits<std::int64_t>::max()}, "%first%", 0, 0,
                         std::optional<LabelId>{}, 10'000);
    if (statement.name == sql::page_by_name.name) args.push_back(db::to_value("0010000-first.png"));
    args.push_back(db::to_value(100));
    args.push_back(db::to_value(0));
    const auto lite = "explain query plan " + std::string(statement.sqlite);
    const auto postgres = "explain " + std::string(statement.postgres);
    const auto rows = run(
        world_->database->query(tenant_->scope(), {"test.plan", lite, postgres}, std::move(args)));
    std::string plan;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      plan += rows[i].get<std::string>(sqlite ? "detail" : "QUERY PLAN") + "\n";
    }
    EXPECT_THAT(plan, testing::HasSubstr(sqlite ? "rank" : "Index Scan")) << statement.name;
    for (const auto* whole : {"TEMP B-TREE", "Bitmap", "Seq Scan"}) {
      EXPECT_THAT(plan, testing::Not(testing::HasSubstr(whole))) << statement.name;
    }
  }
}

TEST_P(GalleryTest, filters_take_what_they_say) {
  const auto one = add("Street 100%_off.png");
  const auto two = add("kitchen.png");
  world_->clock.advance(std::chrono::hours(1));
  const auto noon = world_->clock.now();
  const auto three = add("street two.png");
  const auto label = run(world_->projects.get(*tenant_, project_)).labels.at(0).id;
  annotation::Batch batch;
  batch.operations.push_back(fixture::put_operation(
      fresh<OperationId>(), fixture::box_annotation(fresh<AnnotationId>(), label, 1, 1)));
  run(world_->annotations.apply(*tenant_, two.id, batch));

  AssetFilter filter;
  filter.state = WorkState::labelled;
  EXPECT_THAT(found(filter), ElementsAre("kitchen.png"));
  filter.label = label;
  EXPECT_THAT(found(filter), ElementsAre("kitchen.png"));
  filter.label = fresh<LabelId>();
  EXPECT_TRUE(found(filter).empty());
  filter = {};
  filter.state = WorkState::unlabelled;
  EXPECT_EQ(found(filter).size(), 2U);
  EXPECT_THAT(names(AssetOrder::newest, 0, 1, filter), ElementsAre("street two.png"));
  EXPECT_THAT(names(AssetOrder::name, 1, 1, filter), ElementsAre("street two.png"));
  filter.state = WorkState::suggestions;
  EXPECT_TRUE(found(filter).empty());
  filter = {};
  filter.name_part = "STREET";
  EXPECT_EQ(found(filter).size(), 2U);
  filter.name_part = "100%_";
  EXPECT_THAT(found(filter), ElementsAre("Street 100%_off.png"));
  filter.name_part = "10_%";
  EXPECT_TRUE(found(filter).empty());
  filter = {};
  filter.uploaded_from = noon;
  EXPECT_THAT(found(filter), ElementsAre("street two.png"));
  filter = {};
  filter.bytes_max = 1;
  EXPECT_TRUE(found(filter).empty());
  filter = {};
  filter.with_comments = true;
  EXPECT_TRUE(found(filter).empty());
  run(service().patch(*tenant_, one.id, {"look again"}, {}));
  filter = {};
  filter.with_note = true;
  EXPECT_THAT(found(filter), ElementsAre("Street 100%_off.png"));

  const auto counted = run(service().histogram(*tenant_, project_)).items;
  ASSERT_EQ(counted.size(), 1U);
  EXPECT_EQ(counted[0].objects, 1);
  EXPECT_EQ(counted[0].images, 1);
  run(service().remove(*tenant_, two.id));
  EXPECT_TRUE(run(service().histogram(*tenant_, project_)).items.empty());
  (void)three;
}

// Each writer holds its image and wants the trail; who deletes wants all the images.
TEST_P(GalleryTest, many_are_deleted_while_others_write_on_them) {
  const auto label = run(world_->projects.get(*tenant_, project_)).labels.at(0).id;
  for (int round = 0; round < 3; ++round) {
    DeleteAssets request;
    std::vector<std::future<annotation::Outcome>> writing;
    for (int i = 0; i < 12; ++i) request.asset_ids.push_back(add("a.png").id);
    auto deleting = spawn(service().remove_many(*tenant_, project_, request));
    for (const auto& id : std::views::reverse(request.asset_ids)) {
      annotation::Batch batch;
      batch.operations.push_back(fixture::put_operation(
          fresh<OperationId>(), fixture::box_annotation(fresh<AnnotationId>(), label, 1, 1)));
      writing.push_back(spawn(world_->annotations.apply(*tenant_, id, std::move(batch))));
    }
    EXPECT_EQ(deleting.get().deleted, 12);
    for (auto& one : writing) {
      try {
        EXPECT_TRUE(one.get().rejected.empty());
      } catch (const Error& error) {
        EXPECT_EQ(error.slug(), "not_found");
      }
    }
  }
  EXPECT_EQ(count(), 0);
}

TEST_P(GalleryTest, a_note_is_kept_unless_somebody_wrote_another_one_meanwhile) {
  const auto asset = add("a.png");
  EXPECT_EQ(run(service().detail(*tenant_, asset.id)).note, "");
  const auto noted = run(service().patch(*tenant_, asset.id, {"too dark"}, 0));
  EXPECT_EQ(noted.note, "too dark");
  EXPECT_EQ(noted.note_revision, 1);
  EXPECT_TRUE(noted.has_note);
  EXPECT_EQ(slug_of(service().patch(*tenant_, asset.id, {"late"}, 0)), "revision_differs");
  EXPECT_EQ(run(service().patch(*tenant_, asset.id, {"too dark"}, {})).note_revision, 1);
  EXPECT_EQ(run(service().patch(*tenant_, asset.id, {""}, 1)).has_note, false);
  const auto eve = register_person("eve");
  EXPECT_EQ(slug_of(service().patch(eve, asset.id, {"mine"}, {})), "not_found");
  EXPECT_EQ(slug_of(service().remove_many(eve, project_, {{asset.id}})), "not_found");
}

}  // namespace
}  // namespace aa::assets
