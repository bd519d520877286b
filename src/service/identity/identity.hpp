// Identity: who someone is. Registration, login, sessions, refresh with rotation.
//
// A login makes a session. API clients get an access token (ten minutes) and a refresh token that
// is used once: each refresh gives a new pair, and using an old one again ends the whole session
// (RFC 9700, section 4.14.2). Browsers get a session cookie instead. Secrets are stored as SHA-256.
//
// A token that was verified is remembered by its hash; its session is looked at again every five
// seconds, an API token every second, so a logout is felt everywhere within that time.
//
// Thread rule: shared by all coroutines.
// Errors: unauthenticated "invalid_credentials", "invalid_token", "token_expired",
// "session_ended"; malformed "invalid_link"; rate_limited "too_many_attempts"; permission_denied
// "registration_closed", "sso_required"; already_exists "email_taken"; invalid_argument
// "wrong_password", "weak_password"; conflict "too_many_organizations". Of second factors:
// unauthenticated "mfa_required", "wrong_code", "invalid_pending", "invalid_passkey";
// permission_denied "proof_required".
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "core/config/public_url.hpp"
#include "core/runtime/executors.hpp"
#include "driver/db/database.hpp"
#include "driver/places/address_places.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/identity/access_token.hpp"
#include "service/identity/account.hpp"
#include "service/identity/account_tokens.hpp"
#include "service/identity/api_tokens.hpp"
#include "service/identity/attempt_guard.hpp"
#include "service/identity/person.hpp"
#include "service/identity/second_factors.hpp"
#include "service/identity/signing_keys.hpp"
#include "service/identity/sso_gate.hpp"
#include "service/mail/mailer.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::identity {

using runtime::Task;
using tenancy::Principal;

struct UserView {
  UserView() = default;
  UserView(UserId user, std::string address, std::string called)
      : id(user), email(std::move(address)), name(std::move(called)) {}
  UserId id;
  std::string email;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(UserView, (), (id, email, name))

struct OrganizationView {
  OrganizationId id;
  std::string name;
  tenancy::Role role = tenancy::Role::viewer;
};
BOOST_DESCRIBE_STRUCT(OrganizationView, (), (id, name, role))

struct Registration {
  std::string email;
  std::string password;
  std::string name;
  std::string organization;
};
BOOST_DESCRIBE_STRUCT(Registration, (), (email, password, name, organization))
constexpr auto field_rules(const Registration*) {
  return std::array{
      json::Field{.name = "email", .min_length = 3, .max_length = 254, .format = "email"},
      json::Field{.name = "password", .min_length = 1, .max_length = 4096, .format = "password"},
      json::Field{.name = "name", .min_length = 1, .max_length = 200},
      json::Field{.name = "organization", .min_length = 1, .max_length = 200}};
}

// Who is signed in, and what the role allows.
struct Me {
  UserView user;
  OrganizationView organization;
  std::vector<tenancy::Permission> permissions;
  bool email_verified = false;
  tenancy::Restraint restraint = tenancy::Restraint::none;
};
BOOST_DESCRIBE_STRUCT(Me, (), (user, organization, permissions, email_verified, restraint))

// What a login gives. The cookie is for browsers only and never in a body.
struct Login {
  UserView user;
  OrganizationView organization;
  std::string access_token;
  std::string refresh_token;
  Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(Login, (), (user, organization, access_token, refresh_token, expires_at))

struct LoginResult {
  SessionId session;
  Login login;
  std::string cookie;
};

// Someone who signs in by a token alone: no password is his.
struct Newcomer {
  UserView user;
  std::string access_token;
};

// An organisation made for a load test.
struct Crowd {
  Principal owner;
  std::vector<Newcomer> editors;  // annotators
};

// Where a call comes from.
struct Origin {
  Origin() = default;
  Origin(std::string address, std::string program, std::string request)
      : ip(std::move(address)), user_agent(std::move(program)), request_id(std::move(request)) {}
  std::string ip;
  std::string user_agent;
  std::string request_id;
};

enum class RegistrationPolicy { open, invite, off };
BOOST_DESCRIBE_ENUM(RegistrationPolicy, open, invite, off)

struct IdentitySettings {
  RegistrationPolicy registration = RegistrationPolicy::open;
  std::chrono::minutes idle{720};
  std::chrono::hours absolute{168};
  bool require_verified_email = false;
  bool letters_arrive = false;  // a mail server takes them; otherwise the operator reads them
};

// How people are written to.
struct Post {
  mail::Mailer& mailer;
  const config::PublicUrl& url;
  const places::Places& places;
};

class Identity {
 public:
  Identity(db::Database& database, audit::Trail& trail, const Clock& clock, IdSource& ids,
           runtime::Executors& executors, SigningKeys& keys, Post post, IdentitySettings settings);

