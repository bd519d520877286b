// Documents of others, read by libxml2 within bounds, and ways to look at them exactly.
//
// Thread rule: the plugin's lock is held.
#pragma once

#include <libxml/tree.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aa::saml {

// Why a document is not taken: a slug for the audit trail, words for the log, nothing for its
// sender.
class Refused : public std::runtime_error {
 public:
  explicit Refused(const std::string& text, const char* slug = "saml_structure")
      : std::runtime_error(text), slug_(slug) {}
  const char* slug() const { return slug_; }

 private:
  const char* slug_;
};

inline constexpr const char* kProtocol = "urn:oasis:names:tc:SAML:2.0:protocol";
inline constexpr const char* kAssertion = "urn:oasis:names:tc:SAML:2.0:assertion";
inline constexpr const char* kMetadata = "urn:oasis:names:tc:SAML:2.0:metadata";
inline constexpr const char* kSignature = "http://www.w3.org/2000/09/xmldsig#";

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using Document = std::unique_ptr<xmlDoc, FreeDocument>;

// No network, no entities, no document type; elements and text only unless `comments`.
Document read_document(std::string_view text, bool comments = false);

bool is(const xmlNode* node, const char* space, const char* name);
std::vector<xmlNode*> children(const xmlNode* parent, const char* space, const char* name);
// The only such child, or none; more are refused.
xmlNode* only_child(const xmlNode* parent, const char* space, const char* name);
std::string attribute(const xmlNode* node, const char* name);
// The whole text of an element that holds nothing but text.
std::string text_of(const xmlNode* node);
std::string trimmed_text_of(const xmlNode* node);
bool has_elements(const xmlNode* node);
std::size_t count_named(const xmlNode* root, const char* name);
// No two elements share an identifier, however the attribute is spelled.
void check_identifiers(const xmlNode* root);

}  // namespace aa::saml
