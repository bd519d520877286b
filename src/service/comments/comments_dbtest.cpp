#include "service/comments/comments.hpp"
#include "service/comments/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::comments {
namespace {

using tenancy::Role;
using tenancy::Tenant;

const bool kCensus = fixture::require_statements(sql::kAll);

struct Heard final : Listener {
  void thread_changed(OrganizationId, const ThreadView& thread) override {
    const std::lock_guard lock(mutex);
    news.push_back(thread);
  }
  std::mutex mutex;
  std::vector<ThreadView> news;
};

class CommentsTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    ada_.emplace(register_person());
    project_ = make_project(*ada_);
    asset_ = upload_png(*ada_, project_.id);
    world_->comments.set_listener(&heard_);
  }
  Comments& service() { return world_->comments; }
  // A colleague: another user with a membership in ada's organization.
  Tenant colleague(const std::string& name, Role role) {
    const auto own = register_person(name);
    bare(
        "INSERT INTO memberships (organization_id, user_id, role, created_at) "
        "VALUES ($1, $2, $3, $4)",
        db::args(ada_->organization(), own.user(), role, world_->clock.now()));
    auto principal = own.principal();
    principal.organization = ada_->organization();
    principal = {principal.user, principal.organization, principal.session, role};
    return {principal, "192.0.2.8", "request-2"};
  }
  static NewThread spot(std::string body, double x = 3, double y = 4) {
    NewThread out;
    out.x = x;
    out.y = y;
    out.body = std::move(body);
    return out;
  }
  ThreadView open(const Tenant& tenant, NewThread input) {
    return run(service().open(tenant, asset_.id, std::move(input)));
  }
  static NewComment said(std::string body) {
    NewComment out;
    out.body = std::move(body);
    return out;
  }
  static EditComment rewritten(std::string body) {
    EditComment out;
    out.body = std::move(body);
    return out;
  }
  // `steps` as in JSON: [n | "text" | {"d": n}, ...].
  static EditComment edited(std::int64_t base, const std::string& steps) {
    EditComment out;
    out.base_version = base;
    out.edit = json::read<document::TextEdit>(json::parse(steps));
    return out;
  }
  ThreadPage list(bool open_only = false, int limit = 100,
                  std::optional<ThreadId> before = std::nullopt) {
    return run(service().list(*ada_, asset_.id, {before, open_only, limit}));
  }
  ThreadPage list_project(bool open_only, int limit = 100) {
    return run(service().list_project(*ada_, project_.id, {std::nullopt, open_only, limit}));
  }
  MentionPage mentions_of(const Tenant& tenant, bool unread_only) {
    return run(service().mentions(tenant, {std::nullopt, unread_only, 100}));
  }
  std::int64_t revision() { return run(service().revision_for(ada_->organization(), asset_.id)); }
  std::vector<std::string> actions(int count) {
    std::vector<std::string> out;
    for (const auto& entry : run(world_->trail.list(ada_->organization(), std::nullopt, count))) {
      out.push_back(entry.action);
    }
    return out;
  }

  std::optional<Tenant> ada_;
  projects::Project project_;
  assets::Asset asset_;
  Heard heard_;
};
AA_ON_BOTH_ENGINES(CommentsTest);

TEST_P(CommentsTest, a_thread_is_opened_answered_and_read) {
  const auto bob = colleague("bob", Role::annotator);
  auto opened = open(*ada_, spot("Is this a dog?"));
  EXPECT_EQ(opened.asset_id, asset_.id);
  EXPECT_EQ(opened.project_id, project_.id);
  EXPECT_EQ(opened.x, 3);
  EXPECT_EQ(opened.created_by, (Person{ada_->user(), "ada"}));
  EXPECT_EQ(opened.revision, 1);
  ASSERT_EQ(opened.comments.size(), 1U);
  EXPECT_EQ(opened.comments[0].body, "Is this a dog?");
  const auto answered = run(service().reply(bob, opened.id, said("A \"wolf\" <i>🐺</i>")));
  EXPECT_EQ(answered.revision, 2);
  EXPECT_EQ(answered.comment_count, 2);
  EXPECT_EQ(answered.comments[1].body, "A \"wolf\" <i>🐺</i>");
  EXPECT_EQ(answered.comments[1].created_by.name, "bob");
  EXPECT_EQ(json::write(run(service().get(*ada_, opened.id))), json::write(answered));
  EXPECT_EQ(json::write(list().items), json::write(std::vector{answered}));
  EXPECT_EQ(actions(2), (std::vector<std::string>{"comment.create", "thread.create"}));
}

