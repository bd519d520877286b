#include "service/identity/identity.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "service/audit/recorded.hpp"
#include "service/identity/email.hpp"
#include "service/identity/password.hpp"
#include "service/identity/policies.hpp"
#include "service/identity/revocations.hpp"
#include "service/identity/roles.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::chrono::minutes kTouch{1};
constexpr int kLettersMax = 5;  // that someone may have sent to an address in a quarter of an hour

struct UserRow {
  UserId id;
  std::string email;
  std::string name;
  std::string password_hash;
  std::optional<Timestamp> disabled_at;
};
BOOST_DESCRIBE_STRUCT(UserRow, (), (id, email, name, password_hash, disabled_at))

struct SessionRow {
  SessionId id;
  OrganizationId organization_id;
  UserId user_id;
  Timestamp last_used_at;
  Timestamp expires_at;
  std::optional<Timestamp> revoked_at;
  std::optional<Timestamp> disabled_at;
  std::optional<Timestamp> email_verified_at;
  tenancy::Role role = tenancy::Role::viewer;
  std::optional<RoleId> role_id;
  FactorProof second_factor = FactorProof::none;
  std::optional<std::string> listed;
  std::int64_t grants = 0;
  Timestamp authenticated_at;
  Timestamp created_at;
  SignInMethod method = SignInMethod::password;
  std::optional<std::string> policy;

  bool wants_provider() const { return identity::wants_provider(policy, role, method); }
};
BOOST_DESCRIBE_STRUCT(SessionRow, (),
                      (id, organization_id, user_id, last_used_at, expires_at, revoked_at,
                       disabled_at, email_verified_at, role, role_id, second_factor, listed, grants,
                       authenticated_at, created_at, method, policy))

struct TokenRow {
  SessionId session_id;
  std::optional<Timestamp> used_at;
};
BOOST_DESCRIBE_STRUCT(TokenRow, (), (session_id, used_at))

std::string new_secret() { return to_base64url(random_bytes(kSecretBytes)); }
std::string hash_secret(std::string_view secret) { return to_hex(sha256(secret)); }

Error invalid_credentials() {
  return {ErrorCode::unauthenticated, "invalid_credentials",
          "The e-mail address or the password is wrong."};
}

Error no_organization() {
  return {ErrorCode::permission_denied, "no_organization",
          "Your account is in no organization now. Ask for an invitation and follow its link."};
}

Error session_ended() {
  return {ErrorCode::unauthenticated, "session_ended", "The session has ended; sign in again."};
}

}  // namespace

Identity::Identity(db::Database& database, audit::Trail& trail, const Clock& clock, IdSource& ids,
                   runtime::Executors& executors, SigningKeys& keys, Post post,
                   IdentitySettings settings)
    : database_(database),
      trail_(trail),
      clock_(clock),
      ids_(ids),
      executors_(executors),
      post_(post),
      settings_(std::move(settings)),
      keys_(keys),
      tokens_({database, trail, clock, ids, settings_.require_verified_email}),
      factors_({database, clock, ids, post.url}, keys.master()),
      attempts_(clock),
      letters_(clock, kLettersMax) {}

Task<bool> Identity::has_users() {
  const auto rows = co_await database_.query(db::Scope::system(), sql::any_user);
  co_return !rows.empty();
}

Task<std::pair<UserView, OrganizationView>> Identity::insert_user(
    db::Transaction& transaction, Registration input, std::string hash,
    std::optional<Timestamp> verified_at) {
  const auto now = clock_.now();
  UserView user{ids_.next_as<UserId>(), normal_email(input.email), input.name};
  OrganizationView organization{ids_.next_as<OrganizationId>(), input.organization,
                                tenancy::Role::owner};
  try {
    co_await transaction.exec(sql::insert_user,
                              db::args(user.id, user.email, user.name, hash, now, verified_at));
  } catch (const Error& e) {
    if (e.code() != ErrorCode::already_exists) throw;
    throw Error(ErrorCode::already_exists, "email_taken",
                "This e-mail address is registered already. Sign in instead.",
                {{"/email", "is registered already"}});
  }
  co_await transaction.exec(sql::insert_organization,
                            db::args(organization.id, organization.name, now));
  co_await transaction.exec(sql::insert_membership,
                            db::args(organization.id, user.id, organization.role, now));
  co_return std::pair{std::move(user), std::move(organization)};
}

