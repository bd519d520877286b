#include "service/projects/projects.hpp"
#include "service/projects/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::projects {
namespace {

using document::Label;
using document::LabelKind;

const bool kCensus = fixture::require_statements(sql::kAll);

LabelInput named(std::string name) {
  LabelInput out;
  out.name = std::move(name);
  return out;
}

LabelInput same(const Label& label) {
  LabelInput out = named(label.name);
  out.id = label.id;
  return out;
}

class ProjectsTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (world_) tenant_.emplace(register_person());
  }
  Projects& service() { return world_->projects; }
  Project patch_labels(const Project& project, std::vector<LabelInput> labels) {
    PatchProject change;
    change.labels = std::move(labels);
    return run(service().patch(*tenant_, project.id, std::move(change), std::nullopt));
  }
  std::string patch_slug(const Project& project, std::vector<LabelInput> labels) {
    PatchProject change;
    change.labels = std::move(labels);
    return slug_of(service().patch(*tenant_, project.id, std::move(change), std::nullopt));
  }
  Project get(const Project& project) { return run(service().get(*tenant_, project.id)); }
  static std::vector<std::string> names(const Project& project) {
    std::vector<std::string> out;
    for (const auto& label : project.labels) out.push_back(label.name);
    return out;
  }
  using Names = std::vector<std::string>;

  std::optional<tenancy::Tenant> tenant_;
};
AA_ON_BOTH_ENGINES(ProjectsTest);

TEST_P(ProjectsTest, a_project_comes_back_as_it_was_made) {
  CreateProject input{"Höfe \"1\"", ProjectType::keypoints, std::vector<LabelInput>{}};
  auto person = named("person");
  person.color = "#123abc";
  person.kind = LabelKind::skeleton;
  person.skeleton = document::SkeletonTemplate{{"nose", "tail"}, {{0, 1}}};
  document::LabelAttribute mood;
  mood.name = "mood";
  mood.kind = document::AttributeKind::select;
  mood.options = std::vector<std::string>{"calm", "cross"};
  person.attributes = std::vector<document::LabelAttribute>{mood};
  input.labels->push_back(person);
  input.labels->push_back(named("dog"));
  const auto made = run(service().create(*tenant_, input));
  const auto got = get(made);
  EXPECT_EQ(json::write(got), json::write(made));
  EXPECT_EQ(got.revision, 1);
  EXPECT_EQ(got.created_by, tenant_->user());
  EXPECT_EQ(got.type, ProjectType::keypoints);
  EXPECT_EQ(got.labels[0].skeleton, person.skeleton);
  EXPECT_EQ(got.labels[0].attributes, *person.attributes);
  EXPECT_EQ(got.labels[1].kind, LabelKind::any);
  EXPECT_NE(got.labels[0].color, got.labels[1].color);
}

TEST_P(ProjectsTest, bad_labels_are_told_with_their_place) {
  CreateProject input{"P", ProjectType::detection, std::vector{named("a"), named("a")}};
  EXPECT_EQ(slug_of(service().create(*tenant_, input)), "invalid_labels");
  EXPECT_EQ(pointer(), "/labels/1/name");
  auto colored = named("a");
  colored.color = "crimson";
  input.labels = std::vector{named("b"), colored};
  EXPECT_EQ(slug_of(service().create(*tenant_, input)), "invalid_labels");
  EXPECT_EQ(pointer(), "/labels/1/color");
  EXPECT_TRUE(run(service().list(*tenant_, std::nullopt, 10)).empty());
}

TEST_P(ProjectsTest, a_patch_keeps_ids_and_what_is_not_said) {
  const auto made = make_project(*tenant_, {"cat", "dog"});
  auto cat = same(made.labels[0]);
  cat.name = "Cat";
  const auto patched = patch_labels(made, {named("bird"), cat, same(made.labels[1])});
  EXPECT_EQ(names(patched), (Names{"bird", "Cat", "dog"}));
  EXPECT_EQ(patched.labels[1].id, made.labels[0].id);
  EXPECT_EQ(patched.labels[1].color, made.labels[0].color);
  EXPECT_EQ(patched.labels[2], made.labels[1]);
  EXPECT_EQ(patched.name, made.name);
  EXPECT_EQ(patched.revision, 2);
  PatchProject rename;
  rename.name = "Animals";
  const auto renamed = run(service().patch(*tenant_, made.id, rename, 2));
  EXPECT_EQ(renamed.name, "Animals");
  EXPECT_EQ(renamed.labels, patched.labels);
}

