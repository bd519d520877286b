#include "service/identity/passkeys.hpp"

#include "base/hash.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

constexpr std::chrono::minutes kChallengeLife{5};
constexpr std::size_t kChallengeBytes = 32;

struct KnownRow {
  PasskeyId id;
  UserId user_id;
  int algorithm = 0;
  std::string public_key;
  std::int64_t sign_count = 0;
};
BOOST_DESCRIBE_STRUCT(KnownRow, (), (id, user_id, algorithm, public_key, sign_count))

struct ListRow {
  PasskeyId id;
  std::string credential_id;
  std::string name;
  Timestamp created_at;
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(ListRow, (), (id, credential_id, name, created_at, last_used_at))

std::string decoded(const std::string& text, const char* what) {
  auto out = from_base64url(text);
  if (!out) throw fido::refused(std::string("its ") + what + " is no base64url");
  return std::move(*out);
}

std::string handle_of(UserId user) {
  return to_base64url(
      {reinterpret_cast<const char*>(user.uuid.bytes.data()), user.uuid.bytes.size()});
}

std::int64_t timeout() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(kChallengeLife).count();
}

std::string hash_of(std::string_view challenge) { return to_hex(sha256(challenge)); }

}  // namespace

std::optional<std::string> Passkeys::unavailable() const {
  try {
    fido::relying_party(parts_.url.str());
    return std::nullopt;
  } catch (const Error& error) {
    return error.message();
  }
}

Task<std::vector<PasskeyView>> Passkeys::list(UserId user) {
  const auto rows =
      co_await parts_.database.query(db::Scope::system(), sql::list_passkeys, db::args(user));
  std::vector<PasskeyView> out;
  for (auto& row : rows.as<ListRow>()) {
    out.push_back({row.id, std::move(row.name), row.created_at, row.last_used_at});
  }
  co_return out;
}

Task<std::string> Passkeys::challenge(Purpose purpose, std::optional<UserId> user) {
  const auto now = parts_.clock.now();
  auto out = to_base64url(random_bytes(kChallengeBytes));
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  co_await transaction->exec(sql::drop_challenges, db::args(now));
  co_await transaction->exec(sql::insert_challenge,
                             db::args(hash_of(out), purpose, user, now + kChallengeLife));
  co_await transaction->commit();
  co_return out;
}

Task<AssertionOptions> Passkeys::ask(Purpose purpose, std::optional<UserId> user) {
  AssertionOptions out;
  out.rp_id = fido::relying_party(parts_.url.str()).id;
  out.challenge = co_await challenge(purpose, user);
  out.timeout_ms = timeout();
  out.user_verification = purpose == Purpose::sign_in ? "required" : "preferred";
  if (!user) co_return out;
  const auto rows =
      co_await parts_.database.query(db::Scope::system(), sql::list_passkeys, db::args(*user));
  for (auto& row : rows.as<ListRow>()) out.allow.push_back(std::move(row.credential_id));
  co_return out;
}

Task<fido::Ceremony> Passkeys::taken(Purpose purpose, std::optional<UserId> user,
                                     const std::string& client_data) {
  fido::Ceremony out{fido::relying_party(parts_.url.str()),
                     fido::read_client_data(client_data).challenge, purpose == Purpose::sign_in};
  auto arguments = db::args(hash_of(out.challenge), purpose, parts_.clock.now());
  const auto rows = co_await parts_.database.write(db::Scope::system(), sql::take_challenge,
                                                   std::move(arguments));
  if (rows.empty() || rows[0].get<std::optional<UserId>>("user_id") != user) {
    throw fido::refused("what it was asked is too old, or was answered");
  }
  co_return out;
}

Task<UserId> Passkeys::answered(Purpose purpose, std::optional<UserId> user, PasskeyAnswer answer) {
  const fido::Assertion given{decoded(answer.client_data, "client data"),
                              decoded(answer.authenticator_data, "authenticator data"),
                              decoded(answer.signature, "signature")};
  const auto ceremony = co_await taken(purpose, user, given.client_data);
  const auto rows = co_await parts_.database.query(db::Scope::system(), sql::passkey_by_credential,
                                                   db::args(answer.id));
  const auto known = rows.first<KnownRow>();
  if (!known || (user && known->user_id != *user)) throw fido::refused("it is not known here");
  if (answer.user_handle && *answer.user_handle != handle_of(known->user_id)) {
    throw fido::refused("it is somebody else's");
  }
  fido::Credential credential;
  credential.algorithm = known->algorithm;
  credential.public_key = decoded(known->public_key, "key");
  credential.sign_count = static_cast<std::uint32_t>(known->sign_count);
  const auto asserted = fido::check_assertion(ceremony, credential, given);
  auto use =
      db::args(known->id, static_cast<std::int64_t>(asserted.sign_count), parts_.clock.now());
  const auto used =
      co_await parts_.database.write(db::Scope::system(), sql::use_passkey, std::move(use));
  if (used.empty()) throw fido::refused("its counter was seen before");
  co_return known->user_id;
}

Task<CreationOptions> Passkeys::offer(PasskeyOwner owner) {
  CreationOptions out;
  out.rp_id = fido::relying_party(parts_.url.str()).id;
  out.rp_name = "AnnotateAI";
  const auto rows =
      co_await parts_.database.query(db::Scope::system(), sql::list_passkeys, db::args(owner.id));
  if (rows.size() >= kPasskeysMax) {
    throw conflict("too_many_passkeys", "There are " + std::to_string(kPasskeysMax) +
                                            " passkeys, the most there can be. Remove one.");
  }
  for (auto& row : rows.as<ListRow>()) out.exclude.push_back(std::move(row.credential_id));
  out.challenge = co_await challenge(Purpose::enrol, owner.id);
  out.user_handle = handle_of(owner.id);
  out.user_name = std::move(owner.email);
  out.user_display_name = std::move(owner.name);
  out.algorithms = {fido::kEs256, fido::kEdDsa, fido::kRs256};
  out.timeout_ms = timeout();
  co_return out;
}

Task<fido::Credential> Passkeys::made(UserId user, NewPasskey given) {
  const fido::Attestation attestation{decoded(given.client_data, "client data"),
                                      decoded(given.attestation_object, "attestation object")};
  const auto ceremony = co_await taken(Purpose::enrol, user, attestation.client_data);
  co_return fido::check_attestation(ceremony, attestation);
}

Task<PasskeyView> Passkeys::keep(db::Transaction& transaction, UserId user, std::string name,
                                 fido::Credential made) {
  PasskeyView out{parts_.ids.next_as<PasskeyId>(), std::move(name), parts_.clock.now(),
                  std::nullopt};
  auto row =
      db::args(out.id, user, to_base64url(made.id), made.algorithm, to_base64url(made.public_key),
               static_cast<std::int64_t>(made.sign_count), out.name, out.created_at);
  try {
    co_await transaction.exec(sql::insert_passkey, std::move(row));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::already_exists) throw;
    throw Error(ErrorCode::already_exists, "passkey_known", "This passkey is registered already.");
  }
  co_return out;
}

}  // namespace aa::identity
