// What people see of their own account and may change. Thread rule: values.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"

namespace aa::identity {

// By what a session began.
enum class SignInMethod { password, passkey, oidc, saml, ldap };
BOOST_DESCRIBE_ENUM(SignInMethod, password, passkey, oidc, saml, ldap)

// Whether an organisation's directory vouched for the person, for that organisation alone.
constexpr bool by_directory(SignInMethod method) {
  return method != SignInMethod::password && method != SignInMethod::passkey;
}

// A sign-in that still stands, on this device or another.
struct SessionView {
  SessionId id;
  std::string organization;
  std::string ip;
  std::string place;  // of the address; empty when it is not known
  std::string user_agent;
  SignInMethod method = SignInMethod::password;
  Timestamp created_at;
  Timestamp last_used_at;
  bool current = false;
};
BOOST_DESCRIBE_STRUCT(SessionView, (),
                      (id, organization, ip, place, user_agent, method, created_at, last_used_at,
                       current))

struct Renaming {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Renaming, (), (name))
constexpr auto field_rules(const Renaming*) {
  return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 200}};
}

struct PasswordChange {
  std::string current_password;
  std::string password;
};
BOOST_DESCRIBE_STRUCT(PasswordChange, (), (current_password, password))
constexpr auto field_rules(const PasswordChange*) {
  return std::array{
      json::Field{
          .name = "current_password", .min_length = 1, .max_length = 4096, .format = "password"},
      json::Field{.name = "password", .min_length = 1, .max_length = 4096, .format = "password"}};
}

struct EmailChange {
  std::string email;
};
BOOST_DESCRIBE_STRUCT(EmailChange, (), (email))
constexpr auto field_rules(const EmailChange*) {
  return std::array{
      json::Field{.name = "email", .min_length = 3, .max_length = 254, .format = "email"}};
}

// By the link of a letter; without its token it is no link.
struct PasswordReset {
  std::optional<std::string> token;
  std::string password;
};
BOOST_DESCRIBE_STRUCT(PasswordReset, (), (token, password))
constexpr auto field_rules(const PasswordReset*) {
  return std::array{
      json::Field{.name = "token", .max_length = 4096},
      json::Field{.name = "password", .min_length = 1, .max_length = 4096, .format = "password"}};
}

// One person owns no more organisations than this.
inline constexpr int kOwnedMax = 20;

}  // namespace aa::identity
