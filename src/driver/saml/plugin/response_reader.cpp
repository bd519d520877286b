#include "driver/saml/plugin/response_reader.hpp"

#include <boost/json/array.hpp>

#include "driver/saml/plugin/xml_signature.hpp"
#include "driver/saml/plugin/xml_tree.hpp"

namespace aa::saml {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t kAttributes = 200;
constexpr std::size_t kValues = 500;

xmlNode* assertion_child(const xmlNode* parent, const char* name) {
  return only_child(parent, kAssertion, name);
}

object read_confirmation(const xmlNode* confirmation) {
  const xmlNode* data = assertion_child(confirmation, "SubjectConfirmationData");
  return {{"method", attribute(confirmation, "Method")},
          {"recipient", attribute(data, "Recipient")},
          {"in_response_to", attribute(data, "InResponseTo")},
          {"not_before", attribute(data, "NotBefore")},
          {"not_on_or_after", attribute(data, "NotOnOrAfter")}};
}

array read_audiences(const xmlNode* conditions) {
  array out;
  for (const xmlNode* limit : children(conditions, kAssertion, "AudienceRestriction")) {
    array names;
    for (const xmlNode* name : children(limit, kAssertion, "Audience")) {
      names.emplace_back(trimmed_text_of(name));
    }
    out.emplace_back(std::move(names));
  }
  return out;
}

// Values with elements in them are left out: none of those that can be mapped has any.
array read_values(const xmlNode* told) {
  array out;
  for (const xmlNode* value : children(told, kAssertion, "AttributeValue")) {
    if (out.size() >= kValues) throw Refused("An attribute has too many values.");
    if (!has_elements(value)) out.emplace_back(trimmed_text_of(value));
  }
  return out;
}

array read_attributes(const xmlNode* assertion) {
  array out;
  for (const xmlNode* statement : children(assertion, kAssertion, "AttributeStatement")) {
    for (const xmlNode* told : children(statement, kAssertion, "Attribute")) {
      if (out.size() >= kAttributes) throw Refused("There are too many attributes.");
      out.emplace_back(object{{"name", attribute(told, "Name")},
                              {"friendly_name", attribute(told, "FriendlyName")},
                              {"values", read_values(told)}});
    }
  }
  return out;
}

object read_name(const xmlNode* name) {
  if (name == nullptr) throw Refused("There is no NameID.");
  return {{"value", text_of(name)},
          {"format", attribute(name, "Format")},
          {"qualifier", attribute(name, "NameQualifier")},
          {"sp_qualifier", attribute(name, "SPNameQualifier")}};
}

object read_statement(const xmlNode* assertion) {
  const xmlNode* statement = assertion_child(assertion, "AuthnStatement");
  if (statement == nullptr) throw Refused("The assertion does not say that somebody signed in.");
  const xmlNode* context = assertion_child(statement, "AuthnContext");
  return {{"instant", attribute(statement, "AuthnInstant")},
          {"session_index", attribute(statement, "SessionIndex")},
          {"session_ends", attribute(statement, "SessionNotOnOrAfter")},
          {"context", trimmed_text_of(assertion_child(context, "AuthnContextClassRef"))}};
}

object read_assertion(const std::string& signed_text, const std::string& identifier) {
  const auto document = read_document(signed_text);
  const xmlNode* assertion = xmlDocGetRootElement(document.get());
  if (!is(assertion, kAssertion, "Assertion") || attribute(assertion, "ID") != identifier ||
      attribute(assertion, "Version") != "2.0") {
    throw Refused("What is signed is no SAML 2.0 assertion.");
  }
  const xmlNode* subject = assertion_child(assertion, "Subject");
  array confirmations;
  for (const xmlNode* one : children(subject, kAssertion, "SubjectConfirmation")) {
    confirmations.emplace_back(read_confirmation(one));
  }
  const xmlNode* conditions = assertion_child(assertion, "Conditions");
  return {{"id", identifier},
          {"issuer", trimmed_text_of(assertion_child(assertion, "Issuer"))},
          {"name", read_name(assertion_child(subject, "NameID"))},
          {"confirmations", std::move(confirmations)},
          {"not_before", attribute(conditions, "NotBefore")},
          {"not_on_or_after", attribute(conditions, "NotOnOrAfter")},
          {"audiences", read_audiences(conditions)},
          {"statement", read_statement(assertion)},
          {"attributes", read_attributes(assertion)}};
}

std::string read_status(const xmlNode* message) {
  const xmlNode* code =
      only_child(only_child(message, kProtocol, "Status"), kProtocol, "StatusCode");
  return attribute(code, "Value");
}

void check_version(const xmlNode* message) {
  if (attribute(message, "Version") != "2.0") throw Refused("The message is not of SAML 2.0.");
}

// The same name in any namespace, anywhere, is one too many.
xmlNode* lone_assertion(const xmlNode* response) {
  if (count_named(response, "EncryptedAssertion") > 0) {
    throw Refused("The assertion is encrypted. Let the identity provider send it in clear.",
                  "saml_encrypted");
  }
  if (count_named(response, "Assertion") != 1) throw Refused("There must be one assertion.");
  xmlNode* assertion = assertion_child(response, "Assertion");
  if (assertion == nullptr) throw Refused("The assertion is not where it belongs.");
  return assertion;
}

void check_signatures(const xmlNode* response, const xmlNode* assertion) {
  const auto own = children(response, kSignature, "Signature").size();
  const auto inner = children(assertion, kSignature, "Signature").size();
  if (inner != 1) throw Refused("The assertion is not signed once.", "saml_unsigned");
  if (own > 1 || count_named(response, "Signature") != own + inner) {
    throw Refused("There is a signature where none belongs.");
  }
}

object message_facts(const xmlNode* message) {
  return {{"id", attribute(message, "ID")},
          {"issuer", trimmed_text_of(assertion_child(message, "Issuer"))},
          {"destination", attribute(message, "Destination")},
          {"in_response_to", attribute(message, "InResponseTo")},
          {"issue_instant", attribute(message, "IssueInstant")}};
}

}  // namespace

