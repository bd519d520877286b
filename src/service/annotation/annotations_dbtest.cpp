#include "driver/db/bulk.hpp"
#include "kernel/document/document.hpp"
#include "kernel/document/random_document.hpp"
#include "service/annotation/annotations.hpp"
#include "service/annotation/statements.hpp"
#include "service/testing/annotation_fixture.hpp"

namespace aa::annotation {
namespace {

using document::Change;
using document::Delete;
using document::Operation;
using document::Put;
using document::SetField;

const bool kCensus = fixture::require_statements(sql::kAll);

class AnnotationsTest : public fixture::LogTest {
 protected:
  std::string write_error(std::int64_t base, std::vector<Operation> operations) {
    Batch batch{base, std::move(operations)};
    return slug_of(world_->annotations.apply(*tenant_, asset_.id, std::move(batch)));
  }
};
AA_ON_BOTH_ENGINES(AnnotationsTest);

// What PostgreSQL's planner takes a table for: -1 for one that it has never looked at.
TEST_P(AnnotationsTest, the_planner_hears_of_what_came_in_bulk) {
  const bool postgres = GetParam() == db::Engine::postgres;
  const auto planned = [&] {
    const auto rows = run(world_->database->query(
        db::Scope::system(),
        {"test.planned", "SELECT 3 AS rows",
         "SELECT CAST(reltuples AS BIGINT) AS rows FROM pg_class WHERE relname = 'annotations'"}));
    return rows.one().get<std::int64_t>("rows");
  };
  write(0, {box(1), box(2), box(3)});
  run(world_->annotations.took_in(db::kBulkRows - 1));
  EXPECT_EQ(planned(), postgres ? -1 : 3);
  run(world_->annotations.took_in(db::kBulkRows));
  EXPECT_EQ(planned(), 3);
}

TEST_P(AnnotationsTest, operations_raise_the_revision_one_by_one) {
  const auto outcome = write(0, {box(1), box(2), box(3)});
  EXPECT_EQ(outcome.revision, 3);
  ASSERT_EQ(outcome.applied.size(), 3U);
  for (std::int64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(outcome.applied[static_cast<std::size_t>(i)].at("revision").as_int64(), i + 1);
  }
  EXPECT_EQ(head(), 3);
  EXPECT_EQ(run(world_->assets.get(*tenant_, asset_.id)).annotation_count, 3);
  EXPECT_EQ(run(world_->projects.get(*tenant_, project_.id)).counts.annotations, 3);
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), 3U);
}

TEST_P(AnnotationsTest, an_annotation_tells_its_project_to_its_own_organization_only) {
  const auto put = box(1);
  write(0, {put});
  auto& service = world_->annotations;
  EXPECT_EQ(run(service.project_for(tenant_->organization(), target(put))), project_.id);
  const auto other = register_person("eve").organization();
  EXPECT_EQ(slug_of(service.project_for(other, target(put))), "not_found");
}

TEST_P(AnnotationsTest, the_same_batch_again_gives_the_same_answer_and_no_effect) {
  const std::vector<Operation> batch = {box(1), box(2)};
  const auto once = write(0, batch);
  write(2, {operation(SetField{target(batch[0]), "score", 0.5, {}})});
  const auto again = write(0, batch);
  EXPECT_EQ(json::write(again), json::write(once));
  EXPECT_TRUE(again.rejected.empty());
  EXPECT_EQ(head(), 3);
  EXPECT_EQ(run(world_->annotations.get(*tenant_, target(batch[0]))).score, 0.5);
}

TEST_P(AnnotationsTest, a_batch_that_was_half_applied_elsewhere_is_refused_whole) {
  const auto first = box(1);
  const auto second = box(2);
  write(0, {first});
  const auto outcome = write(1, {first, second});
  ASSERT_EQ(outcome.rejected.size(), 1U);
  EXPECT_EQ(outcome.rejected[0].code, "already_applied");
  EXPECT_EQ(outcome.rejected[0].id, first.id);
  EXPECT_TRUE(outcome.applied.empty());
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), 1U);
}

TEST_P(AnnotationsTest, a_base_revision_of_the_future_is_refused) {
  EXPECT_EQ(write_error(7, {box()}), "invalid_operation");
  EXPECT_EQ(pointer(), "/base_revision");
  EXPECT_EQ(head(), 0);
}

