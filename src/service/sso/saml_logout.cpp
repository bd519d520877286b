#include "base/hash.hpp"
#include "core/observe/log.hpp"
#include "driver/saml/saml_bindings.hpp"
#include "driver/saml/saml_rules.hpp"
#include "service/audit/recorded.hpp"
#include "service/sso/saml.hpp"
#include "service/sso/saml_party.hpp"

namespace aa::sso {
namespace {

constexpr std::size_t kIdBytes = 20;

std::string new_id() {
  const auto random = random_bytes(kIdBytes);
  return "_" + to_hex({reinterpret_cast<const std::uint8_t*>(random.data()), random.size()});
}

}  // namespace

Task<std::optional<std::string>> Saml::sign_out(SessionId session) {
  try {
    auto known = co_await store_.session(session);
    if (!known) co_return std::nullopt;
    auto provider = co_await standing(known->provider);
    const auto both = co_await party(std::move(provider));
    if (both.idp.sign_out.redirect.empty()) co_return std::nullopt;
    auto wanted = message_for(both);
    wanted.binding = "redirect";
    wanted.id = new_id();
    wanted.name = std::move(known->name);
    wanted.session_index = std::move(known->index);
    auto make = [this, &wanted] { return library_.logout_request(wanted); };
    const auto made = co_await runtime::run_on(parts_.executors.blocking(), make);
    co_return made.url;
  } catch (const Error& error) {
    observe::warn("saml.no_sign_out", {{"reason", error.slug()}, {"why", error.cause()}});
    co_return std::nullopt;
  }
}

Task<std::optional<saml::Message>> Saml::end_sessions(Provider provider, SamlLogout told,
                                                      identity::Origin origin) {
  const auto both = co_await party(provider);
  auto document = document_for(both);
  document.signed_inside = told.query.empty();
  auto read = [this, &document, &told] {
    if (told.query.empty()) {
      document.document = saml::from_form(told.field);
    } else {
      auto message = saml::from_query(told.query, document.certificates);
      document.document = std::move(message.document);
      told.relay_state = std::move(message.relay_state);
    }
    return library_.read_logout(document);
  };
  const auto facts = co_await runtime::run_on(parts_.executors.blocking(), read);
  saml::ExpectedLogout expected;
  expected.issuer = both.idp.entity_id;
  expected.slo = both.places.slo;
  expected.now = parts_.clock.now();
  const auto until = saml::check_logout(facts, expected);
  if (!facts.request) co_return std::nullopt;
  const std::string message = "logout " + facts.id;
  co_await store_.once(provider.organization, provider.id, message, until);
  const auto sessions = co_await store_.sessions_of(provider.id, facts.name.value, facts.sessions);
  if (sessions.empty()) {
    throw Error(ErrorCode::unauthenticated, "saml_no_session",
                "The identity provider signs out somebody who is not signed in.");
  }
  for (const auto session : sessions) {
    co_await parts_.identity.end_stolen_session(session, "sso.sign_out", origin);
  }
  auto wanted = message_for(both);
  wanted.name = facts.name;
  wanted.session_index = facts.sessions.empty() ? std::string() : facts.sessions.front();
  wanted.relay_state = std::move(told.relay_state);
  wanted.message = told.query.empty() ? std::move(told.field) : std::move(told.query);
  auto make = [this, &wanted]() -> std::optional<saml::Message> {
    try {
      return library_.logout_response(wanted);
    } catch (const Error& error) {
      observe::warn("saml.no_logout_answer", {{"why", error.cause()}});
      return std::nullopt;
    }
  };
  auto answer = co_await runtime::run_on(parts_.executors.blocking(), make);
  co_return answer;
}

Task<std::optional<saml::Message>> Saml::logout(SamlLogout told, identity::Origin origin) {
  auto provider = co_await standing(told.provider);
  std::optional<Error> refusal;
  try {
    auto work = end_sessions(provider, std::move(told), origin);
    co_return co_await std::move(work);
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