Task<UserId> Identity::create_user(Registration input) {
  check_email(input.email);
  check_password_strength(input.password, {input.email, input.name, input.organization});
  auto hash_it = [password = input.password] { return hash_password(password); };
  auto hash = co_await executors_.passwords().run(hash_it);
  auto transaction = co_await database_.begin(db::Scope::system());
  // Whoever runs the server vouches for the address.
  const auto [user, organization] =
      co_await insert_user(*transaction, std::move(input), std::move(hash), clock_.now());
  co_await trail_.append(*transaction, {organization.id, user.id, "", ""},
                         {"user.create", "user", user.id.str(), {}});
  co_await transaction->commit();
  co_return user.id;
}

Task<bool> Identity::bootstrap(Registration input) {
  const bool any = co_await has_users();
  if (!any) co_await create_user(std::move(input));
  co_return !any;
}

Task<LoginResult> Identity::register_user(Registration input, Origin origin) {
  if (settings_.registration != RegistrationPolicy::open) {
    throw Error(ErrorCode::permission_denied, "registration_closed",
                "Registration is closed on this server. Ask an administrator for an account.");
  }
  check_email(input.email);
  check_password_strength(input.password, {input.email, input.name, input.organization});
  auto hash_it = [password = input.password] { return hash_password(password); };
  auto hash = co_await executors_.passwords().run(hash_it);
  auto transaction = co_await database_.begin(db::Scope::system());
  auto [user, organization] =
      co_await insert_user(*transaction, std::move(input), std::move(hash), std::nullopt);
  co_await send_link(*transaction, organization.id, user, TokenPurpose::verify_email, user.email);
  co_await trail_.append(*transaction, {organization.id, user.id, origin.ip, origin.request_id},
                         {"user.register", "user", user.id.str(), {}});
  co_await transaction->commit();
  co_return co_await open_session(std::move(user), std::move(organization), std::move(origin),
                                  Entry(SignInMethod::password, FactorProof::none));
}

Task<UserView> Identity::prove_password(std::string name, std::string password, Origin origin) {
  attempts_.check(name);
  const auto rows = co_await database_.query(db::Scope::system(), sql::find_user, db::args(name));
  const auto user = rows.first<UserRow>();
  auto check = [user, password] {
    if (user) return verify_password(password, user->password_hash);
    spend_verification_time(password);
    return false;
  };
  const bool right = co_await executors_.passwords().run(check);
  if (!right || user->disabled_at) {
    const bool locked = attempts_.failed(name);
    if (user) {
      auto tell = refused({user->id, user->email, user->name}, std::move(origin), locked);
      in_background("identity.refused", std::move(tell));
      throw audit::Recorded(invalid_credentials());
    }
    throw invalid_credentials();
  }
  co_return UserView{user->id, user->email, user->name};
}

Task<LoginResult> Identity::login(std::string email, std::string password, Origin origin,
                                  std::optional<OrganizationId> wished,
                                  std::optional<std::string> otp) {
  const std::string name = normal_email(std::move(email));
  auto view = co_await prove_password(name, std::move(password), origin);
  auto organization = co_await entered_organization(view.id, wished);
  if (!organization) throw no_organization();
  const auto proof = co_await ask_second_factor(view, organization->id, SignInMethod::password,
                                                std::move(otp), origin);
  // The right password alone begins no new count of the wrong ones.
  attempts_.succeeded(name);
  co_return co_await open_session(std::move(view), std::move(*organization), std::move(origin),
                                  Entry(SignInMethod::password, proof));
}

Task<Principal> Identity::find_principal(std::string email) {
  const auto rows = co_await database_.query(db::Scope::system(), sql::find_user,
                                             db::args(normal_email(std::move(email))));
  const auto user = rows.first<UserRow>();
  if (!user || user->disabled_at) throw not_found("user");
  const auto found =
      co_await database_.query(db::Scope::system(), sql::first_organization, db::args(user->id));
  const auto organization = found.first<OrganizationView>();
  if (!organization) throw not_found("organization");
  co_return Principal(user->id, organization->id, SessionId{}, organization->role);
}

