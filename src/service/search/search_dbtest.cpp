#include <gmock/gmock.h>
#include <set>

#include "kernel/learning/similarity.hpp"
#include "service/search/search.hpp"
#include "service/search/statements.hpp"
#include "service/testing/service_fixture.hpp"

// ONNX Runtime keeps a few hundred bytes of static state until the process ends.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libonnxruntime"; }

namespace aa::search {
namespace {

using fixture::photo;
using fixture::shrunk;

bool have_model() {
  return modelzoo::Catalogue(fixture::models_folder()).pick("promptable_segmentation").has_value();
}

// The statements are judged only where the real model can run them.
const bool kCensus =
    fixture::have_photos() && have_model() && fixture::require_statements(sql::kAll);

class SearchTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    if (!fixture::have_photos()) GTEST_SKIP() << "no photos: set ANNOTATEAI_TEST_DATA";
    if (!have_model()) GTEST_SKIP() << "no weights: run annotateai models pull";
    ServiceTest::SetUp();
    if (!world_) return;
    tenant_.emplace(register_person());
    project_ = make_project(*tenant_, {"dog", "bear"});
    world_->queue.add_kind(service().job_kind());
    world_->queue.start();
  }
  Search& service() { return world_->search; }
  assets::Asset add(const std::string& filename, const raster::Image& image) {
    return upload_one(*tenant_, project_.id, filename, fixture::jpeg_file(image.view()));
  }
  jobs::Job embed(std::optional<std::string> model = std::nullopt) {
    auto job = wait_for(*tenant_, run(service().start(*tenant_, project_.id, {std::move(model)})));
    EXPECT_EQ(job.state, jobs::State::succeeded) << (job.error ? job.error->detail : "");
    return job;
  }
  SearchResult like(AssetId id, int limit = 50) {
    Query query;
    query.asset_id = id;
    query.limit = limit;
    return run(service().find(*tenant_, project_.id, query));
  }
  SearchResult like(AnnotationId id) {
    Query query;
    query.annotation_id = id;
    return run(service().find(*tenant_, project_.id, query));
  }
  AnnotationId box(const assets::Asset& asset, std::size_t label, double x, double y, double width,
                   double height) {
    const auto id = fresh<AnnotationId>();
    auto annotation = fixture::box_annotation(id, project_.labels[label].id, x, y, width, height);
    const auto now = run(world_->assets.get(*tenant_, asset.id)).revision;
    apply(*tenant_, asset.id, now,
          {fixture::put_operation(fresh<OperationId>(), std::move(annotation))});
    return id;
  }
  static std::vector<std::string> names(const SearchResult& result) {
    std::vector<std::string> out;
    for (const auto& item : result.items) out.push_back(item.asset.filename);
    return out;
  }

  std::optional<tenancy::Tenant> tenant_;
  projects::Project project_;
};
AA_ON_BOTH_ENGINES(SearchTest);

TEST_P(SearchTest, who_has_used_up_his_model_time_looks_at_no_more_images) {
  const auto dog = add("dog.jpg", shrunk(photo("photos/dog.jpg").view(), 350, 234)).id;
  metering::Quota none;
  none.model_seconds = 0;
  run(world_->metering.limit_self(*tenant_, none));
  Query query;
  query.asset_id = dog;
  EXPECT_EQ(slug_of(service().find(*tenant_, project_.id, query)), "quota_model_seconds");
  const auto refused = wait_for(*tenant_, run(service().start(*tenant_, project_.id, {})));
  EXPECT_EQ(refused.state, jobs::State::failed);
  EXPECT_EQ(refused.progress.done, 0);
  run(world_->metering.limit_self(*tenant_, {}));
  EXPECT_EQ(embed().progress.done, 1);
}

