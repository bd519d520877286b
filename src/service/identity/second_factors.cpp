#include "service/identity/second_factors.hpp"

#include "base/hash.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

constexpr std::chrono::minutes kFirstLock{15};
constexpr std::chrono::minutes kLaterLock{60};
constexpr std::int64_t kFailuresMax = 10;

struct TotpRow {
  std::string sealed;
  Timestamp created_at;
  std::optional<Timestamp> confirmed_at;
};
BOOST_DESCRIBE_STRUCT(TotpRow, (), (sealed, created_at, confirmed_at))

struct SealedRow {
  UserId user_id;
  std::string sealed;
};
BOOST_DESCRIBE_STRUCT(SealedRow, (), (user_id, sealed))

std::string purpose_of(UserId user) { return "totp/" + user.str(); }

}  // namespace

Task<FactorKinds> SecondFactors::kinds(UserId user) {
  const auto rows =
      co_await parts_.database.query(db::Scope::system(), sql::second_factors_of, db::args(user));
  co_return rows.first<FactorKinds>().value_or(FactorKinds{});
}

// True when it is the last before the lock.
Task<bool> SecondFactors::charge(UserId user) {
  const auto now = parts_.clock.now();
  auto arguments = db::args(user, now, now + kFirstLock, now + kLaterLock);
  const auto rows = co_await parts_.database.write(db::Scope::system(), sql::charge_attempt,
                                                   std::move(arguments));
  if (!rows.empty()) co_return rows[0].get<std::int64_t>("failures") % kFailuresMax == 0;
  const auto locked =
      co_await parts_.database.query(db::Scope::system(), sql::attempts_of, db::args(user));
  auto wait = std::chrono::seconds(1);
  if (!locked.empty()) {
    const auto until = locked[0].get<Timestamp>("locked_until");
    wait += std::chrono::duration_cast<std::chrono::seconds>(until - now);
  }
  throw Error(ErrorCode::rate_limited, "too_many_attempts",
              "Too many wrong codes for this account. Wait, then try again.")
      .with_retry_after(wait);
}

Task<bool> SecondFactors::right_code(UserId user, std::string code) {
  const auto rows =
      co_await parts_.database.query(db::Scope::system(), sql::totp_of, db::args(user));
  const auto row = rows.first<TotpRow>();
  if (!row || !row->confirmed_at) co_return false;
  const auto now = parts_.clock.now();
  const auto step = matching_step(master_.open(purpose_of(user), row->sealed), code, now);
  if (!step) co_return false;
  const auto used = co_await parts_.database.write(db::Scope::system(), sql::use_totp_step,
                                                   db::args(user, *step, now));
  co_return !used.empty();
}

Task<bool> SecondFactors::right(UserId user, FactorAnswer answer, Purpose purpose) {
  if (answer.otp) co_return co_await right_code(user, *answer.otp);
  if (answer.recovery_code) {
    auto arguments = db::args(user, recovery_hash(user, *answer.recovery_code));
    const auto taken = co_await parts_.database.write(db::Scope::system(), sql::take_recovery_code,
                                                      std::move(arguments));
    co_return !taken.empty();
  }
  co_await passkeys_.answered(purpose, user, *answer.passkey);
  co_return true;
}

Task<Checked> SecondFactors::check(UserId user, FactorAnswer answer, Purpose purpose) {
  Checked out;
  out.recovery = answer.recovery_code && !answer.otp;
  const bool last = co_await charge(user);
  try {
    out.right = co_await right(user, std::move(answer), purpose);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_argument) throw;
    out.problem = error.message();
  }
  out.locks = last && !out.right;
  if (out.right) {
    co_await parts_.database.write(db::Scope::system(), sql::clear_attempts, db::args(user));
  }
  co_return out;
}

Task<TotpSetup> SecondFactors::begin_totp(UserId user, std::string account) {
  const Secret secret(random_bytes(kTotpSecretBytes));
  auto arguments = db::args(user, master_.seal(purpose_of(user), secret), parts_.clock.now());
  const auto put =
      co_await parts_.database.write(db::Scope::system(), sql::put_totp, std::move(arguments));
  if (put.empty()) {
    throw conflict("totp_on", "An authenticator app is set up. Remove it first to set up another.");
  }
  TotpSetup out;
  out.secret = to_base32(secret.reveal());
  out.uri = otpauth_uri(secret, account);
  co_return out;
}

Task<bool> SecondFactors::confirm_totp(db::Transaction& transaction, UserId user,
                                       std::string code) {
  const auto rows = co_await transaction.exec(sql::totp_of, db::args(user));
  const auto row = rows.first<TotpRow>();
  if (!row) co_return false;
  const auto now = parts_.clock.now();
  const auto step = matching_step(master_.open(purpose_of(user), row->sealed), code, now);
  if (!step) co_return false;
  const auto done = co_await transaction.exec(sql::confirm_totp, db::args(user, now, *step));
  co_return !done.empty();
}

Task<std::vector<std::string>> SecondFactors::renew_codes(db::Transaction& transaction,
                                                          UserId user) {
  co_await transaction.exec(sql::delete_recovery_codes, db::args(user));
  auto out = new_recovery_codes();
  for (const auto& code : out) {
    auto row = db::args(user, recovery_hash(user, code));
    co_await transaction.exec(sql::insert_recovery_code, std::move(row));
  }
  co_return out;
}

Task<bool> SecondFactors::drop(db::Transaction& transaction, UserId user) {
  const auto totp = co_await transaction.exec(sql::delete_totp, db::args(user));
  const auto passkeys = co_await transaction.exec(sql::delete_passkeys, db::args(user));
  co_await transaction.exec(sql::delete_recovery_codes, db::args(user));
  co_await transaction.exec(sql::clear_attempts, db::args(user));
  co_await transaction.exec(sql::unprove_second_factor, db::args(user));
  co_return !totp.empty() || !passkeys.empty();
}

Task<int> reseal_second_factors(db::Database& database, blob::MasterKeys& master) {
  const auto newest = master.newest();
  int resealed = 0;
  const auto rows = co_await database.query(db::Scope::system(), sql::list_totp_secrets);
  for (const auto& row : rows.as<SealedRow>()) {
    if (blob::MasterKeys::version_of(row.sealed) == newest) continue;
    const auto plain = master.open(purpose_of(row.user_id), row.sealed);
    const auto sealed = master.seal(purpose_of(row.user_id), plain);
    co_await database.write(db::Scope::system(), sql::reseal_totp,
                            db::args(row.user_id, sealed, row.sealed));
    ++resealed;
  }
  co_return resealed;
}

}  // namespace aa::identity