  const Post& post() const { return post_; }
  void set_sso_gate(SsoGate& gate) { gate_ = &gate; }  // before anything else begins
  bool letters_arrive() const { return settings_.letters_arrive; }
  RegistrationPolicy registration() const { return settings_.registration; }
  Task<LoginResult> register_user(Registration input, Origin origin);
  // Into the wished organisation while the person is a member of it, else into the first.
  Task<LoginResult> login(std::string email, std::string password, Origin origin,
                          std::optional<OrganizationId> wished = std::nullopt,
                          std::optional<std::string> otp = std::nullopt);
  // Whose password it is, of an address in its normal form; as login() tells what is wrong. A
  // second factor, if there is one, is still to be asked for.
  Task<UserView> prove_password(std::string name, std::string password, Origin origin);
  // For those who have proven otherwise who they are: not_found without a membership or
  // for a disabled account. Who has a second factor is asked for it (unauthenticated
  // "mfa_required": SecondStepNeeded) unless it was shown here, or to a
  // provider that the organisation trusts for it.
  Task<LoginResult> begin_session(UserId user, OrganizationId organization, SignInMethod method,
                                  Origin origin, FactorProof proof = FactorProof::none);
  // mfa_sign_in.cpp.
  Task<SecondStepOptions> second_step_options(std::string pending);
  Task<LoginResult> finish_sign_in(SecondStep step, Origin origin);
  Task<AssertionOptions> passkey_sign_in_options();
  Task<LoginResult> sign_in_by_passkey(PasskeySignIn given, Origin origin);
  // The error for who must come by a provider: its details are where to begin (sso_only.cpp).
  Task<Error> sso_required(OrganizationId organization);
  Task<LoginResult> refresh(std::string refresh_token, Origin origin);
  Task<> logout(tenancy::Tenant tenant);
  Task<Me> me(Principal principal);
  // Names of those of the ids that ever signed up, for lists of who did what.
  Task<std::map<UserId, std::string>> names_for(std::vector<UserId> ids);
  // Names of those of the ids that are members now.
  Task<std::map<UserId, std::string>> members_of(OrganizationId organization,
                                                 std::vector<UserId> ids);

  // A person's own account. A new password ends the person's other sessions.
  Task<UserView> rename(tenancy::Tenant tenant, std::string name);
  Task<> change_password(tenancy::Tenant tenant, PasswordChange change);
  Task<std::vector<SessionView>> sessions(tenancy::Tenant tenant);  // that stand, latest used first
  Task<> end_session(tenancy::Tenant tenant, SessionId session);    // one's own; else not_found
  Task<> end_other_sessions(tenancy::Tenant tenant);
  // Whosever it is: what it began with was used twice. `action` is the entry's.
  Task<> end_stolen_session(SessionId session, std::string action, Origin origin);
  Task<std::vector<OrganizationView>> organizations(tenancy::Tenant tenant);
  Task<OrganizationView> create_organization(tenancy::Tenant tenant, std::string name);
  // A session in another organisation of the person's; the present one ends.
  Task<LoginResult> switch_organization(tenancy::Tenant tenant, OrganizationId organization,
                                        Origin origin);

  // What letters prove (recovery.cpp). None of it tells whether an address has an account.
  Task<> send_verification(tenancy::Tenant tenant);  // too_many_attempts after five letters
  Task<> change_email(tenancy::Tenant tenant, std::string email);
  // By the token of either letter; answers the address that is confirmed.
  Task<std::string> confirm_email(std::string token, Origin origin);
  Task<> forgot_password(std::string email);
  void forgot_password_soon(std::string email);  // in the background
  // Ends all sessions of the person; a second factor stays.
  Task<> reset_password(PasswordReset reset, Origin origin);

  // Letters and entries that answers do not wait for, so that their time tells nothing. Waits for
  // those under way.
  void settle() const;

  // The person of the session proves once more who he is.
  Task<> reauthenticate(tenancy::Tenant tenant, Confirmation proof);
  // As it stands in the database now; Error session_ended.
  Task<Principal> check_session(SessionId session);

  // API tokens. Making one wants what tenancy::Tenant::require_fresh() asks for.
  Task<std::vector<ApiToken>> api_tokens(tenancy::Tenant tenant, ApiTokenKind kind);
  Task<IssuedApiToken> create_api_token(tenancy::Tenant tenant, ApiTokenKind kind,
                                        NewApiToken wanted);
  Task<> revoke_api_token(tenancy::Tenant tenant, ApiTokenKind kind, ApiTokenId id);

