#include <cstdlib>

#include "service/prelabel/mask_points.hpp"
#include "service/prelabel/prelabel.hpp"
#include "service/prelabel/statements.hpp"
#include "service/testing/service_fixture.hpp"

// ONNX Runtime keeps a few hundred bytes of static state until the process ends.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libonnxruntime"; }

namespace aa::prelabel {
namespace {

using document::LabelKind;
using projects::ProjectType;

std::optional<std::filesystem::path> test_photo() {
  const char* data = std::getenv("ANNOTATEAI_TEST_DATA");
  if (data == nullptr) return std::nullopt;
  const auto file = std::filesystem::path(data) / "photos/dog.jpg";
  if (!std::filesystem::exists(file)) return std::nullopt;
  return file;
}

bool have_models() {
  const modelzoo::Catalogue catalogue(fixture::models_folder());
  return catalogue.pick("detection") == "yolox-nano" &&
         catalogue.pick("promptable_segmentation").has_value();
}

// The statements are judged only where the real model can run them.
const bool kCensus = test_photo() && have_models() && fixture::require_statements(sql::kAll);

class PrelabelTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    if (!test_photo()) GTEST_SKIP() << "no photos: set ANNOTATEAI_TEST_DATA";
    if (!have_models()) GTEST_SKIP() << "no weights: run annotateai models pull";
    ServiceTest::SetUp();
    if (!world_) return;
    tenant_.emplace(register_person());
    world_->queue.add_kind(service().job_kind());
    world_->queue.start();
  }
  Prelabel& service() { return world_->prelabel; }
  void with_photo(const std::vector<std::string>& labels,
                  ProjectType type = ProjectType::detection) {
    project_ = make_project(*tenant_, labels, type);
    asset_ = upload_one(*tenant_, project_.id, "dog.jpg", fixture::read_whole_file(*test_photo()));
  }
  jobs::Job annotate(Preannotate request = {}) {
    auto job = wait_for(*tenant_, run(service().start(*tenant_, project_.id, std::move(request))));
    EXPECT_EQ(job.state, jobs::State::succeeded) << (job.error ? job.error->detail : "");
    return job;
  }
  std::vector<Suggestion> all() { return run(service().list(*tenant_, asset_.id)); }
  std::vector<Suggestion> in_state(SuggestionState state) {
    auto out = all();
    std::erase_if(out, [&](const Suggestion& s) { return s.state != state; });
    return out;
  }
  std::optional<Suggestion> of_class(const std::string& name) {
    for (auto& one : all()) {
      if (one.class_name == name) return one;
    }
    return std::nullopt;
  }
  std::int64_t pending_count() {
    return run(world_->assets.get(*tenant_, asset_.id)).suggestion_count;
  }

  std::optional<tenancy::Tenant> tenant_;
  projects::Project project_;
  assets::Asset asset_;
};
AA_ON_BOTH_ENGINES(PrelabelTest);

TEST_P(PrelabelTest, the_model_proposes_what_is_in_the_photo_and_touches_nothing) {
  with_photo({"Dog"});
  apply(*tenant_, asset_.id, 0, {box_operation(project_.labels[0].id, 1, 1)});
  const auto before = run(world_->annotations.snapshot(*tenant_, asset_.id));
  const auto job = annotate();
  EXPECT_EQ(job.progress.done, 1);
  EXPECT_EQ(job.result->at("model").as_string(), "yolox-nano");
  const auto dog = of_class("dog");
  ASSERT_TRUE(dog);
  EXPECT_GT(dog->score, 0.5);
  EXPECT_EQ(dog->label_id, project_.labels[0].id) << "by name, case aside";
  EXPECT_TRUE(dog->model_version.starts_with("yolox-nano@"));
  ASSERT_TRUE(of_class("person"));
  EXPECT_EQ(of_class("person")->label_id, std::nullopt);
  for (const auto& suggestion : all()) {
    EXPECT_EQ(suggestion.state, SuggestionState::pending);
    EXPECT_GE(suggestion.score, 0.35);
    const auto& box = std::get<document::Box>(suggestion.shape);
    EXPECT_GE(box.x, 0);
    EXPECT_LE(box.x + box.width, static_cast<double>(asset_.width));
    EXPECT_LE(box.y + box.height, static_cast<double>(asset_.height));
  }
  EXPECT_EQ(pending_count(), static_cast<std::int64_t>(all().size()));
  EXPECT_EQ(run(world_->annotations.snapshot(*tenant_, asset_.id)), before);
}

