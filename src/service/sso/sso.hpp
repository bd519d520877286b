// Single sign-on, all of it: what the routes are given. A kind is a member and a line of the
// constructor.
#pragma once

#include "driver/http/outbound.hpp"
#include "service/sso/ldap.hpp"
#include "service/sso/oidc.hpp"
#include "service/sso/saml.hpp"

namespace aa::sso {

struct SsoParts {
  db::Database& database;
  audit::Trail& trail;
  identity::Identity& identity;
  identity::Access& access;
  const http::Outbound& outbound;
  std::shared_ptr<blob::KeyRing> keys;
  const config::PublicUrl& url;
  const Clock& clock;
  IdSource& ids;
  runtime::Executors& executors;
  std::filesystem::path saml_plugin;
};

struct Sso {
  explicit Sso(SsoParts parts);

  Providers providers;
  Flows flows;
  SignIn sign_in;
  Oidc oidc;
  Saml saml;
  Ldap ldap;
};

}  // namespace aa::sso
