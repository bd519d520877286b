#include "service/identity/account.hpp"

#include <algorithm>

#include "service/identity/account_letters.hpp"
#include "service/identity/identity.hpp"
#include "service/identity/password.hpp"
#include "service/identity/revocations.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

struct SessionOf {
  SessionId id;
  OrganizationId organization_id;
};
BOOST_DESCRIBE_STRUCT(SessionOf, (), (id, organization_id))

struct SessionListRow {
  SessionId id;
  std::string organization;
  std::string ip;
  std::string user_agent;
  SignInMethod method = SignInMethod::password;
  Timestamp created_at;
  Timestamp last_used_at;
};
BOOST_DESCRIBE_STRUCT(SessionListRow, (),
                      (id, organization, ip, user_agent, method, created_at, last_used_at))

void check_name(std::string_view name) {
  if (name.find_first_not_of(" \t\r\n") != std::string_view::npos) return;
  throw invalid("invalid_body", "/name must not be blank.", {{"/name", "must not be blank"}});
}

}  // namespace

Task<UserView> Identity::rename(tenancy::Tenant tenant, std::string name) {
  check_name(name);
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await transaction->exec(sql::rename_user, db::args(tenant.user(), name));
  const auto rows = co_await transaction->exec(sql::user_by_id, db::args(tenant.user()));
  co_await trail_.append(*transaction, tenant.actor(),
                         {"user.rename", "user", tenant.user().str(), {}});
  co_await transaction->commit();
  co_return rows.one().as<UserView>();
}

Task<> Identity::change_password(tenancy::Tenant tenant, PasswordChange change) {
  const auto me = co_await this->me(tenant.principal());
  attempts_.check(me.user.email);
  const auto found =
      co_await database_.query(db::Scope::system(), sql::find_password, db::args(tenant.user()));
  require_password(found.one().get<std::string>("password_hash"));
  auto check = [given = change.current_password,
                hash = found.one().get<std::string>("password_hash")] {
    return verify_password(given, hash);
  };
  const bool right = co_await executors_.passwords().run(check);
  if (!right) {
    const bool locked = attempts_.failed(me.user.email);
    co_await refused(me.user, {tenant.actor().ip, "", tenant.actor().request_id}, locked);
    throw invalid("wrong_password", "The current password is wrong.",
                  {{"/current_password", "is wrong"}});
  }
  attempts_.succeeded(me.user.email);
  check_password_strength(change.password, {me.user.email, me.user.name, me.organization.name});
  auto hash_it = [password = change.password] { return hash_password(password); };
  const auto hash = co_await executors_.passwords().run(hash_it);
  const auto now = clock_.now();
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await transaction->exec(sql::set_password, db::args(tenant.user(), hash));
  co_await void_account_tokens(*transaction, tenant.user());
  auto rows = co_await transaction->exec(sql::revoke_other_sessions,
                                         db::args(tenant.user(), tenant.principal().session, now));
  const auto ended = co_await note_ended(*transaction, tenant.user(), std::move(rows), now);
  auto letter =
      password_changed_letter({me.user.email, me.user.name}, post_.url.link("/forgot-password"));
  co_await post_.mailer.send(*transaction, tenant.organization(), tenant.user(), std::move(letter));
  co_await trail_.append(*transaction, tenant.actor(),
                         {"user.password", "user", tenant.user().str(), {}});
  co_await transaction->commit();
  for (const auto& session : ended) forget(session);
}

Task<std::vector<SessionView>> Identity::sessions(tenancy::Tenant tenant) {
  const auto now = clock_.now();
  const Timestamp used_after{(now + -settings_.idle).micros};
  const auto rows = co_await database_.query(db::Scope::system(), sql::list_sessions,
                                             db::args(tenant.user(), now, used_after));
  std::vector<SessionView> out;
  for (auto& row : rows.as<SessionListRow>()) {
    auto place = post_.places.of(row.ip);
    out.push_back({row.id, std::move(row.organization), std::move(row.ip), std::move(place),
                   std::move(row.user_agent), row.method, row.created_at, row.last_used_at,
                   row.id == tenant.principal().session});
  }
  co_return out;
}

Task<> Identity::end_session(tenancy::Tenant tenant, SessionId session) {
  const auto now = clock_.now();
  auto transaction = co_await database_.begin(db::Scope::system());
  const auto rows =
      co_await transaction->exec(sql::revoke_own_session, db::args(session, tenant.user(), now));
  const auto ended = rows.first<SessionOf>();
  if (!ended) throw not_found("session");
  Revocation revocation{ids_.next_as<RevocationId>(), ended->organization_id, tenant.user(),
                        session, now};
  co_await note_revocation(*transaction, std::move(revocation));
  co_await trail_.append(*transaction, tenant.actor(),
                         {"session.end", "session", session.str(), {}});
  co_await transaction->commit();
  forget(session);
}

