// SAML 2.0, our side being the service provider: web browser single sign-on and single logout
// (saml-profiles-2.0-os, 4.1 and 4.4).
//
// A request is signed and carries the flow's state as RelayState; its id is made from the state, so
// an answer fits one flow of one browser. What answers say is read by driver/saml, and whether it
// is meant for us, now and for the first time is decided here.
//
// Thread rule: shared by all coroutines. The plugin works on the blocking executor.
// Errors: malformed and unauthenticated "saml_refused", too_large "saml_refused", whatever was
// wrong: the trail has the reason, the log the details; unavailable "saml_not_installed"; those of
// SignIn; permission_denied "provider_off"; not_found.
#pragma once

#include <filesystem>

#include "core/config/public_url.hpp"
#include "driver/http/outbound.hpp"
#include "driver/saml/saml_library.hpp"
#include "service/sso/identity_providers.hpp"
#include "service/sso/landing.hpp"
#include "service/sso/saml_settings.hpp"
#include "service/sso/saml_store.hpp"
#include "service/sso/sign_in.hpp"

namespace aa::sso {

// What the browser brings from the identity provider.
struct SamlAnswer {
  ProviderId provider;
  std::string response;  // the form's field
  std::string relay_state;
  std::string browser;  // the cookie
};

// A message about a logout: the query as it was sent, or a form's field.
struct SamlLogout {
  ProviderId provider;
  std::string query;
  std::string field;
  std::string relay_state;
};

struct SamlParts {
  db::Database& database;
  Providers& providers;
  Flows& flows;
  SignIn& sign_in;
  identity::Identity& identity;
  identity::Directory& directory;
  const http::Outbound& outbound;
  const config::PublicUrl& url;
  std::shared_ptr<blob::KeyRing> keys;
  const Clock& clock;
  runtime::Executors& executors;
  std::filesystem::path plugin;
};

class Saml final : public Kind {
 public:
  explicit Saml(SamlParts parts);

  ProviderKind kind() const override { return ProviderKind::saml; }
  json::Object validate(const json::Object& config, bool has_secret) const override;
  std::map<std::string, std::string> addresses(ProviderId id) const override;
  Task<std::vector<TestStep>> test(Provider provider) override;
  Task<std::string> start(Provider provider, FlowRequest request) override;

  // What the identity provider is given; on or off.
  Task<std::string> metadata(ProviderId id);
  // The request of a flow, for the page that posts it.
  Task<saml::Message> request_of(ProviderId id, std::string state, bool force);
  Task<Landing> finish(SamlAnswer answer, identity::Origin origin);

  // Where the browser goes to sign out at the provider as well; nothing when the session is none of
  // SAML's or the provider has no such place. Never throws.
  Task<std::optional<std::string>> sign_out(SessionId session);
  // A request to sign out ends sessions and has an answer; an answer to ours has none.
  Task<std::optional<saml::Message>> logout(SamlLogout told, identity::Origin origin);

 private:
  struct Party;  // both sides of one trust
  Task<Party> party(Provider provider);
  saml::MessageRequest message_for(const Party& party) const;
  saml::DocumentRequest document_for(const Party& party) const;
  saml::ServicePlaces places(ProviderId id) const;
  Task<Provider> standing(ProviderId id);
  Task<std::optional<Flow>> flow_of(const SamlAnswer& answer, const SamlSettings& settings);
  Task<Landing> land(Provider provider, SamlAnswer answer, identity::Origin origin);
  Task<std::optional<saml::Message>> end_sessions(Provider provider, SamlLogout told,
                                                  identity::Origin origin);
  // Writes down why, and throws what says nothing.
  Task<> refuse(Provider provider, Error why, identity::Origin origin);

  SamlParts parts_;
  SamlStore store_;
  saml::Library library_;
};

}  // namespace aa::sso
