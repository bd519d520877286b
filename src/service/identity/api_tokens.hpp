// API tokens: what scripts and services sign in by. "aat_" and 256 random bits; shown once, kept as
// SHA-256. A personal token acts for its owner, with those of its scopes that the owner still may;
// a service token acts for the organisation, as a principal of its own. Neither may change accounts
// or make tokens, and neither counts as a fresh sign-in.
//
// Thread rule: values, and coroutines that share nothing. Errors: not_found; invalid_argument
// "scope_not_held", "token_days"; conflict "too_many_tokens"; unauthenticated "invalid_token".
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "driver/db/database.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::identity {

using runtime::Task;

inline constexpr std::string_view kApiTokenPrefix = "aat_";
inline constexpr int kTokenDaysMax = 365;  // unless the organisation says less
inline constexpr int kTokenDays = 90;
inline constexpr int kPersonalTokensMax = 50;
inline constexpr int kServiceTokensMax = 100;

using ApiTokenId = Id<struct ApiTokenTag>;

enum class ApiTokenKind { personal, service };
BOOST_DESCRIBE_ENUM(ApiTokenKind, personal, service)

struct ApiToken {
  ApiTokenId id;
  ApiTokenKind kind = ApiTokenKind::personal;
  std::string name;
  std::string hint;  // how the token begins
  std::vector<tenancy::Permission> scopes;
  UserId created_by;
  Timestamp created_at;
  Timestamp expires_at;
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(ApiToken, (),
                      (id, kind, name, hint, scopes, created_by, created_at, expires_at,
                       last_used_at))

struct NewApiToken {
  std::string name;
  std::vector<tenancy::Permission> scopes;
  std::optional<int> expires_in_days;
};
BOOST_DESCRIBE_STRUCT(NewApiToken, (), (name, scopes, expires_in_days))
constexpr auto field_rules(const NewApiToken*) {
  return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 200},
                    json::Field{.name = "scopes", .min_items = 1, .max_items = 100},
                    json::Field{.name = "expires_in_days", .min = 1, .max = 3650}};
}

// The only time that the token itself is seen.
struct IssuedApiToken {
  ApiToken token;
  std::string secret;
};
BOOST_DESCRIBE_STRUCT(IssuedApiToken, (), (token, secret))

// What no token may, whatever its scopes.
const tenancy::PermissionSet& never_by_token();

struct ApiTokenParts {
  db::Database& database;
  audit::Trail& trail;
  const Clock& clock;
  IdSource& ids;
  bool require_verified_email = false;
};

class ApiTokens {
 public:
  explicit ApiTokens(ApiTokenParts parts) : parts_(parts) {}

  Task<std::vector<ApiToken>> list(tenancy::Tenant tenant, ApiTokenKind kind);
  Task<IssuedApiToken> create(tenancy::Tenant tenant, ApiTokenKind kind, NewApiToken wanted,
                              int days_max);
  Task<> revoke(tenancy::Tenant tenant, ApiTokenKind kind, ApiTokenId id);

  struct Standing {
    tenancy::Principal principal;
    Timestamp expires_at;
  };
  Task<Standing> authenticate(std::string token);
  // Of those that stand, by their ids.
  Task<std::vector<Standing>> standing(std::vector<SessionId> ids);
  Task<> touch(std::vector<SessionId> ids);

 private:
  // Nothing when the owner is no member any more.
  struct Row;
  Task<std::optional<tenancy::Principal>> principal_of(Row row);
  Task<> require_room(tenancy::Tenant tenant, ApiTokenKind kind);

  ApiTokenParts parts_;
};

}  // namespace aa::identity