TEST_P(PrelabelTest, accepting_makes_an_annotation_of_the_model_once) {
  with_photo({"dog"});
  annotate();
  const auto count = pending_count();
  const auto dog = *of_class("dog");
  const auto accepted = run(service().accept(*tenant_, dog.id, {}));
  EXPECT_EQ(run(service().project_for(tenant_->organization(), dog.id)), project_.id);
  EXPECT_EQ(accepted.accepted, 1);
  EXPECT_EQ(accepted.revision, 1);
  const auto made = run(world_->annotations.get(*tenant_, accepted.annotation_ids.at(0)));
  EXPECT_EQ(made.shape, dog.shape);
  EXPECT_EQ(made.score, dog.score);
  EXPECT_EQ(made.source, document::Source::model);
  EXPECT_EQ(made.model_version, dog.model_version);
  EXPECT_EQ(of_class("dog")->state, SuggestionState::accepted);
  EXPECT_EQ(of_class("dog")->annotation_id, made.id);
  EXPECT_EQ(pending_count(), count - 1);
  EXPECT_EQ(slug_of(service().accept(*tenant_, dog.id, {})), "already_decided");
  EXPECT_EQ(slug_of(service().reject(*tenant_, dog.id)), "already_decided");
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), 1U);
}

TEST_P(PrelabelTest, accepting_at_once_makes_one_annotation) {
  with_photo({"dog"});
  annotate();
  const auto dog = *of_class("dog");
  std::vector<std::future<Accepted>> futures;
  for (int i = 0; i < 6; ++i) futures.push_back(spawn(service().accept(*tenant_, dog.id, {})));
  std::int64_t made = 0;
  for (auto& future : futures) {
    try {
      made += future.get().accepted;
    } catch (const Error& error) {
      EXPECT_EQ(error.slug(), "already_decided");
    }
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), 1U);
}

TEST_P(PrelabelTest, a_class_without_label_gets_one_or_the_one_chosen) {
  with_photo({"dog"});
  annotate();
  const AcceptOne as_dog{project_.labels[0].id};
  const auto first = run(service().accept(*tenant_, of_class("person")->id, as_dog));
  EXPECT_EQ(run(world_->annotations.get(*tenant_, first.annotation_ids.at(0))).label_id,
            project_.labels[0].id);
  run(service().accept(*tenant_, of_class("bowl")->id, {}));
  const auto labels = run(world_->projects.get(*tenant_, project_.id)).labels;
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_EQ(labels[1].name, "bowl");
}

TEST_P(PrelabelTest, rejecting_is_final_and_makes_nothing) {
  with_photo({"dog"});
  annotate();
  const auto count = pending_count();
  const auto dog = *of_class("dog");
  run(service().reject(*tenant_, dog.id));
  EXPECT_EQ(pending_count(), count - 1);
  EXPECT_EQ(of_class("dog")->state, SuggestionState::rejected);
  EXPECT_EQ(slug_of(service().accept(*tenant_, dog.id, {})), "already_decided");
  EXPECT_TRUE(annotations_of(*tenant_, asset_.id).empty());
}

TEST_P(PrelabelTest, all_above_a_score_are_accepted_together) {
  with_photo({"dog", "person", "bowl"});
  annotate();
  auto wanted = all();
  std::erase_if(wanted, [](const Suggestion& s) { return s.score < 0.7; });
  ASSERT_GE(wanted.size(), 3U);
  const auto accepted = run(service().accept_above(*tenant_, asset_.id, {0.7, {}}));
  EXPECT_EQ(accepted.accepted, static_cast<std::int64_t>(wanted.size()));
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), wanted.size());
  EXPECT_EQ(in_state(SuggestionState::accepted).size(), wanted.size());
  for (const auto& left : in_state(SuggestionState::pending)) EXPECT_LT(left.score, 0.7);
  EXPECT_EQ(run(service().accept_above(*tenant_, asset_.id, {0.7, {}})).accepted, 0);
}

