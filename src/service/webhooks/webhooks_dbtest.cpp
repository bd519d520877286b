#include "base/hash.hpp"
#include "driver/blob/file_store.hpp"
#include "driver/http/test_support/test_server.hpp"
#include "service/testing/service_fixture.hpp"
#include "service/webhooks/courier.hpp"
#include "service/webhooks/signature.hpp"
#include "service/webhooks/statements.hpp"

namespace aa::webhooks {
namespace {

using namespace std::chrono_literals;

const bool kCensus = fixture::require_statements(sql::kAll);

class WebhooksTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    folder_ = std::filesystem::temp_directory_path() / ("hooks_" + world_->ids.next().str());
    std::filesystem::create_directories(folder_);
    const WebhookParts parts{
        *world_->database, world_->trail, outbound_,        blob::open_key_ring({folder_, {}}),
        world_->clock,     world_->ids,   world_->executors};
    hooks_ = std::make_unique<Webhooks>(parts);
    CourierSettings settings;
    settings.first_pause = 10s;
    settings.failures_max = 4;
    settings.tries_max = 3;
    settings.timeout = 2s;
    courier_ = std::make_unique<Courier>(parts, world_->metrics, settings);
    world_->trail.set_listener(hooks_.get());
    tenant_.emplace(register_person());
  }
  void TearDown() override {
    if (world_) world_->trail.set_listener(nullptr);
    courier_.reset();
    hooks_.reset();
    ServiceTest::TearDown();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  std::string url(const std::string& path = "/echo") const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + path;
  }
  MadeWebhook make(std::vector<std::string> events, const std::string& path = "/echo") {
    NewWebhook input{"Ours", url(path), std::move(events)};
    return run(hooks_->create(*tenant_, std::move(input)));
  }
  bool send() { return run(courier_->send_one()); }
  std::vector<Delivery> deliveries(WebhookId id) {
    return run(hooks_->deliveries(*tenant_, id, std::nullopt, 100));
  }
  Webhook get(WebhookId id) { return run(hooks_->get(*tenant_, id)); }
  std::string last_action() {
    return run(world_->trail.list(tenant_->organization(), std::nullopt, 1)).at(0).action;
  }

  http::test::TestServer server_;
  http::Outbound outbound_{{.allow = {"127.0.0.1"}}};
  std::filesystem::path folder_;
  std::unique_ptr<Webhooks> hooks_;
  std::unique_ptr<Courier> courier_;
  std::optional<tenancy::Tenant> tenant_;
};
AA_ON_BOTH_ENGINES(WebhooksTest);

TEST_P(WebhooksTest, what_is_asked_for_is_delivered_and_nothing_else) {
  const auto made = make({"project.*"});
  EXPECT_TRUE(made.secret.starts_with("whsec_"));
  EXPECT_FALSE(send()) << "its own creation was not asked for";
  const auto project = make_project(*tenant_);
  ASSERT_TRUE(send());
  EXPECT_FALSE(send());
  const auto list = deliveries(made.webhook.id);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].event, "project.create");
  EXPECT_EQ(list[0].state, DeliveryState::delivered);
  const auto log = run(hooks_->delivery(*tenant_, list[0].id));
  EXPECT_EQ(log.body.at("object").at("id").as_string(), project.id.str());
  EXPECT_EQ(log.body.at("id").as_string(), list[0].id.str());
  ASSERT_EQ(log.attempts.size(), 1U);
  EXPECT_EQ(log.attempts[0].status, 200);
  EXPECT_EQ(log.attempts[0].answer, json::write(log.body)) << "the server echoes what it got";
}

TEST_P(WebhooksTest, an_entry_that_is_undone_is_not_told) {
  const auto made = make({"*"});
  const auto undone = [](fixture::World& world, audit::Actor actor) -> Task<> {
    auto transaction = co_await world.database->begin(db::Scope::tenant(actor.organization));
    audit::Entry entry("thing.make", "thing", "1");
    co_await world.trail.append(*transaction, std::move(actor), std::move(entry));
  };
  run(undone(*world_, tenant_->actor()));
  const auto list = deliveries(made.webhook.id);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].event, "webhook.create") << "the one that wants everything hears of itself";
}

