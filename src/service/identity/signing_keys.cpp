#include "service/identity/signing_keys.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "service/identity/second_factors.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

constexpr std::size_t kSeedBytes = 32;

struct KeyRow {
  std::string id;
  std::string public_key;
  std::string sealed;
  Timestamp created_at;
  Timestamp active_from;
};
BOOST_DESCRIBE_STRUCT(KeyRow, (), (id, public_key, sealed, created_at, active_from))

struct SecretRow {
  std::string name;
  std::string sealed;
};
BOOST_DESCRIBE_STRUCT(SecretRow, (), (name, sealed))

struct Jwk {
  std::string kty = "OKP";
  std::string crv = "Ed25519";
  std::string alg = "EdDSA";
  std::string use = "sig";
  std::string kid;
  std::string x;
};
BOOST_DESCRIBE_STRUCT(Jwk, (), (kty, crv, alg, use, kid, x))

struct Jwks {
  std::vector<Jwk> keys;
};
BOOST_DESCRIBE_STRUCT(Jwks, (), (keys))

std::string purpose_of_key(const std::string& id) { return "signing key/" + id; }
std::string purpose_of_secret(const std::string& name) { return "secret/" + name; }

}  // namespace

KeySet::KeySet(std::vector<Key> keys, Timestamp now) : keys_(std::move(keys)), read_at_(now) {
  for (auto& key : keys_) {
    const bool may_sign = key.view.active_from <= now;
    key.view.state = may_sign ? KeyState::verifying : KeyState::next;
    if (may_sign) signer_ = key.signer.get();
  }
  // The clock was set back, or all are ahead: the first will do.
  if (signer_ == nullptr && !keys_.empty()) signer_ = keys_.front().signer.get();
  for (auto& key : keys_) {
    if (key.signer.get() == signer_) key.view.state = KeyState::signing;
  }
}

const TokenSigner* KeySet::signer_of(std::string_view token) const {
  for (const auto& key : keys_) {
    if (key.signer->has_header_of(token)) return key.signer.get();
  }
  return nullptr;
}

SigningKeys::SigningKeys(db::Database& database, blob::MasterKeys& master, const Clock& clock,
                         std::chrono::hours life)
    : database_(database), master_(master), clock_(clock), life_(life) {}

SigningKeys::Set SigningKeys::known() {
  const std::lock_guard lock(mutex_);
  return known_;
}

Task<SigningKeys::Set> SigningKeys::read() {
  const auto rows = co_await database_.query(db::Scope::system(), sql::list_signing_keys);
  std::vector<KeySet::Key> keys;
  for (auto& row : rows.as<KeyRow>()) {
    const auto seed = master_.open(purpose_of_key(row.id), row.sealed);
    auto signer = std::make_unique<TokenSigner>(seed);
    SigningKeyView view{row.id, KeyState::verifying, row.created_at, row.active_from};
    keys.push_back({std::move(view), std::move(row.sealed), std::move(signer)});
  }
  auto set = std::make_shared<const KeySet>(std::move(keys), clock_.now());
  const std::lock_guard lock(mutex_);
  known_ = set;
  co_return set;
}

// Nothing when there is a key that was made after `unless_after`.
Task<> SigningKeys::add(Timestamp active_from, Timestamp unless_after) {
  const Secret seed(random_bytes(kSeedBytes));
  const TokenSigner signer(seed);
  const auto sealed = master_.seal(purpose_of_key(signer.id()), seed);
  co_await database_.write(
      db::Scope::system(), sql::insert_signing_key,
      db::args(signer.id(), signer.public_key(), sealed, clock_.now(), active_from, unless_after));
}

Task<SigningKeys::Set> SigningKeys::current() {
  const auto now = clock_.now();
  auto set = known();
  if (set && now - set->read_at() < kKeysFresh && set->read_at() <= now) co_return set;
  set = co_await read();
  const bool none = set->empty();
  if (!none && set->newest().view.created_at + life_ > now) co_return set;
  // Whoever else finds the same finds the new key there when it comes to adding one.
  co_await add(none ? now : now + kKeyAhead, Timestamp{(now + -life_).micros});
  co_await drop_dead(set);
  co_return co_await read();
}

