// Enveloped signatures of one element by one of the keys that the metadata names.
//
// Thread rule: the plugin's lock is held.
#pragma once

#include <string>
#include <vector>

#include "driver/saml/plugin/xml_tree.hpp"

namespace aa::saml {

// The canonical bytes of `element` that its own signature covers, its one reference being to the
// element's own identifier. `certificates` are DER in base64; what the message says of keys is not
// read. Refused for everything else.
std::string signed_bytes(xmlDoc* document, xmlNode* element,
                         const std::vector<std::string>& certificates);

// xmlsec and libxml2 write what they dislike to nobody: others choose how much that is.
void keep_quiet();

}  // namespace aa::saml