// What one model finds alike another does not, so that each that ships is named: which is the best
// that is installed differs from place to place.
class ScenesTest : public SearchTest {
 protected:
  void add_scenes() {
    const auto dog = photo("photos/dog.jpg");
    dog_ = add("dog.jpg", dog).id;
    add("dog small.jpg", shrunk(dog.view(), 350, 234));
    add("castle 1.jpg", shrunk(photo("castle/100_7100.JPG").view(), 640, 426));
    castle_ = add("castle 2.jpg", shrunk(photo("castle/100_7101.JPG").view(), 640, 426)).id;
    add("truck.jpg", shrunk(photo("photos/truck.jpg").view(), 640, 426));
    add("bear.jpg", photo("photos/coco_000000000285.jpg"));
    add("tennis.jpg", photo("photos/coco_000000000885.jpg"));
  }
  void expect_counted_with(const std::string& model) {
    EXPECT_EQ(run(service().status(*tenant_, project_.id)).indexed, 0);
    EXPECT_EQ(embed(model).progress.done, 7);
    EXPECT_GT(run(world_->metering.quota(tenant_->organization())).model_seconds, 0.01);
    const auto status = run(service().status(*tenant_, project_.id));
    EXPECT_EQ(status.model, model);
    EXPECT_EQ(status.indexed, 7);
    EXPECT_EQ(status.total, 7);
    EXPECT_FALSE(status.text);
    EXPECT_EQ(status.basis.kind, BasisKind::image_features);
    EXPECT_EQ(slug_of(service().start(*tenant_, project_.id, {})), "up_to_date");
  }
  void expect_nearest() {
    const auto like_dog = like(dog_);
    ASSERT_EQ(like_dog.items.size(), 6U) << "all others, itself not";
    EXPECT_EQ(like_dog.items[0].asset.filename, "dog small.jpg");
    const auto like_castle = like(castle_, 2);
    ASSERT_EQ(like_castle.items.size(), 2U);
    EXPECT_EQ(like_castle.items[0].asset.filename, "castle 1.jpg");
    std::printf("  dog like itself smaller %.4f, %s %.4f; castle like castle %.4f, %s %.4f\n",
                like_dog.items[0].score, like_dog.items[1].asset.filename.c_str(),
                like_dog.items[1].score, like_castle.items[0].score,
                like_castle.items[1].asset.filename.c_str(), like_castle.items[1].score);
  }
  // The castle from two places a step apart is one scene, but not one picture.
  void expect_only_the_copy_grouped() {
    const auto found = run(service().duplicates(*tenant_, project_.id, std::nullopt));
    EXPECT_EQ(found.waiting, 0);
    ASSERT_EQ(found.groups.size(), 1U);
    ASSERT_EQ(found.groups[0].assets.size(), 2U);
    EXPECT_EQ(found.groups[0].assets[0].filename, "dog.jpg");
    EXPECT_EQ(found.groups[0].assets[1].filename, "dog small.jpg");
    EXPECT_GE(found.groups[0].similarity, found.min_similarity);
    const auto all = run(service().duplicates(*tenant_, project_.id, -1.0));
    ASSERT_EQ(all.groups.size(), 1U);
    EXPECT_GE(all.groups[0].assets.size(), 6U) << "pairs below 0.5 are kept by no request";
  }
  void expect_scenes_told_apart_by(const std::string& model) {
    if (world_->catalogue.card(model).state != modelzoo::ModelState::ready) {
      GTEST_SKIP() << "no weights: run annotateai models pull " << model;
    }
    add_scenes();
    expect_counted_with(model);
    expect_nearest();
    expect_only_the_copy_grouped();
  }

  AssetId dog_;
  AssetId castle_;
};
AA_ON_BOTH_ENGINES(ScenesTest);

TEST_P(ScenesTest, images_of_one_scene_are_found_before_others_and_copies_grouped) {
  expect_scenes_told_apart_by("mobilenet-features");
}

TEST_P(ScenesTest, features_of_the_segmentation_model_tell_scenes_apart_too) {
  expect_scenes_told_apart_by("mobilesam");
}