object read_response(const std::string& text, const std::vector<std::string>& certificates) {
  const auto document = read_document(text);
  xmlNode* response = xmlDocGetRootElement(document.get());
  if (!is(response, kProtocol, "Response")) throw Refused("The message is no Response.");
  check_version(response);
  check_identifiers(response);
  auto facts = message_facts(response);
  facts["status"] = read_status(response);
  xmlNode* assertion = lone_assertion(response);
  check_signatures(response, assertion);
  const bool whole = !children(response, kSignature, "Signature").empty();
  if (whole) signed_bytes(document.get(), response, certificates);
  facts["is_signed"] = whole;
  const auto identifier = attribute(assertion, "ID");
  facts["assertion"] =
      read_assertion(signed_bytes(document.get(), assertion, certificates), identifier);
  return facts;
}

object read_logout(const std::string& text, bool signed_inside,
                   const std::vector<std::string>& certificates) {
  auto document = read_document(text);
  xmlNode* message = xmlDocGetRootElement(document.get());
  check_identifiers(message);
  if (signed_inside) {
    if (count_named(message, "Signature") != 1)
      throw Refused("The message is not signed once.", "saml_unsigned");
    document = read_document(signed_bytes(document.get(), message, certificates));
    message = xmlDocGetRootElement(document.get());
  }
  const bool request = is(message, kProtocol, "LogoutRequest");
  if (!request && !is(message, kProtocol, "LogoutResponse")) {
    throw Refused("The message is not about a logout.");
  }
  check_version(message);
  auto facts = message_facts(message);
  facts["request"] = request;
  facts["status"] = request ? std::string() : read_status(message);
  facts["name"] = object{{"value", ""}, {"format", ""}, {"qualifier", ""}, {"sp_qualifier", ""}};
  if (request) facts["name"] = read_name(assertion_child(message, "NameID"));
  facts["not_on_or_after"] = attribute(message, "NotOnOrAfter");
  array sessions;
  for (const xmlNode* index : children(message, kProtocol, "SessionIndex")) {
    if (sessions.size() >= kValues) throw Refused("The logout names too many sessions.");
    sessions.emplace_back(trimmed_text_of(index));
  }
  facts["sessions"] = std::move(sessions);
  return facts;
}

}  // namespace aa::saml