TEST_P(PrelabelTest, those_named_are_accepted_or_rejected_together) {
  with_photo({"dog", "person", "bowl"});
  annotate();
  const auto count = pending_count();
  const auto dog = *of_class("dog");
  const auto bowl = *of_class("bowl");
  const AcceptAbove named{0, std::vector{dog.id}};
  EXPECT_EQ(run(service().accept_above(*tenant_, asset_.id, named)).accepted, 1);
  EXPECT_EQ(run(service().reject_all(*tenant_, asset_.id, {dog.id, bowl.id})), 1)
      << "the dog is decided already";
  EXPECT_EQ(of_class("dog")->state, SuggestionState::accepted);
  EXPECT_EQ(of_class("bowl")->state, SuggestionState::rejected);
  EXPECT_EQ(of_class("person")->state, SuggestionState::pending);
  EXPECT_EQ(pending_count(), count - 2);
  const AcceptAbove nothing{0, std::vector<SuggestionId>{}};
  EXPECT_EQ(run(service().accept_above(*tenant_, asset_.id, nothing)).accepted, 0);
}

TEST_P(PrelabelTest, another_run_replaces_only_what_nobody_decided) {
  with_photo({"dog", "person", "bowl"});
  annotate();
  const auto count = all().size();
  const auto dog = *of_class("dog");
  const auto bowl = *of_class("bowl");
  const auto person = *of_class("person");
  run(service().accept(*tenant_, dog.id, {}));
  run(service().reject(*tenant_, bowl.id));
  annotate();
  std::map<SuggestionId, SuggestionState> now;
  for (const auto& one : all()) now[one.id] = one.state;
  EXPECT_EQ(now[dog.id], SuggestionState::accepted);
  EXPECT_EQ(now[bowl.id], SuggestionState::rejected);
  EXPECT_FALSE(now.contains(person.id)) << "proposed anew";
  EXPECT_EQ(in_state(SuggestionState::pending).size(), count - 2)
      << "the dog is annotated already, and the bowl was refused";
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), 1U);
}

TEST_P(PrelabelTest, what_a_person_rejected_is_asked_again_by_another_model_or_elsewhere_only) {
  with_photo({"dog"});
  annotate();
  const auto dog = *of_class("dog");
  run(service().reject(*tenant_, dog.id));
  const auto asked_again = [&] {
    annotate();
    return std::ranges::any_of(in_state(SuggestionState::pending),
                               [&](const Suggestion& s) { return s.class_name == "dog"; });
  };
  EXPECT_FALSE(asked_again());
  EXPECT_FALSE(asked_again()) << "for good";
  const auto pretend = [&](const std::string& column, const std::string& value) {
    bare("update suggestions set " + column + " = $2 where id = $1", db::args(dog.id, value));
  };
  pretend("model_version", dog.model_version + "+mobilesam@1");
  EXPECT_FALSE(asked_again()) << "how its outline was made does not matter";
  pretend("model_version", "yolox-nano@older");
  EXPECT_TRUE(asked_again());
  pretend("model_version", dog.model_version);
  auto box = std::get<document::Box>(dog.shape);
  box.width *= 0.8;
  pretend("shape", json::write(document::Shape(box)));
  EXPECT_TRUE(asked_again());
  pretend("shape", json::write(dog.shape));
  pretend("class", "cat");
  EXPECT_TRUE(asked_again());
}

TEST_P(PrelabelTest, sure_finds_are_accepted_by_themselves_when_asked) {
  with_photo({"dog", "person"});
  Preannotate request;
  request.auto_accept_score = 0.6;
  annotate(request);
  const auto made = annotations_of(*tenant_, asset_.id);
  EXPECT_GE(made.size(), 2U);
  for (const auto& annotation : made) {
    EXPECT_GE(*annotation.score, 0.6);
    EXPECT_EQ(annotation.source, document::Source::model);
  }
  EXPECT_EQ(in_state(SuggestionState::accepted).size(), made.size());
  ASSERT_TRUE(of_class("bowl"));
  EXPECT_EQ(of_class("bowl")->state, SuggestionState::pending) << "there is no label for it";
  annotate(request);
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), made.size()) << "not twice";
}