TEST_P(AnnotationsTest, replacing_what_changed_meanwhile_is_refused_and_small_changes_merge) {
  const auto put = box();
  const auto id = target(put);
  write(0, {put});
  write(1, {operation(SetField{id,
                               "shape",
                               json::parse(R"({"type":"box","x":9,"y":9,
      "width":5,"height":5})"),
                               {}})});
  const json::Value late_shape = json::parse(R"({"type":"box","x":1,"y":1,"width":2,"height":2})");
  auto outcome = write(1, {operation(SetField{id, "shape", late_shape, {}})});
  ASSERT_EQ(outcome.rejected.size(), 1U);
  EXPECT_EQ(outcome.rejected[0].code, "changed_meanwhile");
  EXPECT_EQ(outcome.revision, 2);
  outcome = write(
      1, {fixture::put_operation(fresh<OperationId>(), fixture::box_annotation(id, label_, 0, 0))});
  EXPECT_EQ(outcome.rejected.at(0).code, "changed_meanwhile");
  outcome = write(1, {operation(SetField{id, "score", 0.25, {}})});
  EXPECT_TRUE(outcome.rejected.empty());
  outcome = write(2, {operation(SetField{id, "shape", late_shape, {}})});
  EXPECT_EQ(outcome.rejected.at(0).code, "changed_meanwhile") << "the score came after revision 2";
  const auto now = run(world_->annotations.get(*tenant_, id));
  EXPECT_EQ(std::get<document::Box>(now.shape).x, 9);
  EXPECT_EQ(now.score, 0.25);
}

TEST_P(AnnotationsTest, a_batch_may_change_its_own_object_twice) {
  const auto put = box();
  const auto id = target(put);
  const auto again =
      fixture::put_operation(fresh<OperationId>(), fixture::box_annotation(id, label_, 7, 7));
  EXPECT_TRUE(write(0, {put, again}).rejected.empty());
  EXPECT_EQ(std::get<document::Box>(run(world_->annotations.get(*tenant_, id)).shape).x, 7);
}

TEST_P(AnnotationsTest, what_is_gone_cannot_be_changed_and_the_batch_has_no_effect) {
  const auto put = box();
  write(0, {put});
  write(1, {operation(Delete{target(put)})});
  const auto outcome = write(1, {box(30), operation(SetField{target(put), "score", 0.5, {}})});
  ASSERT_EQ(outcome.rejected.size(), 1U);
  EXPECT_EQ(outcome.rejected[0].code, "target_gone");
  EXPECT_TRUE(outcome.applied.empty());
  EXPECT_EQ(outcome.revision, 2);
  EXPECT_TRUE(annotations_of(*tenant_, asset_.id).empty());
  EXPECT_EQ(run(world_->assets.get(*tenant_, asset_.id)).annotation_count, 0);
}

TEST_P(AnnotationsTest, bad_operations_are_refused_with_pointers) {
  auto unlabelled = box();
  std::get<Put>(unlabelled.change).annotation.label_id = fresh<LabelId>();
  EXPECT_EQ(write_error(0, {box(), unlabelled}), "invalid_operation");
  EXPECT_EQ(pointer(), "/operations/1/annotation/label_id");
  const auto twice = box();
  EXPECT_EQ(write_error(0, {twice, twice}), "invalid_operation");
  EXPECT_EQ(pointer(), "/operations/1/id");
  auto random_id = box();
  random_id.id.uuid.bytes[6] = 0x40;
  EXPECT_EQ(write_error(0, {random_id}), "invalid_operation");
  EXPECT_EQ(pointer(), "/operations/0/id");
  EXPECT_EQ(head(), 0);
  EXPECT_TRUE(annotations_of(*tenant_, asset_.id).empty());
}