TEST_P(SearchTest, what_is_new_is_found_and_what_is_gone_is_not) {
  const auto dog = photo("photos/dog.jpg");
  const auto first = add("dog.jpg", dog);
  embed();
  EXPECT_TRUE(like(first.id).items.empty());
  const auto second = add("again.jpg", shrunk(dog.view(), 350, 234));
  EXPECT_EQ(names(like(second.id)), std::vector<std::string>{"dog.jpg"})
      << "an image whose turn has not come is embedded when it is asked for";
  EXPECT_TRUE(like(first.id).items.empty());
  EXPECT_EQ(embed().progress.total, 1) << "what is there is not done again";
  EXPECT_EQ(names(like(first.id)), std::vector<std::string>{"again.jpg"});
  run(world_->assets.remove(*tenant_, second.id));
  EXPECT_TRUE(like(first.id).items.empty());
  EXPECT_TRUE(run(service().duplicates(*tenant_, project_.id, std::nullopt)).groups.empty());
  EXPECT_EQ(run(service().status(*tenant_, project_.id)).total, 1);
}

TEST_P(SearchTest, objects_are_found_by_what_they_look_like) {
  const auto image = photo("photos/dog.jpg");
  const auto dog = add("dog.jpg", image);
  const auto bear = add("bear.jpg", photo("photos/coco_000000000285.jpg"));
  const auto on_dog = box(dog, 0, 240, 180, 300, 480);
  const auto elsewhere = box(dog, 1, 700, 20, 120, 120);
  const auto on_bear = box(bear, 1, 30, 80, 500, 520);
  box(bear, 1, 5, 5, 0.5, 0.5);
  embed();
  const auto second = add("dog 2.jpg", shrunk(image.view(), 500, 334));
  const double scale = 500.0 / image.width();
  const auto query = box(second, 0, 240 * scale, 180 * scale, 300 * scale, 480 * scale);
  const auto found = like(query);
  ASSERT_GE(found.items.size(), 3U);
  EXPECT_EQ(found.items[0].annotation_id, on_dog);
  EXPECT_EQ(found.items[0].asset.id, dog.id);
  std::set<AnnotationId> ids;
  for (const auto& item : found.items) {
    ids.insert(*item.annotation_id);
    std::printf("  object %s %.4f\n",
                *item.annotation_id == on_dog    ? "dog"
                : *item.annotation_id == on_bear ? "bear"
                                                 : "other",
                item.score);
  }
  EXPECT_TRUE(ids.contains(on_bear) && ids.contains(elsewhere));
  run(world_->annotations.remove(*tenant_, on_dog, std::nullopt));
  EXPECT_NE(like(query).items.at(0).annotation_id, on_dog) << "gone at once";
  EXPECT_EQ(embed().progress.total, 2) << "the image with one object less, and the new one";
  for (const auto& item : like(query).items) EXPECT_NE(item.annotation_id, on_dog);
}

TEST_P(SearchTest, a_project_is_searched_by_the_model_that_embedded_it_last) {
  const auto image = photo("photos/dog.jpg");
  const auto dog = add("dog.jpg", image);
  const auto object = box(dog, 0, 240, 180, 300, 400);
  add("again.jpg", shrunk(image.view(), 600, 400));
  add("bear.jpg", photo("photos/coco_000000000285.jpg"));
  const auto job = run(service().start(*tenant_, project_.id, {"mobilesam"}));
  ASSERT_EQ(wait_for(*tenant_, job).state, jobs::State::succeeded);
  const auto status = run(service().status(*tenant_, project_.id));
  EXPECT_EQ(status.model, "mobilesam");
  EXPECT_EQ(status.indexed, 3);
  const auto found = like(dog.id);
  EXPECT_EQ(found.basis.model, "mobilesam");
  ASSERT_EQ(found.items.size(), 2U);
  EXPECT_EQ(found.items[0].asset.filename, "again.jpg");
  for (const auto& item : found.items) {
    std::printf("  mobilesam: dog like %-10s %.4f\n", item.asset.filename.c_str(), item.score);
  }
  EXPECT_TRUE(like(object).items.empty()) << "there is no other object";
}

