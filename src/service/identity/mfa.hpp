// A person's second factors: setting them up and taking them away, and what an administrator or
// the operator takes away for someone who lost them.
//
// The first factor brings recovery codes, and the person's other sign-ins end. Each change is a
// letter and an entry in the trail.
//
// Thread rule: as Identity, of which it is a part.
// Errors: permission_denied "proof_required", "wrong_password", "wrong_code"; conflict "totp_on",
// "no_second_factor", "own_second_factor", "works_elsewhere"; those of Passkeys.
#pragma once

#include "service/identity/identity.hpp"

namespace aa::identity {

class Mfa {
 public:
  explicit Mfa(Identity& identity) : identity_(identity) {}

  Task<MfaStatus> status(tenancy::Tenant tenant);
  // For a passkey that proves who is signed in.
  Task<AssertionOptions> proof_options(tenancy::Tenant tenant);

  Task<TotpSetup> begin_totp(tenancy::Tenant tenant, Confirmation proof);
  Task<RecoveryCodes> confirm_totp(tenancy::Tenant tenant, std::string code);
  Task<> remove_totp(tenancy::Tenant tenant, Confirmation proof);
  Task<RecoveryCodes> renew_codes(tenancy::Tenant tenant, Confirmation proof);
  Task<> turn_off(tenancy::Tenant tenant, Confirmation proof);

  Task<CreationOptions> passkey_options(tenancy::Tenant tenant, Confirmation proof);
  Task<AddedPasskey> add_passkey(tenancy::Tenant tenant, NewPasskey given);
  Task<PasskeyView> rename_passkey(tenancy::Tenant tenant, PasskeyId id, std::string name);
  Task<> remove_passkey(tenancy::Tenant tenant, PasskeyId id, Confirmation proof);

  // All factors of a member, who is signed out everywhere. Not of one who works in another
  // organisation beside others: that one counts on them too.
  Task<> reset(tenancy::Tenant tenant, UserId user);
  // For the command line.
  Task<> reset(std::string email);

 private:
  struct Change {
    Change(const char* done, const char* of, std::string about, std::string said)
        : action(done), subject(of), id(std::move(about)), words(std::move(said)) {}
    const char* action;
    const char* subject;
    std::string id;
    std::string words;  // of the letter
  };
  Task<std::vector<std::string>> begun(db::Transaction& transaction, tenancy::Tenant tenant,
                                       FactorKinds before, std::vector<SessionId>& ended);
  Task<> lessened(db::Transaction& transaction, UserId user);
  Task<> tell(db::Transaction& transaction, tenancy::Tenant tenant, Change change);
  Task<> reset_by(db::Transaction& transaction, audit::Actor actor, UserView user);

  Identity& identity_;
};

}  // namespace aa::identity
