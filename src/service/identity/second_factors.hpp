// Second factors of people and the check of an answer. Private to the module.
//
// Answers are counted before they are looked at: each tenth since the last right one locks the
// account's second factor, for a quarter of an hour and then for an hour each time. The count is in
// the database: neither a new sign-in nor another instance begins anew.
//
// Thread rule: shared by all coroutines.
// Errors: rate_limited "too_many_attempts"; those of Passkeys.
#pragma once

#include "driver/blob/master_keys.hpp"
#include "service/identity/passkeys.hpp"
#include "service/identity/totp.hpp"

namespace aa::identity {

// How an answer went.
struct Checked {
  bool right = false;
  bool locks = false;             // wrong, and the one that locks
  bool recovery = false;          // by a code on paper
  std::string problem = "wrong";  // of a passkey, in words
};

class SecondFactors {
 public:
  SecondFactors(PasskeyParts parts, blob::MasterKeys& master)
      : parts_(parts), master_(master), passkeys_(parts) {}

  Passkeys& passkeys() { return passkeys_; }
  Task<FactorKinds> kinds(UserId user);
  Task<Checked> check(UserId user, FactorAnswer answer, Purpose purpose);

  // A secret that counts once a code of it was shown; conflict "totp_on" when one counts already.
  Task<TotpSetup> begin_totp(UserId user, std::string account);
  Task<bool> confirm_totp(db::Transaction& transaction, UserId user, std::string code);
  Task<std::vector<std::string>> renew_codes(db::Transaction& transaction, UserId user);
  // All of them; false when there were none.
  Task<bool> drop(db::Transaction& transaction, UserId user);

 private:
  Task<bool> right(UserId user, FactorAnswer answer, Purpose purpose);
  Task<bool> right_code(UserId user, std::string code);
  Task<bool> charge(UserId user);

  PasskeyParts parts_;
  blob::MasterKeys& master_;
  Passkeys passkeys_;
};

// Seals shared secrets under the newest master key; how many that were.
Task<int> reseal_second_factors(db::Database& database, blob::MasterKeys& master);

}  // namespace aa::identity
