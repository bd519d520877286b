// What a Response says, as JSON (saml_types.hpp has the shapes): of the assertion only what the
// identity provider's signature covers. Whether it is meant for us, and now, is saml_rules.hpp's.
//
// Thread rule: the plugin's lock is held.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace aa::saml {

// `document` is the XML. Refused when it is not one response with one signed assertion.
boost::json::object read_response(const std::string& document,
                                  const std::vector<std::string>& certificates);

// A LogoutRequest or LogoutResponse; `signed_inside` asks for an enveloped signature.
boost::json::object read_logout(const std::string& document, bool signed_inside,
                                const std::vector<std::string>& certificates);

}  // namespace aa::saml
