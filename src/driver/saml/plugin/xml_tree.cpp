#include "driver/saml/plugin/xml_tree.hpp"

#include <functional>
#include <libxml/parser.h>
#include <set>

namespace aa::saml {
namespace {

constexpr int kDepth = 64;
constexpr std::size_t kNodes = 20'000;

const char* chars(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

void check_node(const xmlNode* node, bool comments) {
  if (node->type == XML_ELEMENT_NODE || node->type == XML_TEXT_NODE) return;
  if (comments && node->type == XML_COMMENT_NODE) return;
  throw Refused("The document holds more than elements and text.");
}

void walk(const xmlNode* node, int depth, std::size_t& count,
          const std::function<void(const xmlNode*)>& visit) {
  if (depth > kDepth) throw Refused("The document is nested too deep.");
  for (; node != nullptr; node = node->next) {
    if (++count > kNodes) throw Refused("The document has too many parts.");
    visit(node);
    if (node->type == XML_ELEMENT_NODE) walk(node->children, depth + 1, count, visit);
  }
}

void each(const xmlNode* root, const std::function<void(const xmlNode*)>& visit) {
  std::size_t count = 0;
  visit(root);
  walk(root->children, 2, count, visit);
}

bool names_an_id(const xmlAttr* attribute) {
  const std::string_view name = chars(attribute->name);
  return name.size() == 2 && (name[0] == 'I' || name[0] == 'i') &&
         (name[1] == 'D' || name[1] == 'd');
}

std::string value_of(const xmlAttr* attribute) {
  xmlChar* value = xmlNodeListGetString(attribute->doc, attribute->children, 1);
  std::string out = value == nullptr ? "" : chars(value);
  xmlFree(value);
  return out;
}

}  // namespace

Document read_document(std::string_view text, bool comments) {
  Document document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8",
                                  XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  if (document == nullptr) throw Refused("The document is no well-formed XML.");
  const xmlNode* root = xmlDocGetRootElement(document.get());
  if (root == nullptr || document->intSubset != nullptr || document->extSubset != nullptr) {
    throw Refused("The document has a document type or no root.");
  }
  for (const xmlNode* node = document->children; node != nullptr; node = node->next) {
    check_node(node, comments);
  }
  each(root, [comments](const xmlNode* node) { check_node(node, comments); });
  return document;
}

bool is(const xmlNode* node, const char* space, const char* name) {
  return node != nullptr && node->type == XML_ELEMENT_NODE && node->ns != nullptr &&
         xmlStrEqual(node->ns->href, BAD_CAST space) && xmlStrEqual(node->name, BAD_CAST name);
}

std::vector<xmlNode*> children(const xmlNode* parent, const char* space, const char* name) {
  std::vector<xmlNode*> out;
  if (parent == nullptr) return out;
  for (xmlNode* node = parent->children; node != nullptr; node = node->next) {
    if (is(node, space, name)) out.push_back(node);
  }
  return out;
}

xmlNode* only_child(const xmlNode* parent, const char* space, const char* name) {
  const auto found = children(parent, space, name);
  if (found.size() > 1) throw Refused(std::string("There is more than one ") + name + ".");
  return found.empty() ? nullptr : found.front();
}

std::string attribute(const xmlNode* node, const char* name) {
  if (node == nullptr) return {};
  const xmlAttr* found = xmlHasNsProp(node, BAD_CAST name, nullptr);
  return found == nullptr ? std::string() : value_of(found);
}

std::string text_of(const xmlNode* node) {
  std::string out;
  if (node == nullptr) return out;
  for (const xmlNode* part = node->children; part != nullptr; part = part->next) {
    if (part->type != XML_TEXT_NODE) {
      throw Refused(std::string(chars(node->name)) + " holds more than text.");
    }
    if (part->content != nullptr) out += chars(part->content);
  }
  return out;
}

std::string trimmed_text_of(const xmlNode* node) {
  const auto whole = text_of(node);
  const auto first = whole.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return whole.substr(first, whole.find_last_not_of(" \t\r\n") - first + 1);
}

bool has_elements(const xmlNode* node) {
  for (const xmlNode* part = node->children; part != nullptr; part = part->next) {
    if (part->type == XML_ELEMENT_NODE) return true;
  }
  return false;
}

std::size_t count_named(const xmlNode* root, const char* name) {
  std::size_t found = 0;
  each(root, [&](const xmlNode* node) {
    if (node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, BAD_CAST name)) ++found;
  });
  return found;
}

void check_identifiers(const xmlNode* root) {
  std::set<std::string> seen;
  each(root, [&](const xmlNode* node) {
    if (node->type != XML_ELEMENT_NODE) return;
    for (const xmlAttr* at = node->properties; at != nullptr; at = at->next) {
      if (names_an_id(at) && !seen.insert(value_of(at)).second) {
        throw Refused("Two elements have the same identifier.");
      }
    }
  });
}

}  // namespace aa::saml
