#include <random>
#include <thread>

#include "service/testing/annotation_fixture.hpp"

namespace aa::annotation {
namespace {

using document::Delete;
using document::Operation;
using document::Put;
using tenancy::Role;
using tenancy::Tenant;

Task<> apply_as(db::Database& database, Annotations& annotations, Author author,
                assets::Asset asset, document::LabelSchema labels, Batch batch) {
  auto transaction = co_await database.begin(db::Scope::tenant(author.actor.organization));
  const auto outcome = co_await annotations.apply_in(
      *transaction, std::move(author), std::move(asset), std::move(labels), std::move(batch));
  EXPECT_TRUE(outcome.rejected.empty());
  co_await transaction->commit();
}

class HistoryTest : public fixture::LogTest {
 protected:
  History& history() { return world_->history; }
  Tenant colleague(Role role = Role::annotator) {
    return {{fresh<UserId>(), tenant_->organization(), {}, role}, "", ""};
  }
  Outcome write_as(const Tenant& who, std::vector<Operation> operations) {
    const auto outcome = apply(who, asset_.id, head(), std::move(operations));
    EXPECT_TRUE(outcome.rejected.empty());
    return outcome;
  }
  Outcome undo(const Tenant& who) { return run(history().undo(who, asset_.id, {})); }
  Outcome redo(const Tenant& who) { return run(history().redo(who, asset_.id, {})); }
  std::string undo_error(const Tenant& who) { return slug_of(history().undo(who, asset_.id, {})); }
  document::Annotation now(AnnotationId id) { return run(world_->annotations.get(*tenant_, id)); }
  std::optional<double> score(AnnotationId id) { return now(id).score; }
  void write_from(document::Source source, std::optional<JobId> by, std::vector<Operation> all) {
    Author author{tenant_->actor(), tenant_->user(), source};
    author.run = by;
    auto labels = run(world_->projects.labels_for(tenant_->organization(), project_.id));
    Batch batch{head(), std::move(all)};
    run(apply_as(*world_->database, world_->annotations, std::move(author), asset_,
                 std::move(labels), std::move(batch)));
  }
};
AA_ON_BOTH_ENGINES(HistoryTest);

TEST_P(HistoryTest, steps_are_undone_latest_first_and_brought_again) {
  const auto put = box(1);
  const auto id = target(put);
  write_as(*tenant_, {put});
  write_as(*tenant_, {set(id, "score", 0.25)});
  world_->clock.advance(std::chrono::hours(72));
  write_as(*tenant_, {set(id, "score", 0.5), set(id, "track_id", json::Value("t"))});
  const auto undone = undo(*tenant_);
  ASSERT_EQ(undone.applied.size(), 2U) << "a batch is one step";
  EXPECT_EQ(undone.revision, 6);
  EXPECT_EQ(undone.applied[0].at("undoes").as_string(), undone.applied[1].at("undoes").as_string());
  EXPECT_EQ(score(id), 0.25);
  EXPECT_EQ(now(id).track_id, std::nullopt);
  undo(*tenant_);
  EXPECT_EQ(score(id), std::nullopt);
  undo(*tenant_);
  EXPECT_TRUE(annotations_of(*tenant_, asset_.id).empty());
  EXPECT_EQ(undo_error(*tenant_), "nothing_to_undo");
  redo(*tenant_);
  redo(*tenant_);
  EXPECT_EQ(score(id), 0.25);
  undo(*tenant_);
  EXPECT_EQ(score(id), std::nullopt);
  redo(*tenant_);
  redo(*tenant_);
  EXPECT_EQ(score(id), 0.5);
  EXPECT_EQ(now(id).track_id, "t");
  EXPECT_EQ(slug_of(history().redo(*tenant_, asset_.id, {})), "nothing_to_redo");
  undo(*tenant_);
  write_as(*tenant_, {set(id, "group", json::Value("g"))});
  EXPECT_EQ(slug_of(history().redo(*tenant_, asset_.id, {})), "nothing_to_redo");
  expect_sound();
}

TEST_P(HistoryTest, R12_what_another_changed_since_is_his) {
  const auto put = box(1);
  const auto id = target(put);
  const auto ben = colleague();
  write_as(*tenant_, {put});
  write_as(ben, {set(id, "score", 0.1)});
  write_as(*tenant_, {set(id, "score", 0.2)});
  write_as(*tenant_, {set(id, "track_id", json::Value("a"))});
  write_as(ben, {set(id, "score", 0.3)});
  write_as(ben, {set(id, "group", json::Value("b"))});
  undo(*tenant_);
  EXPECT_EQ(now(id).track_id, std::nullopt);
  EXPECT_EQ(score(id), 0.3);
  EXPECT_EQ(now(id).group, "b");
  undo(ben);
  undo(ben);
  EXPECT_EQ(now(id).group, std::nullopt);
  EXPECT_EQ(score(id), 0.2) << "what stood there before his";
  expect_sound();
}

TEST_P(HistoryTest, the_steps_are_told_as_a_stack_of_operations) {
  const auto put = box(1);
  const auto id = target(put);
  write_as(*tenant_, {put});
  write_as(*tenant_, {set(id, "score", 0.25)});
  write_as(*tenant_, {set(id, "score", 0.5)});
  write_as(*tenant_, {operation(Delete{id})});
  write_from(document::Source::import, std::nullopt, {box(9)});
  undo(*tenant_);
  const auto steps = run(history().undo_steps(*tenant_, asset_.id));
  EXPECT_EQ(steps.revision, head());
  ASSERT_EQ(steps.undo.size(), 3U) << "an import is no step";
  ASSERT_EQ(steps.redo.size(), 1U);
  EXPECT_EQ(steps.redo[0].operations.at(0).at("op").as_string(), "del");
  // Applied one after the other, they lead back.
  for (auto step = steps.undo.rbegin(); step != steps.undo.rend(); ++step) {
    std::vector<Operation> operations;
    for (auto draft : step->operations) {
      draft["id"] = fresh<OperationId>().str();
      draft["undoes"] = step->step.str();
      operations.push_back(document::read_operation(json::Value(draft)));
    }
    write_as(*tenant_, std::move(operations));
  }
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), 1U);
  EXPECT_TRUE(run(history().undo_steps(*tenant_, asset_.id)).undo.empty());
  EXPECT_EQ(run(history().undo_steps(*tenant_, asset_.id)).redo.size(), 4U);
  EXPECT_TRUE(run(history().undo_steps(colleague(), asset_.id)).undo.empty());
  expect_sound();
}