TEST_P(ProjectsTest, labels_may_change_names_and_places_all_at_once) {
  const auto made = make_project(*tenant_, {"a", "b", "c"});
  auto a = same(made.labels[0]);
  auto b = same(made.labels[1]);
  auto c = same(made.labels[2]);
  a.name = "b";
  b.name = "c";
  c.name = "a";
  const auto turned = patch_labels(made, {c, a, b});
  EXPECT_EQ(names(turned), (Names{"a", "b", "c"}));
  EXPECT_EQ(turned.labels[0].id, made.labels[2].id);
  EXPECT_EQ(turned.labels[1].id, made.labels[0].id);
}

TEST_P(ProjectsTest, a_name_is_free_again_when_its_label_is_removed) {
  const auto made = make_project(*tenant_, {"cat", "dog"});
  const auto without = patch_labels(made, {same(made.labels[1])});
  EXPECT_EQ(names(without), (Names{"dog"}));
  const auto again = patch_labels(made, {same(made.labels[1]), named("cat")});
  EXPECT_EQ(names(again), (Names{"dog", "cat"}));
  EXPECT_NE(again.labels[1].id, made.labels[0].id);
}

TEST_P(ProjectsTest, a_label_that_is_used_stays) {
  const auto made = make_project(*tenant_, {"cat", "dog"});
  const auto asset = upload_png(*tenant_, made.id);
  apply(*tenant_, asset.id, 0, {box_operation(made.labels[0].id)});
  EXPECT_EQ(patch_slug(made, {same(made.labels[1])}), "label_in_use");
  EXPECT_EQ(names(get(made)), (Names{"cat", "dog"}));
  EXPECT_EQ(get(made).revision, 1);
  EXPECT_EQ(names(patch_labels(made, {same(made.labels[0])})), (Names{"cat"}));
  run(world_->assets.remove(*tenant_, asset.id));
  EXPECT_EQ(names(patch_labels(made, {named("bird")})), (Names{"bird"}))
      << "its only use went with the image";
}

TEST_P(ProjectsTest, a_label_of_another_project_is_refused) {
  const auto mine = make_project(*tenant_, {"cat"});
  const auto other = make_project(*tenant_, {"cat"});
  EXPECT_EQ(patch_slug(mine, {same(mine.labels[0]), same(other.labels[0])}), "invalid_labels");
  EXPECT_EQ(pointer(), "/labels/1/id");
}

TEST_P(ProjectsTest, if_match_guards_a_change) {
  const auto made = make_project(*tenant_);
  PatchProject change;
  change.name = "One";
  EXPECT_EQ(run(service().patch(*tenant_, made.id, change, 1)).revision, 2);
  change.name = "Two";
  EXPECT_EQ(slug_of(service().patch(*tenant_, made.id, change, 1)), "revision_differs");
  EXPECT_EQ(last_error_->code(), ErrorCode::precondition_failed);
  EXPECT_EQ(get(made).name, "One");
}

TEST_P(ProjectsTest, of_many_guarded_changes_at_once_one_wins) {
  const auto made = make_project(*tenant_);
  std::vector<std::future<Project>> futures;
  for (int i = 0; i < 8; ++i) {
    PatchProject change;
    change.name = "Name " + std::to_string(i);
    futures.push_back(spawn(service().patch(*tenant_, made.id, change, 1)));
  }
  int won = 0;
  for (auto& future : futures) {
    try {
      future.get();
      ++won;
    } catch (const Error& error) {
      EXPECT_EQ(error.slug(), "revision_differs");
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(get(made).revision, 2);
}

TEST_P(ProjectsTest, lists_are_newest_first_page_by_page_with_counts) {
  const auto first = make_project(*tenant_, {"cat"});
  const auto second = make_project(*tenant_, {"cat"});
  const auto third = make_project(*tenant_, {"cat"});
  const auto asset = upload_png(*tenant_, first.id);
  upload_png(*tenant_, first.id, "b.png");
  apply(*tenant_, asset.id, 0, {box_operation(first.labels[0].id)});
  const auto page = run(service().list(*tenant_, std::nullopt, 2));
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].id, third.id);
  EXPECT_EQ(page[1].id, second.id);
  EXPECT_EQ(page[0].labels, third.labels);
  const auto rest = run(service().list(*tenant_, second.id, 2));
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].counts.assets, 2);
  EXPECT_EQ(rest[0].counts.annotations, 1);
  EXPECT_EQ(json::write(rest[0]), json::write(get(first)));
}

