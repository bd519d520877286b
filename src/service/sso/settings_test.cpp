#include <gtest/gtest.h>

#include "base/error.hpp"
#include "service/sso/ldap_settings.hpp"
#include "service/sso/oidc_settings.hpp"
#include "service/sso/saml_settings.hpp"

namespace aa::sso {
namespace {

// Where the error is, or "".
template <class F>
std::string pointer_of(F work) {
  try {
    work();
    return "";
  } catch (const Error& error) {
    return error.details().empty() ? error.slug() : error.details().front().pointer;
  }
}

json::Object with(json::Object base, std::string_view name, json::Value value) {
  base[name] = std::move(value);
  return base;
}

json::Object ldap() {
  return {{"url", "ldaps://ldap.example.org"},
          {"bind_dn", "cn=search,dc=test"},
          {"base_dn", "ou=people,dc=test"},
          {"user_filter", "(&(objectClass=person)(uid={user}))"}};
}

std::string ldap_pointer(json::Object config, bool has_secret = true) {
  return pointer_of([&] { checked_ldap_settings(config, has_secret); });
}

TEST(LdapSettings, are_taken_when_all_goes_together) {
  const auto settings = checked_ldap_settings(ldap(), true);
  EXPECT_EQ(settings.email_attribute, "mail");
  const auto server = server_of(settings);
  EXPECT_EQ(server.host, "ldap.example.org");
  EXPECT_EQ(server.port, 636);
  EXPECT_EQ(ldap_pointer(with(ldap(), "url", "ldap://127.0.0.1:1389/")), "");
  EXPECT_EQ(ldap_pointer(with(ldap(), "url", "ldaps://[2001:db8::1]:7")), "");
  EXPECT_EQ(ldap_pointer(with(with(ldap(), "url", "ldap://a.example"), "start_tls", true)), "");
}

TEST(LdapSettings, say_where_they_are_wrong) {
  for (const auto* url : {"http://a", "ldap://a.example", "ldaps://", "ldaps://a:0", "ldaps://a:x",
                          "ldaps://[::1", "ldaps://a b", "ldaps://a:70000"}) {
    EXPECT_EQ(ldap_pointer(with(ldap(), "url", url)), "/config/url") << url;
  }
  EXPECT_EQ(ldap_pointer(with(ldap(), "start_tls", true)), "/config/start_tls");
  EXPECT_EQ(ldap_pointer(with(ldap(), "authority", "no certificate")), "/config/authority");
  EXPECT_EQ(ldap_pointer(with(ldap(), "user_filter", "(uid=x)")), "/config/user_filter");
  EXPECT_EQ(ldap_pointer(with(ldap(), "user_filter", "uid={user}")), "/config/user_filter");
  EXPECT_EQ(ldap_pointer(with(ldap(), "email_attribute", "a b")), "/config/email_attribute");
  EXPECT_EQ(ldap_pointer(with(ldap(), "bind_dn", "cn=a\nb")), "/config/bind_dn");
  EXPECT_EQ(ldap_pointer(with(ldap(), "base_dn", "dc=a\tb")), "/config/base_dn");
  EXPECT_EQ(ldap_pointer(with(ldap(), "base_dn", 7)), "/config/base_dn");
  EXPECT_EQ(ldap_pointer(ldap(), false), "/secret");
}

std::string oidc_pointer(json::Object config, bool has_secret = true) {
  return pointer_of([&] { checked_oidc_settings(config, has_secret); });
}

TEST(OidcSettings, are_whole_or_say_where_they_are_not) {
  const json::Object good{{"issuer", "https://idp.example"}, {"client_id", "x"}};
  const auto usual = checked_oidc_settings(good, true);
  EXPECT_EQ(usual.scopes, (std::vector<std::string>{"openid", "email", "profile"}));
  const auto chosen = checked_oidc_settings(with(good, "scopes", {"openid", "groups"}), true);
  EXPECT_EQ(chosen.scopes, (std::vector<std::string>{"openid", "groups"}));
  EXPECT_EQ(oidc_pointer(with(good, "scopes", json::Array{"email"})), "/config/scopes");
  EXPECT_EQ(oidc_pointer(with(good, "scopes", {"openid", "a b"})), "/config/scopes/1");
  EXPECT_EQ(oidc_pointer(with(good, "issuer", "http://idp.example")), "/config/issuer");
  EXPECT_EQ(oidc_pointer(with(good, "issuer", "https://idp.example?a")), "/config/issuer");
  EXPECT_EQ(oidc_pointer(with(good, "client_id", 7)), "/config/client_id");
  EXPECT_EQ(oidc_pointer(good, false), "/secret");
  EXPECT_EQ(oidc_pointer(with(good, "token_auth", "none"), false), "");
}

TEST(OidcSettings, parameters_are_added_and_escaped) {
  EXPECT_EQ(with_query("https://a/b", {{"x", "1 2"}}), "https://a/b?x=1%202");
  EXPECT_EQ(with_query("https://a/b?c=d", {{"x", "&"}}), "https://a/b?c=d&x=%26");
  EXPECT_EQ(discovery_url("https://a/"), "https://a/.well-known/openid-configuration");
}

saml::Assertion assertion(std::vector<std::pair<std::string, std::vector<std::string>>> told) {
  saml::Assertion out;
  out.name.value = "s-1";
  for (auto& [name, values] : told) {
    saml::Attribute attribute;
    attribute.name = name;
    attribute.values = values;
    out.attributes.push_back(std::move(attribute));
  }
  return out;
}

TEST(SamlSettings, people_are_known_by_the_usual_names_or_those_that_are_set) {
  const SamlSettings usual;
  const auto dora = vouched_by(
      usual,
      assertion({{"mail", {"dora@a.example"}}, {"groups", {"x", "", "y"}}, {"name", {"D"}}}));
  EXPECT_EQ(dora.subject, "s-1");
  EXPECT_EQ(dora.email, "dora@a.example");
  EXPECT_EQ(dora.name, "D");
  EXPECT_EQ(dora.groups, (std::vector<std::string>{"x", "y"}));
  auto by_name = assertion({});
  by_name.name.value = "dora@a.example";
  EXPECT_EQ(vouched_by(usual, by_name).email, "");
  by_name.name.format = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
  EXPECT_EQ(vouched_by(usual, by_name).email, "dora@a.example");
  SamlSettings own;
  own.email_attribute = "post";
  EXPECT_EQ(vouched_by(own, assertion({{"post", {"p@a.example"}}})).email, "p@a.example");
  EXPECT_EQ(vouched_by(own, assertion({{"mail", {"p@a.example"}}})).email, "");
  EXPECT_EQ(pointer_of([&] {
              vouched_by(usual, assertion({{"mail", {"a@b", "c@d"}}}));
            }),
            "saml_email");
}

TEST(SamlSettings, take_from_the_metadata_what_the_provider_offers) {
  saml::IdpMetadata told;
  told.entity_id = "urn:idp";
  told.sign_in.post = "https://idp.example/post";
  told.sign_out.redirect = "https://idp.example/out";
  SamlSettings settings;
  take_metadata(settings, told);
  EXPECT_EQ(settings.binding, SamlBinding::post);
  EXPECT_EQ(settings.sign_in_url, "https://idp.example/post");
  EXPECT_EQ(settings.sign_out_url, "https://idp.example/out");
  told.sign_in.post = "";
  told.sign_in.redirect = "https://idp.example/in";
  take_metadata(settings, told);
  EXPECT_EQ(settings.binding, SamlBinding::redirect);
  told.sign_in.redirect = "javascript:alert(1)";
  EXPECT_EQ(pointer_of([&] { take_metadata(settings, told); }), "/config/metadata");
  EXPECT_EQ(pointer_of([] { read_saml_settings({{"binding", "pigeon"}}); }), "/config/binding");
}

}  // namespace
}  // namespace aa::sso
