#include "service/identity/identity.hpp"
#include "service/identity/policies.hpp"
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
  std::optional<std::string> policy;
};
BOOST_DESCRIBE_STRUCT(StandingRow, (),
                      (id, organization_id, user_id, role, role_id, second_factor, listed, grants,
                       authenticated_at, created_at, last_used_at, policy))

}  // namespace

Task<std::map<SessionId, Principal>> Identity::standing(std::vector<SessionId> sessions) {
  const auto now = clock_.now();
  const Timestamp used_after{(now + -settings_.idle).micros};
  const auto rows = co_await database_.query(db::Scope::system(), sql::standing_sessions,
                                             db::args(json::write(sessions), now, used_after));
  std::map<SessionId, Principal> out;
  for (const auto& row : rows.as<StandingRow>()) {
    if (over_by_policy(row.policy, row.created_at, row.last_used_at, now)) continue;
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

Task<> Identity::touch(std::vector<SessionId> sessions) {
  co_await tokens_.touch(sessions);
  co_await database_.write(db::Scope::system(), sql::touch_sessions,
                           db::args(json::write(sessions), clock_.now()));
}

}  // namespace aa::identity
