#include <thread>

#include <gtest/gtest.h>

#include "core/runtime/executors.hpp"
#include "driver/bus/memory_bus.hpp"
#include "service/collab/collab_fixture.hpp"
#include "service/collab/memory_log.hpp"
#include "service/collab/rooms.hpp"

namespace aa::collab {
namespace {

using std::chrono::milliseconds;

// Each Side is an instance; both have one bus and one log.
struct RoomTest : testing::Test {
  struct Side {
    std::shared_ptr<RoomContext> context;
    std::unique_ptr<Rooms> rooms;
  };

  void SetUp() override {
    here = make_side("here");
    there = make_side("there");
  }
  void TearDown() override { executors.stop(); }

  Side make_side(const std::string& name) {
    Side out;
    out.context = std::shared_ptr<RoomContext>(
        new RoomContext{.io = executors.io(),
                        .log = log,
                        .bus = *bus,
                        .clock = clock,
                        .metrics = metrics,
                        .instance = name,
                        .several = true,
                        .limits = {.members_max = 4, .linger = milliseconds(50)},
                        .counters = {}});
    out.rooms = std::make_unique<Rooms>(out.context, 3);
    return out;
  }

  Someone enter(Side& side, tenancy::Role role = tenancy::Role::annotator) {
    auto someone = make_member(ids, role);
    const auto room = side.rooms->expect({}, asset);
    room->enter(someone.member);
    return someone;
  }
  // Welcomed, with what it was told.
  std::pair<Someone, json::Object> join(Side& side,
                                        std::optional<std::int64_t> revision = std::nullopt,
                                        tenancy::Role role = tenancy::Role::annotator) {
    auto someone = enter(side, role);
    side.rooms->find(asset)->hello(someone.member, revision);
    auto welcome = object(someone.link->next("welcome"));
    return {std::move(someone), std::move(welcome)};
  }
  static json::Object object(const std::string& text) {
    return text.empty() ? json::Object{} : json::parse(text).as_object();
  }

  document::Operation put() {
    document::Annotation annotation;
    annotation.id = ids.next_as<AnnotationId>();
    annotation.label_id = ids.next_as<LabelId>();
    annotation.asset_id = asset;
    return {ids.next_as<OperationId>(), document::Put{std::move(annotation)}};
  }
  void submit(Side& side, const Someone& someone, std::int64_t n,
              std::vector<document::Operation> operations) {
    side.rooms->find(asset)->submit(someone.member, {"ops", n, 0, std::move(operations)});
  }
  bool wait_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 4'000 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(5));
    return condition();
  }

