// What an organisation says of its OpenID provider, and what the provider says of itself.
//
// Thread rule: values and pure functions.
// Errors: invalid_argument "invalid_provider" with pointers under /config; unavailable
// "bad_discovery".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace aa::sso {

// How the client shows at the token endpoint who it is.
enum class TokenAuth { client_secret_basic, client_secret_post, none };
BOOST_DESCRIBE_ENUM(TokenAuth, client_secret_basic, client_secret_post, none)

struct OidcSettings {
  std::string issuer;
  std::string client_id;
  TokenAuth token_auth = TokenAuth::client_secret_basic;
  std::vector<std::string> scopes;  // openid, email and profile unless others are named
  std::string email_claim = "email";
  std::string name_claim = "name";
  std::string groups_claim;  // "" when roles do not follow from claims
  // The provider gives addresses to its own people alone, so an address counts without
  // email_verified.
  bool trusts_email = false;
};
BOOST_DESCRIBE_STRUCT(OidcSettings, (),
                      (issuer, client_id, token_auth, scopes, email_claim, name_claim, groups_claim,
                       trusts_email))
constexpr auto field_rules(const OidcSettings*) {
  return std::array{
      json::Field{.name = "issuer", .min_length = 1, .max_length = 500},
      json::Field{.name = "client_id", .min_length = 1, .max_length = 500},
      json::Field{.name = "token_auth", .optional = true},
      json::Field{.name = "scopes", .min_items = 1, .max_items = 20, .optional = true},
      json::Field{.name = "email_claim", .min_length = 1, .max_length = 100, .optional = true},
      json::Field{.name = "name_claim", .min_length = 1, .max_length = 100, .optional = true},
      json::Field{.name = "groups_claim", .max_length = 100, .optional = true},
      json::Field{.name = "trusts_email", .optional = true}};
}

OidcSettings read_oidc_settings(const json::Object& config);
// The same, checked for what goes together.
OidcSettings checked_oidc_settings(const json::Object& config, bool has_secret);

struct Discovery {
  std::string issuer;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string jwks_uri;
  std::string userinfo_endpoint;  // "" when there is none
  bool names_itself = false;      // its answers carry `iss` (RFC 9207)
};

// https, or http to this machine for trials; no user, no fragment.
bool is_provider_url(std::string_view url);
std::string discovery_url(std::string_view issuer);
// Throws bad_discovery; the document must speak of that very issuer.
Discovery read_discovery(std::string_view text, std::string_view issuer);
// Adds parameters to an address that may have some.
std::string with_query(std::string url,
                       const std::vector<std::pair<std::string, std::string>>& parameters);
std::string form_of(const std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace aa::sso
