#include "service/identity/mfa.hpp"

#include "service/identity/account_letters.hpp"
#include "service/identity/cut.hpp"
#include "service/identity/email.hpp"
#include "service/identity/membership.hpp"
#include "service/identity/policies.hpp"
#include "service/identity/revocations.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

struct TotpDates {
  std::optional<Timestamp> confirmed_at;
  std::optional<Timestamp> last_used_at;
};

// Verifies against no password.
constexpr std::string_view kNoPassword = "!";

void check_name(std::string_view name) {
  if (name.find_first_not_of(" \t\r\n") != std::string_view::npos) return;
  throw invalid("invalid_body", "/name must not be blank.", {{"/name", "must not be blank"}});
}

TotpDates dates_of(const db::Rows& rows) {
  if (rows.empty()) return {};
  return {rows[0].get<std::optional<Timestamp>>("confirmed_at"),
          rows[0].get<std::optional<Timestamp>>("last_used_at")};
}

}  // namespace

Task<MfaStatus> Mfa::status(tenancy::Tenant tenant) {
  auto& database = identity_.database_;
  const auto user = tenant.user();
  const auto kinds = co_await identity_.factors_.kinds(user);
  const auto totp = co_await database.query(db::Scope::system(), sql::totp_of, db::args(user));
  const auto dates = dates_of(totp);
  MfaStatus out;
  out.totp = kinds.totp > 0;
  out.totp_added_at = dates.confirmed_at;
  out.totp_last_used_at = dates.last_used_at;
  out.passkeys = co_await identity_.factors_.passkeys().list(user);
  out.recovery_codes_left = kinds.codes;
  const auto found =
      co_await database.query(db::Scope::system(), sql::find_password, db::args(user));
  const auto hash = found.one().get<std::string>("password_hash");
  out.has_password = !hash.empty() && hash != kNoPassword;
  out.passkeys_unavailable = identity_.factors_.passkeys().unavailable();
  const auto members = co_await database.query(db::Scope::system(), sql::find_member,
                                               db::args(tenant.organization(), user));
  if (const auto member = members.first<MemberRow>()) {
    const auto policy = co_await policy_of(database, tenant.organization());
    out.required = asks_second_factor(policy, member->ref());
  }
  co_return out;
}

Task<AssertionOptions> Mfa::proof_options(tenancy::Tenant tenant) {
  const auto kinds = co_await identity_.factors_.kinds(tenant.user());
  if (kinds.passkeys == 0) throw conflict("no_passkey", "You have no passkey yet.");
  co_return co_await identity_.factors_.passkeys().ask(Purpose::proof, tenant.user());
}

// The session that it was set up in has shown it; the others have not.
Task<std::vector<std::string>> Mfa::begun(db::Transaction& transaction, tenancy::Tenant tenant,
                                          FactorKinds before, std::vector<SessionId>& ended) {
  const auto session = tenant.principal().session;
  co_await transaction.exec(sql::prove_second_factor, db::args(session));
  std::vector<std::string> codes;
  if (before.any()) co_return codes;
  const auto now = identity_.clock_.now();
  auto others =
      co_await transaction.exec(sql::revoke_other_sessions, db::args(tenant.user(), session, now));
  ended = co_await identity_.note_ended(transaction, tenant.user(), std::move(others), now);
  co_await transaction.exec(sql::drop_pending_sign_ins, db::args(tenant.user()));
  codes = co_await identity_.factors_.renew_codes(transaction, tenant.user());
  co_return codes;
}

// Where the last factor went, no session is proven by one any more and no code is of use.
Task<> Mfa::lessened(db::Transaction& transaction, UserId user) {
  const auto rows = co_await transaction.exec(sql::second_factors_of, db::args(user));
  const auto left = rows.first<FactorKinds>().value_or(FactorKinds{});
  if (!left.any()) co_await identity_.factors_.drop(transaction, user);
}

Task<> Mfa::tell(db::Transaction& transaction, tenancy::Tenant tenant, Change change) {
  const auto rows = co_await transaction.exec(sql::user_by_id, db::args(tenant.user()));
  const auto user = rows.one().as<UserView>();
  auto letter = second_factor_letter({user.email, user.name}, change.words, tenant.actor().ip,
                                     identity_.post_.url.link("/settings#security"));
  co_await identity_.post_.mailer.send(transaction, tenant.organization(), user.id,
                                       std::move(letter));
  audit::Entry entry{change.action, change.subject, change.id, {}};
  co_await identity_.trail_.append(transaction, tenant.actor(), std::move(entry));
}