TEST_P(WebhooksTest, the_secret_is_stored_sealed_and_never_shown_again) {
  const auto made = make({"*"});
  const auto stored = bare("select secret from webhooks").one().get<std::string>("secret");
  EXPECT_EQ(from_base64url(stored)->find(made.secret), std::string::npos);
  EXPECT_EQ(json::write(get(made.webhook.id)).find("whsec_"), std::string::npos);
  const auto fresh = run(hooks_->renew_secret(*tenant_, made.webhook.id));
  EXPECT_NE(fresh.secret, made.secret);
  EXPECT_EQ(last_action(), "webhook.renew_secret");
}

TEST_P(WebhooksTest, failures_are_tried_again_with_longer_pauses_and_then_left) {
  const auto made = make({"project.create"}, "/throw");
  make_project(*tenant_);
  ASSERT_TRUE(send());
  EXPECT_FALSE(send()) << "not at once";
  auto one = deliveries(made.webhook.id).at(0);
  EXPECT_EQ(one.state, DeliveryState::queued);
  EXPECT_GE(one.run_after - world_->clock.now(), 10s);
  EXPECT_LE(one.run_after - world_->clock.now(), 15s);
  world_->clock.advance(15s);
  ASSERT_TRUE(send());
  one = deliveries(made.webhook.id).at(0);
  EXPECT_GE(one.run_after - world_->clock.now(), 40s);
  EXPECT_LE(one.run_after - world_->clock.now(), 60s);
  world_->clock.advance(60s);
  ASSERT_TRUE(send());
  EXPECT_EQ(deliveries(made.webhook.id).at(0).state, DeliveryState::failed);
  world_->clock.advance(24h);
  EXPECT_FALSE(send());
  const auto log = run(hooks_->delivery(*tenant_, one.id));
  ASSERT_EQ(log.attempts.size(), 3U);
  EXPECT_EQ(log.attempts[0].number, 3);
  EXPECT_EQ(log.attempts[0].status, 500);
  EXPECT_EQ(log.attempts[0].problem, "status");
  EXPECT_EQ(get(made.webhook.id).failures, 3);
}

TEST_P(WebhooksTest, a_webhook_that_keeps_failing_is_switched_off_and_can_be_switched_on) {
  const auto made = make({"project.create"}, "/throw");
  const auto id = made.webhook.id;
  for (int i = 0; i < 4; ++i) {
    make_project(*tenant_, {"cat"}, projects::ProjectType::detection, "P" + std::to_string(i));
    ASSERT_TRUE(send());
  }
  EXPECT_FALSE(get(id).active);
  EXPECT_EQ(get(id).disabled_reason, "failures");
  EXPECT_EQ(last_action(), "webhook.disable");
  for (const auto& one : deliveries(id)) EXPECT_EQ(one.state, DeliveryState::failed);
  make_project(*tenant_, {"cat"}, projects::ProjectType::detection, "unheard");
  EXPECT_EQ(deliveries(id).size(), 4U);
  EXPECT_EQ(slug_of(hooks_->ping(*tenant_, id)), "webhook_disabled");
  EXPECT_EQ(slug_of(hooks_->redeliver(*tenant_, deliveries(id)[0].id)), "webhook_disabled");
  WebhookChange change;
  change.active = true;
  change.url = url();
  run(hooks_->change(*tenant_, id, std::move(change), std::nullopt));
  EXPECT_TRUE(get(id).active);
  EXPECT_EQ(run(hooks_->ping(*tenant_, id)).event, "ping");
  ASSERT_TRUE(send());
  EXPECT_EQ(deliveries(id)[0].state, DeliveryState::delivered);
  run(hooks_->redeliver(*tenant_, deliveries(id)[1].id));
  EXPECT_EQ(slug_of(hooks_->redeliver(*tenant_, deliveries(id)[1].id)), "delivery_queued");
  ASSERT_TRUE(send());
  EXPECT_EQ(deliveries(id)[1].state, DeliveryState::delivered);
  EXPECT_EQ(get(id).failures, 0);
}

