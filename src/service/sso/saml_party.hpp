// Both sides of one trust. Thread rule: a value.
#pragma once

#include "service/sso/saml.hpp"

namespace aa::sso {

struct Saml::Party {
  ProviderId id;
  SamlSettings settings;
  saml::IdpMetadata idp;
  saml::ServicePlaces places;
  saml::Service service;
};

}  // namespace aa::sso
