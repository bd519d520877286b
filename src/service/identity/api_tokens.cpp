#include "service/identity/api_tokens.hpp"

#include "base/hash.hpp"
#include "service/identity/policies.hpp"
#include "service/identity/revocations.hpp"
#include "service/identity/roles.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

using tenancy::Permission;
using tenancy::PermissionSet;

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kTokenChars = 4 + 43;
constexpr std::size_t kHintChars = 8;
// Verifies against no password.
constexpr std::string_view kNoPassword = "!";

struct ListRow {
  ApiTokenId id;
  ApiTokenKind kind = ApiTokenKind::personal;
  std::string name;
  std::string hint;
  std::string scopes;
  UserId created_by;
  Timestamp created_at;
  Timestamp expires_at;
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(ListRow, (),
                      (id, kind, name, hint, scopes, created_by, created_at, expires_at,
                       last_used_at))

// A permission that this version does not know any more is none.
std::vector<Permission> read_scopes(const std::string& text) {
  std::vector<Permission> out;
  const auto value = json::parse(text);
  for (const auto& name : value.as_array()) {
    if (const auto found = tenancy::permission_named(name.as_string())) out.push_back(*found);
  }
  return out;
}

PermissionSet set_of(const std::vector<Permission>& list) {
  PermissionSet out;
  for (const auto permission : list) out.add(permission);
  return out;
}

PermissionSet without(const PermissionSet& set, const PermissionSet& taken) {
  PermissionSet out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Permission>>([&](auto d) {
    if (set.has(d.value) && !taken.has(d.value)) out.add(d.value);
  });
  return out;
}

ApiToken view_of(ListRow row) {
  return {row.id,
          row.kind,
          std::move(row.name),
          std::move(row.hint),
          read_scopes(row.scopes),
          row.created_by,
          row.created_at,
          row.expires_at,
          row.last_used_at};
}

std::string new_token() {
  return std::string(kApiTokenPrefix) + to_base64url(random_bytes(kSecretBytes));
}

std::string hash_of(std::string_view token) { return to_hex(sha256(token)); }

// What the maker may not do himself he cannot hand out.
void check_scopes(const tenancy::Principal& maker, const std::vector<Permission>& scopes) {
  std::vector<ErrorDetail> problems;
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    const bool held = maker.may(scopes[i]) && !never_by_token().has(scopes[i]);
    if (!held) problems.push_back({"/scopes/" + std::to_string(i), "is not yours to give"});
  }
  if (problems.empty()) return;
  throw invalid("scope_not_held", "A token can be given only what you may do yourself.",
                std::move(problems));
}

void check_days(int days, int days_max) {
  if (days >= 1 && days <= days_max) return;
  const std::string most = std::to_string(days_max);
  throw invalid("token_days", "A token of this organization lives at most " + most + " days.",
                {{"/expires_in_days", "must be from 1 to " + most}});
}

audit::Entry entry_of(const char* action, ApiTokenKind kind, ApiTokenId id) {
  audit::Entry entry(action, "api_token", id.str());
  entry.detail["kind"] = boost::describe::enum_to_string(kind, "");
  return entry;
}

}  // namespace

const PermissionSet& never_by_token() {
  static const PermissionSet set = set_of(
      {Permission::account_self, Permission::service_token_write, Permission::organization_delete});
  return set;
}

struct ApiTokens::Row {
  SessionId id;
  OrganizationId organization_id;
  UserId user_id;
  ApiTokenKind kind = ApiTokenKind::personal;
  std::string scopes;
  Timestamp expires_at;
  std::optional<Timestamp> email_verified_at;
  std::optional<tenancy::Role> role;
  std::optional<RoleId> role_id;
  std::optional<std::string> policy;
  bool second_factor = false;
  std::optional<std::string> listed;
  std::int64_t grants = 0;
  BOOST_DESCRIBE_CLASS(Row, (),
                       (id, organization_id, user_id, kind, scopes, expires_at, email_verified_at,
                        role, role_id, policy, second_factor, listed, grants),
                       (), ())
};

Task<std::optional<tenancy::Principal>> ApiTokens::principal_of(Row row) {
  const bool service = row.kind == ApiTokenKind::service;
  if (!service && !row.role) co_return std::nullopt;
  const auto role = row.role.value_or(tenancy::Role::viewer);
  tenancy::Principal out(row.user_id, row.organization_id, row.id, role);
  const auto scopes = without(set_of(read_scopes(row.scopes)), never_by_token());
  if (service) {
    out.permissions = scopes;
    co_return out;
  }
  out.permissions = allowed_by(role, row.listed) & scopes;
  if (row.grants > 0) {
    const auto all = co_await grants_of(parts_.database, row.organization_id, row.user_id);
    auto some = std::make_shared<tenancy::Grants>(*all);
    for (auto& grant : *some) grant.second = grant.second & scopes;
    out.grants = std::move(some);
  }
  if (parts_.require_verified_email && !row.email_verified_at) {
    out.restrain(tenancy::Restraint::email_unverified);
    out.permissions = {};
  } else if (!row.second_factor && asks_second_factor(row.policy, {role, row.role_id})) {
    out.restrain(tenancy::Restraint::mfa_enrolment);
    out.permissions = {};
  }
  co_return out;
}

