// What SAML identity providers and browsers that come from them speak to.
//
// An answer comes by a form of the provider's page, and with a form of another site a browser sends
// no cookie of ours that is not for everybody's forms. So the first time an answer comes without
// the cookie, a page of ours sends it once more: then it comes from this site.
#include "api/routes/routes.hpp"
#include "api/routes/sign_in_answer.hpp"
#include "base/hash.hpp"
#include "base/xml_text.hpp"

namespace aa::api {
namespace {

using sso::ProviderId;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t kFormBytes = 600 * 1024;  // 256 KiB of XML in base64, percent-encoded
constexpr std::size_t kFieldsMax = 10;
constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kSend = "document.forms[0].submit()";

Error bad_form() {
  return malformed("malformed_form", "This is no form of a SAML identity provider.");
}

std::string decoded(std::string_view text) {
  std::string spaced(text);
  for (auto& c : spaced) {
    if (c == '+') c = ' ';
  }
  auto out = http::percent_decode(spaced);
  if (!out) throw bad_form();
  return std::move(*out);
}

std::string take_field(Fields& fields, std::string_view name) {
  for (auto& [key, value] : fields) {
    if (key == name) return std::move(value);
  }
  return {};
}

// Each name once.
Task<Fields> read_form(Call call) {
  const auto type = call.request->headers.get("Content-Type").value_or("");
  if (!type.starts_with(kForm)) {
    throw Error(ErrorCode::unsupported, "unsupported_type", "Send a form.");
  }
  const auto body = co_await call.request->read_body(kFormBytes);
  Fields out;
  std::string_view rest = body;
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const auto pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || out.size() >= kFieldsMax) throw bad_form();
    auto name = decoded(pair.substr(0, equals));
    for (const auto& [known, value] : out) {
      if (known == name) throw bad_form();
    }
    out.emplace_back(std::move(name), decoded(pair.substr(equals + 1)));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  co_return out;
}

// A page that sends a form at once, or by its button where scripts do not run. The forms of others
// lead where these choose, so no rule says where to.
http::Response form_page(const std::string& action, const Fields& fields, bool to_us) {
  std::string page =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign in</title></head>"
      "<body><form method=\"post\" action=\"" +
      xml_escape(action) + "\">";
  for (const auto& [name, value] : fields) {
    page += "<input type=\"hidden\" name=\"" + xml_escape(name) + "\" value=\"" +
            xml_escape(value) + "\">";
  }
  page +=
      "<button>Continue</button></form><script>" + std::string(kSend) + "</script></body></html>";
  auto response = http::Response::text(200, "text/html; charset=utf-8", std::move(page));
  const auto digest = sha256(kSend);
  const auto hash = to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
  std::string policy = "default-src 'none'; script-src 'sha256-" + hash +
                       "'; base-uri 'none'; frame-ancestors 'none'";
  if (to_us) policy += "; form-action 'self'";
  response.headers.set("Content-Security-Policy", policy);
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Referrer-Policy", "no-referrer");
  return response;
}

http::Response go_to(const saml::Message& message, std::string_view field,
                     const std::string& relay_state) {
  if (message.body.empty()) return see_other(message.url);
  Fields fields{{std::string(field), message.body}};
  if (!relay_state.empty()) fields.emplace_back("RelayState", relay_state);
  return form_page(message.url, fields, false);
}

Task<http::Response> handle_metadata(Services& services, Call call) {
  auto text = co_await services.sso.saml.metadata(call.id<ProviderId>("provider"));
  co_return http::Response::text(200, "application/samlmetadata+xml", std::move(text));
}

Task<http::Response> handle_request(Services& services, Call call) {
  const auto id = call.id<ProviderId>("provider");
  const std::string state(call.query("state").value_or(""));
  if (state.size() > 100 || !from_base64url(state)) throw bad_form();
  const bool force = call.query("force").has_value();
  const auto message = co_await services.sso.saml.request_of(id, state, force);
  co_return go_to(message, "SAMLRequest", state);
}

Task<http::Response> handle_acs(Services& services, const BrowserGuard& browser, Call call) {
  auto fields = co_await read_form(call);
  sso::SamlAnswer told;
  told.provider = call.id<ProviderId>("provider");
  told.response = take_field(fields, "SAMLResponse");
  told.relay_state = take_field(fields, "RelayState");
  told.browser = browser.sign_in_cookie(*call.request).value_or("");
  const bool again = !take_field(fields, "again").empty();
  if (told.browser.empty() && !again) {
    Fields once_more{{"SAMLResponse", std::move(told.response)},
                     {"RelayState", std::move(told.relay_state)},
                     {"again", "1"}};
    co_return form_page(call.request->path, once_more, true);
  }
  sso::Landing landed;
  try {
    landed = co_await services.sso.saml.finish(std::move(told), origin_of(call));
  } catch (const identity::SecondStepNeeded& needed) {
    co_return wants_page(*call.request) ? second_step_page(needed) : second_step_answer(needed);
  }
  if (!landed.login) co_return see_other(landed.return_to);
  co_return landing(call, browser, *landed.login, landed.return_to);
}

Task<http::Response> after_logout(Services& services, sso::SamlLogout told, Call call) {
  const auto relay_state = told.relay_state;
  const auto message = co_await services.sso.saml.logout(std::move(told), origin_of(call));
  if (!message) co_return see_other("/login");
  co_return go_to(*message, "SAMLResponse", relay_state);
}

Task<http::Response> handle_logout_query(Services& services, Call call) {
  sso::SamlLogout told;
  told.provider = call.id<ProviderId>("provider");
  const auto& target = call.request->raw_target;
  const auto mark = target.find('?');
  if (mark == std::string::npos) throw bad_form();
  told.query = target.substr(mark + 1);
  auto work = after_logout(services, std::move(told), std::move(call));
  co_return co_await std::move(work);
}

Task<http::Response> handle_logout_form(Services& services, Call call) {
  auto fields = co_await read_form(call);
  sso::SamlLogout told;
  told.provider = call.id<ProviderId>("provider");
  told.field = take_field(fields, "SAMLRequest");
  if (told.field.empty()) told.field = take_field(fields, "SAMLResponse");
  told.relay_state = take_field(fields, "RelayState");
  auto work = after_logout(services, std::move(told), std::move(call));
  co_return co_await std::move(work);
}

Route open(std::string_view method, std::string_view pattern, std::string_view summary) {
  Route out;
  out.method = method;
  out.pattern = pattern;
  out.summary = summary;
  out.rate = RateClass::auth;
  out.for_browsers = true;
  out.response_type = "text/html";
  if (method == "POST") {
    out.body_limit = kFormBytes;
    out.request_type = kForm;
  }
  return out;
}

}  // namespace

