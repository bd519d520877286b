// Keys that sign access tokens: rows that all instances share, sealed under the master key.
//
// The newest whose time has come signs; all verify. A new key is there before it signs, so that
// every instance and every reader of the JWKS knows it by then; an old one stays until no token of
// it can be alive. A key that is old is followed by a new one by itself.
//
// Thread rule: shared by all coroutines. Errors: unauthenticated "invalid_token", "token_expired".
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "driver/blob/master_keys.hpp"
#include "driver/db/database.hpp"
#include "service/identity/access_token.hpp"

namespace aa::identity {

using runtime::Task;

inline constexpr std::chrono::seconds kKeysFresh{5};  // then the rows are read again
inline constexpr std::chrono::seconds kKeyAhead{30};  // from a new key's row to its first token
inline constexpr std::chrono::hours kKeyVerifiesFor{170};  // after it signed last

enum class KeyState { next, signing, verifying };
BOOST_DESCRIBE_ENUM(KeyState, next, signing, verifying)

struct SigningKeyView {
  std::string id;
  KeyState state = KeyState::verifying;
  Timestamp created_at;
  Timestamp active_from;
};
BOOST_DESCRIBE_STRUCT(SigningKeyView, (), (id, state, created_at, active_from))

// Thread rule: immutable.
class KeySet {
 public:
  struct Key {
    SigningKeyView view;
    std::string sealed;
    std::unique_ptr<TokenSigner> signer;
  };
  KeySet(std::vector<Key> keys, Timestamp now);

  bool empty() const { return keys_.empty(); }
  const std::vector<Key>& keys() const { return keys_; }  // by the time from which they sign
  const Key& newest() const { return keys_.back(); }
  const TokenSigner& signer() const { return *signer_; }
  const TokenSigner* signer_of(std::string_view token) const;  // null when no key may have
  Timestamp read_at() const { return read_at_; }

 private:
  std::vector<Key> keys_;
  const TokenSigner* signer_ = nullptr;
  Timestamp read_at_;
};

class SigningKeys {
 public:
  using Set = std::shared_ptr<const KeySet>;
  SigningKeys(db::Database& database, blob::MasterKeys& master, const Clock& clock,
              std::chrono::hours life);

  blob::MasterKeys& master() { return master_; }
  Task<Set> current();  // never empty
  // The keys among which that of the token is, if there is one.
  Task<Set> for_token(std::string token);
  // A new key; with `revoke_old` it signs at once and all tokens of the others are refused.
  Task<std::string> rotate(bool revoke_old);
  Task<std::vector<SigningKeyView>> list();
  Task<std::string> jwks();  // RFC 7517

 private:
  Task<Set> read();
  Task<> add(Timestamp active_from, Timestamp unless_after);
  Task<> drop_dead(Set keys);
  Set known();

  db::Database& database_;
  blob::MasterKeys& master_;
  const Clock& clock_;
  const std::chrono::hours life_;
  std::mutex mutex_;
  Set known_;
};

// 32 random bytes that all instances share, made when they are first asked for.
Task<Secret> installation_secret(db::Database& database, blob::MasterKeys& master,
                                 const Clock& clock, std::string name);
// Seals keys and secrets under the newest master key; how many that were.
Task<int> reseal_installation(db::Database& database, blob::MasterKeys& master);

}  // namespace aa::identity
