// Access tokens: JWTs signed with Ed25519 (RFC 7519, RFC 8037), alive for ten minutes.
//
// Only the algorithm EdDSA and the type at+jwt are taken; header parameters that name keys are
// ignored, since there is one key. Claims: iss, aud, sub (user), org, sid (session), iat, exp.
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

  std::string sign(const AccessClaims& claims) const;
  // Throws Error(unauthenticated, "invalid_token" or "token_expired").
  AccessClaims verify(std::string_view token, Timestamp now) const;

 private:
  struct Key;
  std::unique_ptr<Key> key_;
};

}  // namespace aa::identity
