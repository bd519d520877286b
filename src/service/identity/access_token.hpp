// Access tokens: JWTs signed with Ed25519 (RFC 7519, RFC 8037), alive for ten minutes.
//
// The header names the algorithm EdDSA, the type at+jwt and the key by its thumbprint (RFC 7638). A
// key signs one header only, and a token is taken only when its header is that text byte for byte:
// no other algorithm, type or key is ever looked at. Claims: iss, aud, sub (user), org, sid
// (session), iat, exp.
//
// Thread rule: immutable after construction.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/secret.hpp"

namespace aa::identity {

inline constexpr std::chrono::minutes kAccessTokenLife{10};

struct AccessClaims {
  UserId user;
  OrganizationId organization;
  SessionId session;
  Timestamp issued_at;
  Timestamp expires_at;
};

class TokenSigner {
 public:
  explicit TokenSigner(const Secret& seed);  // 32 bytes
  ~TokenSigner();

  const std::string& id() const { return id_; }                  // "kid"
  const std::string& public_key() const { return public_key_; }  // base64url: "x" of the JWK

  // That of a token which this key may have signed.
  bool has_header_of(std::string_view token) const { return token.starts_with(header_); }
  std::string sign(const AccessClaims& claims) const;
  // Throws Error(unauthenticated, "invalid_token" or "token_expired").
  AccessClaims verify(std::string_view token, Timestamp now) const;

 private:
  struct Key;
  std::unique_ptr<Key> key_;
  std::string public_key_;
  std::string id_;
  std::string header_;  // as it stands in a token, with the dot
};

}  // namespace aa::identity
