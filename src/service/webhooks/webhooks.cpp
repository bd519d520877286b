#include "service/webhooks/webhooks.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "service/webhooks/event_pattern.hpp"
#include "service/webhooks/signature.hpp"
#include "service/webhooks/statements.hpp"

namespace aa::webhooks {
namespace {

using tenancy::Permission;

struct WebhookRow {
  WebhookId id;
  OrganizationId organization_id;
  std::string name;
  std::string url;
  std::string events;
  std::int64_t failures = 0;
  std::optional<Timestamp> disabled_at;
  std::optional<std::string> disabled_reason;
  UserId created_by;
  Timestamp created_at;
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(WebhookRow, (),
                      (id, organization_id, name, url, events, failures, disabled_at,
                       disabled_reason, created_by, created_at, revision))

using Patterns = std::vector<std::string>;

Webhook webhook_of(const WebhookRow& row) {
  Webhook out;
  out.id = row.id;
  out.name = row.name;
  out.url = row.url;
  out.events = json::read<Patterns>(json::parse(row.events));
  out.active = !row.disabled_at;
  out.failures = row.failures;
  out.disabled_at = row.disabled_at;
  out.disabled_reason = row.disabled_reason;
  out.created_by = row.created_by;
  out.created_at = row.created_at;
  out.revision = row.revision;
  return out;
}

void check_events(const Patterns& events) {
  std::vector<ErrorDetail> problems;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (is_pattern(events[i])) continue;
    problems.push_back({"/events/" + std::to_string(i),
                        "must be an action such as project.create, project.* or *"});
  }
  if (problems.empty()) return;
  const std::string first = problems[0].pointer + " " + problems[0].detail + ".";
  throw invalid("invalid_events", first, std::move(problems));
}

audit::Entry entry_of(std::string action, const Webhook& webhook) {
  audit::Entry out(std::move(action), "webhook", webhook.id.str());
  out.detail["name"] = webhook.name;
  return out;
}

}  // namespace

std::string secret_purpose(WebhookId id) { return "webhook_secret/" + id.str(); }

Webhooks::Webhooks(WebhookParts parts) : parts_(std::move(parts)), sealer_(parts_.keys) {}

Task<> Webhooks::check_url(std::string url) {
  auto check = [this, url] { parts_.outbound.check(url); };
  std::optional<Error> refusal;
  try {
    co_await runtime::run_on(parts_.executors.blocking(), check);
  } catch (const Error& error) {
    refusal = error;
  }
  if (!refusal) co_return;
  throw Error(refusal->code(), refusal->slug(), refusal->message(), {{"/url", "is not reached"}});
}

Task<std::string> Webhooks::sealed(OrganizationId organization, WebhookId id, Secret secret) {
  auto seal = [this, organization, id, secret] {
    return to_base64url(sealer_.seal(organization, secret_purpose(id), secret));
  };
  co_return co_await runtime::run_on(parts_.executors.blocking(), seal);
}

Task<std::vector<Webhook>> Webhooks::list(tenancy::Tenant tenant) {
  tenant.require(Permission::webhook_read);
  const auto rows = co_await parts_.database.query(tenant.scope(), sql::list_webhooks,
                                                   db::args(tenant.organization(), kWebhooksMax));
  std::vector<Webhook> out;
  for (const auto& row : rows.as<WebhookRow>()) out.push_back(webhook_of(row));
  co_return out;
}

Task<Webhook> Webhooks::get(tenancy::Tenant tenant, WebhookId id) {
  tenant.require(Permission::webhook_read);
  const auto rows = co_await parts_.database.query(tenant.scope(), sql::get_webhook,
                                                   db::args(id, tenant.organization()));
  const auto row = rows.first<WebhookRow>();
  if (!row) throw not_found("webhook");
  co_return webhook_of(*row);
}

Task<MadeWebhook> Webhooks::create(tenancy::Tenant tenant, NewWebhook input) {
  tenant.require(Permission::webhook_write);
  check_events(input.events);
  co_await check_url(input.url);
  const auto others = co_await list(tenant);
  if (others.size() >= kWebhooksMax) {
    throw Error(ErrorCode::out_of_space, "webhook_quota",
                "An organization has at most 20 webhooks. Delete one first.");
  }
  const auto id = parts_.ids.next_as<WebhookId>();
  const auto secret = new_secret();
  const auto kept = co_await sealed(tenant.organization(), id, secret);
  MadeWebhook made;
  made.secret = std::string(secret.reveal());
  made.webhook.id = id;
  made.webhook.name = std::move(input.name);
  made.webhook.url = std::move(input.url);
  made.webhook.events = std::move(input.events);
  made.webhook.created_by = tenant.user();
  made.webhook.created_at = parts_.clock.now();
  made.webhook.revision = 1;
  auto transaction = co_await parts_.database.begin(tenant.scope());
  co_await transaction->exec(
      sql::insert_webhook,
      db::args(id, tenant.organization(), made.webhook.name, made.webhook.url,
               json::write(made.webhook.events), kept, tenant.user(), made.webhook.created_at));
  co_await parts_.trail.add_watchers(*transaction, tenant.organization(), 1);
  co_await parts_.trail.append(*transaction, tenant.actor(),
                               entry_of("webhook.create", made.webhook));
  co_await transaction->commit();
  co_return made;
}

Task<Webhook> Webhooks::change(tenancy::Tenant tenant, WebhookId id, WebhookChange change,
                               std::optional<std::int64_t> if_revision) {
  tenant.require(Permission::webhook_write);
  if (change.events) check_events(*change.events);
  auto webhook = co_await get(tenant, id);
  if (if_revision && *if_revision != webhook.revision) {
    throw Error(ErrorCode::precondition_failed, "revision_differs",
                "The webhook was changed meanwhile. Load it again, then repeat the change.");
  }
  if (change.url && *change.url != webhook.url) co_await check_url(*change.url);
  webhook.name = change.name.value_or(webhook.name);
  webhook.url = change.url.value_or(webhook.url);
  webhook.events = change.events.value_or(webhook.events);
  const bool active = change.active.value_or(webhook.active);
  if (active != webhook.active) {
    webhook.active = active;
    webhook.failures = 0;
    webhook.disabled_at = active ? std::nullopt : std::optional(parts_.clock.now());
    webhook.disabled_reason = active ? std::nullopt : std::optional<std::string>("by_hand");
  }
  auto transaction = co_await parts_.database.begin(tenant.scope());
  const auto changed = co_await transaction->exec(
      sql::update_webhook,
      db::args(id, tenant.organization(), webhook.name, webhook.url, json::write(webhook.events),
               webhook.failures, webhook.disabled_at, webhook.disabled_reason, webhook.revision));
  if (changed.affected() == 0) {
    throw conflict("revision_differs", "The webhook was changed meanwhile. Try again.");
  }
  ++webhook.revision;
  co_await parts_.trail.append(*transaction, tenant.actor(), entry_of("webhook.update", webhook));
  co_await transaction->commit();
  co_return webhook;
}

Task<> Webhooks::remove(tenancy::Tenant tenant, WebhookId id) {
  tenant.require(Permission::webhook_write);
  const auto webhook = co_await get(tenant, id);
  auto transaction = co_await parts_.database.begin(tenant.scope());
  const auto gone =
      co_await transaction->exec(sql::delete_webhook, db::args(id, tenant.organization()));
  if (gone.affected() == 0) throw not_found("webhook");
  co_await parts_.trail.add_watchers(*transaction, tenant.organization(), -1);
  co_await parts_.trail.append(*transaction, tenant.actor(), entry_of("webhook.delete", webhook));
  co_await transaction->commit();
}

Task<MadeWebhook> Webhooks::renew_secret(tenancy::Tenant tenant, WebhookId id) {
  tenant.require(Permission::webhook_write);
  MadeWebhook made;
  made.webhook = co_await get(tenant, id);
  const auto secret = new_secret();
  made.secret = std::string(secret.reveal());
  const auto kept = co_await sealed(tenant.organization(), id, secret);
  auto transaction = co_await parts_.database.begin(tenant.scope());
  const auto changed =
      co_await transaction->exec(sql::replace_secret, db::args(id, tenant.organization(), kept));
  if (changed.affected() == 0) throw not_found("webhook");
  ++made.webhook.revision;
  co_await parts_.trail.append(*transaction, tenant.actor(),
                               entry_of("webhook.renew_secret", made.webhook));
  co_await transaction->commit();
  co_return made;
}

Task<DeliveryId> Webhooks::queue(db::Transaction& transaction, OrganizationId organization,
                                 WebhookId id, std::string event, json::Object body) {
  const auto delivery = parts_.ids.next_as<DeliveryId>();
  body["id"] = delivery.str();
  body["webhook_id"] = id.str();
  co_await transaction.exec(sql::insert_delivery,
                            db::args(delivery, organization, id, event, body, parts_.clock.now()));
  if (wake_) transaction.on_commit(wake_);
  co_return delivery;
}

Task<> Webhooks::entry_written(db::Transaction& transaction, OrganizationId organization,
                               audit::Link link) {
  const auto rows = co_await transaction.exec(sql::listening, db::args(organization));
  for (const auto& row : rows) {
    const auto patterns = json::read<Patterns>(json::parse(row.get<std::string>("events")));
    const auto wanted = [&](const std::string& pattern) { return fits(pattern, link.action); };
    if (std::ranges::none_of(patterns, wanted)) continue;
    json::Object body;
    body["event"] = link.action;
    body["organization_id"] = organization.str();
    body["sequence"] = link.sequence;
    body["at"] = link.at.str();
    body["actor_id"] = link.actor_id ? json::Value(*link.actor_id) : json::Value(nullptr);
    body["object"] = json::Object{{"type", link.object_type}, {"id", link.object_id}};
    body["outcome"] = link.outcome;
    body["detail"] = json::parse(link.detail);
    co_await queue(transaction, organization, row.get<WebhookId>("id"), link.action,
                   std::move(body));
  }
}

Task<Delivery> Webhooks::ping(tenancy::Tenant tenant, WebhookId id) {
  tenant.require(Permission::webhook_write);
  const auto webhook = co_await get(tenant, id);
  if (!webhook.active) {
    throw conflict("webhook_disabled", "The webhook is switched off. Switch it on first.");
  }
  json::Object body;
  body["event"] = kPingEvent;
  body["organization_id"] = tenant.organization().str();
  body["at"] = parts_.clock.now().str();
  auto transaction = co_await parts_.database.begin(tenant.scope());
  const auto delivery = co_await queue(*transaction, tenant.organization(), id,
                                       std::string(kPingEvent), std::move(body));
  co_await parts_.trail.append(*transaction, tenant.actor(), entry_of("webhook.ping", webhook));
  co_await transaction->commit();
  const auto log = co_await this->delivery(tenant, delivery);
  co_return log.delivery;
}

Task<std::vector<Delivery>> Webhooks::deliveries(tenancy::Tenant tenant, WebhookId id,
                                                 std::optional<DeliveryId> before, int limit) {
  co_await get(tenant, id);
  const auto last = before ? before->str() : std::string("ffffffff-ffff-ffff-ffff-ffffffffffff");
  const auto rows = co_await parts_.database.query(
      tenant.scope(), sql::list_deliveries, db::args(id, tenant.organization(), last, limit));
  co_return rows.as<Delivery>();
}

Task<DeliveryLog> Webhooks::delivery(tenancy::Tenant tenant, DeliveryId id) {
  tenant.require(Permission::webhook_read);
  const auto rows = co_await parts_.database.query(tenant.scope(), sql::get_delivery,
                                                   db::args(id, tenant.organization()));
  if (rows.empty()) throw not_found("delivery");
  const auto tried = co_await parts_.database.query(tenant.scope(), sql::attempts_of,
                                                    db::args(id, tenant.organization()));
  DeliveryLog out;
  out.delivery = rows[0].as<Delivery>();
  out.body = rows[0].get<json::Object>("body");
  out.attempts = tried.as<Attempt>();
  co_return out;
}

Task<Delivery> Webhooks::redeliver(tenancy::Tenant tenant, DeliveryId id) {
  tenant.require(Permission::webhook_write);
  const auto known = co_await delivery(tenant, id);
  const auto webhook = co_await get(tenant, known.delivery.webhook_id);
  if (!webhook.active) {
    throw conflict("webhook_disabled", "The webhook is switched off. Switch it on first.");
  }
  auto transaction = co_await parts_.database.begin(tenant.scope());
  const auto changed = co_await transaction->exec(
      sql::requeue_delivery, db::args(id, tenant.organization(), parts_.clock.now()));
  if (changed.affected() == 0) {
    throw conflict("delivery_queued", "The delivery is waiting to be sent already.");
  }
  audit::Entry entry("webhook.redeliver", "delivery", id.str());
  entry.detail["webhook_id"] = webhook.id.str();
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  if (wake_) transaction->on_commit(wake_);
  co_await transaction->commit();
  const auto now = co_await delivery(tenant, id);
  co_return now.delivery;
}

}  // namespace aa::webhooks
