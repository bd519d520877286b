#include "driver/saml/plugin/lasso_messages.hpp"

#include <lasso/lasso.h>
#include <lasso/xml/saml-2.0/saml2_assertion.h>
#include <lasso/xml/saml-2.0/saml2_authn_statement.h>
#include <lasso/xml/saml-2.0/saml2_name_id.h>
#include <lasso/xml/saml-2.0/saml2_strings.h>
#include <lasso/xml/saml-2.0/samlp2_authn_request.h>
#include <lasso/xml/saml-2.0/samlp2_logout_request.h>
#include <lasso/xml/saml-2.0/samlp2_name_id_policy.h>
#include <memory>
#include <string>

#include "driver/saml/plugin/xml_signature.hpp"

namespace aa::saml {
namespace {

using boost::json::object;

struct Unref {
  void operator()(void* it) const { g_object_unref(it); }
};
template <class T>
using Own = std::unique_ptr<T, Unref>;

std::string field(const object& from, const char* name) {
  const auto* value = from.if_contains(name);
  return value == nullptr || !value->is_string() ? std::string()
                                                 : std::string(value->as_string().c_str());
}

bool flag(const object& from, const char* name) {
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_bool() && value->as_bool();
}

void set(char*& member, const std::string& value) {
  g_free(member);
  member = value.empty() ? nullptr : g_strdup(value.c_str());
}

std::string text(const char* value) { return value == nullptr ? "" : value; }

void check(lasso_error_t error, const char* what) {
  if (error != 0) throw Refused(std::string(what) + ": " + text(lasso_strerror(error)));
}

Own<LassoServer> make_server(const object& told) {
  const auto& service = told.at("service").as_object();
  // No certificate: it would be copied into each message, which identity providers, who have it
  // from our metadata, need not believe; and XMLSec 1.2 takes it for a file's name first and loses
  // memory.
  Own<LassoServer> server(lasso_server_new_from_buffers(
      field(service, "metadata").c_str(), field(service, "key").c_str(), nullptr, nullptr));
  if (server == nullptr) throw Refused("Lasso does not take the service's own metadata.");
  server->signature_method = LASSO_SIGNATURE_METHOD_RSA_SHA256;
  check(
      lasso_server_add_provider_from_buffer(server.get(), LASSO_PROVIDER_ROLE_IDP,
                                            field(told, "idp_metadata").c_str(), nullptr, nullptr),
      "Lasso does not take the identity provider's metadata");
  return server;
}

LassoHttpMethod binding(const object& told) {
  return field(told, "binding") == "post" ? LASSO_HTTP_METHOD_POST : LASSO_HTTP_METHOD_REDIRECT;
}

object message(const LassoProfile& profile) {
  return {{"url", text(profile.msg_url)}, {"body", text(profile.msg_body)}};
}

LassoSaml2NameID* make_name(const object& told) {
  const auto& name = told.at("name").as_object();
  auto* out = LASSO_SAML2_NAME_ID(
      lasso_saml2_name_id_new_with_string(const_cast<char*>(field(name, "value").c_str())));
  set(out->Format, field(name, "format"));
  set(out->NameQualifier, field(name, "qualifier"));
  set(out->SPNameQualifier, field(name, "sp_qualifier"));
  return out;
}

// Lasso logs out of sessions that it remembers; this one is told anew each time.
void remember(LassoProfile* profile, const object& told) {
  Own<LassoSession> session(lasso_session_new());
  auto* assertion = LASSO_SAML2_ASSERTION(lasso_saml2_assertion_new());
  Own<LassoSaml2Assertion> owner(assertion);
  set(assertion->ID, "_session");
  assertion->Issuer = LASSO_SAML2_NAME_ID(
      lasso_saml2_name_id_new_with_string(const_cast<char*>(field(told, "idp_entity_id").c_str())));
  assertion->Subject = LASSO_SAML2_SUBJECT(lasso_saml2_subject_new());
  assertion->Subject->NameID = make_name(told);
  auto* statement = LASSO_SAML2_AUTHN_STATEMENT(lasso_saml2_authn_statement_new());
  set(statement->SessionIndex, field(told, "session_index"));
  assertion->AuthnStatement = g_list_append(nullptr, statement);
  check(lasso_session_add_assertion(session.get(), field(told, "idp_entity_id").c_str(),
                                    LASSO_NODE(assertion)),
        "Lasso does not keep the session");
  const std::unique_ptr<char, decltype(&g_free)> dump(lasso_session_dump(session.get()), g_free);
  check(lasso_profile_set_session_from_dump(profile, dump.get()), "Lasso knows no session");
}

void silence(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

}  // namespace

void start_lasso() {
  if (lasso_init() != 0) throw Refused("Lasso does not start.");
  keep_quiet();
  g_log_set_handler("Lasso", static_cast<GLogLevelFlags>(G_LOG_LEVEL_MASK), silence, nullptr);
}

object authn_request(const object& told) {
  const auto server = make_server(told);
  const Own<LassoLogin> login(lasso_login_new(server.get()));
  auto* profile = LASSO_PROFILE(login.get());
  check(lasso_login_init_authn_request(login.get(), field(told, "idp_entity_id").c_str(),
                                       binding(told)),
        "No request can be made");
  auto* request = LASSO_SAMLP2_AUTHN_REQUEST(profile->request);
  set(request->parent.ID, field(told, "id"));
  request->ForceAuthn = flag(told, "force") ? TRUE : FALSE;
  request->IsPassive = FALSE;
  set(request->NameIDPolicy->Format, "");
  request->NameIDPolicy->AllowCreate = TRUE;
  set(request->AssertionConsumerServiceURL, field(told, "acs"));
  set(request->ProtocolBinding, LASSO_SAML2_METADATA_BINDING_POST);
  set(profile->msg_relayState, field(told, "relay_state"));
  lasso_profile_set_signature_hint(profile, LASSO_PROFILE_SIGNATURE_HINT_FORCE);
  check(lasso_login_build_authn_request_msg(login.get()), "No request can be made");
  return message(*profile);
}

object logout_request(const object& told) {
  const auto server = make_server(told);
  const Own<LassoLogout> logout(lasso_logout_new(server.get()));
  auto* profile = LASSO_PROFILE(logout.get());
  remember(profile, told);
  auto entity = field(told, "idp_entity_id");
  check(lasso_logout_init_request(logout.get(), entity.data(), binding(told)),
        "No logout can be asked for");
  auto* request = LASSO_SAMLP2_REQUEST_ABSTRACT(profile->request);
  set(request->ID, field(told, "id"));
  set(profile->msg_relayState, field(told, "relay_state"));
  lasso_profile_set_signature_hint(profile, LASSO_PROFILE_SIGNATURE_HINT_FORCE);
  check(lasso_logout_build_request_msg(logout.get()), "No logout can be asked for");
  return message(*profile);
}

object logout_response(const object& told) {
  const auto server = make_server(told);
  const Own<LassoLogout> logout(lasso_logout_new(server.get()));
  auto* profile = LASSO_PROFILE(logout.get());
  remember(profile, told);
  auto text = field(told, "message");
  lasso_profile_set_signature_verify_hint(profile, LASSO_PROFILE_SIGNATURE_VERIFY_HINT_FORCE);
  check(lasso_logout_process_request_msg(logout.get(), text.data()), "Lasso refuses the logout");
  check(lasso_logout_validate_request(logout.get()), "Lasso refuses the logout");
  set(profile->msg_relayState, field(told, "relay_state"));
  lasso_profile_set_signature_hint(profile, LASSO_PROFILE_SIGNATURE_HINT_FORCE);
  check(lasso_logout_build_response_msg(logout.get()), "The logout cannot be answered");
  return message(*profile);
}

object second_opinion(const object& told) {
  const auto server = make_server(told);
  const Own<LassoLogin> login(lasso_login_new(server.get()));
  auto body = field(told, "message");
  check(lasso_login_process_authn_response_msg(login.get(), body.data()),
        "Lasso refuses the response");
  auto* assertion = lasso_login_get_assertion(login.get());
  if (assertion == nullptr) throw Refused("Lasso finds no assertion.");
  const Own<LassoNode> owner(assertion);
  const auto* read = LASSO_SAML2_ASSERTION(assertion);
  const bool named = read->Subject != nullptr && read->Subject->NameID != nullptr;
  return {{"id", text(read->ID)},
          {"name", named ? text(read->Subject->NameID->content) : std::string()}};
}

}  // namespace aa::saml
