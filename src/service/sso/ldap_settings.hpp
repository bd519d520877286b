// What an organisation says of its LDAP server.
//
// Thread rule: values and pure functions.
// Errors: invalid_argument "invalid_provider" with pointers under /config.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "driver/ldap/ldap_connection.hpp"

namespace aa::sso {

enum class LdapScope { subtree, one_level };
BOOST_DESCRIBE_ENUM(LdapScope, subtree, one_level)

struct LdapSettings {
  std::string url;         // ldaps://HOST[:PORT], or ldap:// with start_tls
  bool start_tls = false;  // without it ldap:// is taken to this machine alone
  std::string authority;   // PEM of who vouches for the server's certificate; "": the system's
  std::string bind_dn;     // who searches, with the provider's secret; "": nobody
  std::string base_dn;
  LdapScope scope = LdapScope::subtree;
  std::string user_filter = "(uid={user})";
  std::string subject_attribute = "entryUUID";  // of a person for good; objectGUID of AD
  std::string email_attribute = "mail";
  std::string name_attribute = "displayName";
  std::string groups_attribute = "memberOf";  // "": roles do not follow from groups
};
BOOST_DESCRIBE_STRUCT(LdapSettings, (),
                      (url, start_tls, authority, bind_dn, base_dn, scope, user_filter,
                       subject_attribute, email_attribute, name_attribute, groups_attribute))
constexpr auto field_rules(const LdapSettings*) {
  return std::array{
      json::Field{.name = "url", .min_length = 1, .max_length = 500},
      json::Field{.name = "start_tls", .optional = true},
      json::Field{.name = "authority", .max_length = 20'000, .optional = true},
      json::Field{.name = "bind_dn", .max_length = 1'000, .optional = true},
      json::Field{.name = "base_dn", .min_length = 1, .max_length = 1'000},
      json::Field{.name = "scope", .optional = true},
      json::Field{.name = "user_filter", .min_length = 1, .max_length = 1'000, .optional = true},
      json::Field{
          .name = "subject_attribute", .min_length = 1, .max_length = 100, .optional = true},
      json::Field{.name = "email_attribute", .min_length = 1, .max_length = 100, .optional = true},
      json::Field{.name = "name_attribute", .min_length = 1, .max_length = 100, .optional = true},
      json::Field{.name = "groups_attribute", .max_length = 100, .optional = true}};
}

LdapSettings read_ldap_settings(const json::Object& config);
// The same, checked for what goes together.
LdapSettings checked_ldap_settings(const json::Object& config, bool has_secret);
ldap::Server server_of(const LdapSettings& settings);

}  // namespace aa::sso
