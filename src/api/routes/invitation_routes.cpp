#include "api/routes/routes.hpp"
#include "api/routes/sign_in_answer.hpp"

namespace aa::api {
namespace {

using identity::InvitationId;
using identity::InvitationView;

constexpr std::uint64_t kBodyBytes = 16 * 1024;

Task<http::Response> handle_invite(Services& services, Call call) {
  call.require_own_organization();
  auto input = co_await read_body<identity::NewInvitation>(call);
  co_return answer(201,
                   co_await services.access.invitations.create(call.tenant(), std::move(input)));
}

Task<http::Response> handle_list(Services& services, Call call) {
  call.require_own_organization();
  std::optional<InvitationId> before;
  if (const auto cursor = call.query("cursor")) {
    before = InvitationId::parse(*cursor);
    if (!before) throw invalid("invalid_query", "cursor is not one that this list gave.");
  }
  Page<InvitationView> page;
  page.items = co_await services.access.invitations.list(call.tenant(), before, call.limit());
  if (static_cast<int>(page.items.size()) == call.limit()) {
    page.next_cursor = page.items.back().id.str();
  }
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_revoke(Services& services, Call call) {
  call.require_own_organization();
  co_await services.access.invitations.revoke(call.tenant(), call.id<InvitationId>("invitation"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_offer(Services& services, Call call) {
  auto input = co_await read_body<identity::InvitationToken>(call);
  co_return answer(
      200, co_await services.access.invitations.offer(std::move(input.token), origin_of(call)));
}

Task<http::Response> handle_accept(Services& services, Call call) {
  auto input = co_await read_body<identity::InvitationToken>(call);
  co_return answer(
      200, co_await services.access.invitations.accept(call.tenant(), std::move(input.token)));
}

Task<http::Response> handle_join(Services& services, const BrowserGuard& browser, Call call) {
  auto input = co_await read_body<identity::Joining>(call);
  auto result = co_await services.access.invitations.join(std::move(input), origin_of(call));
  co_return login_answer(call, browser, 201, std::move(result));
}

// Of those who were invited.
Routes guest_rows(Services& services, const BrowserGuard& browser) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/invitation",
                 .summary = "What an invitation offers",
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::InvitationToken>(),
                 .response_schema = schema_of<identity::InvitationOffer>(),
                 .handler = [&](Call call) { return handle_offer(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/join",
                 .summary = "Accept an invitation by the password of an account, old or new",
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::Joining>(),
                 .response_schema = schema_of<identity::Login>(),
                 .handler = [&](Call call) { return handle_join(services, browser, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/accept-invitation",
                 .summary = "Accept an invitation with the account one has",
                 .permission = Permission::account_self,
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::InvitationToken>(),
                 .response_schema = schema_of<identity::OrganizationView>(),
                 .handler = [&](Call call) { return handle_accept(services, call); }});
  return out;
}

Route invite_row(Services& services, std::string_view pattern) {
  return {.method = "POST",
          .pattern = pattern,
          .summary = "Invite someone by e-mail address; an older invitation of it is void",
          .permission = Permission::member_write,
          .rate = RateClass::write,
          .body_limit = kBodyBytes,
          .status = 201,
          .request_type = "application/json",
          .request_schema = schema_of<identity::NewInvitation>(),
          .response_schema = schema_of<identity::MadeInvitation>(),
          .handler = [&](Call call) { return handle_invite(services, call); }};
}

}  // namespace

Routes invitation_routes(Services& services, const BrowserGuard& browser) {
  Routes out = guest_rows(services, browser);
  // Whoever becomes a member does so by accepting.
  out.push_back(invite_row(services, "/api/v1/organizations/{id}/members"));
  out.push_back(invite_row(services, "/api/v1/organizations/{id}/invitations"));
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/invitations",
                 .summary = "Invitations, newest first",
                 .permission = Permission::member_write,
                 .response_schema = page_schema_of<InvitationView>(),
                 .query = {{"limit", "integer", "1 to 200"}, {"cursor", "string", ""}},
                 .handler = [&](Call call) { return handle_list(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/organizations/{id}/invitations/{invitation}",
                 .summary = "Revoke an invitation that is open",
                 .permission = Permission::member_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_revoke(services, call); }});
  return out;
}

}  // namespace aa::api
