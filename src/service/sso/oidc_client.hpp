// What is said to an OpenID provider from here: its description, its keys, the exchange of a code,
// what it knows of a person. All of it through the guarded way out.
//
// Descriptions are kept for ten minutes and keys for an hour; a token by a key that is not known
// has the keys fetched anew, twice a minute at most.
//
// Thread rule: any thread; each call may block for some seconds.
// Errors: unavailable "provider_unreachable", "provider_busy", "bad_discovery", "bad_jwks";
// unauthenticated "code_refused", "userinfo_refused". No text of the provider's is in them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "driver/http/outbound.hpp"
#include "service/sso/jose.hpp"
#include "service/sso/oidc_settings.hpp"

namespace aa::sso {

struct CodeExchange {
  OidcSettings settings;
  Secret client_secret;
  std::string code;
  std::string verifier;
  std::string redirect_uri;
};

struct TokenAnswer {
  std::string id_token;
  std::string access_token;
};

class OidcClient {
 public:
  OidcClient(const http::Outbound& outbound, const Clock& clock)
      : outbound_(outbound), clock_(clock) {}

  // Error invalid_argument "outbound_refused".
  void check(const std::string& url) const { outbound_.check(url); }

  using DiscoveryPointer = std::shared_ptr<const Discovery>;
  using KeysPointer = std::shared_ptr<const KeySet>;
  // Fetched anew when `fresh`.
  DiscoveryPointer discovery(const std::string& issuer, bool fresh = false);
  KeysPointer keys(const Discovery& provider, bool fresh = false);
  // Those among which the token's is, if it is known.
  KeysPointer keys_for(const Discovery& provider, const IdToken& token);
  TokenAnswer exchange(const Discovery& provider, const CodeExchange& what);
  json::Object userinfo(const Discovery& provider, const std::string& access_token,
                        const std::string& subject);

 private:
  using Moment = std::chrono::steady_clock::time_point;
  template <class T>
  struct Kept {
    std::shared_ptr<const T> value;
    Moment at;
  };
  class Turn;

  std::string get(const std::string& issuer, const std::string& url,
                  std::vector<std::string> headers = {});
  http::OutboundResponse send(const std::string& issuer, const http::OutboundRequest& request);

  const http::Outbound& outbound_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Kept<Discovery>> discoveries_;  // by issuer
  std::map<std::string, Kept<KeySet>> keys_;            // by issuer and address
  std::map<std::string, int> under_way_;                // requests, by issuer
};

}  // namespace aa::sso