TEST_P(CommentsTest, threads_and_comments_tell_their_project_to_their_own_organization_only) {
  const auto opened = open(*ada_, spot("Is this a dog?"));
  const auto here = ada_->organization();
  EXPECT_EQ(run(service().project_for(here, opened.id)), project_.id);
  EXPECT_EQ(run(service().project_for(here, opened.comments.at(0).id)), project_.id);
  const auto other = register_person("eve").organization();
  EXPECT_EQ(slug_of(service().project_for(other, opened.id)), "not_found");
  EXPECT_EQ(slug_of(service().project_for(other, opened.comments[0].id)), "not_found");
}

TEST_P(CommentsTest, a_thread_on_an_annotation_stands_in_its_middle) {
  auto operation = box_operation(project_.labels[0].id, 10, 20);
  const auto target = document::target_of(operation.change);
  apply(*ada_, asset_.id, 0, {operation});
  NewThread input;
  input.annotation_id = target;
  input.body = "Too wide";
  const auto opened = open(*ada_, input);
  EXPECT_EQ(opened.annotation_id, target);
  EXPECT_EQ(opened.x, 15);
  EXPECT_EQ(opened.y, 24);
  const auto other = upload_png(*ada_, project_.id, "b.png");
  EXPECT_EQ(slug_of(service().open(*ada_, other.id, input)), "not_found");
}

TEST_P(CommentsTest, a_thread_follows_its_annotation_and_stays_where_that_was_last) {
  auto operation = box_operation(project_.labels[0].id, 10, 20);
  const auto target = document::target_of(operation.change);
  apply(*ada_, asset_.id, 0, {operation});
  NewThread input;
  input.annotation_id = target;
  input.body = "Here";
  const auto opened = open(*ada_, input);
  auto moved = std::get<document::Put>(operation.change).annotation;
  moved.shape = document::Box{30, 10, 10, 8, std::nullopt};
  apply(*ada_, asset_.id, 1, {fixture::put_operation(fresh<OperationId>(), moved)});
  EXPECT_EQ(run(service().get(*ada_, opened.id)).x, 35);
  apply(*ada_, asset_.id, 2, {{fresh<OperationId>(), document::Delete{target}}});
  const auto left = run(service().reply(*ada_, opened.id, said("Where did it go?")));
  EXPECT_EQ(left.annotation_id, target);
  EXPECT_EQ(left.x, 35);
  EXPECT_EQ(left.y, 14);
  EXPECT_EQ(slug_of(service().open(*ada_, asset_.id, input)), "not_found") << "a new one";
}