Task<Login> Identity::issue(UserView user, OrganizationView organization, SessionId session,
                            std::string refresh_token) {
  const auto keys = co_await keys_.current();
  const auto now = clock_.now();
  const AccessClaims claims{user.id, organization.id, session, now, now + kAccessTokenLife};
  // Its first use finds the session looked at.
  co_await standing_session(session);
  Login out;
  out.access_token = keys->signer().sign(claims);
  out.user = std::move(user);
  out.organization = std::move(organization);
  out.refresh_token = std::move(refresh_token);
  out.expires_at = claims.expires_at;
  co_return out;
}

Task<LoginResult> Identity::open_session(UserView user, OrganizationView organization,
                                         Origin origin, Entry entry) {
  const auto policy = co_await policy_of(database_, organization.id);
  require_address(policy, origin.ip);
  if (wants_provider(policy, organization.role, entry.method)) {
    const auto refusal = co_await sso_required(organization.id);
    throw refusal;
  }
  const auto now = clock_.now();
  const auto session = ids_.next_as<SessionId>();
  std::string cookie = new_secret();
  std::string refresh_token = new_secret();
  auto transaction = co_await database_.begin(db::Scope::system());
  if (!entry.proven_by) co_await tell_of_device(*transaction, user, organization.id, origin);
  co_await transaction->exec(sql::insert_session,
                             db::args(session, organization.id, user.id, hash_secret(cookie), now,
                                      now + settings_.absolute, origin.ip,
                                      origin.user_agent.substr(0, 300), entry.method, entry.proof));
  co_await transaction->exec(sql::insert_refresh_token,
                             db::args(hash_secret(refresh_token), session, now));
  if (entry.proven_by) {
    co_await transaction->exec(sql::copy_proof, db::args(session, *entry.proven_by));
  }
  co_await trail_.append(*transaction, {organization.id, user.id, origin.ip, origin.request_id},
                         {"session.start", "session", session.str(), {}});
  co_await transaction->commit();
  auto issuing = issue(std::move(user), std::move(organization), session, std::move(refresh_token));
  LoginResult result;
  result.session = session;
  result.login = co_await std::move(issuing);
  result.cookie = std::move(cookie);
  co_return result;
}

Task<LoginResult> Identity::begin_session(UserId user, OrganizationId organization,
                                          SignInMethod method, Origin origin, FactorProof proof) {
  const auto users =
      co_await database_.query(db::Scope::system(), sql::standing_user, db::args(user));
  const auto found = co_await database_.query(db::Scope::system(), sql::organization_of,
                                              db::args(organization, user));
  if (users.empty() || found.empty()) throw not_found("organization");
  auto view = users[0].as<UserView>();
  const auto policy = co_await policy_of(database_, organization);
  if (wants_provider(policy, found[0].get<tenancy::Role>("role"), method)) {
    const auto refusal = co_await sso_required(organization);
    throw refusal;
  }
  if (proof == FactorProof::none) {
    proof = co_await ask_second_factor(view, organization, method, std::nullopt, origin);
  }
  co_return co_await open_session(std::move(view), found[0].as<OrganizationView>(),
                                  std::move(origin), Entry(method, proof));
}

