#include "service/sso/saml_settings.hpp"

#include <algorithm>

#include "driver/saml/saml_bindings.hpp"
#include "service/sso/config_text.hpp"
#include "service/sso/oidc_settings.hpp"

namespace aa::sso {
namespace {

constexpr std::size_t kGroupsMax = 1'000;
constexpr const char* kEmailFormat = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

using Names = std::vector<std::string>;

const Names& usual_email() {
  static const Names names{"email", "mail", "urn:oid:0.9.2342.19200300.100.1.3",
                           "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"};
  return names;
}

const Names& usual_name() {
  static const Names names{"displayName", "urn:oid:2.16.840.1.113730.3.1.241",
                           "http://schemas.microsoft.com/identity/claims/displayname",
                           "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "name"};
  return names;
}

const Names& usual_groups() {
  static const Names names{"groups", "memberOf",
                           "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"};
  return names;
}

// Of the first name that the assertion has.
std::vector<std::string> values_of(const saml::Assertion& assertion, const std::string& wanted,
                                   const Names& usual) {
  const Names names = wanted.empty() ? usual : Names{wanted};
  for (const auto& name : names) {
    std::vector<std::string> out;
    for (const auto& told : assertion.attributes) {
      if (told.name != name) continue;
      for (const auto& value : told.values) {
        if (!value.empty() && out.size() < kGroupsMax) out.push_back(value);
      }
    }
    if (!out.empty()) return out;
  }
  return {};
}

void check_place(const std::string& url, const char* what) {
  if (url.empty() || is_provider_url(url)) return;
  throw invalid("metadata_refused",
                std::string("The metadata's address to ") + what + " is no https address.",
                {{"/config/metadata", "has an address that is not taken"}});
}

}  // namespace

SamlSettings read_saml_settings(const json::Object& config) {
  return read_settings<SamlSettings>(config);
}

void take_metadata(SamlSettings& settings, const saml::IdpMetadata& told) {
  for (const auto* places : {&told.sign_in, &told.sign_out}) {
    check_place(places->redirect, places == &told.sign_in ? "sign in" : "sign out");
    check_place(places->post, places == &told.sign_in ? "sign in" : "sign out");
  }
  for (const auto& certificate : told.certificates) saml::check_certificate(certificate);
  settings.entity_id = told.entity_id;
  // What the provider does not offer is not asked for.
  if (settings.binding == SamlBinding::redirect && told.sign_in.redirect.empty()) {
    settings.binding = SamlBinding::post;
  } else if (settings.binding == SamlBinding::post && told.sign_in.post.empty()) {
    settings.binding = SamlBinding::redirect;
  }
  settings.sign_in_url =
      settings.binding == SamlBinding::post ? told.sign_in.post : told.sign_in.redirect;
  settings.sign_out_url = told.sign_out.redirect;
}

Vouched vouched_by(const SamlSettings& settings, const saml::Assertion& assertion) {
  Vouched out;
  out.subject = assertion.name.value;
  const auto emails = values_of(assertion, settings.email_attribute, usual_email());
  if (emails.size() > 1) {
    throw Error(ErrorCode::unauthenticated, "saml_email",
                "The identity provider tells more than one e-mail address.");
  }
  if (!emails.empty()) {
    out.email = emails.front();
  } else if (settings.email_attribute.empty() && assertion.name.format == kEmailFormat) {
    out.email = assertion.name.value;
  }
  const auto names = values_of(assertion, settings.name_attribute, usual_name());
  if (!names.empty()) out.name = names.front();
  out.groups = values_of(assertion, settings.groups_attribute, usual_groups());
  return out;
}

}  // namespace aa::sso
