// Messages of ours, made and signed by lasso, and its opinion of others'.
//
// Thread rule: the plugin's lock is held; lasso is ready (start_lasso).
#pragma once

#include <boost/json/object.hpp>

// Before lasso, which includes libxml2 as if it were C alone.
#include "driver/saml/plugin/xml_tree.hpp"

namespace aa::saml {

void start_lasso();

// All take "service": {metadata, key, certificate} and "idp_metadata"; all give {url, body}, the
// body empty where the binding is a redirect.
// Besides: binding, id, acs, force, relay_state.
boost::json::object authn_request(const boost::json::object& told);
// Besides: binding, id, name, session_index, relay_state.
boost::json::object logout_request(const boost::json::object& told);
// Besides: message (query or body as it came), name, session_index, relay_state, known.
boost::json::object logout_response(const boost::json::object& told);

// Whether lasso takes the response, too, and reads the same name in it: {"name": ...}.
boost::json::object second_opinion(const boost::json::object& told);

}  // namespace aa::saml
