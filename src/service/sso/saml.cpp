#include "service/sso/saml.hpp"

#include "base/hash.hpp"
#include "core/observe/log.hpp"
#include "driver/saml/saml_bindings.hpp"
#include "driver/saml/saml_rules.hpp"
#include "driver/saml/xml_guard.hpp"
#include "service/audit/recorded.hpp"
#include "service/sso/oidc_settings.hpp"
#include "service/sso/saml_party.hpp"

namespace aa::sso {
namespace {

// NCName: begins with no digit.
std::string request_id(const std::string& state) {
  return "_" + to_hex(sha256("saml request " + state));
}

Error unasked(const char* slug) {
  return {ErrorCode::unauthenticated, slug,
          "Nobody was sent to the identity provider with this request."};
}

std::string fetched(const http::Outbound& outbound, const std::string& url) {
  if (!is_provider_url(url)) {
    throw invalid("invalid_provider", "/config/metadata_url must be an https address.",
                  {{"/config/metadata_url", "is no https address"}});
  }
  http::OutboundRequest request;
  request.url = url;
  request.max_bytes = saml::kMetadataBytes;
  request.redirects_max = 3;
  try {
    auto response = outbound.fetch(request);
    if (response.status == 200) return std::move(response.body);
  } catch (const Error& error) {
    throw Error(error.code(), error.slug(), error.message(),
                {{"/config/metadata_url", "cannot be fetched"}});
  }
  throw invalid("metadata_refused", "The address of the metadata did not answer with status 200.",
                {{"/config/metadata_url", "cannot be fetched"}});
}

}  // namespace

Saml::Saml(SamlParts parts)
    : parts_(std::move(parts)),
      store_(parts_.database, parts_.keys, parts_.clock, parts_.executors),
      library_(parts_.plugin) {}

saml::ServicePlaces Saml::places(ProviderId id) const {
  const auto base = parts_.url.link("/api/v1/auth/saml/" + id.str());
  return {base + "/metadata", base + "/acs", base + "/slo"};
}

json::Object Saml::validate(const json::Object& config, bool) const {
  auto settings = read_saml_settings(config);
  if (settings.metadata.empty() && settings.metadata_url.empty()) {
    throw invalid("invalid_provider", "/config needs the metadata or their address.",
                  {{"/config/metadata", "is missing"}});
  }
  if (settings.metadata.empty()) {
    settings.metadata = fetched(parts_.outbound, settings.metadata_url);
  }
  take_metadata(settings, library_.read_metadata(settings.metadata));
  return json::parse(json::write(settings)).as_object();
}

std::map<std::string, std::string> Saml::addresses(ProviderId id) const {
  const auto ours = places(id);
  return {{"entity_id", ours.entity_id},
          {"metadata_url", ours.entity_id},
          {"acs_url", ours.acs},
          {"slo_url", ours.slo}};
}

Task<Saml::Party> Saml::party(Provider provider) {
  const auto ours = co_await store_.key(provider.organization, provider.id);
  Party out;
  out.id = provider.id;
  out.settings = read_saml_settings(provider.config);
  out.places = places(provider.id);
  out.service = {saml::service_metadata(out.places, ours.certificate), ours.key, ours.certificate};
  auto read = [this, &out] { return library_.read_metadata(out.settings.metadata); };
  out.idp = co_await runtime::run_on(parts_.executors.blocking(), read);
  co_return out;
}

saml::MessageRequest Saml::message_for(const Party& party) const {
  saml::MessageRequest out;
  out.service = party.service;
  out.idp_metadata = party.settings.metadata;
  out.idp_entity_id = party.idp.entity_id;
  out.binding = boost::describe::enum_to_string(party.settings.binding, "redirect");
  out.acs = party.places.acs;
  return out;
}

saml::DocumentRequest Saml::document_for(const Party& party) const {
  saml::DocumentRequest out;
  out.service = party.service;
  out.idp_metadata = party.settings.metadata;
  out.idp_entity_id = party.idp.entity_id;
  out.certificates = party.idp.certificates;
  return out;
}

Task<Provider> Saml::standing(ProviderId id) {
  auto provider = co_await parts_.providers.standing(id);
  if (provider.kind != ProviderKind::saml) throw not_found("identity provider");
  co_return provider;
}

Task<std::string> Saml::metadata(ProviderId id) {
  const auto provider = co_await parts_.providers.find(id);
  if (!provider || provider->kind != ProviderKind::saml) throw not_found("identity provider");
  const auto ours = co_await store_.key(provider->organization, id);
  co_return saml::service_metadata(places(id), ours.certificate);
}

Task<std::vector<TestStep>> Saml::test(Provider provider) {
  std::vector<TestStep> steps;
  try {
    const auto both = co_await party(provider);
    steps.emplace_back("metadata", true, both.idp.entity_id);
    auto wanted = message_for(both);
    wanted.id = request_id("a test");
    auto make = [this, &wanted] { return library_.authn_request(wanted); };
    const auto made = co_await runtime::run_on(parts_.executors.blocking(), make);
    steps.emplace_back("request", true, made.url.substr(0, made.url.find('?')));
  } catch (const Error& error) {
    steps.emplace_back(steps.empty() ? "metadata" : "request", false, error.message());
  }
  co_return steps;
}

Task<std::string> Saml::start(Provider provider, FlowRequest request) {
  const auto both = co_await party(provider);
  auto wanted = message_for(both);
  // Who links an account or tries the provider out shows that he is there.
  wanted.force = request.purpose != FlowPurpose::sign_in;
  const auto id = provider.id;
  Secret kept(wanted.force ? "force" : "sign_in");
  const auto state =
      co_await parts_.flows.begin(std::move(provider), std::move(request), std::move(kept));
  if (both.settings.binding == SamlBinding::post) {
    co_return "/api/v1/auth/saml/" + id.str() + "/request?state=" + state +
        (wanted.force ? "&force=1" : "");
  }
  wanted.id = request_id(state);
  wanted.relay_state = state;
  auto make = [this, &wanted] { return library_.authn_request(wanted); };
  auto made = co_await runtime::run_on(parts_.executors.blocking(), make);
  co_return std::move(made.url);
}

Task<saml::Message> Saml::request_of(ProviderId id, std::string state, bool force) {
  auto provider = co_await standing(id);
  const auto both = co_await party(std::move(provider));
  auto wanted = message_for(both);
  wanted.binding = "post";
  wanted.force = force;
  wanted.id = request_id(state);
  wanted.relay_state = std::move(state);
  auto make = [this, &wanted] { return library_.authn_request(wanted); };
  auto made = co_await runtime::run_on(parts_.executors.blocking(), make);
  co_return made;
}

// Nothing when the provider came of itself and may.
Task<std::optional<Flow>> Saml::flow_of(const SamlAnswer& answer, const SamlSettings& settings) {
  std::optional<Flow> flow;
  try {
    flow = co_await parts_.flows.take(answer.relay_state, answer.browser);
  } catch (const Error& error) {
    if (error.slug() != "flow_unknown") throw;
  }
  if (flow && flow->provider != answer.provider) throw unasked("saml_other_provider");
  if (!flow && !settings.idp_initiated) throw unasked("saml_unasked");
  co_return flow;
}

Task<Landing> Saml::land(Provider provider, SamlAnswer answer, identity::Origin origin) {
  const auto both = co_await party(provider);
  auto told = document_for(both);
  told.message = std::move(answer.response);
  auto read = [this, &told] {
    told.document = saml::from_form(told.message);
    return library_.read_response(told);
  };
  const auto facts = co_await runtime::run_on(parts_.executors.blocking(), read);
  const auto flow = co_await flow_of(answer, both.settings);
  saml::Expected expected;
  expected.issuer = both.idp.entity_id;
  expected.entity_id = both.places.entity_id;
  expected.acs = both.places.acs;
  if (flow) expected.request = request_id(flow->state);
  expected.now = parts_.clock.now();
  const auto until = saml::check_response(facts, expected);
  co_await store_.once(provider.organization, provider.id, facts.assertion.id, until);
  auto person = vouched_by(both.settings, facts.assertion);
  Landing out;
  out.return_to = flow ? flow->return_to : "/";
  if (flow && flow->purpose == FlowPurpose::link) {
    co_await parts_.sign_in.link(std::move(provider), *flow->user, std::move(person),
                                 std::move(origin));
    co_return out;
  }
  if (person.email.empty()) {
    const auto known =
        co_await parts_.directory.find(provider.organization, provider.id.str(), person.subject);
    if (!known) {
      throw Error(ErrorCode::unauthenticated, "email_missing",
                  "The identity provider told no e-mail address.");
    }
  }
  SamlSession known;
  known.provider = provider.id;
  known.name = facts.assertion.name;
  known.index = facts.assertion.statement.session_index;
  const auto organization = provider.organization;
  out.login = co_await parts_.sign_in.enter(std::move(provider), std::move(person),
                                            std::move(origin), out.return_to);
  co_await store_.keep_session(organization, out.login->session, std::move(known));
  co_return out;
}

Task<> Saml::refuse(Provider provider, Error why, identity::Origin origin) {
  observe::info("saml.refused",
                {{"provider", provider.id.str()}, {"reason", why.slug()}, {"why", why.cause()}});
  co_await parts_.sign_in.refuse(std::move(provider), why, std::move(origin));
  throw audit::Recorded(Error(why.code(), "saml_refused",
                              "The identity provider's message is not taken. Begin again; if it "
                              "happens once more, tell your administrator the time."));
}

Task<Landing> Saml::finish(SamlAnswer answer, identity::Origin origin) {
  auto provider = co_await standing(answer.provider);
  std::optional<Error> refusal;
  try {
    auto work = land(provider, std::move(answer), origin);
    co_return co_await std::move(work);
  } catch (const identity::SecondStepNeeded&) {
    throw;
  } catch (const audit::Recorded&) {
    throw;
  } catch (const Error& error) {
    const bool theirs = error.code() == ErrorCode::unauthenticated ||
                        error.code() == ErrorCode::malformed ||
                        error.code() == ErrorCode::too_large;
    if (!theirs) throw;
    refusal = error;
  }
  auto refusing = refuse(std::move(provider), *refusal, std::move(origin));
  co_await std::move(refusing);
  throw internal_error("a refusal came back");
}

}  // namespace aa::sso