  ManualClock clock;
  IdSource ids{clock, 1};
  observe::Metrics metrics;
  runtime::Executors executors{{.io_threads = 2, .compute_threads = 1, .blocking_threads = 1}};
  std::unique_ptr<bus::Bus> bus = bus::make_memory_bus(executors.io());
  MemoryLog log;
  AssetId asset = ids.next_as<AssetId>();
  Side here;
  Side there;
};

TEST_F(RoomTest, AChangeIsAnsweredAndToldToTheOthers) {
  const auto [ann, welcome] = join(here);
  const auto [bob, other] = join(here);
  EXPECT_EQ(welcome.at("revision").as_int64(), 0);
  EXPECT_TRUE(welcome.at("snapshot").at("items").as_array().empty());
  const auto operation = put();
  submit(here, ann, 1, {operation});
  const auto ack = object(ann.link->next("\"ack\""));
  EXPECT_EQ(ack.at("n").as_int64(), 1);
  EXPECT_EQ(ack.at("revision").as_int64(), 1);
  EXPECT_EQ(ack.at("stored").as_array().at(0).as_object().size(), 2U) << "as it was sent";
  const auto told = object(bob.link->next("\"ops\""));
  EXPECT_EQ(told.at("operations").at(0).at("id").as_string(), operation.id.str());
  for (const auto& text : ann.link->sent()) EXPECT_EQ(text.find("\"ops\""), std::string::npos);
}

TEST_F(RoomTest, TheSameBatchAgainIsAnsweredAndNotToldAgain) {
  const auto [ann, welcome] = join(here);
  const auto [bob, other] = join(here);
  const auto operation = put();
  submit(here, ann, 1, {operation});
  ann.link->next("\"ack\"");
  bob.link->next("\"ops\"");
  submit(here, ann, 2, {operation});
  EXPECT_EQ(object(ann.link->next("\"ack\"")).at("stored").at(0).at("revision").as_int64(), 1);
  submit(here, ann, 3, {put()});
  EXPECT_EQ(object(bob.link->next("\"ops\"")).at("revision").as_int64(), 2);
}

TEST_F(RoomTest, WhatComesDuringAnAppendGoesIntoTheNextTogether) {
  const auto [ann, welcome] = join(here);
  const auto [bob, other] = join(here);
  log.hold();
  submit(here, ann, 1, {put()});
  ASSERT_TRUE(wait_until([&] { return log.rounds().size() == 1; }));
  for (int n = 2; n < 5; ++n) submit(here, ann, n, {put()});
  submit(here, bob, 1, {put()});
  log.release();
  for (int n = 1; n < 5; ++n) EXPECT_EQ(object(ann.link->next("\"ack\"")).at("n").as_int64(), n);
  bob.link->next("\"ack\"");
  EXPECT_EQ(log.rounds(), (std::vector<std::size_t>{1, 4}));
}

TEST_F(RoomTest, OneWhoReturnsIsToldWhatWasMissed) {
  for (int i = 0; i < 3; ++i) log.write(put());
  EXPECT_EQ(join(here, 1).second.at("operations").as_array().size(), 2U);
  EXPECT_TRUE(join(here, 3).second.at("operations").as_array().empty());
  EXPECT_EQ(join(here, 9).second.at("snapshot").at("revision").as_int64(), 3);
  for (int i = 0; i < 600; ++i) log.write(put());
  here.rooms->log_grew({}, asset, 603);
  EXPECT_TRUE(wait_until([&] { return here.rooms->find(asset)->revision() == 603; }));
  EXPECT_TRUE(join(here, 1).second.contains("snapshot")) << "too many to send one by one";
}

TEST_F(RoomTest, WhatOthersWriteComesInOnceItIsKnown) {
  const auto [ann, welcome] = join(here);
  log.write(put());
  here.rooms->log_grew({}, asset, log.write(put()));
  EXPECT_EQ(object(ann.link->next("\"ops\"")).at("operations").as_array().size(), 2U);
}

TEST_F(RoomTest, OneWhoKnowsMoreThanTheRoomBringsItUpToDate) {
  const auto [ann, welcome] = join(here);
  log.write(put());  // of another instance, whose news were lost
  const auto [bob, newer] = join(here, 1);
  EXPECT_EQ(newer.at("revision").as_int64(), 1);
  EXPECT_FALSE(newer.contains("snapshot"));
  EXPECT_EQ(object(ann.link->next("\"ops\"")).at("revision").as_int64(), 1);
}

TEST_F(RoomTest, InstancesTellEachOtherOfChangesPeopleAndLocks) {
  const auto [ann, welcome] = join(here);
  const auto [bob, other] = join(there);
  EXPECT_NE(ann.link->next(bob.member->session.str()), "");
  const bool known = json::write(other).find(ann.member->session.str()) != std::string::npos;
  EXPECT_TRUE(known || bob.link->next(ann.member->session.str()) != "");
  there.rooms->log_grew({}, asset, log.write(put()));
  EXPECT_NE(ann.link->next("\"ops\""), "");
  EXPECT_NE(bob.link->next("\"ops\""), "");
  const auto target = ids.next_as<AnnotationId>();
  here.rooms->find(asset)->lock(ann.member, target, true);
  EXPECT_NE(bob.link->next(target.str()), "");
  here.rooms->find(asset)->leave(ann.member);
  EXPECT_NE(bob.link->next("\"left\":[\"" + ann.member->session.str()), "");
  EXPECT_NE(bob.link->next("\"locks\":[]"), "");
}

TEST_F(RoomTest, ADatabaseThatFailsRefusesAndIsTriedAgain) {
  const auto [ann, welcome] = join(here);
  log.fail_with(unavailable("database_away", "Away."));
  submit(here, ann, 1, {put()});
  const auto error = object(ann.link->next("\"error\""));
  EXPECT_EQ(error.at("code").as_string(), "unavailable");
  EXPECT_EQ(error.at("n").as_int64(), 1);
  EXPECT_GT(error.at("retry_ms").as_int64(), 0);
  log.write(put());
  log.fail_with(std::nullopt);
  EXPECT_NE(ann.link->next("\"ops\""), "") << "what was missed meanwhile";
  submit(here, ann, 2, {put()});
  EXPECT_EQ(object(ann.link->next("\"ack\"")).at("revision").as_int64(), 2);
}

TEST_F(RoomTest, AnAssetThatIsGoneClosesTheRoom) {
  const auto [ann, welcome] = join(here);
  log.fail_with(not_found("asset"));
  submit(here, ann, 1, {put()});
  EXPECT_EQ(ann.link->wait_for_close(), Close::gone);
}

TEST_F(RoomTest, WhoMayOnlyLookIsRefused) {
  const auto [eve, welcome] = join(here, std::nullopt, tenancy::Role::viewer);
  EXPECT_FALSE(welcome.at("can_write").as_bool());
  submit(here, eve, 1, {put()});
  EXPECT_NE(eve.link->next("permission_denied"), "");
  EXPECT_EQ(log.revision(), 0);
}

TEST_F(RoomTest, PresenceIsLeftOutForTheSlowAndMadeUpLater) {
  const auto [ann, welcome] = join(here);
  const auto [bob, other] = join(here);
  ann.link->next(bob.member->session.str());
  ann.link->set_busy(true);
  Presence shown;
  shown.tool = "brush";
  here.rooms->find(asset)->show(bob.member, shown);
  ASSERT_TRUE(wait_until([&] { return here.context->counters.presence_dropped > 0; }));
  ann.link->set_busy(false);
  EXPECT_NE(ann.link->next("brush"), "");
}

TEST_F(RoomTest, ARoomHasAnEndAndALimit) {
  std::vector<Someone> people;
  for (int i = 0; i < 4; ++i) people.push_back(join(here).first);
  EXPECT_EQ(enter(here).link->wait_for_close(), Close::limit);
  for (int i = 0; i < 2; ++i) here.rooms->expect({}, ids.next_as<AssetId>());
  EXPECT_THROW(here.rooms->expect({}, ids.next_as<AssetId>()), Error);
  for (const auto& someone : people) here.rooms->find(asset)->leave(someone.member);
  EXPECT_TRUE(wait_until([&] { return here.rooms->find(asset) == nullptr; }));
  EXPECT_EQ(join(here).second.at("revision").as_int64(), 0);
}

TEST_F(RoomTest, DrainingAnswersWhatIsUnderWayFirst) {
  const auto [ann, welcome] = join(here);
  log.hold();
  submit(here, ann, 1, {put()});
  ASSERT_TRUE(wait_until([&] { return log.rounds().size() == 1; }));
  submit(here, ann, 2, {put()});
  std::thread release([&] {
    std::this_thread::sleep_for(milliseconds(100));
    log.release();
  });
  runtime::block_on(executors, here.rooms->drain(std::chrono::seconds(20)));
  release.join();
  EXPECT_EQ(ann.link->wait_for_close(), Close::going_away);
  EXPECT_NE(ann.link->next("\"ack\",\"n\":1"), "");
  EXPECT_NE(ann.link->next("\"n\":2"), "");
  EXPECT_EQ(enter(here).link->wait_for_close(), Close::going_away);
}

}  // namespace
}  // namespace aa::collab
