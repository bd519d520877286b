// Our side of a trust: a key with a certificate, and the metadata that tell of it.
//
// Thread rule: pure; new_service_key() takes a second of processor time.
#pragma once

#include <string>
#include <string_view>

namespace aa::saml {

struct ServiceKey {
  std::string key;          // PEM, RSA of 3072 bits
  std::string certificate;  // PEM, signed by itself, ten years
};

ServiceKey new_service_key();

struct ServicePlaces {
  std::string entity_id;  // where the metadata are
  std::string acs;
  std::string slo;
};

// The XML that an identity provider is given.
std::string service_metadata(const ServicePlaces& places, std::string_view certificate_pem);

}  // namespace aa::saml