TEST_P(PrelabelTest, a_region_label_gets_outlines) {
  projects::CreateProject input{"Shapes", ProjectType::detection,
                                std::vector<projects::LabelInput>(2)};
  (*input.labels)[0].name = "dog";
  (*input.labels)[0].kind = LabelKind::polygon;
  (*input.labels)[1].name = "person";
  (*input.labels)[1].kind = LabelKind::mask;
  project_ = run(world_->projects.create(*tenant_, std::move(input)));
  asset_ = upload_one(*tenant_, project_.id, "dog.jpg", fixture::read_whole_file(*test_photo()));
  annotate();
  const auto dog = *of_class("dog");
  ASSERT_TRUE(std::holds_alternative<document::Polygon>(dog.shape));
  EXPECT_NE(dog.model_version.find("+mobilesam@"), std::string::npos);
  EXPECT_TRUE(std::holds_alternative<document::MaskShape>(of_class("person")->shape));
  EXPECT_TRUE(std::holds_alternative<document::Box>(of_class("bowl")->shape));
  const auto rle = document::to_rle(dog.shape, static_cast<std::uint32_t>(asset_.height),
                                    static_cast<std::uint32_t>(asset_.width));
  EXPECT_GT(raster::area(*rle), 1'000U);
  EXPECT_EQ(run(service().accept(*tenant_, dog.id, {})).accepted, 1);
}

TEST_P(PrelabelTest, an_image_that_cannot_be_read_is_told_and_the_others_are_done) {
  with_photo({"dog"});
  const auto lost = upload_png(*tenant_, project_.id, "lost.png");
  world_->blobs.remove({tenant_->organization(), "assets/" + lost.id.str() + "/original"});
  const auto job = annotate();
  const auto& problems = job.result->at("problems").as_array();
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].at("asset_id").as_string(), lost.id.str());
  EXPECT_EQ(job.progress.done, 2);
  EXPECT_TRUE(of_class("dog"));
}

TEST_P(PrelabelTest, a_request_that_cannot_work_is_refused_at_once) {
  with_photo({"dog"});
  Preannotate request;
  request.detector = "no-such-model";
  EXPECT_EQ(slug_of(service().start(*tenant_, project_.id, request)), "not_found");
  request.detector = "mobilesam";
  EXPECT_EQ(slug_of(service().start(*tenant_, project_.id, request)), "wrong_model");
  request = {};
  request.label_map = {{"cat", fresh<LabelId>()}};
  EXPECT_EQ(slug_of(service().start(*tenant_, project_.id, request)), "invalid_body");
  EXPECT_EQ(pointer(), "/label_map/cat");
  request = {};
  const auto other = make_project(*tenant_);
  EXPECT_EQ(slug_of(service().start(*tenant_, other.id, request)), "no_assets");
  request.asset_ids = {asset_.id};
  EXPECT_EQ(slug_of(service().start(*tenant_, other.id, request)), "not_found");
}

TEST_P(PrelabelTest, a_label_map_and_a_choice_of_images_are_followed) {
  with_photo({"animal"});
  const auto other =
      upload_one(*tenant_, project_.id, "again.jpg", fixture::read_whole_file(*test_photo()));
  Preannotate request;
  request.label_map = {{"dog", project_.labels[0].id}};
  request.asset_ids = {asset_.id};
  request.min_score = 0.7;
  EXPECT_EQ(annotate(request).progress.total, 1);
  EXPECT_EQ(of_class("dog")->label_id, project_.labels[0].id);
  for (const auto& suggestion : all()) EXPECT_GE(suggestion.score, 0.7);
  EXPECT_TRUE(run(service().list(*tenant_, other.id)).empty());
}