TEST_P(CommentsTest, what_makes_no_sense_is_refused_with_its_place) {
  NewThread nowhere;
  nowhere.body = "x";
  EXPECT_EQ(slug_of(service().open(*ada_, asset_.id, nowhere)), "invalid_comment");
  auto both = spot("x");
  both.annotation_id = fresh<AnnotationId>();
  EXPECT_EQ(slug_of(service().open(*ada_, asset_.id, both)), "invalid_comment");
  EXPECT_EQ(slug_of(service().open(*ada_, asset_.id, spot("x", 65, 4))), "invalid_comment");
  EXPECT_EQ(pointer(), "/x");
  EXPECT_EQ(slug_of(service().open(*ada_, asset_.id, spot(" \n "))), "invalid_comment");
  EXPECT_EQ(pointer(), "/body");
  std::string wide;
  for (int i = 0; i < 10'001; ++i) wide += "é";
  EXPECT_EQ(slug_of(service().open(*ada_, asset_.id, spot(wide))), "invalid_comment");
  EXPECT_EQ(slug_of(service().open(*ada_, asset_.id, spot(wide.substr(2)))), "");
  auto mine = spot("x");
  mine.id = ThreadId{*Uuid::parse("00000000-0000-4000-8000-000000000000")};
  EXPECT_EQ(slug_of(service().open(*ada_, asset_.id, mine)), "invalid_comment");
  EXPECT_EQ(pointer(), "/id");
}

TEST_P(CommentsTest, the_same_thread_or_comment_again_has_no_effect) {
  auto input = spot("once");
  input.id = fresh<ThreadId>();
  const auto first = open(*ada_, input);
  EXPECT_EQ(json::write(open(*ada_, input)), json::write(first));
  auto answer = said("me too");
  answer.id = fresh<CommentId>();
  const auto second = run(service().reply(*ada_, first.id, answer));
  EXPECT_EQ(json::write(run(service().reply(*ada_, first.id, answer))), json::write(second));
  EXPECT_EQ(revision(), 2);
  EXPECT_EQ(heard_.news.size(), 2U);
  const auto bob = colleague("bob", Role::annotator);
  EXPECT_EQ(slug_of(service().open(bob, asset_.id, input)), "id_taken");
  EXPECT_EQ(slug_of(service().reply(bob, first.id, answer)), "id_taken");
}

TEST_P(CommentsTest, an_id_of_another_organization_is_taken_and_tells_nothing) {
  auto input = spot("mine");
  input.id = fresh<ThreadId>();
  open(*ada_, input);
  auto answer = said("mine");
  answer.id = fresh<CommentId>();
  run(service().reply(*ada_, *input.id, answer));
  const auto eve = register_person("eve");
  const auto project = make_project(eve);
  const auto asset = upload_png(eve, project.id);
  EXPECT_EQ(slug_of(service().open(eve, asset.id, input)), "id_taken");
  const auto own = run(service().open(eve, asset.id, spot("hers")));
  EXPECT_EQ(slug_of(service().reply(eve, own.id, answer)), "id_taken");
  EXPECT_EQ(run(service().revision_for(eve.organization(), asset.id)), 1);
}

TEST_P(CommentsTest, every_change_is_counted_told_and_found_again) {
  const auto first = open(*ada_, spot("one"));
  const auto second = open(*ada_, spot("two"));
  run(service().reply(*ada_, first.id, said("more")));
  run(service().resolve(*ada_, second.id));
  EXPECT_EQ(revision(), 4);
  ASSERT_EQ(heard_.news.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(heard_.news[i].revision, static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(heard_.news[i].asset_id, asset_.id);
  }
  EXPECT_EQ(heard_.news[3].id, second.id);
  EXPECT_TRUE(heard_.news[3].resolved_at);
  const auto changed = run(service().changed_since(ada_->organization(), asset_.id, 2));
  ASSERT_EQ(changed.size(), 2U);
  EXPECT_EQ(changed[0].id, first.id);
  EXPECT_EQ(changed[1].id, second.id);
  EXPECT_TRUE(changed[1].resolved_at);
  EXPECT_TRUE(run(service().changed_since(ada_->organization(), asset_.id, 4)).empty());
}

TEST_P(CommentsTest, threads_are_settled_and_taken_up_again) {
  const auto opened = open(*ada_, spot("one"));
  const auto bob = colleague("bob", Role::annotator);
  const auto resolved = run(service().resolve(bob, opened.id));
  EXPECT_EQ(resolved.resolved_by, (Person{bob.user(), "bob"}));
  EXPECT_TRUE(resolved.resolved_at);
  run(service().resolve(*ada_, opened.id));
  EXPECT_EQ(revision(), 2) << "it was settled already";
  EXPECT_TRUE(list(true).items.empty());
  EXPECT_EQ(list(false).items.size(), 1U);
  EXPECT_TRUE(list_project(true).items.empty());
  EXPECT_EQ(list_project(false).items.size(), 1U);
  const auto again = run(service().reopen(*ada_, opened.id));
  EXPECT_FALSE(again.resolved_by);
  EXPECT_EQ(list_project(true).items.size(), 1U);
  EXPECT_EQ(actions(2), (std::vector<std::string>{"thread.reopen", "thread.resolve"}));
}

TEST_P(CommentsTest, lists_are_pages_newest_first) {
  std::vector<ThreadId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(open(*ada_, spot(std::to_string(i))).id);
  const auto page = list(false, 2);
  ASSERT_EQ(page.items.size(), 2U);
  EXPECT_EQ(page.items[0].id, ids[4]);
  const auto rest = list(false, 4, page.next);
  ASSERT_EQ(rest.items.size(), 3U);
  EXPECT_EQ(rest.items[2].id, ids[0]);
  EXPECT_FALSE(rest.next);
}

TEST_P(CommentsTest, a_long_thread_shows_its_latest_and_pages_the_rest) {
  const auto opened = open(*ada_, spot("0"));
  for (int i = 1; i <= 101; ++i) run(service().reply(*ada_, opened.id, said(std::to_string(i))));
  const auto view = run(service().get(*ada_, opened.id));
  EXPECT_EQ(view.comment_count, 102);
  ASSERT_EQ(view.comments.size(), 100U);
  EXPECT_EQ(view.comments.front().body, "2");
  EXPECT_EQ(view.comments.back().body, "101");
  const auto older = run(service().comments(*ada_, opened.id, 0, 3));
  ASSERT_EQ(older.size(), 3U);
  EXPECT_EQ(older[0].body, "0");
  EXPECT_EQ(run(service().comments(*ada_, opened.id, 100, 3)).back().body, "101");
}

TEST_P(CommentsTest, a_comment_is_changed_by_its_author_or_a_moderator) {
  const auto bob = colleague("bob", Role::annotator);
  const auto carl = colleague("carl", Role::annotator);
  const auto opened = open(bob, spot("teh dog"));
  const auto id = opened.comments[0].id;
  const auto edited = run(service().edit(bob, id, rewritten("the dog")));
  EXPECT_EQ(edited.comments[0].body, "the dog");
  EXPECT_EQ(edited.comments[0].version, 2);
  EXPECT_TRUE(edited.comments[0].edited_at);
  EXPECT_EQ(slug_of(service().edit(carl, id, rewritten("mine"))), "permission_denied");
  EXPECT_EQ(slug_of(service().remove(carl, id)), "permission_denied");
  EXPECT_EQ(run(service().edit(*ada_, id, rewritten("the cat"))).comments[0].body, "the cat");
  auto stale = rewritten("late");
  stale.base_version = 2;
  EXPECT_EQ(slug_of(service().edit(bob, id, stale)), "changed_meanwhile");
  EXPECT_EQ(revision(), 3);
}

TEST_P(CommentsTest, R11_edits_of_one_text_by_two_people_are_both_there) {
  const auto bob = colleague("bob", Role::annotator);
  const auto opened = open(bob, spot("a big dog"));
  const auto id = opened.comments[0].id;
  run(service().edit(bob, id, edited(1, R"([2, {"d": 3}, "small"])")));
  const auto merged = run(service().edit(*ada_, id, edited(1, R"([9, "?"])")));
  EXPECT_EQ(merged.comments[0].body, "a small dog?");
  EXPECT_EQ(merged.comments[0].version, 3);
  const auto again = run(service().edit(bob, id, edited(2, R"(["🐺 ", 8, {"d": 3}, "wolf"])")));
  EXPECT_EQ(again.comments[0].body, "🐺 a small wolf?");
  run(service().edit(*ada_, id, rewritten("gone")));
  const auto over = run(service().edit(bob, id, edited(4, R"(["not ", {"d": 2}])")));
  EXPECT_EQ(over.comments[0].body, "gonenot ") << "of what was deleted nothing is left";
}

TEST_P(CommentsTest, the_same_edit_again_has_no_effect) {
  const auto opened = open(*ada_, spot("dog"));
  const auto id = opened.comments[0].id;
  auto change = edited(1, R"([3, "s"])");
  change.id = fresh<OperationId>();
  const auto first = run(service().edit(*ada_, id, change));
  EXPECT_EQ(first.comments[0].body, "dogs");
  EXPECT_EQ(json::write(run(service().edit(*ada_, id, change))), json::write(first));
  run(service().edit(*ada_, id, rewritten("dogs")));
  EXPECT_EQ(revision(), 2) << "no text was changed";
}

TEST_P(CommentsTest, edits_that_do_not_fit_are_refused) {
  const auto opened = open(*ada_, spot("dog"));
  const auto id = opened.comments[0].id;
  EXPECT_EQ(slug_of(service().edit(*ada_, id, edited(1, R"([4, "x"])"))), "invalid_comment");
  EXPECT_EQ(pointer(), "/edit");
  EXPECT_EQ(slug_of(service().edit(*ada_, id, edited(2, R"(["x"])"))), "invalid_comment");
  EXPECT_EQ(pointer(), "/base_version");
  EXPECT_EQ(slug_of(service().edit(*ada_, id, edited(1, R"([{"d": 3}])"))), "invalid_comment");
  auto both = edited(1, R"(["x"])");
  both.body = "y";
  EXPECT_EQ(slug_of(service().edit(*ada_, id, both)), "invalid_comment");
  EXPECT_EQ(slug_of(service().edit(*ada_, id, edited(1, "[\"" + std::string(9'998, 'x') + "\"]"))),
            "invalid_comment");
  EXPECT_EQ(slug_of(service().edit(*ada_, id, edited(1, "[\"" + std::string(9'997, 'x') + "\"]"))),
            "");
  bare("DELETE FROM comment_edits");
  EXPECT_EQ(slug_of(service().edit(*ada_, id, edited(1, R"(["x"])"))), "changed_meanwhile");
  EXPECT_EQ(revision(), 2);
}

TEST_P(CommentsTest, many_edits_of_one_text_at_once_are_all_there) {
  const auto opened = open(*ada_, spot("."));
  const auto id = opened.comments[0].id;
  std::vector<std::future<ThreadView>> futures;
  for (char letter = 'a'; letter < 'i'; ++letter) {
    const auto steps = std::string("[\"") + letter + "\"]";
    futures.push_back(spawn(service().edit(*ada_, id, edited(1, steps))));
  }
  for (auto& future : futures) future.get();
  auto body = run(service().get(*ada_, opened.id)).comments[0].body;
  EXPECT_EQ(body.back(), '.');
  std::ranges::sort(body);
  EXPECT_EQ(body, ".abcdefgh");
}

TEST_P(CommentsTest, a_deleted_comment_keeps_its_place_and_loses_its_text) {
  const auto bob = colleague("bob", Role::annotator);
  auto input = spot("secret @bob");
  input.mentions = std::vector{bob.user()};
  const auto opened = open(*ada_, input);
  const auto id = opened.comments[0].id;
  run(service().reply(bob, opened.id, said("noted")));
  run(service().edit(*ada_, id, rewritten("secret, still")));
  run(service().remove(*ada_, id));
  run(service().remove(*ada_, id));
  EXPECT_EQ(revision(), 4) << "deleted twice is deleted once";
  const auto left = list().items.at(0);
  EXPECT_TRUE(left.comments[0].deleted);
  EXPECT_EQ(left.comments[0].body, "");
  EXPECT_TRUE(left.comments[0].mentions.empty());
  EXPECT_EQ(left.comments[1].body, "noted");
  EXPECT_EQ(slug_of(service().edit(*ada_, id, rewritten("back"))), "comment_deleted");
  EXPECT_TRUE(mentions_of(bob, false).items.empty());
  EXPECT_TRUE(bare("SELECT edit FROM comment_edits").empty());
  run(service().remove(*ada_, left.comments[1].id));
  EXPECT_TRUE(list().items.empty()) << "nothing is left to read";
  EXPECT_TRUE(list_project(false).items.empty());
  EXPECT_EQ(run(service().changed_since(ada_->organization(), asset_.id, 4)).size(), 1U);
}

TEST_P(CommentsTest, whoever_is_mentioned_is_told_until_he_has_read_it) {
  const auto bob = colleague("bob", Role::viewer);
  const auto carl = colleague("carl", Role::annotator);
  const auto opened = open(*ada_, spot("look"));
  auto input = said("@bob @ada see");
  input.mentions = std::vector{bob.user(), ada_->user(), bob.user()};
  const auto answered = run(service().reply(*ada_, opened.id, input));
  EXPECT_EQ(answered.comments[1].mentions,
            (std::vector{Person{bob.user(), "bob"}, Person{ada_->user(), "ada"}}));
  const auto told = mentions_of(bob, true).items;
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].thread_id, opened.id);
  EXPECT_EQ(told[0].asset_id, asset_.id);
  EXPECT_EQ(told[0].comment.body, "@bob @ada see");
  EXPECT_EQ(told[0].by.name, "ada");
  EXPECT_TRUE(mentions_of(*ada_, true).items.empty()) << "she wrote it herself";
  EXPECT_EQ(slug_of(service().read_mention(carl, told[0].id)), "not_found");
  run(service().read_mention(bob, told[0].id));
  EXPECT_TRUE(mentions_of(bob, true).items.empty());
  EXPECT_TRUE(mentions_of(bob, false).items.at(0).read_at);
  EditComment change;
  change.mentions = std::vector{carl.user(), ada_->user()};
  const auto edited = run(service().edit(*ada_, answered.comments[1].id, change));
  EXPECT_EQ(edited.comments[1].version, 1) << "the text stayed";
  EXPECT_TRUE(mentions_of(bob, false).items.empty());
  EXPECT_EQ(mentions_of(carl, true).items.size(), 1U);
}

TEST_P(CommentsTest, all_mentions_seen_are_read_at_once) {
  const auto bob = colleague("bob", Role::annotator);
  auto input = spot("@bob @ada");
  input.mentions = std::vector{bob.user()};
  for (int i = 0; i < 3; ++i) open(*ada_, input);
  const auto told = mentions_of(bob, true).items;
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(run(service().read_mentions(*ada_, {told[0].id})).read, 0) << "they are bob's";
  EXPECT_EQ(run(service().read_mentions(bob, {told[1].id})).read, 2);
  const auto rest = mentions_of(bob, true).items;
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].id, told[0].id) << "it came after bob had looked";
  EXPECT_EQ(run(service().read_mentions(bob, {told[0].id})).read, 1);
  EXPECT_EQ(run(service().read_mentions(bob, {told[0].id})).read, 0);
}

TEST_P(CommentsTest, only_members_can_be_mentioned) {
  const auto eve = register_person("eve");
  auto input = spot("hello");
  input.mentions = std::vector{ada_->user(), eve.user()};
  EXPECT_EQ(slug_of(service().open(*ada_, asset_.id, input)), "invalid_comment");
  EXPECT_EQ(pointer(), "/mentions/1");
  EXPECT_TRUE(list().items.empty());
}

TEST_P(CommentsTest, another_tenant_sees_and_changes_nothing) {
  const auto eve = register_person("eve");
  const auto opened = open(*ada_, spot("ours"));
  const auto comment = opened.comments[0].id;
  EXPECT_EQ(slug_of(service().list(eve, asset_.id, {})), "not_found");
  EXPECT_EQ(slug_of(service().list_project(eve, project_.id, {})), "not_found");
  EXPECT_EQ(slug_of(service().get(eve, opened.id)), "not_found");
  EXPECT_EQ(slug_of(service().comments(eve, opened.id, 0, 10)), "not_found");
  EXPECT_EQ(slug_of(service().open(eve, asset_.id, spot("hers"))), "not_found");
  EXPECT_EQ(slug_of(service().reply(eve, opened.id, said("hers"))), "not_found");
  EXPECT_EQ(slug_of(service().edit(eve, comment, rewritten("hers"))), "not_found");
  EXPECT_EQ(slug_of(service().remove(eve, comment)), "not_found");
  EXPECT_EQ(slug_of(service().resolve(eve, opened.id)), "not_found");
  EXPECT_TRUE(run(service().changed_since(eve.organization(), asset_.id, 0)).empty());
  EXPECT_EQ(revision(), 1);
}

TEST_P(CommentsTest, viewers_read_and_do_not_write) {
  const auto viewer = with_role(*ada_, Role::viewer);
  const auto opened = open(*ada_, spot("ours"));
  EXPECT_EQ(slug_of(service().get(viewer, opened.id)), "");
  EXPECT_EQ(slug_of(service().list(viewer, asset_.id, {})), "");
  EXPECT_EQ(slug_of(service().mentions(viewer, {})), "");
  EXPECT_EQ(slug_of(service().open(viewer, asset_.id, spot("x"))), "permission_denied");
  EXPECT_EQ(slug_of(service().reply(viewer, opened.id, said("x"))), "permission_denied");
  EXPECT_EQ(slug_of(service().remove(viewer, opened.comments[0].id)), "permission_denied");
  EXPECT_EQ(slug_of(service().resolve(viewer, opened.id)), "permission_denied");
}

TEST_P(CommentsTest, with_its_asset_a_thread_is_out_of_sight) {
  const auto opened = open(*ada_, spot("ours"));
  run(world_->assets.remove(*ada_, asset_.id));
  EXPECT_EQ(slug_of(service().get(*ada_, opened.id)), "not_found");
  EXPECT_EQ(slug_of(service().reply(*ada_, opened.id, said("x"))), "not_found");
  EXPECT_TRUE(list_project(false).items.empty());
}

TEST_P(CommentsTest, many_answers_at_once_are_all_there_in_one_order) {
  const auto opened = open(*ada_, spot("0"));
  std::vector<std::future<ThreadView>> answers;
  for (int i = 0; i < 12; ++i) {
    answers.push_back(spawn(service().reply(*ada_, opened.id, said(std::to_string(i)))));
  }
  for (auto& answer : answers) answer.get();
  EXPECT_EQ(run(service().get(*ada_, opened.id)).comment_count, 13);
  EXPECT_EQ(revision(), 13);
  EXPECT_EQ(heard_.news.size(), 13U);
}

TEST_P(CommentsTest, a_thread_and_an_asset_take_so_many) {
  const auto opened = open(*ada_, spot("0"));
  const auto now = world_->clock.now();
  for (int i = 1; i < kComments; ++i) {
    bare(
        "INSERT INTO comments (id, organization_id, thread_id, created_by, created_at, body) "
        "VALUES ($1, $2, $3, $4, $5, 'x')",
        db::args(fresh<CommentId>(), ada_->organization(), opened.id, ada_->user(), now));
  }
  EXPECT_EQ(slug_of(service().reply(*ada_, opened.id, said("one more"))), "thread_full");
  EXPECT_EQ(revision(), 1) << "a refused change leaves no trace";
}

}  // namespace
}  // namespace aa::comments
