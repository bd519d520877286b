// OpenID Connect: the authorization code flow with PKCE (RFC 7636, S256), a nonce, and `iss` in the
// answer (RFC 9207).
//
// All providers share one address to come back to. An answer of another provider than the flow's is
// known by `iss`; a provider that does not send it is taken only with a client that has a secret,
// where a code alone is worth nothing to anybody else.
//
// Thread rule: shared by all coroutines. What waits for a provider has threads of its own.
// Errors: those of OidcClient, Flows, IdToken and SignIn; malformed "invalid_callback",
// "wrong_issuer"; unauthenticated "provider_refused", "code_used", "email_missing",
// "email_unverified"; permission_denied "provider_off"; conflict "issuer_unnamed".
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "core/config/public_url.hpp"
#include "service/sso/identity_providers.hpp"
#include "service/sso/landing.hpp"
#include "service/sso/oidc_client.hpp"
#include "service/sso/sign_in.hpp"

namespace aa::sso {

// What the browser brings back.
struct OidcCallback {
  std::string state;
  std::string code;
  std::string error;
  std::optional<std::string> issuer;
  std::string browser;  // the cookie
};

struct OidcParts {
  Providers& providers;
  Flows& flows;
  SignIn& sign_in;
  identity::Identity& identity;
  identity::Directory& directory;
  const http::Outbound& outbound;
  const config::PublicUrl& url;
  const Clock& clock;
};

class Oidc final : public Kind {
 public:
  explicit Oidc(OidcParts parts);
  ~Oidc() override;
  Oidc(const Oidc&) = delete;
  Oidc& operator=(const Oidc&) = delete;

  ProviderKind kind() const override { return ProviderKind::oidc; }
  json::Object validate(const json::Object& config, bool has_secret) const override;
  std::map<std::string, std::string> addresses(ProviderId id) const override;
  Task<std::vector<TestStep>> test(Provider provider) override;
  Task<std::string> start(Provider provider, FlowRequest request) override;

  Task<Landing> finish(OidcCallback callback, identity::Origin origin);

 private:
  struct Claims;
  template <class F>
  auto away(F work);  // on the threads that wait for providers

  std::string redirect_uri() const;
  Task<Landing> finish_flow(Flow flow, Provider provider, OidcCallback callback,
                            identity::Origin origin);
  Task<Claims> claims_of(Flow flow, Provider provider, OidcCallback callback);
  Task<Vouched> vouched(Provider provider, Claims claims);
  Task<> end_used(ProviderId provider, std::string code, identity::Origin origin);

  OidcParts parts_;
  OidcClient client_;
  boost::asio::thread_pool threads_;
};

}  // namespace aa::sso
