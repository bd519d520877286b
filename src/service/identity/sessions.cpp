#include "service/identity/identity.hpp"
#include "service/identity/policies.hpp"
#include "service/identity/revocations.hpp"
#include "service/identity/roles.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

struct StandingRow {
  SessionId id;
  OrganizationId organization_id;
  UserId user_id;
  tenancy::Role role = tenancy::Role::viewer;
  std::optional<RoleId> role_id;
  FactorProof second_factor = FactorProof::none;
  std::optional<std::string> listed;
  std::int64_t grants = 0;
  Timestamp authenticated_at;
  Timestamp created_at;
  Timestamp last_used_at;
  SignInMethod method = SignInMethod::password;
  std::optional<std::string> policy;
};
BOOST_DESCRIBE_STRUCT(StandingRow, (),
                      (id, organization_id, user_id, role, role_id, second_factor, listed, grants,
                       authenticated_at, created_at, last_used_at, method, policy))

}  // namespace

Task<std::map<SessionId, Principal>> Identity::standing(std::vector<SessionId> sessions) {
  const auto now = clock_.now();
  const Timestamp used_after{(now + -settings_.idle).micros};
  const auto rows = co_await database_.query(db::Scope::system(), sql::standing_sessions,
                                             db::args(json::write(sessions), now, used_after));
  std::map<SessionId, Principal> out;
  for (const auto& row : rows.as<StandingRow>()) {
    if (over_by_policy(row.policy, row.created_at, row.last_used_at, now)) continue;
    if (wants_provider(row.policy, row.role, row.method)) continue;
    Principal principal(row.user_id, row.organization_id, row.id, row.role);
    principal.permissions = allowed_by(row.role, row.listed);
    principal.authenticated_at = row.authenticated_at;
    if (row.grants > 0) {
      principal.grants = co_await grants_of(database_, row.organization_id, row.user_id);
    }
    if (row.second_factor == FactorProof::none &&
        asks_second_factor(row.policy, {row.role, row.role_id})) {
      principal.restrain(tenancy::Restraint::mfa_enrolment);
    }
    out[row.id] = std::move(principal);
  }
  if (out.size() == sessions.size()) co_return out;
  // What is no session may be an API token.
  for (const auto& token : co_await tokens_.standing(std::move(sessions))) {
    out[token.principal.session] = token.principal;
  }
  co_return out;
}

Task<> Identity::end_stolen_session(SessionId session, std::string action, Origin origin) {
  const auto now = clock_.now();
  auto transaction = co_await database_.begin(db::Scope::system());
  const auto rows =
      co_await transaction->exec(sql::revoke_standing_session, db::args(session, now));
  if (rows.empty()) co_return;
  const auto user = rows[0].get<UserId>("user_id");
  const auto organization = rows[0].get<OrganizationId>("organization_id");
  Revocation revocation{ids_.next_as<RevocationId>(), organization, user, session, now};
  co_await note_revocation(*transaction, std::move(revocation));
  audit::Actor actor(organization, user, origin.ip, origin.request_id, origin.user_agent);
  audit::Entry entry(std::move(action), "session", session.str());
  co_await trail_.append(*transaction, std::move(actor), std::move(entry));
  co_await transaction->commit();
  forget(session);
}

Task<> Identity::touch(std::vector<SessionId> sessions) {
  co_await tokens_.touch(sessions);
  co_await database_.write(db::Scope::system(), sql::touch_sessions,
                           db::args(json::write(sessions), clock_.now()));
}

}  // namespace aa::identity
