// Passkeys of people: what is asked of them, and whose answer it is. Private to the module.
//
// A challenge is made for one purpose, and for one person where he is known; it is taken out of the
// database by the first answer that names it, right or wrong.
//
// Thread rule: shared by all coroutines.
// Errors: those of driver/fido; conflict "passkeys_unavailable", "too_many_passkeys";
// already_exists "passkey_known".
#pragma once

#include "core/config/public_url.hpp"
#include "driver/db/database.hpp"
#include "driver/fido/webauthn.hpp"
#include "service/identity/second_factor.hpp"

namespace aa::identity {

using runtime::Task;

enum class Purpose { enrol, sign_in, second_factor, proof };
BOOST_DESCRIBE_ENUM(Purpose, enrol, sign_in, second_factor, proof)

struct PasskeyParts {
  db::Database& database;
  const Clock& clock;
  IdSource& ids;
  const config::PublicUrl& url;
};

// Who a passkey is offered to.
struct PasskeyOwner {
  UserId id;
  std::string email;
  std::string name;
};

class Passkeys {
 public:
  explicit Passkeys(PasskeyParts parts) : parts_(parts) {}

  // Why there can be none here, in words.
  std::optional<std::string> unavailable() const;
  Task<std::vector<PasskeyView>> list(UserId user);
  Task<AssertionOptions> ask(Purpose purpose, std::optional<UserId> user);
  // Whose passkey answered, and that it did so rightly. The user is given unless the purpose is
  // to find him.
  Task<UserId> answered(Purpose purpose, std::optional<UserId> user, PasskeyAnswer answer);

  Task<CreationOptions> offer(PasskeyOwner owner);
  Task<fido::Credential> made(UserId user, NewPasskey given);
  Task<PasskeyView> keep(db::Transaction& transaction, UserId user, std::string name,
                         fido::Credential made);

 private:
  Task<std::string> challenge(Purpose purpose, std::optional<UserId> user);
  Task<fido::Ceremony> taken(Purpose purpose, std::optional<UserId> user,
                             const std::string& client_data);

  PasskeyParts parts_;
};

}  // namespace aa::identity
