// ID tokens: JWS in its compact form (RFC 7515) with keys from a JWK set (RFC 7517), checked as
// OpenID Connect Core 1.0, section 3.1.3.7, and RFC 8725 tell.
//
// Only signatures by public keys are known: RS256, PS256, ES256, EdDSA (Ed25519). What a token says
// about keys (jku, x5u, jwk, x5c) is not looked at.
//
// Thread rule: values; nothing here blocks for long.
// Errors: malformed "bad_jwks"; unauthenticated "id_token_refused", whose cause says why.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"

struct evp_pkey_st;

namespace aa::sso {

enum class JwsAlgorithm { rs256, ps256, es256, eddsa };
// nullopt for every other name.
std::optional<JwsAlgorithm> jws_algorithm(std::string_view name);

class JwsKey {
 public:
  enum class Type { rsa, p256, ed25519 };

  // nullopt for a key of another kind or use, or one that is too weak.
  static std::optional<JwsKey> read(const json::Object& jwk);

  const std::string& kid() const { return kid_; }  // "" when it has none
  bool fits(JwsAlgorithm algorithm) const;
  bool verifies(JwsAlgorithm algorithm, std::string_view signed_text,
                std::string_view signature) const;

 private:
  Type type_ = Type::rsa;
  std::string kid_;
  std::string algorithm_;  // "" when it says none
  std::shared_ptr<evp_pkey_st> key_;
};

using KeySet = std::vector<JwsKey>;

// At most 64 keys count; others' kinds are passed over.
KeySet read_key_set(std::string_view text);

struct IdTokenRules {
  std::string issuer;
  std::string client_id;
  std::string nonce;
};

// The parts of a token whose signature has not been looked at yet.
class IdToken {
 public:
  // Error id_token_refused for what is no token that could be right.
  explicit IdToken(std::string_view text);

  const std::string& kid() const { return kid_; }
  // Whether one of the keys could be the one that signed it.
  bool has_key_in(const KeySet& keys) const;
  // The claims, once signature and rules were found to hold.
  json::Object verify(const KeySet& keys, const IdTokenRules& rules, Timestamp now) const;

 private:
  JwsAlgorithm algorithm_ = JwsAlgorithm::rs256;
  std::string kid_;
  std::string signed_text_;
  std::string signature_;
  json::Object claims_;
};

}  // namespace aa::sso
