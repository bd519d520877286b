// How messages travel through a browser (saml-bindings-2.0-os, 3.4 and 3.5): base64 in a form, or
// deflated in a query with a signature beside it.
//
// Thread rule: pure. Errors: malformed "saml_document", too_large "saml_too_large"; unauthenticated
// "saml_signature" (the cause says why).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aa::saml {

// The XML of a form's field.
std::string from_form(std::string_view field);

struct RedirectMessage {
  std::string document;  // XML
  std::string relay_state;
};

// Of a query as it was sent: exactly one SAMLRequest or SAMLResponse, each word once. Its signature
// must be of one of the certificates (DER in base64).
RedirectMessage from_query(std::string_view raw_query,
                           const std::vector<std::string>& certificates);

// Throws invalid_argument "metadata_refused" for a key that is too weak or of a kind not taken.
void check_certificate(const std::string& certificate);

}  // namespace aa::saml
