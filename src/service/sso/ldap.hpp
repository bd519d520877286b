// Sign-in by the password that an LDAP server knows: a search finds the one entry of the name, and
// a bind as that entry proves the password.
//
// What is wrong of name and password is not told, and takes a bind either way. Wrong ones are
// counted per provider and name, as passwords are: the tenth attempt meets a lock. What waits for
// servers has threads of its own.
//
// Thread rule: shared by all coroutines.
// Errors: those of ldap::Connection, Outbound and SignIn; unauthenticated "invalid_credentials",
// "email_missing"; rate_limited "too_many_attempts"; unsupported "kind_unsupported"; what is
// refused has its entry in the organisation's trail (audit::Recorded).
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "driver/http/outbound.hpp"
#include "service/identity/attempt_guard.hpp"
#include "service/sso/identity_providers.hpp"
#include "service/sso/ldap_settings.hpp"
#include "service/sso/sign_in.hpp"

namespace aa::sso {

struct LdapParts {
  Providers& providers;
  SignIn& sign_in;
  identity::Directory& directory;
  const http::Outbound& outbound;
  const Clock& clock;
};

class Ldap final : public Kind {
 public:
  explicit Ldap(LdapParts parts);
  ~Ldap() override;
  Ldap(const Ldap&) = delete;
  Ldap& operator=(const Ldap&) = delete;

  ProviderKind kind() const override { return ProviderKind::ldap; }
  json::Object validate(const json::Object& config, bool has_secret) const override;
  std::map<std::string, std::string> addresses(ProviderId) const override { return {}; }
  Task<std::vector<TestStep>> test(Provider provider) override;
  bool redirects() const override { return false; }
  Task<std::string> start(Provider provider, FlowRequest request) override;

  Task<identity::LoginResult> log_in(Provider provider, std::string name, std::string password,
                                     identity::Origin origin);

 private:
  // Nothing when the name or the password is wrong; `why` says which, for the trail alone.
  std::optional<Vouched> asked(const Provider& provider, const std::string& name,
                               const std::string& password, std::string& why) const;
  Task<> refuse(Provider provider, std::string reason, identity::Origin origin);

  LdapParts parts_;
  identity::AttemptGuard attempts_;
  boost::asio::thread_pool threads_;
};

}  // namespace aa::sso
