// Settings of a SAML provider, as they are stored.
//
// Thread rule: pure functions.
// Errors: invalid_argument "invalid_provider", "metadata_refused".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "driver/saml/saml_types.hpp"
#include "service/sso/provider_types.hpp"

namespace aa::sso {

enum class SamlBinding { redirect, post };
BOOST_DESCRIBE_ENUM(SamlBinding, redirect, post)

struct SamlSettings {
  std::string metadata;      // of the identity provider, XML; empty: from the URL, now
  std::string metadata_url;  // where it was taken from
  std::string entity_id;     // told by the metadata, as are the next two
  std::string sign_in_url;
  std::string sign_out_url;
  SamlBinding binding = SamlBinding::redirect;  // of what we ask
  std::string email_attribute;                  // empty: the usual names
  std::string name_attribute;
  std::string groups_attribute;
  bool idp_initiated = false;  // who comes without having been sent is taken
};
BOOST_DESCRIBE_STRUCT(SamlSettings, (),
                      (metadata, metadata_url, entity_id, sign_in_url, sign_out_url, binding,
                       email_attribute, name_attribute, groups_attribute, idp_initiated))
constexpr auto field_rules(const SamlSettings*) {
  return std::array{json::Field{.name = "metadata", .max_length = 100 * 1024, .optional = true},
                    json::Field{.name = "metadata_url", .max_length = 2000, .optional = true},
                    json::Field{.name = "entity_id", .max_length = 1024, .optional = true},
                    json::Field{.name = "sign_in_url", .max_length = 2000, .optional = true},
                    json::Field{.name = "sign_out_url", .max_length = 2000, .optional = true},
                    json::Field{.name = "binding", .optional = true},
                    json::Field{.name = "email_attribute", .max_length = 300, .optional = true},
                    json::Field{.name = "name_attribute", .max_length = 300, .optional = true},
                    json::Field{.name = "groups_attribute", .max_length = 300, .optional = true},
                    json::Field{.name = "idp_initiated", .optional = true}};
}

SamlSettings read_saml_settings(const json::Object& config);
// What the metadata say becomes part of the settings; their places must be addresses that a browser
// may be sent to, their keys strong.
void take_metadata(SamlSettings& settings, const saml::IdpMetadata& told);
// Whom the assertion speaks of. Unauthenticated "saml_email" for an address that is not one.
Vouched vouched_by(const SamlSettings& settings, const saml::Assertion& assertion);

}  // namespace aa::sso