Task<LoginResult> Identity::refresh(std::string refresh_token, Origin origin) {
  const auto now = clock_.now();
  const std::string hash = hash_secret(refresh_token);
  auto transaction = co_await database_.begin(db::Scope::system());
  const auto claimed = co_await transaction->exec(sql::use_refresh_token, db::args(hash, now));
  if (claimed.empty()) {
    const auto rows = co_await transaction->exec(sql::find_refresh_token, db::args(hash));
    const auto old = rows.first<TokenRow>();
    if (old) {
      const auto owner = co_await transaction->exec(sql::session_by_id, db::args(old->session_id));
      co_await transaction->exec(sql::revoke_session, db::args(old->session_id, now));
      if (const auto row = owner.first<SessionRow>(); row && !row->revoked_at) {
        Revocation revocation{ids_.next_as<RevocationId>(), row->organization_id, row->user_id,
                              old->session_id, now};
        co_await note_revocation(*transaction, std::move(revocation));
        co_await trail_.append(*transaction,
                               {row->organization_id, row->user_id, origin.ip, origin.request_id},
                               {"session.refresh_reuse", "session", old->session_id.str(), {}});
      }
      co_await transaction->commit();
      forget(old->session_id);
    }
    throw Error(ErrorCode::unauthenticated, "invalid_token",
                "The refresh token is not valid; sign in again.");
  }
  const auto session = claimed[0].get<SessionId>("session_id");
  const auto rows = co_await transaction->exec(sql::session_by_id, db::args(session));
  const auto row = rows.first<SessionRow>();
  if (!row || row->revoked_at || row->expires_at <= now || row->disabled_at ||
      row->last_used_at + settings_.idle <= now ||
      over_by_policy(row->policy, row->created_at, row->last_used_at, now) ||
      row->wants_provider()) {
    throw session_ended();
  }
  if (row->policy) require_address(read_policy(*row->policy), origin.ip);
  std::string fresh = new_secret();
  co_await transaction->exec(sql::insert_refresh_token, db::args(hash_secret(fresh), session, now));
  co_await transaction->exec(sql::touch_session, db::args(session, now));
  const auto users = co_await transaction->exec(sql::user_by_id, db::args(row->user_id));
  const auto organizations = co_await transaction->exec(
      sql::organization_of, db::args(row->organization_id, row->user_id));
  co_await transaction->commit();
  auto issuing = issue(users.one().as<UserView>(), organizations.one().as<OrganizationView>(),
                       session, std::move(fresh));
  LoginResult result;
  result.login = co_await std::move(issuing);
  co_return result;
}

Task<> Identity::logout(tenancy::Tenant tenant) {
  const auto session = tenant.principal().session;
  auto transaction = co_await database_.begin(db::Scope::system());
  const auto now = clock_.now();
  co_await transaction->exec(sql::revoke_session, db::args(session, now));
  Revocation revocation{ids_.next_as<RevocationId>(), tenant.organization(), tenant.user(), session,
                        now};
  co_await note_revocation(*transaction, std::move(revocation));
  co_await trail_.append(*transaction, tenant.actor(),
                         {"session.end", "session", session.str(), {}});
  co_await transaction->commit();
  forget(session);
}

Task<Me> Identity::me(Principal principal) {
  const auto users =
      co_await database_.query(db::Scope::system(), sql::user_by_id, db::args(principal.user));
  const auto organizations = co_await database_.query(
      db::Scope::system(), sql::organization_of, db::args(principal.organization, principal.user));
  if (users.empty()) throw session_ended();
  Me me{users[0].as<UserView>(), {}, {}};
  if (organizations.empty()) {
    me.organization = co_await organization_of_token(principal);
  } else {
    me.organization = organizations[0].as<OrganizationView>();
  }
  me.email_verified = users[0].get<std::optional<Timestamp>>("email_verified_at").has_value();
  me.restraint = principal.restraint;
  me.permissions = tenancy::list_of(principal.permissions);
  co_return me;
}

Task<Principal> Identity::check_session(SessionId session) {
  const auto now = clock_.now();
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::session_by_id, db::args(session));
  const auto row = rows.first<SessionRow>();
  if (!row || row->revoked_at || row->disabled_at || row->expires_at <= now ||
      row->last_used_at + settings_.idle <= now ||
      over_by_policy(row->policy, row->created_at, row->last_used_at, now) ||
      row->wants_provider()) {
    throw session_ended();
  }
  if (row->last_used_at + kTouch <= now) {
    co_await database_.write(db::Scope::system(), sql::touch_session, db::args(session, now));
  }
  Principal principal(row->user_id, row->organization_id, row->id, row->role);
  principal.permissions = allowed_by(row->role, row->listed);
  principal.authenticated_at = row->authenticated_at;
  if (row->grants > 0) {
    principal.grants = co_await grants_of(database_, row->organization_id, row->user_id);
  }
  if (settings_.require_verified_email && !row->email_verified_at) {
    principal.restrain(tenancy::Restraint::email_unverified);
  } else if (row->second_factor == FactorProof::none &&
             asks_second_factor(row->policy, {row->role, row->role_id})) {
    principal.restrain(tenancy::Restraint::mfa_enrolment);
  }
  co_return principal;
}

}  // namespace aa::identity
