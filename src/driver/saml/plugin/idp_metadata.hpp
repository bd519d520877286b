// What the metadata of an identity provider says, as JSON.
//
// Thread rule: the plugin's lock is held.
#pragma once

#include <string>

#include <boost/json/object.hpp>

namespace aa::saml {

// Refused unless it describes exactly one identity provider with a place to sign in and a key.
boost::json::object read_metadata(const std::string& document);

}  // namespace aa::saml