Task<std::vector<ApiToken>> ApiTokens::list(tenancy::Tenant tenant, ApiTokenKind kind) {
  const bool service = kind == ApiTokenKind::service;
  const auto& statement = service ? sql::list_service_tokens : sql::list_personal_tokens;
  auto arguments = db::args(tenant.organization());
  if (!service) arguments.push_back(db::to_value(tenant.user()));
  const auto rows = co_await parts_.database.query(tenant.scope(), statement, std::move(arguments));
  std::vector<ApiToken> out;
  for (auto& row : rows.as<ListRow>()) out.push_back(view_of(std::move(row)));
  co_return out;
}

Task<> ApiTokens::require_room(tenancy::Tenant tenant, ApiTokenKind kind) {
  const bool service = kind == ApiTokenKind::service;
  const int most = service ? kServiceTokensMax : kPersonalTokensMax;
  auto arguments = db::args(tenant.organization(), parts_.clock.now());
  if (!service) arguments.push_back(db::to_value(tenant.user()));
  const auto rows = co_await parts_.database.query(
      tenant.scope(), service ? sql::count_service_tokens : sql::count_personal_tokens,
      std::move(arguments));
  if (rows.one().get<int>("tokens") < most) co_return;
  throw conflict("too_many_tokens", "There are " + std::to_string(most) +
                                        " tokens, the most there can be. Revoke one "
                                        "that is not needed.");
}

Task<IssuedApiToken> ApiTokens::create(tenancy::Tenant tenant, ApiTokenKind kind,
                                       NewApiToken wanted, int days_max) {
  check_scopes(tenant.principal(), wanted.scopes);
  const int days = wanted.expires_in_days.value_or(std::min(kTokenDays, days_max));
  check_days(days, days_max);
  co_await require_room(tenant, kind);
  const auto now = parts_.clock.now();
  IssuedApiToken out;
  out.secret = new_token();
  out.token = {parts_.ids.next_as<ApiTokenId>(),
               kind,
               wanted.name,
               out.secret.substr(0, kHintChars),
               wanted.scopes,
               tenant.user(),
               now,
               now + std::chrono::hours(24 * days),
               std::nullopt};
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  UserId user = tenant.user();
  if (kind == ApiTokenKind::service) {
    user = parts_.ids.next_as<UserId>();
    const std::string address = user.str() + "@service.invalid";
    co_await transaction->exec(sql::insert_user,
                               db::args(user, address, wanted.name, kNoPassword, now, now));
  }
  const auto& made = out.token;
  co_await transaction->exec(sql::insert_api_token,
                             db::args(made.id, tenant.organization(), user, kind, made.name,
                                      made.hint, hash_of(out.secret), json::write(made.scopes),
                                      made.created_by, now, made.expires_at));
  auto entry = entry_of("token.create", kind, made.id);
  entry.detail["scopes"] = json::parse(json::write(made.scopes));
  entry.detail["expires_at"] = made.expires_at.str();
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return out;
}

Task<> ApiTokens::revoke(tenancy::Tenant tenant, ApiTokenKind kind, ApiTokenId id) {
  const bool service = kind == ApiTokenKind::service;
  const auto now = parts_.clock.now();
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  auto arguments = db::args(id, tenant.organization(), now);
  if (!service) arguments.push_back(db::to_value(tenant.user()));
  const auto rows = co_await transaction->exec(
      service ? sql::revoke_service_token : sql::revoke_personal_token, std::move(arguments));
  if (rows.empty()) throw not_found("token");
  Revocation revocation{parts_.ids.next_as<RevocationId>(), tenant.organization(),
                        rows[0].get<UserId>("user_id"), SessionId{id.uuid}, now};
  co_await note_revocation(*transaction, std::move(revocation));
  auto entry = entry_of("token.revoke", kind, id);
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
}

Task<ApiTokens::Standing> ApiTokens::authenticate(std::string token) {
  const Error refused(ErrorCode::unauthenticated, "invalid_token",
                      "The token is not valid: it was revoked, it has expired, or it never was.");
  if (token.size() != kTokenChars) throw refused;
  const auto rows = co_await parts_.database.query(db::Scope::system(), sql::api_token_by_hash,
                                                   db::args(hash_of(token)));
  const auto row = rows.first<Row>();
  if (!row || row->expires_at <= parts_.clock.now()) throw refused;
  const auto principal = co_await principal_of(*row);
  if (!principal) throw refused;
  co_return Standing{*principal, row->expires_at};
}

Task<std::vector<ApiTokens::Standing>> ApiTokens::standing(std::vector<SessionId> ids) {
  const auto rows = co_await parts_.database.query(db::Scope::system(), sql::standing_api_tokens,
                                                   db::args(json::write(ids)));
  std::vector<Standing> out;
  for (const auto& row : rows.as<Row>()) {
    const auto principal = co_await principal_of(row);
    if (principal && row.expires_at > parts_.clock.now()) {
      out.push_back({*principal, row.expires_at});
    }
  }
  co_return out;
}

Task<> ApiTokens::touch(std::vector<SessionId> ids) {
  co_await parts_.database.write(db::Scope::system(), sql::touch_api_tokens,
                                 db::args(json::write(ids), parts_.clock.now()));
}

}  // namespace aa::identity
