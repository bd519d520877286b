#include "driver/saml/plugin/idp_metadata.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "driver/saml/plugin/xml_tree.hpp"

namespace aa::saml {
namespace {

using boost::json::array;
using boost::json::object;

constexpr const char* kRedirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
constexpr const char* kPost = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
constexpr std::size_t kKeys = 10;

void add_keys(const xmlNode* descriptor, array& keys) {
  for (const xmlNode* info : children(descriptor, kSignature, "KeyInfo")) {
    for (const xmlNode* data : children(info, kSignature, "X509Data")) {
      for (const xmlNode* certificate : children(data, kSignature, "X509Certificate")) {
        auto text = text_of(certificate);
        std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
        if (keys.size() >= kKeys) throw Refused("The metadata has too many keys.");
        keys.emplace_back(std::move(text));
      }
    }
  }
}

array read_keys(const xmlNode* role) {
  array keys;
  for (const xmlNode* descriptor : children(role, kMetadata, "KeyDescriptor")) {
    const auto use = attribute(descriptor, "use");
    if (use.empty() || use == "signing") add_keys(descriptor, keys);
  }
  if (keys.empty()) throw Refused("The metadata has no certificate to check signatures with.");
  return keys;
}

// The first of each binding.
object read_services(const xmlNode* role, const char* name) {
  object out{{"redirect", ""}, {"post", ""}};
  for (const xmlNode* service : children(role, kMetadata, name)) {
    const auto binding = attribute(service, "Binding");
    const char* key = binding == kRedirect ? "redirect" : binding == kPost ? "post" : nullptr;
    if (key != nullptr && out[key].as_string().empty()) out[key] = attribute(service, "Location");
  }
  return out;
}

const xmlNode* find_entity(const xmlNode* root) {
  if (is(root, kMetadata, "EntityDescriptor")) return root;
  if (!is(root, kMetadata, "EntitiesDescriptor")) throw Refused("That is no SAML metadata.");
  const auto entities = children(root, kMetadata, "EntityDescriptor");
  if (entities.size() != 1 || !children(root, kMetadata, "EntitiesDescriptor").empty()) {
    throw Refused("The metadata describes more than one party; give that of one.");
  }
  return entities.front();
}

}  // namespace

object read_metadata(const std::string& text) {
  const auto document = read_document(text, true);
  const xmlNode* entity = find_entity(xmlDocGetRootElement(document.get()));
  const auto name = attribute(entity, "entityID");
  if (name.empty() || name.size() > 1024) throw Refused("The metadata has no entity id.");
  const xmlNode* role = only_child(entity, kMetadata, "IDPSSODescriptor");
  if (role == nullptr) throw Refused("The metadata describes no identity provider.");
  auto sign_in = read_services(role, "SingleSignOnService");
  if (sign_in["redirect"].as_string().empty() && sign_in["post"].as_string().empty()) {
    throw Refused("The metadata names no place to sign in by Redirect or POST.");
  }
  return {{"entity_id", name},
          {"certificates", read_keys(role)},
          {"sign_in", std::move(sign_in)},
          {"sign_out", read_services(role, "SingleLogoutService")}};
}

}  // namespace aa::saml