TEST_P(HistoryTest, one_step_among_others_can_be_undone) {
  const auto put = box(1);
  const auto id = target(put);
  write_as(*tenant_, {put});
  auto named = set(id, "score", 0.25);
  named.step = fresh<StepId>();
  write_as(*tenant_, {named});
  write_as(*tenant_, {set(id, "track_id", json::Value("t"))});
  ChooseStep which;
  which.step = named.step;
  run(history().undo(*tenant_, asset_.id, which));
  EXPECT_EQ(score(id), std::nullopt);
  EXPECT_EQ(now(id).track_id, "t");
  EXPECT_EQ(slug_of(history().undo(*tenant_, asset_.id, which)), "nothing_to_undo");
  EXPECT_EQ(slug_of(history().undo(with_role(*tenant_, Role::viewer), asset_.id, {})),
            "permission_denied");
  EXPECT_EQ(slug_of(history().undo(register_person("eve"), asset_.id, {})), "not_found");
}

TEST_P(HistoryTest, every_revision_can_be_seen_and_restored) {
  const auto first = box(1);
  const auto second = box(2);
  write_as(*tenant_, {first, second});
  write_as(colleague(), {set(target(first), "score", 0.5), operation(Delete{target(second)})});
  write_as(*tenant_, {box(3)});
  EXPECT_TRUE(run(history().at(*tenant_, asset_.id, 0)).items.empty());
  const auto then = run(history().at(*tenant_, asset_.id, 2));
  EXPECT_EQ(then.revision, 2);
  ASSERT_EQ(then.items.size(), 2U);
  EXPECT_EQ(json::write(run(history().at(*tenant_, asset_.id, 5))), json::write(snapshot()));
  EXPECT_EQ(slug_of(history().at(*tenant_, asset_.id, 6)), "invalid_revision");
  Restore to;
  to.revision = 2;
  const auto restored = run(history().restore(*tenant_, asset_.id, to));
  EXPECT_EQ(restored.applied, 3);
  EXPECT_EQ(restored.revision, 8);
  EXPECT_TRUE(document::Document(snapshot()).same_content(document::Document(then)));
  undo(*tenant_);
  EXPECT_EQ(score(target(first)), 0.5) << "a restoration is a step";
  expect_sound();
}

