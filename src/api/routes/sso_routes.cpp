// Signing in by an identity provider, and linking one's account to it.
#include "api/routes/routes.hpp"
#include "api/routes/sign_in_answer.hpp"

namespace aa::api {
namespace {

using sso::FlowPurpose;
using sso::FlowRequest;
using sso::ProviderId;

constexpr std::uint64_t kBodyBytes = 16 * 1024;

struct DiscoverRequest {
  std::string email;
};
BOOST_DESCRIBE_STRUCT(DiscoverRequest, (), (email))
constexpr auto field_rules(const DiscoverRequest*) {
  return std::array{json::Field{.name = "email", .min_length = 1, .max_length = 254}};
}

struct Discovered {
  std::vector<sso::SignInOption> providers;
};
BOOST_DESCRIBE_STRUCT(Discovered, (), (providers))

struct DirectoryLogin {
  std::string username;
  std::string password;
};
BOOST_DESCRIBE_STRUCT(DirectoryLogin, (), (username, password))
constexpr auto field_rules(const DirectoryLogin*) {
  return std::array{json::Field{.name = "username", .min_length = 1, .max_length = 254},
                    json::Field{.name = "password", .max_length = 4096, .format = "password"}};
}

struct LinkRequest {
  std::string return_to = "/";
};
BOOST_DESCRIBE_STRUCT(LinkRequest, (), (return_to))
constexpr auto field_rules(const LinkRequest*) {
  return std::array{json::Field{.name = "return_to", .max_length = 500, .optional = true}};
}

struct Departure {
  std::string url;  // of the provider: where the browser goes
};
BOOST_DESCRIBE_STRUCT(Departure, (), (url))

// A browser keeps its secret, so that two tabs can be under way.
std::string browser_secret(const Call& call, const BrowserGuard& browser) {
  auto present = browser.sign_in_cookie(*call.request);
  if (present && sso::is_browser_secret(*present)) return *present;
  return sso::new_browser_secret();
}

Task<std::string> depart(Services& services, sso::Provider provider, FlowRequest request) {
  auto& kind = services.sso.providers.kind(provider.kind);
  if (!kind.redirects()) throw not_found("resource");
  co_return co_await kind.start(std::move(provider), std::move(request));
}

Task<http::Response> handle_discover(Services& services, Call call) {
  auto input = co_await read_body<DiscoverRequest>(call);
  Discovered out;
  out.providers = co_await services.sso.providers.discover(std::move(input.email));
  co_return answer(200, out);
}

Task<http::Response> handle_start(Services& services, const BrowserGuard& browser, Call call) {
  auto provider = co_await services.sso.providers.standing(call.id<ProviderId>("provider"));
  const auto secret = browser_secret(call, browser);
  FlowRequest request(secret, FlowPurpose::sign_in, std::nullopt,
                      std::string(call.query("return_to").value_or("/")));
  const auto url = co_await depart(services, std::move(provider), std::move(request));
  auto response = see_other(url);
  browser.set_sign_in_cookie(*call.request, response, secret, sso::kFlowLife);
  co_return response;
}

Task<http::Response> handle_ldap(Services& services, const BrowserGuard& browser, Call call) {
  const auto id = call.id<ProviderId>("provider");
  auto input = co_await read_body<DirectoryLogin>(call);
  auto provider = co_await services.sso.providers.standing(id);
  if (provider.kind != sso::ProviderKind::ldap) throw not_found("resource");
  try {
    auto result = co_await services.sso.ldap.log_in(std::move(provider), std::move(input.username),
                                                    std::move(input.password), origin_of(call));
    co_return login_answer(call, browser, 200, std::move(result));
  } catch (const identity::SecondStepNeeded& needed) {
    co_return second_step_answer(needed);
  }
}

Task<http::Response> handle_callback(Services& services, const BrowserGuard& browser, Call call) {
  sso::OidcCallback callback;
  callback.state = call.query("state").value_or("");
  callback.code = call.query("code").value_or("");
  callback.error = call.query("error").value_or("");
  callback.issuer = call.query("iss");
  callback.browser = browser.sign_in_cookie(*call.request).value_or("");
  sso::Landing landed;
  try {
    landed = co_await services.sso.oidc.finish(std::move(callback), origin_of(call));
  } catch (const identity::SecondStepNeeded& needed) {
    co_return wants_page(*call.request) ? second_step_page(needed) : second_step_answer(needed);
  }
  if (!landed.login) co_return see_other(landed.return_to);
  co_return landing(call, browser, *landed.login, landed.return_to);
}

Task<http::Response> handle_link(Services& services, const BrowserGuard& browser, Call call) {
  const auto id = call.id<ProviderId>("provider");
  auto input = co_await read_body<LinkRequest>(call);
  auto provider = co_await services.sso.providers.find(id);
  if (!provider || provider->organization != call.tenant().organization()) {
    throw not_found("identity provider");
  }
  provider = co_await services.sso.providers.standing(id);
  const auto secret = browser_secret(call, browser);
  FlowRequest request(secret, FlowPurpose::link, call.tenant().user(), std::move(input.return_to));
  Departure out;
  out.url = co_await depart(services, std::move(*provider), std::move(request));
  auto response = answer(200, out);
  browser.set_sign_in_cookie(*call.request, response, secret, sso::kFlowLife);
  co_return response;
}

Task<http::Response> handle_links(Services& services, Call call) {
  Page<sso::LinkView> page;
  page.items = co_await services.sso.providers.links(call.tenant());
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_unlink(Services& services, Call call) {
  co_await services.sso.providers.unlink(call.tenant(), call.id<ProviderId>("provider"));
  co_return http::Response::empty(204);
}

Routes link_rows(Services& services, const BrowserGuard& browser) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/auth/sso/links",
                 .summary = "Identity providers of the organization, and one's accounts there",
                 .permission = Permission::account_self,
                 .response_schema = page_schema_of<sso::LinkView>(),
                 .handler = [&](Call call) { return handle_links(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/sso/{provider}/link",
                 .summary = "Begin to link one's account to an identity provider",
                 .permission = Permission::account_self,
                 .fresh = true,
                 .secret_answer = true,
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<LinkRequest>(),
                 .response_schema = schema_of<Departure>(),
                 .handler = [&](Call call) { return handle_link(services, browser, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/auth/sso/links/{provider}",
                 .summary = "Give up the link to an identity provider",
                 .permission = Permission::account_self,
                 .fresh = true,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_unlink(services, call); }});
  return out;
}

}  // namespace

Routes sso_routes(Services& services, const BrowserGuard& browser) {
  Routes out = link_rows(services, browser);
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/sso/discover",
                 .summary = "Where people of an address's domain sign in",
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<DiscoverRequest>(),
                 .response_schema = schema_of<Discovered>(),
                 .handler = [&](Call call) { return handle_discover(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/auth/sso/{provider}/start",
                 .summary = "Go to an identity provider to sign in",
                 .for_browsers = true,
                 .rate = RateClass::auth,
                 .status = 303,
                 .response_type = "",
                 .query = {{"return_to", "string", "a path of this site"}},
                 .handler = [&](Call call) { return handle_start(services, browser, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/auth/sso/{provider}/ldap",
                 .summary = "Sign in by the password that an LDAP server knows",
                 .rate = RateClass::auth,
                 .body_limit = kBodyBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<DirectoryLogin>(),
                 .response_schema = schema_of<identity::Login>(),
                 .handler = [&](Call call) { return handle_ldap(services, browser, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/auth/sso/callback",
                 .summary = "Come back from an OpenID provider",
                 .for_browsers = true,
                 .rate = RateClass::auth,
                 .status = 303,
                 .response_type = "",
                 .query = {{"state", "string", ""},
                           {"code", "string", ""},
                           {"error", "string", ""},
                           {"iss", "string", "who answers"}},
                 .handler = [&](Call call) { return handle_callback(services, browser, call); }});
  return out;
}

}  // namespace aa::api