  // By an access token or an API token.
  Task<Principal> authenticate_bearer(std::string token);
  Task<Principal> authenticate_cookie(std::string cookie);

  // Of those sessions that still stand, who they are: for connections that live long.
  Task<std::map<SessionId, Principal>> standing(std::vector<SessionId> sessions);
  Task<> touch(std::vector<SessionId> sessions);  // they were used

  // Makes the user with an organisation when there is no user at all; true when it did.
  Task<bool> bootstrap(Registration input);
  Task<bool> has_users();
  // For the command line: makes a user whatever the registration policy.
  Task<UserId> create_user(Registration input);
  // For the command line: a new organisation with an owner and so many annotators, none with a
  // password, each with a session and an access token that live as long as told.
  Task<Crowd> make_crowd(std::string organization, int editors, std::chrono::hours life);
  // For the command line: who signs in with this address, without a session.
  Task<Principal> find_principal(std::string email);

 private:
  friend class Mfa;
  // How a session begins.
  struct Entry {
    Entry(SignInMethod by, FactorProof second, std::optional<SessionId> from = std::nullopt)
        : method(by), proof(second), proven_by(from) {}
    SignInMethod method;
    FactorProof proof;
    std::optional<SessionId> proven_by;  // whose proofs it goes on with
  };
  // A token that was verified; `checked_at` is when its key was last known to stand.
  struct Seen {
    SessionId session;
    Timestamp expires_at;
    Timestamp checked_at;
  };
  struct Stands {
    Principal principal;
    Timestamp checked_at;
    Timestamp touched_at;  // of API tokens
  };
  Task<Principal> standing_session(SessionId session);
  Task<OrganizationView> organization_of_token(Principal principal);
  Task<Principal> authenticate_api_token(std::string key, std::string token);
  Task<LoginResult> open_session(UserView user, OrganizationView organization, Origin origin,
                                 Entry entry);
  Task<FactorProof> ask_second_factor(UserView user, OrganizationId organization,
                                      SignInMethod method, std::optional<std::string> otp,
                                      Origin origin);
  Task<> refused_factor(UserView user, Origin origin, bool locked);
  Task<> took_recovery_code(UserView user, OrganizationId organization, Origin origin);
  // A proof of identity. `wrong` is the kind of the errors for what is wrong; nothing given is
  // permission_denied.
  Task<> confirm(tenancy::Tenant tenant, Confirmation proof, ErrorCode wrong);
  Task<std::pair<UserView, OrganizationView>> insert_user(db::Transaction& transaction,
                                                          Registration input, std::string hash,
                                                          std::optional<Timestamp> verified_at);
  Task<UserView> insert_newcomer(db::Transaction& transaction, OrganizationId organization,
                                 tenancy::Role role, std::string email, std::string name);
  Task<Newcomer> let_in(db::Transaction& transaction, OrganizationId organization, UserView user,
                        std::chrono::hours life);
  Task<Login> issue(UserView user, OrganizationView organization, SessionId session,
                    std::string refresh_token);
  std::optional<Seen> recall(const std::string& key);
  void remember(const std::string& key, Seen seen);
  std::optional<Stands> recall(SessionId session);
  void remember(SessionId session, Stands stands);
  void forget(SessionId session);
  void forget(UserId user);
  Task<> send_link(db::Transaction& transaction, OrganizationId organization, UserView user,
                   TokenPurpose purpose, std::string email);
  Task<> tell_of_device(db::Transaction& transaction, UserView user, OrganizationId organization,
                        Origin origin);
  void in_background(std::string what, Task<> task);
  Task<> refused(UserView user, Origin origin, bool locked);
  // The first of the person's; the installation's own for who is in none.
  Task<OrganizationView> organization_for(UserId user);
  Task<std::optional<OrganizationView>> entered_organization(UserId user,
                                                             std::optional<OrganizationId> wished);
  Task<bool> may_set_password(UserId user);
  Task<std::vector<SessionId>> note_ended(db::Transaction& transaction, UserId user, db::Rows rows,
                                          Timestamp now);

  db::Database& database_;
  audit::Trail& trail_;
  const Clock& clock_;
  IdSource& ids_;
  runtime::Executors& executors_;
  Post post_;
  IdentitySettings settings_;
  SigningKeys& keys_;
  ApiTokens tokens_;
  SecondFactors factors_;
  AttemptGuard attempts_;
  AttemptGuard letters_;
  SsoGate* gate_ = nullptr;
  std::atomic<int> background_ = 0;
  std::mutex seen_mutex_;
  std::unordered_map<std::string, Seen> seen_;  // by SHA-256 of the token
  std::unordered_map<SessionId, Stands> stands_;
};

}  // namespace aa::identity
