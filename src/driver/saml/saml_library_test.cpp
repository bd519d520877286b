#include "driver/saml/saml_library.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/saml/saml_bindings.hpp"
#include "driver/saml/service_key.hpp"

namespace aa::saml {
namespace {

constexpr const char* kSso = "https://idp.test/sso";

const ServiceKey& key() {
  static const ServiceKey made = new_service_key();
  return made;
}

std::string body_of(const std::string& pem) {
  std::string out;
  for (std::size_t at = pem.find('\n') + 1; pem[at] != '-';) {
    const auto end = pem.find('\n', at);
    out += pem.substr(at, end - at);
    at = end + 1;
  }
  return out;
}

std::string idp_metadata() {
  const std::string binding = "urn:oasis:names:tc:SAML:2.0:bindings:";
  return "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" "
         "entityID=\"https://idp.test\"><!-- ours --><IDPSSODescriptor "
         "protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><KeyDescriptor>"
         "<KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>" +
         body_of(key().certificate) +
         "</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleLogoutService Binding=\"" +
         binding +
         "HTTP-Redirect\" Location=\"https://idp.test/slo\"/><SingleSignOnService "
         "Binding=\"" +
         binding + "HTTP-Redirect\" Location=\"" + kSso + "\"/><SingleSignOnService Binding=\"" +
         binding + "HTTP-POST\" Location=\"" + kSso + "\"/></IDPSSODescriptor></EntityDescriptor>";
}

Library library() { return Library(std::filesystem::path(AA_BUILD_DIR) / "annotateai_saml.so"); }

MessageRequest ours() {
  MessageRequest out;
  out.service = {
      service_metadata({"https://sp.test/m", "https://sp.test/acs", "https://sp.test/slo"},
                       key().certificate),
      key().key, key().certificate};
  out.idp_metadata = idp_metadata();
  out.idp_entity_id = "https://idp.test";
  out.binding = "redirect";
  out.id = "_asked";
  out.acs = "https://sp.test/acs";
  out.relay_state = "state";
  return out;
}

template <class Call>
std::string slug_of(Call call) {
  try {
    call();
    return "";
  } catch (const Error& error) {
    return error.slug();
  }
}

TEST(SamlLibrary, SaysWhenItIsNotInstalled) {
  const Library absent("/nowhere/annotateai_saml.so");
  EXPECT_EQ(slug_of([&] { absent.read_metadata(idp_metadata()); }), "saml_not_installed");
}

TEST(SamlLibrary, ReadsMetadata) {
  const auto read = library().read_metadata(idp_metadata());
  EXPECT_EQ(read.entity_id, "https://idp.test");
  EXPECT_EQ(read.sign_in.redirect, kSso);
  EXPECT_EQ(read.sign_in.post, kSso);
  EXPECT_EQ(read.sign_out.redirect, "https://idp.test/slo");
  EXPECT_EQ(read.sign_out.post, "");
  EXPECT_EQ(read.certificates, std::vector<std::string>{body_of(key().certificate)});
}

TEST(SamlLibrary, RefusesOtherMetadata) {
  auto without_key = idp_metadata();
  const auto begin = without_key.find("<KeyDescriptor>");
  without_key.erase(begin, without_key.find("</KeyDescriptor>") + 16 - begin);
  for (const auto& text : {std::string("<a/>"), std::string("<!DOCTYPE a><a/>"), without_key,
                           ours().service.metadata}) {
    EXPECT_EQ(slug_of([&] { library().read_metadata(text); }), "metadata_refused") << text;
  }
}

TEST(SamlLibrary, SignsRequests) {
  const auto message = library().authn_request(ours());
  ASSERT_TRUE(message.url.starts_with(std::string(kSso) + "?"));
  const auto query = message.url.substr(message.url.find('?') + 1);
  const auto read = from_query(query, {body_of(key().certificate)});
  EXPECT_EQ(read.relay_state, "state");
  EXPECT_NE(read.document.find("ID=\"_asked\""), std::string::npos);
  EXPECT_NE(read.document.find("ForceAuthn=\"false\""), std::string::npos);
  auto altered = query;
  altered.replace(altered.find("RelayState=state"), 16, "RelayState=other");
  EXPECT_EQ(slug_of([&] { from_query(altered, {body_of(key().certificate)}); }), "saml_signature");
  const auto other = body_of(new_service_key().certificate);
  EXPECT_EQ(slug_of([&] { from_query(query, {other}); }), "saml_signature");

  auto by_form = ours();
  by_form.binding = "post";
  by_form.force = true;
  const auto form = library().authn_request(by_form);
  EXPECT_EQ(form.url, kSso);
  const auto document = from_form(form.body);
  EXPECT_NE(document.find("xmldsig-more#rsa-sha256"), std::string::npos);
  EXPECT_NE(document.find("ForceAuthn=\"true\""), std::string::npos);
}

TEST(SamlLibrary, ReadsSignedLogouts) {
  auto request = ours();
  request.name.value = "ada@example.org";
  request.session_index = "s1";
  const auto message = library().logout_request(request);
  ASSERT_TRUE(message.url.starts_with("https://idp.test/slo?"));
  DocumentRequest told;
  told.document =
      from_query(message.url.substr(message.url.find('?') + 1), {body_of(key().certificate)})
          .document;
  const auto facts = library().read_logout(told);
  EXPECT_TRUE(facts.request);
  EXPECT_EQ(facts.id, "_asked");
  EXPECT_EQ(facts.name.value, "ada@example.org");
  EXPECT_EQ(facts.sessions, std::vector<std::string>{"s1"});
  told.signed_inside = true;
  told.certificates = {body_of(key().certificate)};
  EXPECT_EQ(slug_of([&] { library().read_logout(told); }), "saml_unsigned");
}

TEST(SamlLibrary, RefusesWhatIsNoSignedResponse) {
  DocumentRequest told;
  told.service = ours().service;
  told.idp_metadata = idp_metadata();
  told.certificates = {body_of(key().certificate)};
  for (const auto* text : {"<a/>", "<Response/>",
                           "<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" "
                           "Version=\"2.0\"/>"}) {
    told.document = text;
    EXPECT_EQ(slug_of([&] { library().read_response(told); }), "saml_structure") << text;
  }
}

}  // namespace
}  // namespace aa::saml