Task<SigningKeys::Set> SigningKeys::for_token(std::string token) {
  auto set = co_await current();
  // Whoever sends made-up keys makes us look once a second.
  const auto age = clock_.now() - set->read_at();
  if (set->signer_of(token) == nullptr && age >= std::chrono::seconds(1)) set = co_await read();
  co_return set;
}

Task<> SigningKeys::drop_dead(Set keys) {
  const auto now = clock_.now();
  const auto& list = keys->keys();
  for (std::size_t i = 0; i + 1 < list.size(); ++i) {
    if (list[i + 1].view.active_from + kKeyVerifiesFor > now) continue;
    co_await database_.write(db::Scope::system(), sql::delete_signing_key,
                             db::args(list[i].view.id));
  }
}

Task<std::string> SigningKeys::rotate(bool revoke_old) {
  const auto before = co_await current();
  const auto now = clock_.now();
  co_await add(revoke_old ? now : now + kKeyAhead, now);
  if (revoke_old) {
    for (const auto& key : before->keys()) {
      co_await database_.write(db::Scope::system(), sql::delete_signing_key, db::args(key.view.id));
    }
  } else {
    co_await drop_dead(before);
  }
  const auto after = co_await read();
  co_return after->newest().view.id;
}

Task<std::vector<SigningKeyView>> SigningKeys::list() {
  const auto set = co_await current();
  std::vector<SigningKeyView> out;
  for (const auto& key : set->keys()) out.push_back(key.view);
  co_return out;
}

Task<std::string> SigningKeys::jwks() {
  const auto set = co_await current();
  Jwks out;
  for (const auto& key : set->keys()) {
    Jwk jwk;
    jwk.kid = key.signer->id();
    jwk.x = key.signer->public_key();
    out.keys.push_back(std::move(jwk));
  }
  co_return json::write(out);
}

Task<Secret> installation_secret(db::Database& database, blob::MasterKeys& master,
                                 const Clock& clock, std::string name) {
  const auto find = db::args(name);
  auto rows = co_await database.query(db::Scope::system(), sql::find_installation_secret, find);
  if (rows.empty()) {
    const auto sealed = master.seal(purpose_of_secret(name), Secret(random_bytes(kSeedBytes)));
    co_await database.write(db::Scope::system(), sql::insert_installation_secret,
                            db::args(name, sealed, clock.now()));
    // Another instance may have been first: its secret is the one.
    rows = co_await database.query(db::Scope::system(), sql::find_installation_secret, find);
  }
  co_return master.open(purpose_of_secret(name), rows.one().get<std::string>("sealed"));
}

Task<int> reseal_installation(db::Database& database, blob::MasterKeys& master) {
  const auto newest = master.newest();
  int resealed = 0;
  const auto keys = co_await database.query(db::Scope::system(), sql::list_signing_keys);
  for (const auto& row : keys.as<KeyRow>()) {
    if (blob::MasterKeys::version_of(row.sealed) == newest) continue;
    const auto plain = master.open(purpose_of_key(row.id), row.sealed);
    const auto sealed = master.seal(purpose_of_key(row.id), plain);
    co_await database.write(db::Scope::system(), sql::reseal_signing_key,
                            db::args(row.id, sealed, row.sealed));
    ++resealed;
  }
  const auto secrets = co_await database.query(db::Scope::system(), sql::list_installation_secrets);
  for (const auto& row : secrets.as<SecretRow>()) {
    if (blob::MasterKeys::version_of(row.sealed) == newest) continue;
    const auto plain = master.open(purpose_of_secret(row.name), row.sealed);
    const auto sealed = master.seal(purpose_of_secret(row.name), plain);
    co_await database.write(db::Scope::system(), sql::reseal_installation_secret,
                            db::args(row.name, sealed, row.sealed));
    ++resealed;
  }
  resealed += co_await reseal_second_factors(database, master);
  co_return resealed;
}

}  // namespace aa::identity
