#include "api/routes/routes.hpp"
#include "api/routes/sign_in_answer.hpp"

namespace aa::api {
namespace {

using identity::Login;

struct LoginRequest {
  std::string email;
  std::string password;
  std::optional<std::string> otp;
  std::optional<OrganizationId> organization_id;  // where to go, else the person's first
};
BOOST_DESCRIBE_STRUCT(LoginRequest, (), (email, password, otp, organization_id))
constexpr auto field_rules(const LoginRequest*) {
  return std::array{json::Field{.name = "email", .min_length = 1, .max_length = 254},
                    json::Field{.name = "password", .min_length = 1, .max_length = 4096},
                    json::Field{.name = "otp", .max_length = 16}};
}

struct RefreshRequest {
  std::string refresh_token;
};
BOOST_DESCRIBE_STRUCT(RefreshRequest, (), (refresh_token))
constexpr auto field_rules(const RefreshRequest*) {
  return std::array{json::Field{.name = "refresh_token", .min_length = 1, .max_length = 4096}};
}

struct SwitchRequest {
  OrganizationId organization_id;
};
BOOST_DESCRIBE_STRUCT(SwitchRequest, (), (organization_id))

constexpr std::uint64_t kBodyBytes = 16 * 1024;

Task<http::Response> handle_register(Services& services, const BrowserGuard& browser, Call call) {
  auto input = co_await read_body<identity::Registration>(call);
  auto result = co_await services.identity.register_user(std::move(input), origin_of(call));
  co_return login_answer(call, browser, 201, std::move(result));
}

Task<http::Response> handle_login(Services& services, const BrowserGuard& browser, Call call) {
  auto input = co_await read_body<LoginRequest>(call);
  try {
    auto result = co_await services.identity.login(std::move(input.email),
                                                   std::move(input.password), origin_of(call),
                                                   input.organization_id, std::move(input.otp));
    co_return login_answer(call, browser, 200, std::move(result));
  } catch (const identity::SecondStepNeeded& needed) {
    co_return second_step_answer(needed);
  }
}

Task<http::Response> handle_refresh(Services& services, Call call) {
  auto input = co_await read_body<RefreshRequest>(call);
  auto result = co_await services.identity.refresh(std::move(input.refresh_token), origin_of(call));
  co_return answer(200, result.login);
}

// Where the browser goes to sign out at the identity provider as well.
struct Goodbye {
  std::string url;
};
BOOST_DESCRIBE_STRUCT(Goodbye, (), (url))

Task<http::Response> handle_logout(Services& services, const BrowserGuard& browser, Call call) {
  Goodbye goodbye;
  const auto away = co_await services.sso.saml.sign_out(call.tenant().principal().session);
  if (away) goodbye.url = *away;
  co_await services.identity.logout(call.tenant());
  auto response = away ? answer(200, goodbye) : http::Response::empty(204);
  if (browser.session_cookie(*call.request)) browser.clear_cookie(*call.request, response);
  co_return response;
}

Task<http::Response> handle_switch(Services& services, const BrowserGuard& browser, Call call) {
  const auto input = co_await read_body<SwitchRequest>(call);
  auto result = co_await services.identity.switch_organization(call.tenant(), input.organization_id,
                                                               origin_of(call));
  co_return login_answer(call, browser, 200, std::move(result));
}

Task<http::Response> handle_me(Services& services, Call call) {
  co_return answer(200, co_await services.identity.me(call.tenant().principal()));
}

}  // namespace

Routes auth_routes(Services& services, const BrowserGuard& browser) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/register",
                 .summary = "Register a person and an organization",
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::Registration>(),
                 .response_schema = schema_of<Login>(),
                 .handler = [&](Call call) { return handle_register(services, browser, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/login",
                 .summary = "Sign in",
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<LoginRequest>(),
                 .response_schema = schema_of<Login>(),
                 .handler = [&](Call call) { return handle_login(services, browser, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/refresh",
                 .summary = "Trade a refresh token for a new pair",
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<RefreshRequest>(),
                 .response_schema = schema_of<Login>(),
                 .handler = [&](Call call) { return handle_refresh(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/logout",
                 .summary = "End the session",
                 .permission = Permission::account_self,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .status = 204,
                 .handler = [&](Call call) { return handle_logout(services, browser, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/switch",
                 .summary = "Go on in another organization of one's own",
                 .permission = Permission::account_self,
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<SwitchRequest>(),
                 .response_schema = schema_of<Login>(),
                 .handler = [&](Call call) { return handle_switch(services, browser, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/auth/me",
                 .summary = "Who is signed in",
                 .permission = Permission::account_self,
                 .any_login = true,
                 .response_schema = schema_of<identity::Me>(),
                 .handler = [&](Call call) { return handle_me(services, call); }});
  return out;
}

}  // namespace aa::api