TEST_P(AnnotationsTest, what_labels_of_today_forbid_is_refused_when_an_operation_brings_it) {
  const auto put = box();
  const auto id = target(put);
  write(0, {put, set(id, "attributes.mood", "green")});
  document::LabelAttribute mood;
  mood.name = "mood";
  mood.kind = document::AttributeKind::select;
  mood.options = {"red", "blue"};
  document::LabelAttribute seen;
  seen.name = "seen";
  seen.kind = document::AttributeKind::number;
  seen.max = 9;
  const projects::LabelInput label{.id = label_, .name = "cat", .attributes = {{mood, seen}}};
  run(world_->projects.patch(*tenant_, project_.id, {.labels = {{label}}}, {}));

  EXPECT_EQ(write_error(2, {set(id, "attributes.mood", "yellow")}), "invalid_operation")
      << "another wrong value is a problem of its own";
  EXPECT_EQ(write_error(2, {set(id, "attributes.seen", 10)}), "invalid_operation");
  EXPECT_EQ(pointer(), "/operations/0/annotation/attributes/seen");
  EXPECT_EQ(write_error(2, {set(id, "score", 0.5), set(id, "attributes.seen", 10)}),
            "invalid_operation");
  EXPECT_EQ(pointer(), "/operations/1/annotation/attributes/seen");
  EXPECT_EQ(head(), 2);

  EXPECT_TRUE(write(2, {set(id, "score", 0.5), set(id, "attributes.seen", 3)}).rejected.empty());
  EXPECT_EQ(snapshot().items.at(0).attributes, (json::Object{{"mood", "green"}, {"seen", 3}}));
  EXPECT_TRUE(write(4, {set(id, "attributes.mood", "blue")}).rejected.empty());
  EXPECT_EQ(write_error(5, {set(id, "attributes.mood", "green")}), "invalid_operation")
      << "it fits now, and may not be made unfit again";
  expect_sound();
}

TEST_P(AnnotationsTest, an_id_of_another_asset_or_another_tenant_is_taken) {
  const auto put = box();
  write(0, {put});
  const auto other = upload_png(*tenant_, project_.id, "b.png");
  auto copy = put;
  copy.id = fresh<OperationId>();
  const auto outcome = apply(*tenant_, other.id, 0, {copy});
  ASSERT_EQ(outcome.rejected.size(), 1U);
  EXPECT_EQ(outcome.rejected[0].code, "id_taken");

  const auto eve = register_person("eve");
  const auto hers = make_project(eve);
  const auto her_asset = upload_png(eve, hers.id);
  copy.id = fresh<OperationId>();
  std::get<Put>(copy.change).annotation.label_id = hers.labels[0].id;
  Batch batch{0, {copy}};
  EXPECT_EQ(slug_of(world_->annotations.apply(eve, her_asset.id, std::move(batch))), "id_taken");
  EXPECT_TRUE(annotations_of(eve, her_asset.id).empty());
  EXPECT_EQ(run(world_->assets.get(eve, her_asset.id)).revision, 0);
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), 1U);
}

TEST_P(AnnotationsTest, another_tenant_sees_nothing) {
  const auto put = box();
  write(0, {put});
  const auto eve = register_person("eve");
  auto& service = world_->annotations;
  EXPECT_EQ(slug_of(service.snapshot(eve, asset_.id)), "not_found");
  EXPECT_EQ(slug_of(service.get(eve, target(put))), "not_found");
  EXPECT_EQ(slug_of(service.history(eve, target(put))), "not_found");
  EXPECT_EQ(slug_of(service.remove(eve, target(put), std::nullopt)), "not_found");
  Batch batch{0, {box()}};
  EXPECT_EQ(slug_of(service.apply(eve, asset_.id, std::move(batch))), "not_found");
  const auto viewer = with_role(*tenant_, tenancy::Role::viewer);
  Batch again{0, {box()}};
  EXPECT_EQ(slug_of(service.apply(viewer, asset_.id, std::move(again))), "permission_denied");
  EXPECT_EQ(slug_of(service.snapshot(viewer, asset_.id)), "");
}

TEST_P(AnnotationsTest, fifty_writers_lose_nothing_and_leave_no_gap) {
  constexpr int kWriters = 50;
  std::vector<std::future<Outcome>> futures;
  for (int i = 0; i < kWriters; ++i) {
    Batch batch{0, {box(i % 40, i % 30)}};
    futures.push_back(spawn(world_->annotations.apply(*tenant_, asset_.id, std::move(batch))));
  }
  std::set<std::int64_t> revisions;
  for (auto& future : futures) {
    const auto outcome = future.get();
    EXPECT_TRUE(outcome.rejected.empty());
    revisions.insert(outcome.revision);
  }
  EXPECT_EQ(revisions.size(), static_cast<std::size_t>(kWriters));
  EXPECT_EQ(*revisions.begin(), 1);
  EXPECT_EQ(*revisions.rbegin(), kWriters);
  EXPECT_EQ(annotations_of(*tenant_, asset_.id).size(), static_cast<std::size_t>(kWriters));
  EXPECT_EQ(run(world_->assets.get(*tenant_, asset_.id)).annotation_count, kWriters);
  EXPECT_EQ(first_bad(), std::nullopt);
}

