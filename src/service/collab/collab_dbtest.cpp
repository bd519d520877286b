#include <gtest/gtest.h>

#include "driver/bus/memory_bus.hpp"
#include "service/annotation/heads.hpp"
#include "service/collab/collab.hpp"
#include "service/collab/collab_fixture.hpp"
#include "service/collab/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::collab {
namespace {

const bool kCensus = fixture::require_statements(sql::kAll);

struct CollabTest : fixture::ServiceTest {
  void SetUp() override {
    ServiceTest::SetUp();
    if (IsSkipped()) return;
    bus = bus::make_memory_bus(world_->executors.io());
    collab = make_collab();
  }
  void TearDown() override {
    if (world_) world_->executors.stop();
    collab.reset();
    bus.reset();
    ServiceTest::TearDown();
  }
  std::unique_ptr<Collab> make_collab() {
    auto& w = *world_;
    CollabSettings settings;
    settings.ticket_key = Secret("a key of thirty-two characters..");
    settings.connections_per_user = 2;
    return std::make_unique<Collab>(
        CollabParts{*w.database, w.identity, w.projects, w.assets, w.annotations.live_log(),
                    w.comments, *bus, w.clock, w.ids, w.executors.io(), w.metrics},
        settings);
  }
  // A person with a session of its own, and an image.
  std::pair<tenancy::Tenant, AssetId> scene(const std::string& name = "ada") {
    const auto login = register_login(name).login;
    const auto principal = run(world_->identity.authenticate_bearer(login.access_token));
    const tenancy::Tenant tenant(principal, "127.0.0.1", "r");
    return {tenant, upload_png(tenant, make_project(tenant).id).id};
  }
  std::string ticket(const tenancy::Tenant& tenant, AssetId asset) {
    return run(collab->issue(tenant, asset)).ticket;
  }
  Admission admit(const std::string& text) { return run(collab->admit(text, "127.0.0.1", "r")); }
  std::pair<Collab::Seat, std::shared_ptr<KeptLink>> sit(const tenancy::Tenant& tenant,
                                                         AssetId asset) {
    auto link = std::make_shared<KeptLink>();
    const auto admission = admit(ticket(tenant, asset));
    auto seat = collab->enter(admission, link);
    seat.room->hello(seat.member, std::nullopt);
    EXPECT_NE(link->next("welcome"), "");
    return {std::move(seat), std::move(link)};
  }

