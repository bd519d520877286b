#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using namespace webhooks;

constexpr std::uint64_t kBodyBytes = 64 * 1024;

Task<http::Response> handle_list(Services& services, Call call) {
  Page<Webhook> page;
  page.items = co_await services.webhooks.list(call.tenant());
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_create(Services& services, Call call) {
  auto input = co_await read_body<NewWebhook>(call);
  co_return answer(201, co_await services.webhooks.create(call.tenant(), std::move(input)));
}

Task<http::Response> handle_get(Services& services, Call call) {
  const auto webhook = co_await services.webhooks.get(call.tenant(), call.id<WebhookId>("id"));
  auto response = answer(200, webhook);
  response.headers.set("ETag", "\"" + std::to_string(webhook.revision) + "\"");
  co_return response;
}

Task<http::Response> handle_change(Services& services, Call call) {
  const auto id = call.id<WebhookId>("id");
  co_await services.webhooks.get(call.tenant(), id);
  const auto revision = call.if_match();
  auto change = co_await read_body<WebhookChange>(call);
  const auto webhook =
      co_await services.webhooks.change(call.tenant(), id, std::move(change), revision);
  auto response = answer(200, webhook);
  response.headers.set("ETag", "\"" + std::to_string(webhook.revision) + "\"");
  co_return response;
}

Task<http::Response> handle_remove(Services& services, Call call) {
  co_await services.webhooks.remove(call.tenant(), call.id<WebhookId>("id"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_secret(Services& services, Call call) {
  co_return answer(
      200, co_await services.webhooks.renew_secret(call.tenant(), call.id<WebhookId>("id")));
}

Task<http::Response> handle_ping(Services& services, Call call) {
  co_return answer(202, co_await services.webhooks.ping(call.tenant(), call.id<WebhookId>("id")));
}

Task<http::Response> handle_deliveries(Services& services, Call call) {
  std::optional<DeliveryId> before;
  if (const auto cursor = call.query("cursor")) {
    before = DeliveryId::parse(*cursor);
    if (!before) throw invalid("invalid_query", "?cursor= must be a next_cursor.");
  }
  Page<Delivery> page;
  page.items = co_await services.webhooks.deliveries(call.tenant(), call.id<WebhookId>("id"),
                                                     before, call.limit());
  if (static_cast<int>(page.items.size()) == call.limit()) {
    page.next_cursor = page.items.back().id.str();
  }
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_delivery(Services& services, Call call) {
  co_return answer(200,
                   co_await services.webhooks.delivery(call.tenant(), call.id<DeliveryId>("id")));
}

Task<http::Response> handle_redeliver(Services& services, Call call) {
  co_return answer(202,
                   co_await services.webhooks.redeliver(call.tenant(), call.id<DeliveryId>("id")));
}

Routes delivery_routes(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/webhooks/{id}/deliveries",
                 .summary = "What was sent to a webhook, newest first",
                 .permission = Permission::webhook_read,
                 .response_schema = page_schema_of<Delivery>(),
                 .query = {{"limit", "integer", "1 to 200"}, {"cursor", "string", ""}},
                 .handler = [&](Call call) { return handle_deliveries(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/deliveries/{id}",
                 .summary = "A delivery, its body and what came of it",
                 .permission = Permission::webhook_read,
                 .response_schema = schema_of<DeliveryLog>(),
                 .handler = [&](Call call) { return handle_delivery(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/deliveries/{id}/redeliver",
                 .summary = "Send a delivery once more",
                 .permission = Permission::webhook_write,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .status = 202,
                 .response_schema = schema_of<Delivery>(),
                 .handler = [&](Call call) { return handle_redeliver(services, call); }});
  return out;
}

}  // namespace

Routes webhook_routes(Services& services) {
  Routes out = delivery_routes(services);
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/webhooks",
                 .summary = "Webhooks of the organization",
                 .permission = Permission::webhook_read,
                 .response_schema = page_schema_of<Webhook>(),
                 .handler = [&](Call call) { return handle_list(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/webhooks",
                 .summary = "Add a webhook; its secret is shown this once",
                 .permission = Permission::webhook_write,
                 .fresh = true,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<NewWebhook>(),
                 .response_schema = schema_of<MadeWebhook>(),
                 .handler = [&](Call call) { return handle_create(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/webhooks/{id}",
                 .summary = "A webhook",
                 .permission = Permission::webhook_read,
                 .response_schema = schema_of<Webhook>(),
                 .handler = [&](Call call) { return handle_get(services, call); }});
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/webhooks/{id}",
                 .summary = "Change a webhook, or switch it on or off",
                 .permission = Permission::webhook_write,
                 .fresh = true,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<WebhookChange>(),
                 .response_schema = schema_of<Webhook>(),
                 .handler = [&](Call call) { return handle_change(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/webhooks/{id}",
                 .summary = "Delete a webhook with its deliveries",
                 .permission = Permission::webhook_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_remove(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/webhooks/{id}/secret",
                 .summary = "Make a new secret; it is shown this once",
                 .permission = Permission::webhook_write,
                 .fresh = true,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .response_schema = schema_of<MadeWebhook>(),
                 .handler = [&](Call call) { return handle_secret(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/webhooks/{id}/ping",
                 .summary = "Send a ping",
                 .permission = Permission::webhook_write,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .status = 202,
                 .response_schema = schema_of<Delivery>(),
                 .handler = [&](Call call) { return handle_ping(services, call); }});
  return out;
}

}  // namespace aa::api
