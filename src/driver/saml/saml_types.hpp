// What the plugin tells, and what it is told, as JSON. Absent values are empty.
//
// Thread rule: values.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"

namespace aa::saml {

// Of one service by binding; empty where the identity provider has none.
struct Places {
  std::string redirect;
  std::string post;
};
BOOST_DESCRIBE_STRUCT(Places, (), (redirect, post))

struct IdpMetadata {
  std::string entity_id;
  std::vector<std::string> certificates;  // DER in base64
  Places sign_in;
  Places sign_out;
};
BOOST_DESCRIBE_STRUCT(IdpMetadata, (), (entity_id, certificates, sign_in, sign_out))

struct NameId {
  std::string value;
  std::string format;
  std::string qualifier;
  std::string sp_qualifier;
};
BOOST_DESCRIBE_STRUCT(NameId, (), (value, format, qualifier, sp_qualifier))

struct Confirmation {
  std::string method;
  std::string recipient;
  std::string in_response_to;
  std::string not_before;
  std::string not_on_or_after;
};
BOOST_DESCRIBE_STRUCT(Confirmation, (),
                      (method, recipient, in_response_to, not_before, not_on_or_after))

struct Statement {
  std::string instant;
  std::string session_index;
  std::string session_ends;
  std::string context;
};
BOOST_DESCRIBE_STRUCT(Statement, (), (instant, session_index, session_ends, context))

struct Attribute {
  std::string name;
  std::string friendly_name;
  std::vector<std::string> values;
};
BOOST_DESCRIBE_STRUCT(Attribute, (), (name, friendly_name, values))

struct Assertion {
  std::string id;
  std::string issuer;
  NameId name;
  std::vector<Confirmation> confirmations;
  std::string not_before;
  std::string not_on_or_after;
  std::vector<std::vector<std::string>> audiences;  // each restriction must hold
  Statement statement;
  std::vector<Attribute> attributes;
};
BOOST_DESCRIBE_STRUCT(Assertion, (),
                      (id, issuer, name, confirmations, not_before, not_on_or_after, audiences,
                       statement, attributes))

struct ResponseFacts {
  std::string id;
  std::string issuer;
  std::string destination;
  std::string in_response_to;
  std::string issue_instant;
  std::string status;
  bool is_signed = false;
  Assertion assertion;
};
BOOST_DESCRIBE_STRUCT(ResponseFacts, (),
                      (id, issuer, destination, in_response_to, issue_instant, status, is_signed,
                       assertion))

struct LogoutFacts {
  std::string id;
  std::string issuer;
  std::string destination;
  std::string in_response_to;
  std::string issue_instant;
  bool request = false;  // else an answer
  std::string status;
  NameId name;
  std::string not_on_or_after;
  std::vector<std::string> sessions;  // none: all of that name
};
BOOST_DESCRIBE_STRUCT(LogoutFacts, (),
                      (id, issuer, destination, in_response_to, issue_instant, request, status,
                       name, not_on_or_after, sessions))

// Who we are for one provider.
struct Service {
  std::string metadata;
  std::string key;  // PEM
  std::string certificate;
};
BOOST_DESCRIBE_STRUCT(Service, (), (metadata, key, certificate))

// What goes to an identity provider: by GET of the URL, or by POST of the body to it.
struct Message {
  std::string url;
  std::string body;  // base64; empty for a GET
};
BOOST_DESCRIBE_STRUCT(Message, (), (url, body))

struct MessageRequest {
  Service service;
  std::string idp_metadata;
  std::string idp_entity_id;
  std::string binding;  // "redirect" or "post"
  std::string id;
  std::string acs;
  bool force = false;
  std::string relay_state;
  NameId name;
  std::string session_index;
  std::string message;  // what is answered, as it came
};
BOOST_DESCRIBE_STRUCT(MessageRequest, (),
                      (service, idp_metadata, idp_entity_id, binding, id, acs, force, relay_state,
                       name, session_index, message))

struct DocumentRequest {
  Service service;
  std::string idp_metadata;
  std::string idp_entity_id;
  std::vector<std::string> certificates;
  std::string document;  // XML
  std::string message;   // the same, as it came
  bool signed_inside = false;
};
BOOST_DESCRIBE_STRUCT(DocumentRequest, (),
                      (service, idp_metadata, idp_entity_id, certificates, document, message,
                       signed_inside))

}  // namespace aa::saml