TEST_P(AnnotationsTest, the_same_batch_at_once_is_applied_once) {
  const Batch batch{0, {box(1), box(2)}};
  std::vector<std::future<Outcome>> futures;
  for (int i = 0; i < 10; ++i) {
    futures.push_back(spawn(world_->annotations.apply(*tenant_, asset_.id, batch)));
  }
  std::set<std::string> answers;
  for (auto& future : futures) answers.insert(json::write(future.get()));
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(head(), 2);
}

TEST_P(AnnotationsTest, verifying_while_others_write_raises_no_alarm) {
  std::vector<std::future<Outcome>> futures;
  for (int i = 0; i < 30; ++i) {
    Batch batch{0, {box(i)}};
    futures.push_back(spawn(world_->annotations.apply(*tenant_, asset_.id, std::move(batch))));
    EXPECT_EQ(first_bad(), std::nullopt);
  }
  for (auto& future : futures) future.get();
  EXPECT_EQ(first_bad(), std::nullopt);
}

TEST_P(AnnotationsTest, tampering_with_the_log_is_found) {
  write(0, {box(1), box(2), box(3)});
  EXPECT_EQ(first_bad(), std::nullopt);
  const auto kept =
      bare("select body from operations where asset_id = $1 and revision = 2", db::args(asset_.id))
          .one()
          .get<std::string>("body");
  bare(
      "update operations set body = replace(body, '\"x\":2', '\"x\":9') "
      "where asset_id = $1 and revision = 2",
      db::args(asset_.id));
  EXPECT_EQ(first_bad(), 2);
  bare("update operations set body = $2 where asset_id = $1 and revision = 2",
       db::args(asset_.id, kept));
  EXPECT_EQ(first_bad(), std::nullopt);
  bare("update operations set created_at = created_at + 1 where asset_id = $1 and revision = 1",
       db::args(asset_.id));
  EXPECT_EQ(first_bad(), 1);
  bare("update operations set created_at = created_at - 1 where asset_id = $1 and revision = 1",
       db::args(asset_.id));
  bare("delete from operations where asset_id = $1 and revision = 3", db::args(asset_.id));
  EXPECT_EQ(first_bad(), 3) << "a cut-off end";
}

TEST_P(AnnotationsTest, the_head_of_the_log_enters_the_audit_chain_once_a_minute) {
  const auto anchors = [&] {
    std::vector<std::int64_t> out;
    for (const auto& entry : run(world_->trail.list(tenant_->organization(), {}, 100))) {
      if (entry.action == "annotation.anchor") {
        out.push_back(entry.detail.at("revision").as_int64());
      }
    }
    return out;
  };
  write(0, {box(1)});
  write(1, {box(2)});
  EXPECT_EQ(anchors(), (std::vector<std::int64_t>{1}));
  world_->clock.advance(std::chrono::minutes(1));
  write(2, {box(3)});
  write(3, {box(4)});
  EXPECT_EQ(anchors(), (std::vector<std::int64_t>{3, 1}));
  EXPECT_EQ(run(world_->trail.verify(tenant_->organization())).first_bad, std::nullopt);
}

TEST_P(AnnotationsTest, history_tells_every_change_oldest_first) {
  const auto put = box();
  const auto id = target(put);
  write(0, {put, box(30)});
  world_->clock.advance(std::chrono::seconds(5));
  write(2, {operation(SetField{id, "score", 0.5, json::Value(nullptr)})});
  write(3, {operation(Delete{id})});
  const auto history = run(world_->annotations.history(*tenant_, id));
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[0].operation.at("op").as_string(), "put");
  EXPECT_EQ(history[1].revision, 3);
  EXPECT_EQ(history[1].operation.at("field").as_string(), "score");
  EXPECT_EQ(history[2].operation.at("op").as_string(), "del");
  EXPECT_EQ(history[2].actor_id, tenant_->user());
  EXPECT_EQ(history[1].created_at - history[0].created_at, std::chrono::seconds(5));
}

