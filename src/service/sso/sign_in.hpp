// The last step of each sign-in by a provider: whoever it vouches for gets an account, a role by
// the provider's rules, and a session in the provider's organisation.
//
// Thread rule: shared by all coroutines.
// Errors: those of identity::Directory::admit and Identity::begin_session; unauthenticated
// "email_missing", "link_other_person"; what is refused has its entry in the organisation's trail
// (audit::Recorded).
#pragma once

#include "service/identity/access.hpp"
#include "service/sso/flows.hpp"
#include "service/sso/provider_types.hpp"

namespace aa::sso {

class SignIn {
 public:
  SignIn(db::Database& database, audit::Trail& trail, identity::Identity& identity,
         identity::Directory& directory)
      : database_(database), trail_(trail), identity_(identity), directory_(directory) {}

  // A second factor that is still to be shown (SecondStepNeeded) leads to `return_to` in the end.
  Task<identity::LoginResult> enter(Provider provider, Vouched person, identity::Origin origin,
                                    std::string return_to = "/");
  // For who is signed in and has proven at the provider that he is the subject.
  Task<> link(Provider provider, UserId user, Vouched person, identity::Origin origin);
  // Writes down that somebody was refused.
  Task<> refuse(Provider provider, Error why, identity::Origin origin);

 private:
  Task<UserId> admit(Provider provider, Vouched person, identity::Origin origin);

  db::Database& database_;
  audit::Trail& trail_;
  identity::Identity& identity_;
  identity::Directory& directory_;
};

}  // namespace aa::sso
