// What letters prove: that an address is a person's, and who may set a new password.
#include "service/identity/account_letters.hpp"
#include "service/identity/directory.hpp"
#include "service/identity/email.hpp"
#include "service/identity/identity.hpp"
#include "service/identity/password.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

Reader reader_of(const UserView& user) { return {user.email, user.name}; }

Error invalid_link() {
  return malformed("invalid_link",
                   "This link has been used, was replaced or is too old. Ask for a new one.");
}

std::string_view page_of(TokenPurpose purpose) {
  return purpose == TokenPurpose::reset_password ? "/reset-password" : "/confirm-email";
}

}  // namespace

// The token stands behind '#': browsers send that part to nobody, and no log holds it.
Task<> Identity::send_link(db::Transaction& transaction, OrganizationId organization, UserView user,
                           TokenPurpose purpose, std::string email) {
  AccountToken token{user.id, purpose, email};
  const auto secret = co_await make_account_token(transaction, std::move(token), clock_.now());
  const auto link = post_.url.link(std::string(page_of(purpose)) + "#token=" + secret);
  const Reader reader{email, user.name};
  auto letter = link_letter(purpose, reader, link);
  co_await post_.mailer.send(transaction, organization, user.id, std::move(letter));
}

Task<> Identity::send_verification(tenancy::Tenant tenant) {
  const auto me = co_await this->me(tenant.principal());
  if (me.email_verified) co_return;
  letters_.check(me.user.email);
  letters_.failed(me.user.email);
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await send_link(*transaction, tenant.organization(), me.user, TokenPurpose::verify_email,
                     me.user.email);
  co_await trail_.append(*transaction, tenant.actor(),
                         {"user.send_verification", "user", tenant.user().str(), {}});
  co_await transaction->commit();
}

Task<> Identity::change_email(tenancy::Tenant tenant, std::string email) {
  check_email(email);
  email = normal_email(std::move(email));
  const auto me = co_await this->me(tenant.principal());
  if (email == me.user.email) {
    throw invalid("same_email", "That is your address already.",
                  {{"/email", "is your address already"}});
  }
  if (co_await in_directory(database_, tenant.user())) {
    throw conflict("managed_by_directory",
                   "Your organization's directory looks after your address. Change it there.");
  }
  letters_.check(me.user.email);
  letters_.failed(me.user.email);
  const auto rows = co_await database_.query(db::Scope::system(), sql::find_user, db::args(email));
  auto transaction = co_await database_.begin(db::Scope::system());
  // Whether the address has an account is told to its owner alone.
  if (rows.empty()) {
    co_await send_link(*transaction, tenant.organization(), me.user, TokenPurpose::change_email,
                       email);
  } else {
    auto taken = email_taken_letter({email, rows[0].get<std::string>("name")});
    co_await post_.mailer.send(*transaction, tenant.organization(), me.user.id, std::move(taken));
  }
  auto notice = email_changing_letter(reader_of(me.user), email);
  co_await post_.mailer.send(*transaction, tenant.organization(), me.user.id, std::move(notice));
  co_await trail_.append(*transaction, tenant.actor(),
                         {"user.change_email", "user", tenant.user().str(), {}});
  co_await transaction->commit();
}

Task<std::string> Identity::confirm_email(std::string token, Origin origin) {
  const auto now = clock_.now();
  auto transaction = co_await database_.begin(db::Scope::system());
  const auto taken = co_await take_account_token(*transaction, std::move(token), now);
  if (!taken || taken->purpose == TokenPurpose::reset_password) throw invalid_link();
  const auto rows = co_await transaction->exec(sql::standing_user, db::args(taken->user_id));
  const auto user = rows.first<UserView>();
  if (!user) throw invalid_link();
  const auto found = co_await transaction->exec(sql::first_organization, db::args(user->id));
  OrganizationView none;
  none.id = audit::kInstallation;
  const auto organization = found.first<OrganizationView>().value_or(none);
  const bool moves = taken->purpose == TokenPurpose::change_email;
  if (!moves && taken->email != user->email) throw invalid_link();
  try {
    co_await transaction->exec(sql::change_email, db::args(user->id, taken->email, now));
  } catch (const Error& e) {
    if (e.code() != ErrorCode::already_exists) throw;
    throw Error(ErrorCode::already_exists, "email_taken", "This address has an account by now.");
  }
  if (moves) {
    co_await void_account_tokens(*transaction, user->id);
    auto notice = email_changed_letter(reader_of(*user), taken->email);
    co_await post_.mailer.send(*transaction, organization.id, user->id, std::move(notice));
  }
  co_await trail_.append(*transaction, {organization.id, user->id, origin.ip, origin.request_id},
                         {moves ? "user.email" : "user.verify_email", "user", user->id.str(), {}});
  co_await transaction->commit();
  forget(user->id);
  co_return taken->email;
}

Task<> Identity::forgot_password(std::string email) {
  const auto name = normal_email(std::move(email));
  try {
    letters_.check(name);
  } catch (const Error&) {
    co_return;  // the last letters are in the box already
  }
  letters_.failed(name);
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::standing_user_by_email, db::args(name));
  const auto user = rows.first<UserView>();
  if (!user) co_return;
  const bool may = co_await may_set_password(user->id);
  if (!may) co_return;
  const auto organization = co_await organization_for(user->id);
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await send_link(*transaction, organization.id, *user, TokenPurpose::reset_password,
                     user->email);
  co_await trail_.append(*transaction, {organization.id, std::nullopt, "", ""},
                         {"user.forgot_password", "user", user->id.str(), {}});
  co_await transaction->commit();
}

void Identity::forgot_password_soon(std::string email) {
  in_background("identity.forgot_password", forgot_password(std::move(email)));
}

Task<> Identity::reset_password(PasswordReset reset, Origin origin) {
  const auto now = clock_.now();
  const std::string secret = reset.token.value_or("");
  const auto found = co_await find_account_token(database_, secret, now);
  if (!found || found->purpose != TokenPurpose::reset_password) throw invalid_link();
  const auto users =
      co_await database_.query(db::Scope::system(), sql::standing_user, db::args(found->user_id));
  const auto user = users.first<UserView>();
  if (!user || user->email != found->email) throw invalid_link();
  const bool may = co_await may_set_password(user->id);
  if (!may) throw invalid_link();
  const auto organization = co_await organization_for(user->id);
  // A password that is refused leaves the link as it was.
  check_password_strength(reset.password, {user->email, user->name, organization.name});
  auto hash_it = [password = reset.password] { return hash_password(password); };
  const auto hash = co_await executors_.passwords().run(hash_it);
  auto transaction = co_await database_.begin(db::Scope::system());
  const auto taken = co_await take_account_token(*transaction, secret, now);
  if (!taken) throw invalid_link();
  co_await transaction->exec(sql::set_password, db::args(user->id, hash));
  co_await transaction->exec(sql::change_email, db::args(user->id, user->email, now));
  co_await void_account_tokens(*transaction, user->id);
  auto ended = co_await transaction->exec(sql::revoke_all_sessions, db::args(user->id, now));
  co_await note_ended(*transaction, user->id, std::move(ended), now);
  auto letter = password_changed_letter(reader_of(*user), post_.url.link("/forgot-password"));
  co_await post_.mailer.send(*transaction, organization.id, user->id, std::move(letter));
  co_await trail_.append(*transaction, {organization.id, user->id, origin.ip, origin.request_id},
                         {"user.reset_password", "user", user->id.str(), {}});
  co_await transaction->commit();
  attempts_.succeeded(user->email);
  forget(user->id);
}

}  // namespace aa::identity