TEST_P(AnnotationsTest, single_changes_are_operations_too) {
  auto& service = world_->annotations;
  NewAnnotation input;
  input.asset_id = asset_.id;
  input.label_id = label_;
  input.shape = document::Box{1, 2, 3, 4, std::nullopt};
  const auto made = run(service.create(*tenant_, project_.id, input));
  EXPECT_EQ(made.revision, 1);
  EXPECT_EQ(made.created_by, tenant_->user());
  PatchAnnotation change;
  change.label_id = project_.labels[1].id;
  change.attributes = json::Object{{"mood", "calm"}};
  const auto changed = run(service.patch(*tenant_, made.id, change, 1));
  EXPECT_EQ(changed.label_id, project_.labels[1].id);
  EXPECT_EQ(changed.attributes.at("mood").as_string(), "calm");
  EXPECT_EQ(changed.revision, 3);
  EXPECT_EQ(slug_of(service.patch(*tenant_, made.id, change, 1)), "revision_differs");
  EXPECT_EQ(slug_of(service.remove(*tenant_, made.id, 1)), "revision_differs");
  run(service.remove(*tenant_, made.id, 3));
  EXPECT_EQ(slug_of(service.get(*tenant_, made.id)), "not_found");
  EXPECT_EQ(head(), 4);
  const auto elsewhere = make_project(*tenant_);
  EXPECT_EQ(slug_of(service.create(*tenant_, elsewhere.id, input)), "not_found");
}

TEST_P(AnnotationsTest, what_was_stored_comes_back_to_the_last_bit) {
  auto put = box();
  auto& annotation = std::get<Put>(put.change).annotation;
  annotation.shape = document::Box{0.1 + 0.2, 1.0 / 3, 17.000000000000004, 1e-9, -0.0};
  annotation.attributes["mood"] = "Grüße 猫";
  write(0, {put});
  const auto stored = run(world_->annotations.get(*tenant_, annotation.id));
  EXPECT_EQ(stored.shape, annotation.shape);
  EXPECT_EQ(stored.attributes, annotation.attributes);
}

// What random annotations carry.
constexpr std::string_view kAttributes =
    R"([{"name":"color","kind":"text"},{"name":"count","kind":"number"},
        {"name":"open","kind":"checkbox"},{"name":"red","kind":"text"},
        {"name":"left","kind":"text"},{"name":"whole","kind":"number"},
        {"name":"empty","kind":"text"}])";

// A random history, as a client would send it: the service must agree with the kernel about every
// operation, and in the end about every annotation.
TEST_P(AnnotationsTest, random_histories_fold_as_in_the_kernel) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    document::RandomDocument random(seed);
    asset_ = upload_one(
        *tenant_, project_.id, "r.png",
        fixture::png_file(document::kRandomWidth, document::kRandomHeight, static_cast<int>(seed)));
    const auto before = bare("select count(*) as n from labels").one().get<int>("n");
    for (const auto& label : random.labels()) {
      bare(
          "insert into labels (id, organization_id, project_id, name, color, kind, attributes,"
          " rank, created_at) values ($1, $2, $3, $4, '#112233', 'any', $5, $6, 0)",
          db::args(label, tenant_->organization(), project_.id, label.str(), kAttributes, before));
    }
    document::Document model;
    int accepted = 0;
    for (int step = 0; step < 120; ++step) {
      auto operation = random.operation(model);
      if (auto* put = std::get_if<Put>(&operation.change)) put->annotation.asset_id = asset_.id;
      auto next = model;
      const auto expected = next.apply(operation);
      Outcome outcome;
      try {
        outcome = write(model.revision(), {operation});
      } catch (const Error& error) {
        // Labels and sizes are the service's to check, not the document's.
        ASSERT_EQ(error.slug(), "invalid_operation") << error.what();
        continue;
      }
      ASSERT_EQ(outcome.rejected.empty(), expected.ok)
          << document::write_operation(operation) << expected.code;
      if (!expected.ok) {
        ASSERT_EQ(outcome.rejected[0].code, expected.code);
        continue;
      }
      model = std::move(next);
      ++accepted;
      ASSERT_EQ(outcome.revision, model.revision());
    }
    EXPECT_GT(accepted, 50);
    auto stored = snapshot();
    EXPECT_EQ(stored.revision, model.revision());
    EXPECT_EQ(run(world_->assets.get(*tenant_, asset_.id)).annotation_count,
              static_cast<std::int64_t>(stored.items.size()));
    for (auto& item : stored.items) item.created_by.reset();
    auto wanted = model.snapshot();
    for (auto& item : wanted.items) item.created_by.reset();
    EXPECT_EQ(json::write(stored), json::write(wanted));
    EXPECT_EQ(first_bad(), std::nullopt);
    const auto fold = folded_log();
    EXPECT_EQ(fold.revision(), stored.revision);
    EXPECT_TRUE(fold.same_content(document::Document(snapshot())));
  }
}

}  // namespace
}  // namespace aa::annotation
