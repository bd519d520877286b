#include "api/live/live_socket.hpp"
#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

struct TicketRequest {
  AssetId asset_id;
};
BOOST_DESCRIBE_STRUCT(TicketRequest, (), (asset_id))

constexpr std::uint64_t kBodyBytes = 1024;

Task<http::Response> handle_ticket(Services& services, Call call) {
  const auto input = co_await read_body<TicketRequest>(call);
  co_return answer(201, co_await services.collab.issue(call.tenant(), input.asset_id));
}

// What the request lacks is said before the ticket is spent.
Task<http::Response> handle_live(Services& services, const BrowserGuard& browser, Call call) {
  browser.check_socket(*call.request);
  if (auto refusal = http::websocket_refusal(*call.request)) co_return std::move(*refusal);
  auto ticket = call.query("ticket");
  if (!ticket) {
    throw Error(ErrorCode::unauthenticated, "invalid_ticket",
                "Ask for a ticket first: POST /api/v1/live/tickets.");
  }
  auto admission = co_await services.collab.admit(
      std::move(*ticket), call.request->remote.to_string(), call.request->request_id);
  auto socket = std::make_shared<LiveSocket>(services.collab, std::move(admission));
  co_return http::Response::upgrade_to(std::move(socket));
}

}  // namespace

Routes live_routes(Services& services, const BrowserGuard& browser) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/live/tickets",
                 .summary = "A ticket for one live connection to an asset",
                 .permission = Permission::annotation_read,
                 .in_any_project = true,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<TicketRequest>(),
                 .response_schema = schema_of<collab::IssuedTicket>(),
                 .handler = [&](Call call) { return handle_ticket(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/live",
                 .summary = "A live connection (WebSocket): docs/live-protocol.md",
                 .status = 101,
                 .query = {{"ticket", "string", "from POST /live/tickets"}},
                 .handler = [&](Call call) { return handle_live(services, browser, call); }});
  return out;
}

}  // namespace aa::api