Task<TotpSetup> Mfa::begin_totp(tenancy::Tenant tenant, Confirmation proof) {
  co_await identity_.confirm(tenant, std::move(proof), ErrorCode::permission_denied);
  const auto me = co_await identity_.me(tenant.principal());
  co_return co_await identity_.factors_.begin_totp(tenant.user(), me.user.email);
}

Task<RecoveryCodes> Mfa::confirm_totp(tenancy::Tenant tenant, std::string code) {
  const auto before = co_await identity_.factors_.kinds(tenant.user());
  if (before.totp > 0) throw conflict("totp_on", "An authenticator app is set up already.");
  std::vector<SessionId> ended;
  RecoveryCodes out;
  auto transaction = co_await identity_.database_.begin(db::Scope::system());
  const bool right =
      co_await identity_.factors_.confirm_totp(*transaction, tenant.user(), std::move(code));
  if (!right) {
    throw invalid("wrong_code", "The code is wrong. Check that the clock of your device is right.",
                  {{"/otp", "is wrong"}});
  }
  out.recovery_codes = co_await begun(*transaction, tenant, before, ended);
  Change change("mfa.enable", "user", tenant.user().str(), "an authenticator app was set up");
  co_await tell(*transaction, tenant, std::move(change));
  co_await transaction->commit();
  identity_.forget(tenant.user());
  co_return out;
}

Task<> Mfa::remove_totp(tenancy::Tenant tenant, Confirmation proof) {
  const auto before = co_await identity_.factors_.kinds(tenant.user());
  if (before.totp == 0) throw conflict("no_second_factor", "No authenticator app is set up.");
  co_await identity_.confirm(tenant, std::move(proof), ErrorCode::permission_denied);
  auto transaction = co_await identity_.database_.begin(db::Scope::system());
  co_await transaction->exec(sql::delete_totp, db::args(tenant.user()));
  co_await lessened(*transaction, tenant.user());
  Change change("mfa.disable", "user", tenant.user().str(), "the authenticator app was removed");
  co_await tell(*transaction, tenant, std::move(change));
  co_await transaction->commit();
  identity_.forget(tenant.user());
}

Task<RecoveryCodes> Mfa::renew_codes(tenancy::Tenant tenant, Confirmation proof) {
  const auto before = co_await identity_.factors_.kinds(tenant.user());
  if (!before.any()) throw conflict("no_second_factor", "No second factor is set up.");
  co_await identity_.confirm(tenant, std::move(proof), ErrorCode::permission_denied);
  RecoveryCodes out;
  auto transaction = co_await identity_.database_.begin(db::Scope::system());
  out.recovery_codes = co_await identity_.factors_.renew_codes(*transaction, tenant.user());
  Change change("mfa.codes", "user", tenant.user().str(), "new recovery codes were made");
  co_await tell(*transaction, tenant, std::move(change));
  co_await transaction->commit();
  co_return out;
}

Task<> Mfa::turn_off(tenancy::Tenant tenant, Confirmation proof) {
  const auto before = co_await identity_.factors_.kinds(tenant.user());
  if (!before.any()) throw conflict("no_second_factor", "No second factor is set up.");
  co_await identity_.confirm(tenant, std::move(proof), ErrorCode::permission_denied);
  auto transaction = co_await identity_.database_.begin(db::Scope::system());
  co_await identity_.factors_.drop(*transaction, tenant.user());
  Change change("mfa.disable", "user", tenant.user().str(),
                "two-step sign-in was turned off: a password alone signs in again");
  co_await tell(*transaction, tenant, std::move(change));
  co_await transaction->commit();
  identity_.forget(tenant.user());
}

Task<CreationOptions> Mfa::passkey_options(tenancy::Tenant tenant, Confirmation proof) {
  co_await identity_.confirm(tenant, std::move(proof), ErrorCode::permission_denied);
  const auto me = co_await identity_.me(tenant.principal());
  PasskeyOwner owner{me.user.id, me.user.email, me.user.name};
  co_return co_await identity_.factors_.passkeys().offer(std::move(owner));
}

