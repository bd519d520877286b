// The second step of signing in, and passkeys that are both steps in one.
#include "base/hash.hpp"
#include "service/audit/recorded.hpp"
#include "service/identity/account_letters.hpp"
#include "service/identity/identity.hpp"
#include "service/identity/password.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

constexpr std::chrono::minutes kPendingLife{5};
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretTextMax = 100;
constexpr std::string_view kNoPassword = "!";

struct PendingRow {
  UserId user_id;
  OrganizationId organization_id;
  SignInMethod method = SignInMethod::password;
};
BOOST_DESCRIBE_STRUCT(PendingRow, (), (user_id, organization_id, method))

std::string hash_of(std::string_view secret) { return to_hex(sha256(secret)); }

std::vector<std::string> methods_of(const FactorKinds& kinds) {
  std::vector<std::string> out;
  if (kinds.totp > 0) out.emplace_back("otp");
  if (kinds.passkeys > 0) out.emplace_back("passkey");
  if (kinds.codes > 0) out.emplace_back("recovery_code");
  return out;
}

Error invalid_pending() {
  return {ErrorCode::unauthenticated, "invalid_pending",
          "The first step of signing in is too old, or was completed. Begin again."};
}

Error wrong_answer(const Checked& checked) {
  if (checked.problem != "wrong") {
    return {ErrorCode::unauthenticated, "invalid_passkey", checked.problem};
  }
  return {ErrorCode::unauthenticated, "wrong_code",
          "The code is wrong, was used, or is too old. Wait for the next one."};
}

}  // namespace

// A wrong answer is an entry in the trail; the one that locks the second factor is told too.
Task<> Identity::refused_factor(UserView user, Origin origin, bool locked) {
  const auto organization = co_await organization_for(user.id);
  const audit::Actor actor{organization.id, std::nullopt, origin.ip, origin.request_id};
  audit::Entry entry{"session.start", "user", user.id.str(), {}};
  entry.detail["second_factor"] = true;
  co_await trail_.denied(actor, std::move(entry));
  if (!locked) co_return;
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await trail_.append(*transaction, actor, {"user.lock", "user", user.id.str(), {}});
  auto letter =
      factor_locked_letter({user.email, user.name}, origin.ip, post_.url.link("/forgot-password"));
  co_await post_.mailer.send(*transaction, organization.id, user.id, std::move(letter));
  co_await transaction->commit();
}

// Of a code on paper its owner hears.
Task<> Identity::took_recovery_code(UserView user, OrganizationId organization, Origin origin) {
  const auto left = co_await factors_.kinds(user.id);
  auto letter =
      second_factor_letter({user.email, user.name},
                           "a recovery code was used; " + std::to_string(left.codes) + " are left",
                           origin.ip, post_.url.link("/settings#security"));
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await post_.mailer.send(*transaction, organization, user.id, std::move(letter));
  co_await transaction->commit();
}

Task<FactorProof> Identity::ask_second_factor(UserView user, OrganizationId organization,
                                              SignInMethod method, std::optional<std::string> otp,
                                              Origin origin) {
  const auto kinds = co_await factors_.kinds(user.id);
  if (!kinds.any()) co_return FactorProof::none;
  if (otp && !otp->empty()) {
    FactorAnswer answer;
    answer.otp = std::move(otp);
    const auto checked =
        co_await factors_.check(user.id, std::move(answer), Purpose::second_factor);
    if (checked.right) co_return FactorProof::own;
    auto tell = refused_factor(std::move(user), std::move(origin), checked.locks);
    in_background("identity.refused", std::move(tell));
    throw audit::Recorded(wrong_answer(checked));
  }
  const auto pending = to_base64url(random_bytes(kSecretBytes));
  const auto now = clock_.now();
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await transaction->exec(sql::drop_expired_sign_ins, db::args(now));
  auto row = db::args(hash_of(pending), user.id, organization, method, now + kPendingLife);
  co_await transaction->exec(sql::insert_pending_sign_in, std::move(row));
  co_await transaction->commit();
  throw SecondStepNeeded(pending, methods_of(kinds));
}

Task<SecondStepOptions> Identity::second_step_options(std::string pending) {
  if (pending.size() > kSecretTextMax) throw invalid_pending();
  const auto rows = co_await database_.query(db::Scope::system(), sql::find_pending_sign_in,
                                             db::args(hash_of(pending), clock_.now()));
  const auto row = rows.first<PendingRow>();
  if (!row) throw invalid_pending();
  const auto kinds = co_await factors_.kinds(row->user_id);
  SecondStepOptions out;
  out.methods = methods_of(kinds);
  if (kinds.passkeys == 0 || factors_.passkeys().unavailable()) co_return out;
  out.passkey = co_await factors_.passkeys().ask(Purpose::second_factor, row->user_id);
  co_return out;
}

