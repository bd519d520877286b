// Second factors: the second step of signing in, passkeys, and one's own settings of both.
#include "api/routes/routes.hpp"
#include "api/routes/sign_in_answer.hpp"
#include "service/identity/mfa.hpp"

namespace aa::api {
namespace {

using identity::Confirmation;
using identity::Mfa;
using identity::PasskeyId;

constexpr std::uint64_t kBodyBytes = 64 * 1024;

struct Pending {
  std::string pending;
};
BOOST_DESCRIBE_STRUCT(Pending, (), (pending))
constexpr auto field_rules(const Pending*) {
  return std::array{json::Field{.name = "pending", .min_length = 1, .max_length = 100}};
}

Task<http::Response> handle_second_step(Services& services, const BrowserGuard& browser,
                                        Call call) {
  auto input = co_await read_body<identity::SecondStep>(call);
  auto result = co_await services.identity.finish_sign_in(std::move(input), origin_of(call));
  co_return login_answer(call, browser, 200, std::move(result));
}

Task<http::Response> handle_step_options(Services& services, Call call) {
  auto input = co_await read_body<Pending>(call);
  co_return answer(200, co_await services.identity.second_step_options(std::move(input.pending)));
}

Task<http::Response> handle_passkey_options(Services& services, Call) {
  co_return answer(200, co_await services.identity.passkey_sign_in_options());
}

Task<http::Response> handle_passkey(Services& services, const BrowserGuard& browser, Call call) {
  auto input = co_await read_body<identity::PasskeySignIn>(call);
  auto result = co_await services.identity.sign_in_by_passkey(std::move(input), origin_of(call));
  co_return login_answer(call, browser, 200, std::move(result));
}

Task<http::Response> handle_status(Services& services, Call call) {
  Mfa mfa(services.identity);
  co_return answer(200, co_await mfa.status(call.tenant()));
}

Task<http::Response> handle_challenge(Services& services, Call call) {
  Mfa mfa(services.identity);
  co_return answer(200, co_await mfa.proof_options(call.tenant()));
}

Task<http::Response> handle_begin_totp(Services& services, Call call) {
  Mfa mfa(services.identity);
  auto proof = co_await read_body<Confirmation>(call);
  co_return answer(200, co_await mfa.begin_totp(call.tenant(), std::move(proof)));
}

Task<http::Response> handle_confirm_totp(Services& services, Call call) {
  Mfa mfa(services.identity);
  auto input = co_await read_body<identity::OneTimeCode>(call);
  co_return answer(200, co_await mfa.confirm_totp(call.tenant(), std::move(input.otp)));
}

Task<http::Response> handle_remove_totp(Services& services, Call call) {
  Mfa mfa(services.identity);
  auto proof = co_await read_body<Confirmation>(call);
  co_await mfa.remove_totp(call.tenant(), std::move(proof));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_codes(Services& services, Call call) {
  Mfa mfa(services.identity);
  auto proof = co_await read_body<Confirmation>(call);
  co_return answer(200, co_await mfa.renew_codes(call.tenant(), std::move(proof)));
}

Task<http::Response> handle_turn_off(Services& services, Call call) {
  Mfa mfa(services.identity);
  auto proof = co_await read_body<Confirmation>(call);
  co_await mfa.turn_off(call.tenant(), std::move(proof));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_offer(Services& services, Call call) {
  Mfa mfa(services.identity);
  auto proof = co_await read_body<Confirmation>(call);
  co_return answer(200, co_await mfa.passkey_options(call.tenant(), std::move(proof)));
}

Task<http::Response> handle_add(Services& services, Call call) {
  Mfa mfa(services.identity);
  auto given = co_await read_body<identity::NewPasskey>(call);
  co_return answer(201, co_await mfa.add_passkey(call.tenant(), std::move(given)));
}

Task<http::Response> handle_rename(Services& services, Call call) {
  Mfa mfa(services.identity);
  const auto id = call.id<PasskeyId>("id");
  auto input = co_await read_body<identity::PasskeyName>(call);
  co_return answer(200, co_await mfa.rename_passkey(call.tenant(), id, std::move(input.name)));
}

Task<http::Response> handle_remove(Services& services, Call call) {
  Mfa mfa(services.identity);
  const auto id = call.id<PasskeyId>("id");
  auto proof = co_await read_body<Confirmation>(call);
  co_await mfa.remove_passkey(call.tenant(), id, std::move(proof));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_reset(Services& services, Call call) {
  call.require_own_organization();
  Mfa mfa(services.identity);
  co_await mfa.reset(call.tenant(), call.id<UserId>("user"));
  co_return http::Response::empty(204);
}

// Whoever signs in; the answers are secrets.
Route open(std::string_view pattern, std::string_view summary) {
  Route out;
  out.method = "POST";
  out.pattern = pattern;
  out.summary = summary;
  out.secret_answer = true;
  out.rate = RateClass::auth;
  out.body_limit = kBodyBytes;
  return out;
}

// A change of one's own second factors. Password and factor come with it, which is a fresh proof.
Route change(std::string_view pattern, std::string_view summary) {
  Route out = open(pattern, summary);
  out.permission = Permission::account_self;
  out.request_type = "application/json";
  out.request_schema = schema_of<Confirmation>();
  return out;
}

template <class Handler>
Route with(Route route, int status, Handler handler) {
  route.status = status;
  route.handler = std::move(handler);
  return route;
}

// What ends a change that began with a proof.
Route after_proof(Route route) {
  route.permission = Permission::account_self;
  route.fresh = true;
  return route;
}

template <class Input>
Route taking(Route route) {
  route.request_type = "application/json";
  route.request_schema = schema_of<Input>();
  return route;
}

template <class Output>
Route giving(Route route) {
  route.response_schema = schema_of<Output>();
  return route;
}

Routes sign_in_rows(Services& services, const BrowserGuard& browser) {
  Routes out;
  auto step = taking<identity::SecondStep>(
      open("/api/v1/auth/mfa", "The second step of signing in: a code or a passkey"));
  out.push_back(with(giving<identity::Login>(std::move(step)), 200,
                     [&](Call call) { return handle_second_step(services, browser, call); }));
  auto options =
      taking<Pending>(open("/api/v1/auth/mfa/options", "By what the second step can be taken"));
  out.push_back(with(giving<identity::SecondStepOptions>(std::move(options)), 200,
                     [&](Call call) { return handle_step_options(services, call); }));
  auto ask = open("/api/v1/auth/passkey/options", "What a passkey is asked that signs in alone");
  out.push_back(with(giving<identity::AssertionOptions>(std::move(ask)), 200,
                     [&](Call call) { return handle_passkey_options(services, call); }));
  auto passkey =
      taking<identity::PasskeySignIn>(open("/api/v1/auth/passkey", "Sign in by a passkey alone"));
  out.push_back(with(giving<identity::Login>(std::move(passkey)), 200,
                     [&](Call call) { return handle_passkey(services, browser, call); }));
  return out;
}

Routes totp_rows(Services& services) {
  Routes out;
  out.push_back(
      with(giving<identity::TotpSetup>(
               change("/api/v1/auth/mfa/totp",
                      "Begin to set up an authenticator app: this answer alone shows the secret")),
           200, [&](Call call) { return handle_begin_totp(services, call); }));
  auto confirm = taking<identity::OneTimeCode>(after_proof(
      open("/api/v1/auth/mfa/totp/confirm", "Confirm the authenticator app by a code of it")));
  out.push_back(with(giving<identity::RecoveryCodes>(std::move(confirm)), 200,
                     [&](Call call) { return handle_confirm_totp(services, call); }));
  out.push_back(with(change("/api/v1/auth/mfa/totp/remove", "Remove the authenticator app"), 204,
                     [&](Call call) { return handle_remove_totp(services, call); }));
  out.push_back(
      with(giving<identity::RecoveryCodes>(change(
               "/api/v1/auth/mfa/recovery-codes",
               "New recovery codes; those before are void, and this answer alone shows them")),
           200, [&](Call call) { return handle_codes(services, call); }));
  out.push_back(with(change("/api/v1/auth/mfa/turn-off", "Remove all of one's second factors"), 204,
                     [&](Call call) { return handle_turn_off(services, call); }));
  return out;
}

Routes passkey_rows(Services& services) {
  Routes out;
  out.push_back(with(giving<identity::CreationOptions>(change("/api/v1/auth/passkeys/options",
                                                              "What a new passkey is made with")),
                     200, [&](Call call) { return handle_offer(services, call); }));
  auto add =
      taking<identity::NewPasskey>(after_proof(open("/api/v1/auth/passkeys", "Add a passkey")));
  out.push_back(with(giving<identity::AddedPasskey>(std::move(add)), 201,
                     [&](Call call) { return handle_add(services, call); }));
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/auth/passkeys/{id}",
                 .summary = "Rename a passkey",
                 .permission = Permission::account_self,
                 .rate = RateClass::write,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<identity::PasskeyName>(),
                 .response_schema = schema_of<identity::PasskeyView>(),
                 .handler = [&](Call call) { return handle_rename(services, call); }});
  out.push_back(with(change("/api/v1/auth/passkeys/{id}/remove", "Remove a passkey"), 204,
                     [&](Call call) { return handle_remove(services, call); }));
  return out;
}

}  // namespace

Routes mfa_routes(Services& services, const BrowserGuard& browser) {
  Routes out = sign_in_rows(services, browser);
  for (auto& route : totp_rows(services)) out.push_back(std::move(route));
  for (auto& route : passkey_rows(services)) out.push_back(std::move(route));
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/auth/mfa",
                 .summary = "One's own second factors",
                 .permission = Permission::account_self,
                 .response_schema = schema_of<identity::MfaStatus>(),
                 .handler = [&](Call call) { return handle_status(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/mfa/challenge",
                 .summary = "What a passkey is asked that proves who is signed in",
                 .permission = Permission::account_self,
                 .secret_answer = true,
                 .rate = RateClass::auth,
                 .response_schema = schema_of<identity::AssertionOptions>(),
                 .handler = [&](Call call) { return handle_challenge(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/organizations/{id}/members/{user}/reset-mfa",
                 .summary = "Remove the second factors of a member who lost them",
                 .permission = Permission::member_write,
                 .fresh = true,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_reset(services, call); }});
  return out;
}

}  // namespace aa::api