  std::unique_ptr<bus::Bus> bus;
  std::unique_ptr<Collab> collab;
};

TEST_P(CollabTest, ATicketIsForOnePersonAssetAndUse) {
  const auto [tenant, asset] = scene();
  const auto text = ticket(tenant, asset);
  const auto admission = admit(text);
  EXPECT_EQ(admission.asset, asset);
  EXPECT_EQ(admission.person.id, tenant.user());
  EXPECT_EQ(admission.person.name, "ada");
  EXPECT_EQ(slug_of(collab->admit(text, "", "")), "ticket_used");
  EXPECT_EQ(slug_of(make_collab()->admit(text, "", "")), "ticket_used") << "another instance";
}

TEST_P(CollabTest, WhatWasChangedOrIsOldIsNoTicket) {
  const auto [tenant, asset] = scene();
  const auto text = ticket(tenant, asset);
  for (const auto& bad : {std::string(), std::string("."), text + "A", "A" + text,
                          text.substr(0, text.find('.')), std::string(5'000, 'a')}) {
    EXPECT_EQ(slug_of(collab->admit(bad, "", "")), "invalid_ticket");
  }
  world_->clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(slug_of(collab->admit(text, "", "")), "ticket_expired");
}

TEST_P(CollabTest, NoTicketForWhatIsNotTheirs) {
  const auto [ada, asset] = scene();
  const auto [bob, other] = scene("bob");
  EXPECT_EQ(slug_of(collab->issue(bob, asset)), "not_found");
  run(world_->assets.remove(ada, asset));
  EXPECT_EQ(slug_of(collab->issue(ada, asset)), "not_found");
}

TEST_P(CollabTest, ASessionThatEndedTakesNoTicket) {
  const auto [tenant, asset] = scene();
  const auto text = ticket(tenant, asset);
  run(world_->identity.logout(tenant));
  EXPECT_EQ(slug_of(collab->admit(text, "", "")), "session_ended");
}

TEST_P(CollabTest, ConnectionsOfOnePersonAreCounted) {
  const auto [tenant, asset] = scene();
  auto first = std::make_unique<Admission>(admit(ticket(tenant, asset)));
  const auto second = admit(ticket(tenant, asset));
  EXPECT_EQ(slug_of(collab->admit(ticket(tenant, asset), "", "")), "too_many_connections");
  first.reset();
  admit(ticket(tenant, asset));
}

TEST_P(CollabTest, ALogoutEndsTheConnectionsOfThatSessionAlone) {
  const auto [tenant, asset] = scene();
  const auto [bob, other] = scene("bob");
  const auto [seat, link] = sit(tenant, asset);
  const auto [bobs_seat, bobs_link] = sit(bob, other);
  run(collab->watch().look_at_revocations());
  EXPECT_FALSE(link->closed());
  run(world_->identity.logout(tenant));
  run(collab->watch().look_at_revocations());
  EXPECT_EQ(link->closed(), Close::signed_out);
  EXPECT_FALSE(bobs_link->closed());
}

TEST_P(CollabTest, RolesAreLookedAtAgain) {
  const auto [tenant, asset] = scene();
  const auto [seat, link] = sit(tenant, asset);
  EXPECT_TRUE(seat.member->may_write);
  bare("UPDATE memberships SET role = 'viewer'");
  run(collab->watch().look_at_sessions({tenant.principal().session}));
  EXPECT_FALSE(seat.member->may_write);
  EXPECT_FALSE(link->closed());
  const auto now = world_->clock.now().micros;
  bare("UPDATE users SET disabled_at = " + std::to_string(now));
  run(collab->watch().look_at_sessions({tenant.principal().session}));
  EXPECT_EQ(link->closed(), Close::signed_out);
}

TEST_P(CollabTest, GoneAssetsAndGrownLogsAreFoundByLooking) {
  const auto [tenant, asset] = scene();
  const auto project = run(world_->assets.get(tenant, asset)).project_id;
  const auto gone = upload_png(tenant, project, "b.png").id;
  const auto [seat, link] = sit(tenant, asset);
  const auto [gone_seat, gone_link] = sit(tenant, gone);
  const auto label = run(world_->projects.get(tenant, project)).labels[0].id;
  apply(tenant, asset, 0, {box_operation(label)});
  run(world_->assets.remove(tenant, gone));
  run(collab->watch().look_at_heads());
  EXPECT_NE(link->next("\"ops\""), "");
  EXPECT_EQ(gone_link->wait_for_close(), Close::gone);
  EXPECT_FALSE(link->closed());
}

TEST_P(CollabTest, AUsedSessionIsTouched) {
  const auto [tenant, asset] = scene();
  const auto [seat, link] = sit(tenant, asset);
  seat.member->used = true;
  world_->clock.advance(std::chrono::hours(11));
  run(collab->watch().look_at_sessions({tenant.principal().session}));
  world_->clock.advance(std::chrono::hours(11));
  run(collab->watch().look_at_sessions({tenant.principal().session}));
  EXPECT_FALSE(link->closed());
  world_->clock.advance(std::chrono::hours(2));
  run(collab->watch().look_at_sessions({tenant.principal().session}));
  EXPECT_EQ(link->closed(), Close::signed_out) << "nothing was done for twelve hours";
}

TEST_P(CollabTest, OldTicketsAndRevocationsAreForgotten) {
  const auto [tenant, asset] = scene();
  admit(ticket(tenant, asset));
  run(world_->identity.logout(tenant));
  world_->clock.advance(std::chrono::hours(2));
  run(collab->watch().prune());
  EXPECT_EQ(bare("SELECT id FROM used_tickets").size(), 0U);
  EXPECT_EQ(bare("SELECT id FROM revocations").size(), 0U);
}

AA_ON_BOTH_ENGINES(CollabTest);

}  // namespace
}  // namespace aa::collab