Task<AddedPasskey> Mfa::add_passkey(tenancy::Tenant tenant, NewPasskey given) {
  check_name(given.name);
  const auto before = co_await identity_.factors_.kinds(tenant.user());
  auto name = given.name;
  auto made = co_await identity_.factors_.passkeys().made(tenant.user(), std::move(given));
  std::vector<SessionId> ended;
  AddedPasskey out;
  auto transaction = co_await identity_.database_.begin(db::Scope::system());
  out.passkey = co_await identity_.factors_.passkeys().keep(*transaction, tenant.user(),
                                                            std::move(name), std::move(made));
  out.recovery_codes = co_await begun(*transaction, tenant, before, ended);
  Change change("passkey.add", "passkey", out.passkey.id.str(), "a passkey was added");
  co_await tell(*transaction, tenant, std::move(change));
  co_await transaction->commit();
  identity_.forget(tenant.user());
  co_return out;
}

Task<PasskeyView> Mfa::rename_passkey(tenancy::Tenant tenant, PasskeyId id, std::string name) {
  check_name(name);
  auto transaction = co_await identity_.database_.begin(db::Scope::system());
  const auto rows =
      co_await transaction->exec(sql::rename_passkey, db::args(id, tenant.user(), name));
  const auto renamed = rows.first<PasskeyView>();
  if (!renamed) throw not_found("passkey");
  audit::Entry entry{"passkey.rename", "passkey", id.str(), {}};
  co_await identity_.trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return *renamed;
}

Task<> Mfa::remove_passkey(tenancy::Tenant tenant, PasskeyId id, Confirmation proof) {
  co_await identity_.confirm(tenant, std::move(proof), ErrorCode::permission_denied);
  auto transaction = co_await identity_.database_.begin(db::Scope::system());
  const auto rows = co_await transaction->exec(sql::delete_passkey, db::args(id, tenant.user()));
  if (rows.empty()) throw not_found("passkey");
  co_await lessened(*transaction, tenant.user());
  Change change("passkey.remove", "passkey", id.str(), "a passkey was removed");
  co_await tell(*transaction, tenant, std::move(change));
  co_await transaction->commit();
  identity_.forget(tenant.user());
}

Task<> Mfa::reset_by(db::Transaction& transaction, audit::Actor actor, UserView user) {
  const bool had = co_await identity_.factors_.drop(transaction, user.id);
  if (!had) throw conflict("no_second_factor", "The person has no second factor.");
  const auto now = identity_.clock_.now();
  co_await transaction.exec(sql::drop_pending_sign_ins, db::args(user.id));
  auto ended = co_await transaction.exec(sql::revoke_all_sessions, db::args(user.id, now));
  co_await identity_.note_ended(transaction, user.id, std::move(ended), now);
  auto letter = second_factor_letter(
      {user.email, user.name},
      "an administrator has removed your second factor, and you were signed out everywhere",
      actor.ip, identity_.post_.url.link("/settings#security"));
  co_await identity_.post_.mailer.send(transaction, actor.organization, user.id, std::move(letter));
  audit::Entry entry{"mfa.reset", "user", user.id.str(), {}};
  co_await identity_.trail_.append(transaction, std::move(actor), std::move(entry));
}

Task<> Mfa::reset(tenancy::Tenant tenant, UserId user) {
  if (user == tenant.user()) {
    throw conflict("own_second_factor", "Remove your own second factor in your settings.");
  }
  auto transaction = co_await identity_.database_.begin(db::Scope::system());
  const auto own = co_await lock_actor(*transaction, tenant, tenancy::Permission::member_write);
  const auto members =
      co_await transaction->exec(sql::find_member, db::args(tenant.organization(), user));
  const auto member = members.first<MemberRow>();
  if (!member) throw not_found("member");
  require_covers(own, member->permissions());
  const auto others =
      co_await transaction->exec(sql::works_elsewhere, db::args(user, tenant.organization()));
  if (others.one().get<bool>("elsewhere")) {
    throw conflict("works_elsewhere",
                   "The person works in another organization too, which counts on the second "
                   "factor. Whoever runs the server can reset it: annotateai admin reset-mfa.");
  }
  const auto users = co_await transaction->exec(sql::user_by_id, db::args(user));
  auto actor = tenant.actor();
  co_await reset_by(*transaction, std::move(actor), users.one().as<UserView>());
  co_await transaction->commit();
  identity_.forget(user);
}

Task<> Mfa::reset(std::string email) {
  const auto who = co_await identity_.find_principal(std::move(email));
  auto transaction = co_await identity_.database_.begin(db::Scope::system());
  const auto users = co_await transaction->exec(sql::user_by_id, db::args(who.user));
  const auto user = users.one().as<UserView>();
  audit::Actor actor{who.organization, std::nullopt, "", ""};
  co_await reset_by(*transaction, std::move(actor), user);
  co_await transaction->commit();
}

}  // namespace aa::identity