Task<LoginResult> Identity::finish_sign_in(SecondStep step, Origin origin) {
  if (step.pending.size() > kSecretTextMax) throw invalid_pending();
  const auto held = hash_of(step.pending);
  const auto rows = co_await database_.query(db::Scope::system(), sql::find_pending_sign_in,
                                             db::args(held, clock_.now()));
  const auto row = rows.first<PendingRow>();
  if (!row) throw invalid_pending();
  auto answer = step.factor();
  if (answer.empty()) {
    throw invalid("invalid_body", "Give otp, recovery_code or passkey.", {{"/otp", "is needed"}});
  }
  const auto users =
      co_await database_.query(db::Scope::system(), sql::standing_user, db::args(row->user_id));
  const auto user = users.first<UserView>();
  if (!user) throw invalid_pending();
  const auto checked = co_await factors_.check(user->id, std::move(answer), Purpose::second_factor);
  if (!checked.right) {
    auto tell = refused_factor(*user, std::move(origin), checked.locks);
    in_background("identity.refused", std::move(tell));
    throw audit::Recorded(wrong_answer(checked));
  }
  const auto taken = co_await database_.write(db::Scope::system(), sql::take_pending_sign_in,
                                              db::args(held, clock_.now()));
  if (taken.empty()) throw invalid_pending();
  attempts_.succeeded(user->email);
  if (checked.recovery) co_await took_recovery_code(*user, row->organization_id, origin);
  co_return co_await begin_session(user->id, row->organization_id, row->method, std::move(origin),
                                   FactorProof::own);
}

Task<AssertionOptions> Identity::passkey_sign_in_options() {
  co_return co_await factors_.passkeys().ask(Purpose::sign_in, std::nullopt);
}

Task<LoginResult> Identity::sign_in_by_passkey(PasskeySignIn given, Origin origin) {
  std::optional<UserId> user;
  try {
    user = co_await factors_.passkeys().answered(Purpose::sign_in, std::nullopt,
                                                 std::move(given.passkey));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_argument) throw;
    throw Error(ErrorCode::unauthenticated, error.slug(), error.message());
  }
  const auto standing =
      co_await database_.query(db::Scope::system(), sql::standing_user, db::args(*user));
  const auto found = co_await database_.query(db::Scope::system(), sql::entered_organization,
                                              db::args(*user, given.organization_id));
  const auto organization = found.first<OrganizationView>();
  if (standing.empty() || !organization) {
    throw Error(ErrorCode::unauthenticated, "invalid_credentials", "This account is closed.");
  }
  co_return co_await begin_session(*user, organization->id, SignInMethod::passkey,
                                   std::move(origin), FactorProof::own);
}

Task<> Identity::confirm(tenancy::Tenant tenant, Confirmation proof, ErrorCode wrong) {
  const auto me = co_await this->me(tenant.principal());
  attempts_.check(me.user.email);
  const auto kinds = co_await factors_.kinds(tenant.user());
  const auto found =
      co_await database_.query(db::Scope::system(), sql::find_password, db::args(tenant.user()));
  const auto hash = found.one().get<std::string>("password_hash");
  const bool with_password = !hash.empty() && hash != kNoPassword;
  if (!with_password && !kinds.any()) {  // all that there is to prove is the sign-in at a provider
    if (tenant.is_fresh(clock_.now())) co_return;
    throw Error(
        ErrorCode::permission_denied, "sign_in_anew",
        "Sign out and in again to prove who you are; then there are five minutes for this.");
  }
  if ((with_password && proof.password.value_or("").empty()) ||
      (kinds.any() && proof.factor().empty())) {
    throw Error(ErrorCode::permission_denied, "proof_required",
                "Give your password, and your second factor if you have one.");
  }
  const Origin origin{tenant.actor().ip, "", tenant.actor().request_id};
  if (with_password) {
    auto check = [given = *proof.password, hash] { return verify_password(given, hash); };
    const bool right = co_await executors_.passwords().run(check);
    if (!right) {
      const bool locked = attempts_.failed(me.user.email);
      co_await refused(me.user, origin, locked);
      throw Error(wrong, "wrong_password", "The password is wrong.", {{"/password", "is wrong"}});
    }
  }
  if (kinds.any()) {
    auto answer = proof.factor();
    const auto checked = co_await factors_.check(tenant.user(), std::move(answer), Purpose::proof);
    if (!checked.right) {
      co_await refused_factor(me.user, origin, checked.locks);
      throw Error(wrong, "wrong_code",
                  checked.problem == "wrong"
                      ? "The code is wrong, was used, or is too old. Wait for the next one."
                      : checked.problem,
                  {{"/otp", "is wrong"}});
    }
  }
  attempts_.succeeded(me.user.email);
  const auto session = tenant.principal().session;
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await transaction->exec(sql::prove_session, db::args(session, clock_.now()));
  if (kinds.any()) co_await transaction->exec(sql::prove_second_factor, db::args(session));
  co_await trail_.append(*transaction, tenant.actor(),
                         {"session.prove", "session", session.str(), {}});
  co_await transaction->commit();
  forget(session);
}

Task<> Identity::reauthenticate(tenancy::Tenant tenant, Confirmation proof) {
  co_await confirm(std::move(tenant), std::move(proof), ErrorCode::invalid_argument);
}

}  // namespace aa::identity