TEST_P(SearchTest, a_request_that_cannot_work_is_refused) {
  const auto find = [&](const Query& query) {
    return slug_of(service().find(*tenant_, project_.id, query));
  };
  EXPECT_EQ(find({}), "invalid_query");
  Query query;
  query.text = "a dog";
  EXPECT_EQ(find(query), "no_text_model");
  query.asset_id = fresh<AssetId>();
  EXPECT_EQ(find(query), "invalid_query");
  query.text.reset();
  EXPECT_EQ(find(query), "not_found");
  const auto other = make_project(*tenant_);
  query.asset_id = upload_png(*tenant_, other.id).id;
  EXPECT_EQ(find(query), "not_found") << "of another project";
  const auto asset = upload_png(*tenant_, project_.id);
  auto tag = fixture::box_annotation(fresh<AnnotationId>(), project_.labels[0].id, 0, 0);
  tag.shape = document::Tag{};
  apply(*tenant_, asset.id, 0, {fixture::put_operation(fresh<OperationId>(), tag)});
  query = {};
  query.annotation_id = tag.id;
  EXPECT_EQ(find(query), "nothing_to_compare");
  EXPECT_EQ(slug_of(service().start(*tenant_, project_.id, {"yolox-nano"})), "wrong_model");
  EXPECT_EQ(slug_of(service().start(*tenant_, project_.id, {"no-such"})), "not_found");
}

TEST_P(SearchTest, another_tenant_finds_nothing_and_roles_are_kept) {
  const auto asset = add("dog.jpg", photo("photos/dog.jpg"));
  const auto object = box(asset, 0, 10, 10, 200, 200);
  embed();
  const auto eve = register_person("eve");
  const auto hers =
      run(world_->projects.create(eve, {"Hers", projects::ProjectType::detection, {}}));
  Query query;
  query.asset_id = asset.id;
  EXPECT_EQ(slug_of(service().find(eve, project_.id, query)), "not_found");
  EXPECT_EQ(slug_of(service().find(eve, hers.id, query)), "not_found");
  query = {};
  query.annotation_id = object;
  EXPECT_EQ(slug_of(service().find(eve, hers.id, query)), "not_found");
  EXPECT_EQ(slug_of(service().status(eve, project_.id)), "not_found");
  EXPECT_EQ(slug_of(service().start(eve, project_.id, {})), "not_found");
  EXPECT_EQ(slug_of(service().duplicates(eve, project_.id, std::nullopt)), "not_found");
  const auto viewer = with_role(*tenant_, tenancy::Role::viewer);
  EXPECT_EQ(slug_of(service().start(viewer, project_.id, {})), "permission_denied");
  query = {};
  query.asset_id = asset.id;
  EXPECT_EQ(slug_of(service().find(viewer, project_.id, query)), "");
  query.asset_id = add("new.jpg", photo("photos/dog.jpg")).id;
  EXPECT_EQ(slug_of(service().find(viewer, project_.id, query)), "permission_denied")
      << "its features would have to be computed";
}

TEST_P(SearchTest, sets_that_were_not_asked_for_lately_leave_the_memory) {
  EmbeddingTable table(*world_->database, world_->clock);
  IndexShelf shelf(table, world_->executors, 1);
  for (int i = 0; i < 3; ++i) {
    const auto project = make_project(*tenant_);
    const auto asset = upload_png(*tenant_, project.id);
    const SetKey set{project.id, "test@1", SubjectKind::image};
    StoredEmbedding row;
    row.subject = asset.id.uuid;
    row.asset_id = asset.id;
    row.vector = {1, 0};
    const auto put = [&]() -> Task<> {
      auto transaction = co_await world_->database->begin(tenant_->scope());
      co_await table.put(*transaction, tenant_->organization(), set, row);
      co_await transaction->commit();
    };
    run(put());
    EXPECT_EQ(run(shelf.current(tenant_->organization(), set))->size(), 1U);
    EXPECT_EQ(shelf.sets(), 1U);
    row.vector = {1, 0, 0};
    learning::normalise(row.vector);
    EXPECT_EQ(slug_of(put()), "bad_vector") << "a set holds vectors of one length";
  }
}

}  // namespace
}  // namespace aa::search
