// What webhooks are made of, as the API shows it.
//
// Thread rule: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"

namespace aa::webhooks {

struct WebhookTag;
struct DeliveryTag;
using WebhookId = Id<WebhookTag>;
using DeliveryId = Id<DeliveryTag>;

inline constexpr std::size_t kUrlBytes = 2'000;
inline constexpr std::size_t kEventsMax = 50;

struct Webhook {
  WebhookId id;
  std::string name;
  std::string url;
  std::vector<std::string> events;
  bool active = true;
  std::int64_t failures = 0;  // attempts that failed since the last that did not
  std::optional<Timestamp> disabled_at;
  std::optional<std::string> disabled_reason;
  UserId created_by;
  Timestamp created_at;
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(Webhook, (),
                      (id, name, url, events, active, failures, disabled_at, disabled_reason,
                       created_by, created_at, revision))

// With the secret that is shown this once.
struct MadeWebhook {
  Webhook webhook;
  std::string secret;
};
BOOST_DESCRIBE_STRUCT(MadeWebhook, (), (webhook, secret))

struct NewWebhook {
  std::string name;
  std::string url;
  std::vector<std::string> events;
};
BOOST_DESCRIBE_STRUCT(NewWebhook, (), (name, url, events))
constexpr auto field_rules(const NewWebhook*) {
  return std::array{
      json::Field{.name = "name", .min_length = 1, .max_length = 200},
      json::Field{.name = "url", .min_length = 1, .max_length = kUrlBytes, .format = "uri"},
      json::Field{.name = "events", .min_items = 1, .max_items = kEventsMax}};
}

struct WebhookChange {
  std::optional<std::string> name;
  std::optional<std::string> url;
  std::optional<std::vector<std::string>> events;
  std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(WebhookChange, (), (name, url, events, active))
constexpr auto field_rules(const WebhookChange*) {
  return std::array{
      json::Field{.name = "name", .min_length = 1, .max_length = 200},
      json::Field{.name = "url", .min_length = 1, .max_length = kUrlBytes, .format = "uri"},
      json::Field{.name = "events", .min_items = 1, .max_items = kEventsMax}};
}

enum class DeliveryState { queued, delivered, failed };
BOOST_DESCRIBE_ENUM(DeliveryState, queued, delivered, failed)

struct Delivery {
  DeliveryId id;
  WebhookId webhook_id;
  std::string event;
  DeliveryState state = DeliveryState::queued;
  std::int64_t tries = 0;
  Timestamp run_after;
  Timestamp created_at;
  std::optional<Timestamp> finished_at;
};
BOOST_DESCRIBE_STRUCT(Delivery, (),
                      (id, webhook_id, event, state, tries, run_after, created_at, finished_at))

struct Attempt {
  std::int64_t number = 0;
  Timestamp at;
  std::int64_t took_ms = 0;
  std::optional<std::int64_t> status;
  std::optional<std::string> problem;
  std::string answer;  // its beginning
};
BOOST_DESCRIBE_STRUCT(Attempt, (), (number, at, took_ms, status, problem, answer))

// A delivery with what was sent and what came of it, the latest attempt first.
struct DeliveryLog {
  Delivery delivery;
  json::Object body;
  std::vector<Attempt> attempts;
};
BOOST_DESCRIBE_STRUCT(DeliveryLog, (), (delivery, body, attempts))

}  // namespace aa::webhooks