Routes saml_routes(Services& services, const BrowserGuard& browser) {
  auto metadata = open("GET", "/api/v1/auth/saml/{provider}/metadata",
                       "Metadata of this service provider, for the identity provider");
  metadata.rate = RateClass::read;
  metadata.for_browsers = false;
  metadata.response_type = "application/samlmetadata+xml";
  metadata.handler = [&](Call call) { return handle_metadata(services, call); };
  auto request = open("GET", "/api/v1/auth/saml/{provider}/request",
                      "A page that posts a sign-in's request to the identity provider");
  request.query = {{"state", "string", "of the sign-in"}, {"force", "string", "ask again"}};
  request.handler = [&](Call call) { return handle_request(services, call); };
  auto acs =
      open("POST", "/api/v1/auth/saml/{provider}/acs", "Come back from a SAML identity provider");
  acs.status = 303;
  acs.handler = [&](Call call) { return handle_acs(services, browser, call); };
  auto by_query = open("GET", "/api/v1/auth/saml/{provider}/slo",
                       "Single logout by redirect: a signed request or answer");
  by_query.query = {{"SAMLRequest", "string", ""},
                    {"SAMLResponse", "string", ""},
                    {"RelayState", "string", ""},
                    {"SigAlg", "string", ""},
                    {"Signature", "string", ""}};
  by_query.handler = [&](Call call) { return handle_logout_query(services, call); };
  auto by_form = open("POST", "/api/v1/auth/saml/{provider}/slo",
                      "Single logout by form: a signed request or answer");
  by_form.handler = [&](Call call) { return handle_logout_form(services, call); };
  return {metadata, request, acs, by_query, by_form};
}

}  // namespace aa::api
