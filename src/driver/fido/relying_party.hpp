// For whom passkeys are: a domain and the one origin of its pages, out of the public address.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace aa::fido {

struct RelyingParty {
  std::string id;      // the domain
  std::string origin;  // scheme, domain and port
};

// Throws conflict "passkeys_unavailable" for an address that browsers make no passkeys for: one
// without a domain name, or one without TLS that is not http://localhost.
RelyingParty relying_party(std::string_view public_url);

}  // namespace aa::fido