TEST_P(ProjectsTest, another_tenant_sees_and_changes_nothing) {
  const auto made = make_project(*tenant_);
  const auto eve = register_person("eve");
  EXPECT_EQ(slug_of(service().get(eve, made.id)), "not_found");
  EXPECT_EQ(slug_of(service().require(eve, made.id)), "not_found");
  EXPECT_EQ(slug_of(service().remove(eve, made.id)), "not_found");
  PatchProject change;
  change.name = "Hers";
  EXPECT_EQ(slug_of(service().patch(eve, made.id, change, std::nullopt)), "not_found");
  EXPECT_EQ(slug_of(service().name_for(eve.organization(), made.id)), "not_found");
  EXPECT_EQ(slug_of(service().add_labels_for(eve.actor(), made.id, {named("x")})), "not_found");
  EXPECT_TRUE(run(service().labels_for(eve.organization(), made.id)).labels.empty());
  EXPECT_TRUE(run(service().list(eve, std::nullopt, 10)).empty());
  EXPECT_EQ(get(made).name, "Pets");
}

TEST_P(ProjectsTest, roles_may_what_their_rows_say) {
  const auto made = make_project(*tenant_);
  const auto viewer = with_role(*tenant_, tenancy::Role::viewer);
  PatchProject change;
  change.name = "X";
  EXPECT_EQ(slug_of(service().get(viewer, made.id)), "");
  EXPECT_EQ(slug_of(service().patch(viewer, made.id, change, std::nullopt)), "permission_denied");
  EXPECT_EQ(slug_of(service().remove(viewer, made.id)), "permission_denied");
  CreateProject input{"P", ProjectType::detection, std::nullopt};
  EXPECT_EQ(slug_of(service().create(viewer, input)), "permission_denied");
}

TEST_P(ProjectsTest, a_removed_project_is_gone_and_recorded) {
  const auto made = make_project(*tenant_);
  run(service().remove(*tenant_, made.id));
  EXPECT_EQ(slug_of(service().get(*tenant_, made.id)), "not_found");
  EXPECT_EQ(slug_of(service().remove(*tenant_, made.id)), "not_found");
  EXPECT_EQ(patch_slug(made, {}), "not_found");
  EXPECT_TRUE(run(service().list(*tenant_, std::nullopt, 10)).empty());
  const auto log = run(world_->trail.list(tenant_->organization(), std::nullopt, 2));
  EXPECT_EQ(log[0].action, "project.delete");
  EXPECT_EQ(log[0].object_id, made.id.str());
  EXPECT_EQ(log[1].action, "project.create");
}

TEST_P(ProjectsTest, labels_are_added_once_by_name) {
  const auto made = make_project(*tenant_, {"cat"});
  EXPECT_EQ(run(service().ensure_label(*tenant_, made.id, "CAT")).id, made.labels[0].id);
  const auto bird = run(service().ensure_label(*tenant_, made.id, "bird"));
  EXPECT_EQ(run(service().ensure_label(*tenant_, made.id, "bird")).id, bird.id);
  run(service().add_labels_for(tenant_->actor(), made.id,
                               {named("bird"), named("fox"), named("fox")}));
  EXPECT_EQ(names(get(made)), (Names{"cat", "bird", "fox"}));
  run(service().add_labels_for(tenant_->actor(), made.id, {named("Bird")}));
  EXPECT_EQ(names(get(made)), (Names{"cat", "bird", "fox", "Bird"})) << "who asks has looked";
  EXPECT_EQ(run(service().ensure_label(*tenant_, made.id, "Bird")).name, "Bird");
  EXPECT_EQ(run(service().ensure_label(*tenant_, made.id, "bird")).id, bird.id);
  const auto annotator = with_role(*tenant_, tenancy::Role::annotator);
  EXPECT_EQ(slug_of(service().ensure_label(annotator, made.id, "fox")), "");
  EXPECT_EQ(slug_of(service().ensure_label(annotator, made.id, "cow")), "permission_denied");
  EXPECT_EQ(run(service().name_for(tenant_->organization(), made.id)), "Pets");
}

TEST_P(ProjectsTest, the_same_label_wanted_by_many_at_once_is_made_once) {
  const auto made = make_project(*tenant_, {"cat"});
  std::vector<std::future<Label>> futures;
  for (int i = 0; i < 8; ++i) {
    futures.push_back(spawn(service().ensure_label(*tenant_, made.id, "fox")));
  }
  std::set<LabelId> ids;
  for (auto& future : futures) ids.insert(future.get().id);
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_EQ(names(get(made)), (Names{"cat", "fox"}));
}

}  // namespace
}  // namespace aa::projects
