// Whether what an identity provider signed is meant for us, and now (saml-profiles-2.0-os, 4.1.4.3
// and 4.4.4).
//
// Thread rule: pure. Errors: unauthenticated "saml_..." each, which the trail is told and nobody
// else.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "driver/saml/saml_types.hpp"

namespace aa::saml {

inline constexpr std::chrono::seconds kSkew{60};
inline constexpr std::chrono::hours kAnswerLife{1};  // longer ones are cut to it

struct Expected {
  std::string issuer;
  std::string entity_id;
  std::string acs;
  std::string request;  // the id of what we asked; empty: the provider came of itself
  Timestamp now;
};

// Until when the assertion could come again.
Timestamp check_response(const ResponseFacts& facts, const Expected& expected);

struct ExpectedLogout {
  std::string issuer;
  std::string slo;
  Timestamp now;
};

Timestamp check_logout(const LogoutFacts& facts, const ExpectedLogout& expected);

}  // namespace aa::saml
