// Webhooks: an organisation's own servers hear of what its audit trail records.
//
// An entry of the trail becomes a delivery for each webhook that wants it, in the entry's own
// transaction: what happened is told, what was undone is not. Courier sends them. A delivery comes
// at least once; receivers know it again by its id, and the order of events by `sequence`.
//
// The secret is shown when it is made and never again; it is stored sealed.
//
// Thread rule: shared by all coroutines.
// Errors: not_found; invalid_argument "invalid_events", "outbound_refused" with /url; conflict
// "revision_differs", "webhook_disabled", "delivery_queued"; out_of_space "webhook_quota".
#pragma once

#include <functional>

#include "core/runtime/executors.hpp"
#include "driver/blob/sealer.hpp"
#include "driver/db/database.hpp"
#include "driver/http/outbound.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/tenancy/tenant.hpp"
#include "service/webhooks/webhook_types.hpp"

namespace aa::webhooks {

using runtime::Task;

inline constexpr std::size_t kWebhooksMax = 20;
inline constexpr std::string_view kPingEvent = "ping";

struct WebhookParts {
  db::Database& database;
  audit::Trail& trail;
  const http::Outbound& outbound;
  std::shared_ptr<blob::KeyRing> keys;
  const Clock& clock;
  IdSource& ids;
  runtime::Executors& executors;
};

class Webhooks final : public audit::Listener {
 public:
  explicit Webhooks(WebhookParts parts);

  Task<std::vector<Webhook>> list(tenancy::Tenant tenant);
  Task<Webhook> get(tenancy::Tenant tenant, WebhookId id);
  Task<MadeWebhook> create(tenancy::Tenant tenant, NewWebhook input);
  Task<Webhook> change(tenancy::Tenant tenant, WebhookId id, WebhookChange change,
                       std::optional<std::int64_t> if_revision);
  Task<> remove(tenancy::Tenant tenant, WebhookId id);
  // A new secret; the old one is void at once.
  Task<MadeWebhook> renew_secret(tenancy::Tenant tenant, WebhookId id);
  Task<Delivery> ping(tenancy::Tenant tenant, WebhookId id);

  // Newest first, those before `before` when given.
  Task<std::vector<Delivery>> deliveries(tenancy::Tenant tenant, WebhookId id,
                                         std::optional<DeliveryId> before, int limit);
  Task<DeliveryLog> delivery(tenancy::Tenant tenant, DeliveryId id);
  Task<Delivery> redeliver(tenancy::Tenant tenant, DeliveryId id);

  Task<> entry_written(db::Transaction& transaction, OrganizationId organization,
                       audit::Link link) override;
  // Called when there is something to send; before anything else begins.
  void set_waker(std::function<void()> wake) { wake_ = std::move(wake); }

 private:
  Task<> check_url(std::string url);
  Task<std::string> sealed(OrganizationId organization, WebhookId id, Secret secret);
  Task<DeliveryId> queue(db::Transaction& transaction, OrganizationId organization, WebhookId id,
                         std::string event, json::Object body);

  WebhookParts parts_;
  blob::Sealer sealer_;
  std::function<void()> wake_;
};

// The purpose under which a secret is sealed.
std::string secret_purpose(WebhookId id);

}  // namespace aa::webhooks