TEST_P(HistoryTest, the_whole_is_written_down_every_thousand_revisions) {
  const auto put = box(1);
  write_as(*tenant_, {put});
  std::vector<Operation> many;
  for (int i = 0; i < 995; ++i) many.push_back(set(target(put), "score", i / 1000.0));
  write_as(*tenant_, std::move(many));
  write_as(*tenant_, {box(2), box(3), box(4), box(5)});
  const auto count = [&] {
    return bare("select count(*) as n from document_snapshots").one().get<int>("n");
  };
  for (int i = 0; i < 500 && count() == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(count(), 1);
  const auto text = bare("select body from document_snapshots").one().get<std::string>("body");
  EXPECT_EQ(json::write(json::read<document::Snapshot>(json::parse(text))),
            json::write(snapshot()));
  // What lies before it is not needed any more.
  write_as(*tenant_, {box(6)});
  bare("update operations set body = 'damaged' where revision < 900");
  EXPECT_EQ(json::write(run(history().at(*tenant_, asset_.id, 1001))), json::write(snapshot()));
}

TEST_P(HistoryTest, a_person_is_reverted_but_for_what_others_changed_since) {
  const auto put = box(1);
  const auto ben = colleague();
  write_as(*tenant_, {put});
  const auto his = box(2);
  const auto touched = box(3);
  write_as(ben, {his, touched, set(target(put), "score", 0.5)});
  write_as(ben, {set(target(put), "track_id", json::Value("x"))});
  undo(ben);
  const auto hers = set(target(touched), "score", 0.9);
  write_as(*tenant_, {hers});
  Revert what;
  what.user_id = ben.user();
  EXPECT_EQ(slug_of(history().revert(colleague(), asset_.id, what)), "permission_denied");
  EXPECT_EQ(slug_of(history().revert(*tenant_, asset_.id, Revert{})), "invalid_revert");
  const auto reverted = run(history().revert(*tenant_, asset_.id, what));
  EXPECT_EQ(reverted.reverted, 2);
  ASSERT_EQ(reverted.kept.size(), 1U);
  EXPECT_EQ(reverted.kept[0].operation, touched.id);
  EXPECT_EQ(reverted.kept[0].code, "changed_since");
  EXPECT_EQ(score(target(put)), std::nullopt);
  EXPECT_EQ(score(target(touched)), 0.9);
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), 2U);
  EXPECT_EQ(run(history().revert(ben, asset_.id, what)).reverted, 0) << "nothing is left of it";
  expect_sound();
}

TEST_P(HistoryTest, a_model_run_is_reverted_in_all_of_a_project) {
  const auto job = fresh<JobId>();
  const auto kept = box(1);
  const auto first = asset_;
  write_from(document::Source::model, job, {kept, box(2)});
  write_as(colleague(), {set(target(kept), "score", 0.9)});
  asset_ = upload_png(*tenant_, project_.id, "b.png");
  write_from(document::Source::model, job, {box(3)});
  write_as(*tenant_, {box(4)});
  world_->queue.add_kind(history().revert_kind());
  world_->queue.start();
  RevertProject what;
  what.run = job;
  const auto id = run(history().revert_project(*tenant_, project_.id, what));
  EXPECT_EQ(wait_for(*tenant_, id).state, jobs::State::succeeded);
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), 1U);
  expect_sound();
  asset_ = first;
  ASSERT_EQ(annotations_of(*tenant_, asset_.id).size(), 1U);
  EXPECT_EQ(now(target(kept)).score, 0.9);
  expect_sound();
  what.run = fresh<JobId>();
  EXPECT_EQ(slug_of(history().revert_project(*tenant_, project_.id, what)), "invalid_revert");
  what.run.reset();
  what.user_id = tenant_->user();
  what.from_time = world_->clock.now();
  const auto own = run(history().revert_project(*tenant_, project_.id, what));
  EXPECT_EQ(wait_for(*tenant_, own).state, jobs::State::succeeded);
  Revert of;
  of.run = job;
  EXPECT_EQ(run(history().revert(*tenant_, asset_.id, of)).reverted, 0);
}