// Every instance hears of it.
Task<std::vector<SessionId>> Identity::note_ended(db::Transaction& transaction, UserId user,
                                                  db::Rows rows, Timestamp now) {
  std::vector<SessionId> out;
  for (const auto& session : rows.as<SessionOf>()) {
    Revocation revocation{ids_.next_as<RevocationId>(), session.organization_id, user, session.id,
                          now};
    co_await note_revocation(transaction, std::move(revocation));
    out.push_back(session.id);
  }
  co_return out;
}

Task<> Identity::end_other_sessions(tenancy::Tenant tenant) {
  const auto now = clock_.now();
  auto transaction = co_await database_.begin(db::Scope::system());
  auto rows = co_await transaction->exec(sql::revoke_other_sessions,
                                         db::args(tenant.user(), tenant.principal().session, now));
  const auto ended = co_await note_ended(*transaction, tenant.user(), std::move(rows), now);
  co_await trail_.append(*transaction, tenant.actor(),
                         {"session.end_others", "user", tenant.user().str(), {}});
  co_await transaction->commit();
  for (const auto& session : ended) forget(session);
}

Task<OrganizationView> Identity::organization_for(UserId user) {
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::first_organization, db::args(user));
  OrganizationView none;
  none.id = audit::kInstallation;
  co_return rows.first<OrganizationView>().value_or(none);
}

Task<std::vector<OrganizationView>> Identity::organizations(tenancy::Tenant tenant) {
  const auto rows = co_await database_.query(db::Scope::system(), sql::list_organizations,
                                             db::args(tenant.user()));
  co_return rows.as<OrganizationView>();
}

Task<OrganizationView> Identity::create_organization(tenancy::Tenant tenant, std::string name) {
  check_name(name);
  if (settings_.registration != RegistrationPolicy::open) {
    throw Error(ErrorCode::permission_denied, "registration_closed",
                "This server takes no new organizations. Ask its administrator.");
  }
  const auto now = clock_.now();
  OrganizationView made{ids_.next_as<OrganizationId>(), std::move(name), tenancy::Role::owner};
  auto transaction = co_await database_.begin(db::Scope::system());
  const auto rows = co_await transaction->exec(sql::count_owned, db::args(tenant.user()));
  if (rows.one().get<int>("owned") >= kOwnedMax) {
    throw Error(ErrorCode::conflict, "too_many_organizations",
                "You own " + std::to_string(kOwnedMax) + " organizations; that is the most.");
  }
  co_await transaction->exec(sql::insert_organization, db::args(made.id, made.name, now));
  co_await transaction->exec(sql::insert_membership,
                             db::args(made.id, tenant.user(), made.role, now));
  audit::Actor actor = tenant.actor();
  actor.organization = made.id;
  co_await trail_.append(*transaction, std::move(actor),
                         {"organization.create", "organization", made.id.str(), {}});
  co_await transaction->commit();
  co_return made;
}

Task<LoginResult> Identity::switch_organization(tenancy::Tenant tenant, OrganizationId organization,
                                                Origin origin) {
  const auto users =
      co_await database_.query(db::Scope::system(), sql::standing_user, db::args(tenant.user()));
  const auto found = co_await database_.query(db::Scope::system(), sql::organization_of,
                                              db::args(organization, tenant.user()));
  if (users.empty() || found.empty()) throw not_found("organization");
  // Another organisation does not take this one's directory's word.
  const auto methods = co_await database_.query(db::Scope::system(), sql::session_method,
                                                db::args(tenant.principal().session));
  if (!methods.empty() && organization != tenant.organization() &&
      by_directory(methods[0].get<SignInMethod>("method"))) {
    throw Error(ErrorCode::permission_denied, "sign_in_again",
                "You signed in by your organization's directory. Sign in to the other one anew.");
  }
  const auto method =
      methods.empty() ? SignInMethod::password : methods[0].get<SignInMethod>("method");
  Entry entry(method, FactorProof::none, tenant.principal().session);
  auto result = co_await open_session(users[0].as<UserView>(), found[0].as<OrganizationView>(),
                                      std::move(origin), std::move(entry));
  co_await logout(std::move(tenant));
  co_return result;
}

}  // namespace aa::identity