TEST_P(PrelabelTest, a_pipeline_proposes_as_a_detector_does) {
  with_photo({"dog"});
  Preannotate request;
  request.detector = "outlined-objects";
  annotate(request);
  const auto dog = of_class("dog");
  EXPECT_TRUE(std::holds_alternative<document::Polygon>(dog->shape));
  EXPECT_TRUE(dog->model_version.starts_with("outlined-objects@")) << dog->model_version;
  request.detector = "no-such-model";
  EXPECT_EQ(slug_of(service().start(*tenant_, project_.id, request)), "not_found");
}

TEST_P(PrelabelTest, tiles_find_what_the_whole_image_shows) {
  with_photo({"dog"});
  const auto found = run(service().detect(*tenant_, {asset_.id, "yolox-nano", 0.5, "4"}));
  EXPECT_TRUE(std::ranges::any_of(found.objects,
                                  [](const auto& object) { return object.class_name == "dog"; }));
  EXPECT_EQ(slug_of(service().detect(*tenant_, {asset_.id, "yolox-nano", 0.5, "many"})),
            "invalid_tiles");
}

TEST(SuggestionJson, tells_everything_a_person_decides_by) {
  Suggestion suggestion;
  suggestion.shape = document::Box{1, 2, 3, 4, std::nullopt};
  suggestion.class_name = "text";
  suggestion.score = 0.5;
  suggestion.attributes = {{"text", "STOP"}};
  suggestion.reasons = {"as in dog.jpg"};
  const auto told = json::parse(json::write(suggestion)).as_object();
  EXPECT_EQ(told.at("class"), "text");
  EXPECT_EQ(told.at("attributes").at("text"), "STOP");
  EXPECT_EQ(told.at("reasons").at(0), "as in dog.jpg");
  EXPECT_EQ(told.at("state"), "pending");
  json::Schemas schemas;
  json::schema<Suggestion>(schemas);
  const auto& members = schemas.named.at("Suggestion").at("properties").as_object();
  for (const auto& [name, value] : told) EXPECT_TRUE(members.contains(name)) << name;
}

TEST_P(PrelabelTest, what_is_pending_can_be_read_and_proposed_elsewhere_once) {
  with_photo({"dog"});
  annotate();
  const auto organization = tenant_->organization();
  auto pending = run(service().pending_for(organization, project_.id, 100));
  ASSERT_EQ(pending.size(), all().size());
  const auto other =
      upload_one(*tenant_, project_.id, "again.jpg", fixture::read_whole_file(*test_photo()));
  const auto count = static_cast<std::int64_t>(pending.size());
  EXPECT_EQ(run(service().propose_for(tenant_->actor(), other.id, pending)), count);
  EXPECT_EQ(run(service().propose_for(tenant_->actor(), other.id, pending)), 0)
      << "it stands there";
  EXPECT_EQ(run(service().list(*tenant_, other.id)).size(), pending.size());
}

TEST_P(PrelabelTest, any_model_tells_what_it_sees) {
  with_photo({"dog"});
  const AnalyzeRequest request{asset_.id, "yolox-nano", 0.5, std::nullopt};
  const auto whole = run(service().analyze(*tenant_, request));
  EXPECT_TRUE(std::ranges::any_of(whole.reading.findings,
                                  [](const auto& found) { return found.class_name == "dog"; }));
  EXPECT_EQ(slug_of(service().analyze(*tenant_, {asset_.id, "mobilesam", 0.5, std::nullopt})),
            "wrong_model");
  const auto eve = register_person("eve");
  EXPECT_EQ(slug_of(service().analyze(eve, request)), "not_found");
}