TEST_P(WebhooksTest, changes_are_checked_guarded_by_a_revision_and_recorded) {
  const auto made = make({"*"});
  const auto id = made.webhook.id;
  const auto change = [&](std::optional<std::int64_t> revision, auto set) {
    WebhookChange one;
    set(one);
    return slug_of(hooks_->change(*tenant_, id, std::move(one), revision));
  };
  EXPECT_EQ(change(1, [](auto& c) { c.name = "Theirs"; }), "");
  EXPECT_EQ(last_action(), "webhook.update");
  EXPECT_EQ(change(1, [](auto& c) { c.name = "late"; }), "revision_differs");
  EXPECT_EQ(change({}, [](auto& c) { c.events = std::vector<std::string>{"project."}; }),
            "invalid_events");
  EXPECT_EQ(change({}, [](auto& c) { c.url = "http://127.0.0.2/"; }), "outbound_refused");
  EXPECT_EQ(pointer(), "/url");
  EXPECT_EQ(get(id).name, "Theirs");
  run(hooks_->remove(*tenant_, id));
  EXPECT_EQ(last_action(), "webhook.delete");
  EXPECT_EQ(slug_of(hooks_->get(*tenant_, id)), "not_found");
  make_project(*tenant_);
  EXPECT_FALSE(send());
  EXPECT_TRUE(run(hooks_->list(*tenant_)).empty());
}

TEST_P(WebhooksTest, of_one_webhook_one_delivery_is_under_way_and_others_are_not_held_up) {
  make({"project.create"});
  make_project(*tenant_);
  make_project(*tenant_, {"cat"}, projects::ProjectType::detection, "second");
  const auto eve = register_person("eve");
  NewWebhook input{"Eve's", url(), {"project.create"}};
  run(hooks_->create(eve, std::move(input)));
  make_project(eve);
  // Somebody else sends the first one.
  bare(
      "update webhook_deliveries set lease_until = $1 where id = (select id from"
      " webhook_deliveries order by id limit 1)",
      db::args(world_->clock.now() + 1h));
  EXPECT_TRUE(send()) << "eve's";
  EXPECT_FALSE(send()) << "the second waits for the first";
  world_->clock.advance(2h);
  EXPECT_TRUE(send());
  EXPECT_TRUE(send());
}

TEST_P(WebhooksTest, nobody_else_finds_it_099) {
  const auto made = make({"*"});
  const auto delivery = deliveries(made.webhook.id).at(0);
  const auto eve = register_person("eve");
  const auto id = made.webhook.id;
  EXPECT_TRUE(run(hooks_->list(eve)).empty());
  EXPECT_EQ(slug_of(hooks_->get(eve, id)), "not_found");
  EXPECT_EQ(slug_of(hooks_->change(eve, id, WebhookChange{}, std::nullopt)), "not_found");
  EXPECT_EQ(slug_of(hooks_->ping(eve, id)), "not_found");
  EXPECT_EQ(slug_of(hooks_->renew_secret(eve, id)), "not_found");
  EXPECT_EQ(slug_of(hooks_->remove(eve, id)), "not_found");
  EXPECT_EQ(slug_of(hooks_->deliveries(eve, id, std::nullopt, 10)), "not_found");
  EXPECT_EQ(slug_of(hooks_->delivery(eve, delivery.id)), "not_found");
  EXPECT_EQ(slug_of(hooks_->redeliver(eve, delivery.id)), "not_found");
  const auto viewer = with_role(*tenant_, tenancy::Role::viewer);
  EXPECT_EQ(slug_of(hooks_->list(viewer)), "permission_denied");
}

TEST_P(WebhooksTest, the_courier_sends_by_itself) {
  hooks_->set_waker([this] { courier_->wake(); });
  courier_->start();
  const auto made = make({"webhook.create"});
  for (int i = 0; i < 500; ++i) {
    if (deliveries(made.webhook.id).at(0).state == DeliveryState::delivered) break;
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(deliveries(made.webhook.id).at(0).state, DeliveryState::delivered);
  courier_->stop();
}

}  // namespace
}  // namespace aa::webhooks
