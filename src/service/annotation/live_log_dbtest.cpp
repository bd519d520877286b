#include <mutex>

#include "service/testing/annotation_fixture.hpp"

namespace aa::annotation {
namespace {

using document::Delete;
using document::Operation;
using document::Put;
using fixture::submission;

using Room = std::unique_ptr<LiveDocument>;

class LiveLogTest : public fixture::LogTest {
 protected:
  LiveLog& log() { return world_->annotations.live_log(); }
  Room open() { return run(log().open(tenant_->organization(), asset_.id)); }
  Appended append(Room& room, std::vector<Submission> submissions) {
    return run(log().append(*room, std::move(submissions)));
  }
  Verdict send(Room& room, std::int64_t base, std::vector<Operation> operations) {
    auto appended = append(room, {submission(*tenant_, base, std::move(operations))});
    return std::move(appended.verdicts.at(0));
  }
  std::string write_error(std::int64_t base, std::vector<Operation> operations) {
    Batch batch{base, std::move(operations)};
    return slug_of(world_->annotations.apply(*tenant_, asset_.id, std::move(batch)));
  }
  void expect_sound_with(const Room& room) {
    expect_sound();
    EXPECT_EQ(json::write(room->document().snapshot()), json::write(snapshot()));
    EXPECT_EQ(room->revision(), head());
  }
};
AA_ON_BOTH_ENGINES(LiveLogTest);

TEST_P(LiveLogTest, what_is_appended_is_in_the_log_and_in_memory) {
  auto room = open();
  EXPECT_EQ(room->revision(), 0);
  const auto put = box(1);
  const auto verdict = send(room, 0, {put, box(2)});
  EXPECT_EQ(verdict.revision, 2);
  ASSERT_EQ(verdict.stored.size(), 2U);
  EXPECT_TRUE(verdict.dropped.empty());
  const auto text = json::parse(verdict.stored[0].json()).as_object();
  EXPECT_EQ(text.at("id").as_string(), put.id.str());
  EXPECT_EQ(text.at("revision").as_int64(), 1);
  EXPECT_EQ(text.at("created_by").as_string(), tenant_->user().str());
  EXPECT_EQ(text.at("source").as_string(), "manual");
  send(room, 2, {set(target(put), "score", 0.5), operation(Delete{target(put)}), box(3)});
  expect_sound_with(room);
  expect_sound_with(open());
  const auto since = run(log().since(tenant_->organization(), asset_.id, 1, 2));
  ASSERT_EQ(since.size(), 2U);
  EXPECT_EQ(since[0].revision, 2);
  EXPECT_EQ(since[0].json(), verdict.stored[1].json());
}

TEST_P(LiveLogTest, what_others_wrote_comes_first_and_is_told) {
  auto room = open();
  const auto put = box(1);
  write(0, {put});
  EXPECT_EQ(run(log().catch_up(*room)).size(), 1U);
  write(1, {box(2)});
  const auto appended = append(room, {submission(*tenant_, 1, {box(3)})});
  ASSERT_EQ(appended.foreign.size(), 1U);
  EXPECT_EQ(appended.foreign[0].revision, 2);
  EXPECT_EQ(appended.verdicts[0].revision, 3);
  expect_sound_with(room);
}

TEST_P(LiveLogTest, the_same_again_gives_the_same_answer_and_no_effect) {
  auto room = open();
  const std::vector<Operation> batch = {box(1), box(2)};
  const auto once = send(room, 0, batch);
  send(room, 2, {set(target(batch[0]), "score", 0.5)});
  const auto expect_same = [&](const Verdict& again) {
    ASSERT_EQ(again.stored.size(), 2U);
    EXPECT_EQ(again.stored[0].json(), once.stored[0].json());
    EXPECT_EQ(again.stored[1].json(), once.stored[1].json());
    EXPECT_TRUE(again.dropped.empty());
    EXPECT_EQ(head(), 3);
  };
  expect_same(send(room, 0, batch));
  expect_same(send(room, 3, batch));
  auto elsewhere = open();
  expect_same(send(elsewhere, 0, batch));
  // A clock that goes ahead: the id looks younger than the room.
  world_->clock.advance(std::chrono::hours(-1));
  auto early = open();
  expect_same(send(early, 3, batch));
  world_->clock.advance(std::chrono::hours(1));
  const auto both = append(
      room, {submission(*tenant_, 3, {batch[0]}), submission(*tenant_, 3, {batch[0], box(9)})});
  EXPECT_EQ(both.verdicts[1].stored.size(), 2U);
  expect_sound_with(room);
}

// What a server stored before it died is sent again to one that has not heard of it yet.
TEST_P(LiveLogTest, the_same_again_brings_a_room_that_is_behind_up_to_date) {
  auto room = open();
  auto behind = open();
  const auto put = box(1);
  send(room, 0, {put, box(2)});
  const auto again = append(behind, {submission(*tenant_, 0, {put})});
  ASSERT_EQ(again.foreign.size(), 2U) << "told as what others wrote, before the answer";
  ASSERT_EQ(again.verdicts.at(0).stored.size(), 1U);
  EXPECT_EQ(again.verdicts[0].revision, 2);
  EXPECT_TRUE(run(log().catch_up(*behind)).empty()) << "and not a second time";
  expect_sound_with(behind);
}

TEST_P(LiveLogTest, one_falls_and_the_others_stand) {
  auto room = open();
  const auto put = box(1);
  send(room, 0, {put, box(2)});
  send(room, 2, {operation(Delete{target(put)})});
  auto unlabelled = box(4);
  std::get<Put>(unlabelled.change).annotation.label_id = fresh<LabelId>();
  const auto late = set(target(put), "score", 0.5);
  const auto verdict = send(room, 2, {box(3), late, unlabelled});
  EXPECT_EQ(verdict.stored.size(), 1U);
  ASSERT_EQ(verdict.dropped.size(), 2U);
  EXPECT_EQ(verdict.dropped[0].id, late.id);
  EXPECT_EQ(verdict.dropped[0].code, "target_gone");
  EXPECT_EQ(verdict.dropped[1].code, "invalid_operation");
  EXPECT_NE(verdict.dropped[1].detail.find("label_id"), std::string::npos);
  EXPECT_EQ(verdict.revision, 4);
  expect_sound_with(room);
  auto again = late;
  again.id = fresh<OperationId>();
  EXPECT_EQ(send(room, 4, {again}).revision, 4) << "nothing to store";
}

TEST_P(LiveLogTest, what_cannot_be_read_is_refused_alone) {
  auto room = open();
  const auto twice = box(1);
  auto random_id = box(2);
  random_id.id.uuid.bytes[6] = 0x40;
  const auto appended =
      append(room, {submission(*tenant_, 0, {twice, twice}), submission(*tenant_, 0, {random_id}),
                    submission(*tenant_, 7, {box(3)}), submission(*tenant_, 0, {box(4)})});
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(appended.verdicts[i].refusal) << i;
    EXPECT_EQ(appended.verdicts[i].refusal->slug(), "invalid_operation");
    EXPECT_TRUE(appended.verdicts[i].stored.empty());
  }
  EXPECT_FALSE(appended.verdicts[3].refusal);
  EXPECT_EQ(head(), 1);
  expect_sound_with(room);
}

TEST_P(LiveLogTest, taken_ids_fall_whoever_has_them) {
  const auto put = box(1);
  write(0, {put});
  const auto other = upload_png(*tenant_, project_.id, "b.png");
  const auto eve = register_person("eve");
  const auto hers = make_project(eve);
  const auto her_asset = upload_png(eve, hers.id);
  const auto foreign = box_operation(hers.labels[0].id);
  apply(eve, her_asset.id, 0, {foreign});
  asset_ = other;
  auto room = open();
  auto copy = operation(put.change);
  auto stolen = operation(foreign.change);
  std::get<Put>(stolen.change).annotation.label_id = label_;
  const auto appended =
      append(room, {submission(*tenant_, 0, {copy, stolen}), submission(*tenant_, 0, {box(2)})});
  ASSERT_EQ(appended.verdicts[0].dropped.size(), 2U);
  EXPECT_EQ(appended.verdicts[0].dropped[0].code, "id_taken");
  EXPECT_EQ(appended.verdicts[0].dropped[1].code, "id_taken");
  EXPECT_EQ(appended.verdicts[1].stored.size(), 1U);
  expect_sound_with(room);
}

TEST_P(LiveLogTest, a_new_label_can_be_used_at_once) {
  auto room = open();
  send(room, 0, {box(1)});
  const auto bird = run(world_->projects.ensure_label(*tenant_, project_.id, "bird"));
  auto put = box(2);
  std::get<Put>(put.change).annotation.label_id = bird.id;
  EXPECT_EQ(send(room, 1, {put}).stored.size(), 1U);
}

TEST_P(LiveLogTest, a_deleted_asset_is_gone_from_rooms_too) {
  auto room = open();
  run(world_->assets.remove(*tenant_, asset_.id));
  EXPECT_EQ(slug_of(log().append(*room, {submission(*tenant_, 0, {box(1)})})), "not_found");
  EXPECT_EQ(slug_of(log().open(tenant_->organization(), asset_.id)), "not_found");
}

json::Value box_value(double x, double y, double width, double height) {
  return json::Object{{"type", "box"}, {"x", x}, {"y", y}, {"width", width}, {"height", height}};
}

TEST_P(LiveLogTest, R5_two_who_drag_different_edges_both_win) {
  auto room = open();
  const auto put = box(10, 10);  // 10 x 8
  send(room, 0, {put});
  const auto seen = box_value(10, 10, 10, 8);
  const auto left = set(target(put), "shape", box_value(5, 10, 15, 8), seen);
  const auto right = set(target(put), "shape", box_value(10, 10, 20, 8), seen);
  send(room, 1, {left});
  const auto verdict = send(room, 1, {right});
  ASSERT_EQ(verdict.stored.size(), 1U);
  EXPECT_NE(verdict.stored[0].operation.change, right.change) << "told as it was applied";
  const auto& merged = std::get<document::Box>(room->document().find(target(put))->shape);
  EXPECT_EQ(merged.x, 5);
  EXPECT_EQ(merged.width, 25);
  // The same over HTTP, where the whole without `prev` is still refused.
  const auto outcome =
      write(1, {set(target(put), "shape", box_value(10, 10, 10, 30), box_value(10, 10, 10, 8))});
  EXPECT_TRUE(outcome.rejected.empty());
  const auto blind = write(1, {set(target(put), "shape", box_value(1, 1, 2, 2))});
  EXPECT_EQ(blind.rejected.at(0).code, "changed_meanwhile");
  run(log().catch_up(*room));
  const auto& now = std::get<document::Box>(room->document().find(target(put))->shape);
  EXPECT_EQ(now.x, 5);
  EXPECT_EQ(now.width, 25);
  EXPECT_EQ(now.height, 30);
  expect_sound_with(room);
}

TEST_P(LiveLogTest, R2_what_falls_away_names_the_rule) {
  auto room = open();
  const auto put = box(1);
  send(room, 0, {put});
  const auto appended =
      append(room, {submission(*tenant_, 1, {operation(Delete{target(put)})}),
                    submission(*tenant_, 1, {set(target(put), "score", 0.5), box(2)})});
  ASSERT_EQ(appended.verdicts[1].dropped.size(), 1U);
  EXPECT_EQ(appended.verdicts[1].dropped[0].code, "target_gone");
  EXPECT_EQ(appended.verdicts[1].dropped[0].rule, "R2");
  EXPECT_EQ(appended.verdicts[1].stored.size(), 1U);
  expect_sound_with(room);
}

// A client that was away for longer than memory reaches is merged by what the database has.
TEST_P(LiveLogTest, what_was_made_long_ago_is_merged_all_the_same) {
  auto room = open();
  const auto put = box(10, 10);
  send(room, 0, {put});
  send(room, 1, {set(target(put), "shape", box_value(5, 10, 15, 8), box_value(10, 10, 10, 8))});
  for (int i = 0; i < 300; ++i) send(room, 2 + i, {box(i % 50)});
  const auto right = set(target(put), "shape", box_value(10, 10, 20, 8), box_value(10, 10, 10, 8));
  EXPECT_EQ(send(room, 1, {right}).stored.size(), 1U);
  const auto& merged = std::get<document::Box>(room->document().find(target(put))->shape);
  EXPECT_EQ(merged.x, 5);
  EXPECT_EQ(merged.width, 25);
  EXPECT_EQ(send(room, 1, {put}).stored.size(), 1U) << "it is remembered";
  EXPECT_EQ(room->revision(), 303);
  expect_sound_with(room);
}

TEST_P(LiveLogTest, nobody_makes_the_server_merge_for_minutes) {
  auto room = open();
  const auto put = box(1);
  send(room, 0, {put});
  std::vector<Operation> many;
  for (int i = 0; i < 1'001; ++i) many.push_back(set(target(put), "score", i / 2000.0));
  write(1, many);
  for (auto& one : many) one.id = fresh<OperationId>();
  EXPECT_EQ(write_error(1, many), "too_far_behind");
  const auto verdict = send(room, 1, many);
  ASSERT_TRUE(verdict.refusal);
  EXPECT_EQ(verdict.refusal->slug(), "too_far_behind");
  EXPECT_EQ(head(), 1'002);
}

// Rooms in several processes and HTTP, all at once on one asset.
Task<std::vector<OperationId>> write_in_room(LiveLog& log, LiveDocument& room,
                                             std::vector<Submission> all) {
  std::vector<OperationId> acknowledged;
  for (auto& one : all) {
    one.base_revision = room.revision();
    std::vector<Submission> batch;
    batch.push_back(std::move(one));
    const auto appended = co_await log.append(room, std::move(batch));
    for (const auto& stored : appended.verdicts[0].stored) {
      acknowledged.push_back(stored.operation.id);
    }
  }
  co_return acknowledged;
}

TEST_P(LiveLogTest, rooms_and_http_at_once_lose_nothing) {
  const auto shared = box(1);
  write(0, {shared});
  std::vector<Room> rooms;
  std::vector<std::future<std::vector<OperationId>>> writing;
  for (int i = 0; i < 3; ++i) rooms.push_back(open());
  for (auto& room : rooms) {
    std::vector<Submission> all;
    for (int i = 0; i < 15; ++i) {
      all.push_back(submission(*tenant_, 0, {box(i), set(target(shared), "score", i / 100.0)}));
    }
    writing.push_back(spawn(write_in_room(log(), *room, std::move(all))));
  }
  std::vector<std::future<Outcome>> http;
  for (int i = 0; i < 15; ++i) {
    Batch batch{1, {box(i), set(target(shared), "track_id", json::Value(std::to_string(i)))}};
    http.push_back(spawn(world_->annotations.apply(*tenant_, asset_.id, std::move(batch))));
  }
  std::set<OperationId> acknowledged;
  for (auto& one : writing) {
    for (const auto& id : one.get()) EXPECT_TRUE(acknowledged.insert(id).second);
  }
  for (auto& one : http) EXPECT_TRUE(one.get().rejected.empty());
  EXPECT_EQ(acknowledged.size(), 90U);
  EXPECT_EQ(head(), 1 + 90 + 30);
  const auto stored = run(log().since(tenant_->organization(), asset_.id, 0, 1000));
  for (const auto& one : stored) acknowledged.erase(one.operation.id);
  EXPECT_TRUE(acknowledged.empty());
  for (auto& room : rooms) {
    run(log().catch_up(*room));
    expect_sound_with(room);
  }
}

class Heard final : public LogListener {
 public:
  void log_grew(OrganizationId, AssetId asset, std::int64_t revision) override {
    const std::lock_guard lock(mutex_);
    news_.emplace_back(asset, revision);
  }
  std::vector<std::pair<AssetId, std::int64_t>> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::pair<AssetId, std::int64_t>> news_;
};

TEST_P(LiveLogTest, every_commit_is_told_and_nothing_else) {
  using News = std::vector<std::pair<AssetId, std::int64_t>>;
  Heard heard;
  world_->annotations.set_listener(&heard);
  const auto put = box(1);
  write(0, {put, box(2)});
  EXPECT_EQ(heard.take(), (News{{asset_.id, 2}}));
  write(2, {box(3), operation(Delete{fresh<AnnotationId>()})});
  EXPECT_EQ(heard.take(), News{}) << "refused whole";
  auto room = open();
  send(room, 2, {box(4)});
  EXPECT_EQ(heard.take(), (News{{asset_.id, 3}}));
  run(world_->annotations.remove(*tenant_, target(put), std::nullopt));
  EXPECT_EQ(heard.take(), (News{{asset_.id, 4}}));
  world_->annotations.set_listener(nullptr);
}

}  // namespace
}  // namespace aa::annotation