TEST_P(PrelabelTest, one_image_is_looked_at_on_request) {
  with_photo({"dog"});
  const auto found = run(service().detect(*tenant_, {asset_.id, std::nullopt, 0.5}));
  EXPECT_TRUE(std::ranges::any_of(found.objects,
                                  [](const auto& object) { return object.class_name == "dog"; }));
  run(service().prepare(*tenant_, asset_.id, inference::Lane::interactive));
  annotate();
  const auto box = std::get<document::Box>(of_class("dog")->shape);
  SegmentRequest request;
  request.asset_id = asset_.id;
  request.box = std::array{box.x, box.y, box.x + box.width, box.y + box.height};
  const auto cut = run(service().segment(*tenant_, request));
  EXPECT_TRUE(cut.embedding_was_ready);
  ASSERT_FALSE(cut.masks.empty());
  EXPECT_GT(raster::area(cut.masks[0].rle), 1'000U);
  EXPECT_TRUE(all().size() >= 1 && annotations_of(*tenant_, asset_.id).empty());
}

TEST_P(PrelabelTest, a_mask_is_refined_from_what_is_there) {
  with_photo({"dog"});
  SegmentRequest request;
  request.asset_id = asset_.id;
  request.points = {{390, 300, 1}};
  const auto dog = run(service().segment(*tenant_, request)).masks.at(0).rle;
  // One more click on the dog changes little; without what is there, the click could mean less.
  request.previous_mask = dog;
  request.points = {{200, 420, 1}};
  const auto again = run(service().segment(*tenant_, request)).masks.at(0).rle;
  EXPECT_GT(raster::iou(again, dog), 0.9);
  request.points = {{390, 300, 0}};
  const auto cut = run(service().segment(*tenant_, request)).masks.at(0).rle;
  EXPECT_LT(raster::iou(cut, dog), raster::iou(again, dog));
  request.previous_mask = raster::empty_rle(10, 10);
  EXPECT_EQ(slug_of(service().segment(*tenant_, request)), "bad_prompt");
}

TEST_P(PrelabelTest, clicks_change_a_mask_where_they_are_and_leave_the_rest) {
  project_ = make_project(*tenant_, {"truck"}, ProjectType::detection);
  const auto file = test_photo()->parent_path() / "truck.jpg";
  asset_ = upload_one(*tenant_, project_.id, "truck.jpg", fixture::read_whole_file(file));
  SegmentRequest click;
  click.asset_id = asset_.id;
  click.points = {{1100, 650, 1}, {500, 375, 1}};
  const auto truck = run(service().segment(*tenant_, click)).masks.at(0).rle;
  RefineRequest request;
  request.asset_id = asset_.id;
  request.mask = truck;
  request.points = {{575, 750, 0}};  // a wheel is too much
  const auto less = run(service().refine(*tenant_, request)).masks.at(0).rle;
  EXPECT_FALSE(holds(less, {575, 750}));
  EXPECT_TRUE(holds(less, {1100, 650}) && holds(less, {500, 375}));
  EXPECT_GT(raster::iou(less, truck), 0.75);
  click.points = {{500, 375, 1}};
  request.mask = run(service().segment(*tenant_, click)).masks.at(0).rle;
  request.points = {{700, 375, 1}};  // the next window as well
  const auto more = run(service().refine(*tenant_, request)).masks.at(0).rle;
  EXPECT_TRUE(holds(more, {700, 375}) && holds(more, {500, 375}));
  EXPECT_FALSE(holds(more, {1100, 650})) << "not the whole truck";
  request.mask = raster::empty_rle(10, 10);
  EXPECT_EQ(slug_of(service().refine(*tenant_, request)), "bad_prompt");
}

TEST_P(PrelabelTest, a_preview_is_the_outline_of_a_click_made_coarsely) {
  project_ = make_project(*tenant_, {"truck"}, ProjectType::detection);
  const auto file = test_photo()->parent_path() / "truck.jpg";
  asset_ = upload_one(*tenant_, project_.id, "truck.jpg", fixture::read_whole_file(file));
  PreviewRequest request;
  request.asset_id = asset_.id;
  request.x = 500;
  request.y = 375;
  const auto coarse = run(service().preview(*tenant_, request)).masks.at(0);
  EXPECT_EQ(coarse.rle.width, static_cast<std::uint32_t>(kPreviewSide));
  SegmentRequest click;
  click.asset_id = asset_.id;
  click.points = {{500, 375, 1}};
  const auto exact = run(service().segment(*tenant_, click)).masks.at(0);
  EXPECT_GT(geometry::iou(coarse.bounds, exact.bounds), 0.9);
  const auto drawn = raster::fill(coarse.polygon, exact.rle.height, exact.rle.width);
  EXPECT_GT(raster::iou(drawn, exact.rle), 0.9);
}

TEST_P(PrelabelTest, what_looks_like_an_object_is_proposed_in_its_shape) {
  project_ = make_project(*tenant_, {"wheel", "truck"}, ProjectType::detection);
  const auto file = test_photo()->parent_path() / "truck.jpg";
  asset_ = upload_one(*tenant_, project_.id, "truck.jpg", fixture::read_whole_file(file));
  SegmentRequest click;
  click.asset_id = asset_.id;
  click.points = {{575, 750, 1}};
  const auto wheel = run(service().segment(*tenant_, click)).masks.at(0);
  AlikeRequest like;
  like.shape = document::polygon_of(wheel.polygon);
  like.label_id = project_.labels[0].id;
  const auto found = run(service().find_alike(*tenant_, asset_.id, like));
  EXPECT_GE(found.found, 1);
  EXPECT_EQ(found.suggestions, found.found);
  const auto proposed = in_state(SuggestionState::pending);
  const auto other = std::ranges::find_if(proposed, [](const Suggestion& one) {
    const auto bounds = document::shape_bounds(one.shape);
    return bounds && bounds->x0 < 1500 && bounds->x1 > 1400 && bounds->y0 > 500;
  });
  ASSERT_NE(other, proposed.end()) << "the other wheel";
  EXPECT_TRUE(std::holds_alternative<document::Polygon>(other->shape));
  EXPECT_EQ(other->label_id, like.label_id);
  EXPECT_GT(other->score, 0.5);
  EXPECT_EQ(run(service().find_alike(*tenant_, asset_.id, like)).suggestions, 0) << "told already";
  like.shape = document::Tag{};
  EXPECT_EQ(slug_of(service().find_alike(*tenant_, asset_.id, like)), "no_area");
  like.label_id = {};
  EXPECT_EQ(slug_of(service().find_alike(*tenant_, asset_.id, like)), "invalid_body");
}

TEST_P(PrelabelTest, an_undone_accept_leaves_the_proposal_to_be_decided_again) {
  with_photo({"dog"});
  annotate();
  const auto dog = *of_class("dog");
  const auto pending = pending_count();
  const auto made = run(service().accept(*tenant_, dog.id, {})).annotation_ids;
  ASSERT_EQ(made.size(), 1U);
  run(service().settle(*tenant_, asset_.id, made));
  EXPECT_EQ(of_class("dog")->state, SuggestionState::accepted) << "it is there";
  document::Operation gone;
  gone.id = fresh<OperationId>();
  gone.change = document::Delete{made[0]};
  apply(*tenant_, asset_.id, run(world_->assets.get(*tenant_, asset_.id)).revision, {gone});
  run(service().settle(*tenant_, asset_.id, made));
  EXPECT_EQ(of_class("dog")->state, SuggestionState::pending);
  EXPECT_EQ(pending_count(), pending);
  const auto viewer = with_role(*tenant_, tenancy::Role::viewer);
  EXPECT_EQ(slug_of(service().settle(viewer, asset_.id, made)), "permission_denied");
}

TEST_P(PrelabelTest, another_tenant_sees_and_decides_nothing) {
  with_photo({"dog"});
  annotate();
  const auto eve = register_person("eve");
  const auto id = of_class("dog")->id;
  EXPECT_EQ(slug_of(service().list(eve, asset_.id)), "not_found");
  EXPECT_EQ(slug_of(service().accept(eve, id, {})), "not_found");
  EXPECT_EQ(slug_of(service().reject(eve, id)), "not_found");
  EXPECT_EQ(slug_of(service().accept_above(eve, asset_.id, {})), "not_found");
  EXPECT_EQ(slug_of(service().reject_all(eve, asset_.id, {})), "not_found");
  EXPECT_EQ(slug_of(service().start(eve, project_.id, {})), "not_found");
  EXPECT_EQ(slug_of(service().detect(eve, {asset_.id, std::nullopt, std::nullopt})), "not_found");
  const auto viewer = with_role(*tenant_, tenancy::Role::viewer);
  EXPECT_EQ(slug_of(service().accept(viewer, id, {})), "permission_denied");
  EXPECT_EQ(of_class("dog")->state, SuggestionState::pending);
}

}  // namespace
}  // namespace aa::prelabel
