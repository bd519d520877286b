#include "base/hash.hpp"
#include "service/scim/scim.hpp"
#include "service/scim/statements.hpp"

namespace aa::scim {
namespace {

using tenancy::Permission;

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kTokenCharacters = 5 + 43;
constexpr std::size_t kHintCharacters = 9;
// How exactly the administration tells when it was last used.
constexpr std::chrono::seconds kTouchEach{60};

struct HolderRow {
  ScimTokenId id;
  OrganizationId organization_id;
  Timestamp expires_at;
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(HolderRow, (), (id, organization_id, expires_at, last_used_at))

std::string hash_of(std::string_view token) { return to_hex(sha256(token)); }

}  // namespace

Task<std::vector<ScimToken>> ScimTokens::list(tenancy::Tenant tenant) {
  tenant.require(Permission::sso_write);
  const auto rows = co_await parts_.database.query(tenant.scope(), sql::list_tokens,
                                                   db::args(tenant.organization()));
  co_return rows.as<ScimToken>();
}

Task<IssuedScimToken> ScimTokens::create(tenancy::Tenant tenant, NewScimToken wanted) {
  tenant.require(Permission::sso_write);
  auto transaction = co_await parts_.database.begin(tenant.scope());
  co_await identity::lock_organization(*transaction, tenant.organization());
  const auto present =
      co_await transaction->exec(sql::list_tokens, db::args(tenant.organization()));
  if (present.size() >= kTokensMax) {
    throw conflict("too_many_tokens",
                   "There are 10 tokens, the most there can be. Revoke one that is not needed.");
  }
  const auto now = parts_.clock.now();
  const int days = wanted.expires_in_days.value_or(kTokenDays);
  IssuedScimToken out;
  out.secret = std::string(kTokenPrefix) + to_base64url(random_bytes(kSecretBytes));
  out.token.id = parts_.ids.next_as<ScimTokenId>();
  out.token.name = std::move(wanted.name);
  out.token.hint = out.secret.substr(0, kHintCharacters);
  out.token.created_by = tenant.user();
  out.token.created_at = now;
  out.token.expires_at = now + std::chrono::hours(24 * days);
  const auto& made = out.token;
  co_await transaction->exec(
      sql::insert_token,
      db::args(made.id, tenant.organization(), made.name, made.hint, hash_of(out.secret),
               made.created_by, made.created_at, made.expires_at));
  audit::Entry entry("scim_token.create", "scim_token", made.id.str());
  entry.detail["expires_at"] = made.expires_at.str();
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return out;
}

Task<> ScimTokens::revoke(tenancy::Tenant tenant, ScimTokenId id) {
  tenant.require(Permission::sso_write);
  auto transaction = co_await parts_.database.begin(tenant.scope());
  const auto gone = co_await transaction->exec(
      sql::revoke_token, db::args(id, tenant.organization(), parts_.clock.now()));
  if (gone.affected() == 0) throw not_found("token");
  audit::Entry entry("scim_token.revoke", "scim_token", id.str());
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
}

Task<tenancy::Principal> ScimTokens::authenticate(std::string token) {
  const Error refused(ErrorCode::unauthenticated, "invalid_token",
                      "The token is not valid: it was revoked, it has expired, or it never was.");
  if (token.size() != kTokenCharacters || !token.starts_with(kTokenPrefix)) throw refused;
  const auto rows = co_await parts_.database.query(db::Scope::system(), sql::token_by_hash,
                                                   db::args(hash_of(token)));
  const auto holder = rows.first<HolderRow>();
  const auto now = parts_.clock.now();
  if (!holder || holder->expires_at <= now) throw refused;
  if (!holder->last_used_at || now - *holder->last_used_at >= kTouchEach) {
    co_await parts_.database.write(db::Scope::tenant(holder->organization_id), sql::touch_token,
                                   db::args(holder->id, now));
  }
  tenancy::Principal out;
  out.user = UserId{holder->id.uuid};
  out.organization = holder->organization_id;
  out.session = SessionId{holder->id.uuid};
  co_return out;
}

}  // namespace aa::scim