TEST_P(HistoryTest, who_did_what_is_told) {
  const auto put = box(1);
  const auto ben = colleague();
  const auto job = fresh<JobId>();
  write_from(document::Source::model, job, {put});
  world_->clock.advance(std::chrono::seconds(5));
  write_as(ben, {set(target(put), "score", 0.5)});
  const auto blame = run(history().blame(*tenant_, asset_.id));
  ASSERT_EQ(blame.size(), 1U);
  EXPECT_EQ(blame[0].created_by, tenant_->user());
  EXPECT_EQ(blame[0].changed_by, ben.user());
  EXPECT_EQ(blame[0].changes, 2);
  EXPECT_EQ(blame[0].run, job);
  EXPECT_EQ(blame[0].changed_at - blame[0].created_at, std::chrono::seconds(5));
  const auto all = run(history().list(*tenant_, asset_.id, std::nullopt, 10));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].author, ben.user());
  EXPECT_EQ(all[1].run, job);
  EXPECT_EQ(run(history().list(*tenant_, asset_.id, 2, 10)).size(), 1U);
  EXPECT_EQ(slug_of(history().list(register_person("eve"), asset_.id, {}, 10)), "not_found");
}

// Random histories of three people on shared objects. Undoing all of one leaves, wherever nobody
// else wrote, what the others' operations alone make.
TEST_P(HistoryTest, undoing_all_of_one_leaves_the_work_of_the_others) {
  const std::vector<std::string> fields = {"score", "track_id", "group", "attributes.mood"};
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    std::mt19937 random(seed);
    asset_ = upload_png(*tenant_, project_.id, std::to_string(seed) + ".png", 64,
                        static_cast<int>(48 + seed));
    const std::vector<Tenant> people = {*tenant_, colleague(), colleague()};
    std::vector<AnnotationId> shared;
    for (int i = 0; i < 3; ++i) {
      const auto put = box(i);
      write_as(people[1], {put});
      shared.push_back(target(put));
    }
    std::map<std::pair<AnnotationId, std::string>, std::set<std::size_t>> writers;
    for (int i = 0; i < 60; ++i) {
      const std::size_t who = random() % people.size();
      if (who == 0 && random() % 4 == 0) {
        if (random() % 2 == 0) {
          slug_of(history().redo(people[0], asset_.id, {}));
        } else {
          undo_error(people[0]);
        }
        continue;
      }
      const auto id = shared[random() % shared.size()];
      const auto& field = fields[random() % fields.size()];
      const json::Value value =
          field == "score" ? json::Value((random() % 100) / 100.0) : json::Value(std::to_string(i));
      std::vector<Operation> operations = {set(id, field, value)};
      if (who == 0 && random() % 3 == 0) operations.push_back(box(i % 40));
      write_as(people[who], std::move(operations));
      writers[{id, field}].insert(who);
    }
    while (undo_error(people[0]).empty()) {
    }
    EXPECT_EQ(last_error_->slug(), "nothing_to_undo");
    document::Document others;
    auto log = run(history().list(*tenant_, asset_.id, std::nullopt, 1000));
    std::reverse(log.begin(), log.end());
    for (const auto& stored : log) {
      if (stored.author != people[0].user()) others.apply(stored.operation);
    }
    const document::Document present(snapshot());
    EXPECT_EQ(present.items().size(), others.items().size());
    for (const auto& id : shared) {
      for (const auto& field : fields) {
        const auto& wrote = writers[{id, field}];
        if (wrote.contains(0) && wrote.size() > 1) continue;
        EXPECT_EQ(document::field_value(*present.find(id), field),
                  document::field_value(*others.find(id), field))
            << field << " seed " << seed;
      }
    }
    expect_sound();
  }
}

}  // namespace
}  // namespace aa::annotation
