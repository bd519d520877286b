// What a person does without a session, or with one whose proof is old: confirm an address, set a
// forgotten password, prove again.
#include "api/routes/routes.hpp"
#include "api/routes/sign_in_answer.hpp"

namespace aa::api {
namespace {

constexpr std::uint64_t kBodyBytes = 16 * 1024;

struct LinkToken {
  std::optional<std::string> token;
};
BOOST_DESCRIBE_STRUCT(LinkToken, (), (token))
constexpr auto field_rules(const LinkToken*) {
  return std::array{json::Field{.name = "token", .max_length = 4096}};
}

struct ConfirmedEmail {
  std::string email;
};
BOOST_DESCRIBE_STRUCT(ConfirmedEmail, (), (email))

Task<http::Response> handle_forgot(Services& services, Call call) {
  auto input = co_await read_body<identity::EmailChange>(call);
  services.identity.forgot_password_soon(std::move(input.email));
  co_return http::Response::empty(202);
}

Task<http::Response> handle_reset(Services& services, Call call) {
  auto input = co_await read_body<identity::PasswordReset>(call);
  co_await services.identity.reset_password(std::move(input), origin_of(call));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_confirm(Services& services, Call call) {
  auto input = co_await read_body<LinkToken>(call);
  ConfirmedEmail out;
  out.email = co_await services.identity.confirm_email(input.token.value_or(""), origin_of(call));
  co_return answer(200, out);
}

Task<http::Response> handle_send_verification(Services& services, Call call) {
  co_await services.identity.send_verification(call.tenant());
  co_return http::Response::empty(202);
}

Task<http::Response> handle_change_email(Services& services, Call call) {
  auto input = co_await read_body<identity::EmailChange>(call);
  co_await services.identity.change_email(call.tenant(), std::move(input.email));
  co_return http::Response::empty(202);
}

Task<http::Response> handle_reauthenticate(Services& services, Call call) {
  auto input = co_await read_body<identity::Confirmation>(call);
  co_await services.identity.reauthenticate(call.tenant(), std::move(input));
  co_return http::Response::empty(204);
}

Routes public_routes(Services& services) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/password/forgot",
                 .summary = "Have a link sent that sets a new password; the answer is always 202",
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .status = 202,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::EmailChange>(),
                 .handler = [&](Call call) { return handle_forgot(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/password/reset",
                 .summary = "Set a new password by such a link; every sign-in ends",
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .status = 204,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::PasswordReset>(),
                 .handler = [&](Call call) { return handle_reset(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/email/confirm",
                 .summary = "Confirm an e-mail address by the link that was sent to it",
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<LinkToken>(),
                 .response_schema = schema_of<ConfirmedEmail>(),
                 .handler = [&](Call call) { return handle_confirm(services, call); }});
  return out;
}

}  // namespace

Routes recovery_routes(Services& services) {
  Routes out = public_routes(services);
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/email/verification",
                 .summary = "Have the link sent again that confirms one's address",
                 .permission = Permission::account_self,
                 .rate = RateClass::auth,
                 .status = 202,
                 .handler = [&](Call call) { return handle_send_verification(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/email",
                 .summary = "Move one's account to another address, once that confirms it",
                 .permission = Permission::account_self,
                 .fresh = true,
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .status = 202,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::EmailChange>(),
                 .handler = [&](Call call) { return handle_change_email(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/reauthenticate",
                 .summary = "Prove again who one is, before sensitive changes",
                 .permission = Permission::account_self,
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .status = 204,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::Confirmation>(),
                 .handler = [&](Call call) { return handle_reauthenticate(services, call); }});
  return out;
}

}  // namespace aa::api
