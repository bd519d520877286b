// Who a request comes from: what was seen before is answered from memory.
#include "base/hash.hpp"
#include "service/identity/identity.hpp"
#include "service/identity/policies.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

constexpr std::size_t kSeenMax = 50'000;
constexpr std::chrono::seconds kRecheck{5};
constexpr std::chrono::seconds kRecheckToken{1};
constexpr std::chrono::minutes kTouch{1};

std::string key_of(std::string_view token) {
  const auto digest = sha256(token);
  return {digest.begin(), digest.end()};
}

Error invalid_token() {
  return {ErrorCode::unauthenticated, "invalid_token", "The access token is not valid."};
}

bool is_fresh(Timestamp checked_at, Timestamp now, std::chrono::seconds life) {
  return checked_at <= now && now - checked_at < life;
}

}  // namespace

Task<Principal> Identity::standing_session(SessionId session) {
  const auto now = clock_.now();
  const auto known = recall(session);
  if (known && is_fresh(known->checked_at, now, kRecheck)) co_return known->principal;
  const auto principal = co_await check_session(session);
  remember(session, Stands{principal, now, now});
  co_return principal;
}

Task<Principal> Identity::authenticate_bearer(std::string token) {
  auto key = key_of(token);
  if (token.starts_with(kApiTokenPrefix)) {
    co_return co_await authenticate_api_token(std::move(key), std::move(token));
  }
  const auto now = clock_.now();
  auto seen = recall(key);
  if (!seen || !is_fresh(seen->checked_at, now, kRecheck)) {
    const auto keys = co_await keys_.for_token(token);
    const auto* signer = keys->signer_of(token);
    if (signer == nullptr) throw invalid_token();
    if (!seen) {
      const auto claims = signer->verify(token, now);
      seen = Seen{claims.session, claims.expires_at, now};
    }
    seen->checked_at = now;
    remember(key, *seen);
  }
  if (seen->expires_at <= now) {
    throw Error(ErrorCode::unauthenticated, "token_expired",
                "The access token has expired; refresh it.");
  }
  co_return co_await standing_session(seen->session);
}

Task<Principal> Identity::authenticate_cookie(std::string cookie) {
  const auto now = clock_.now();
  const auto key = "c" + key_of(cookie);
  auto seen = recall(key);
  if (!seen) {
    const auto rows = co_await database_.query(db::Scope::system(), sql::session_by_cookie,
                                               db::args(to_hex(sha256(cookie))));
    if (rows.empty()) {
      throw Error(ErrorCode::unauthenticated, "session_ended",
                  "The session has ended; sign in again.");
    }
    seen = Seen{rows[0].get<SessionId>("id"), now + settings_.absolute, now};
    remember(key, *seen);
  }
  co_return co_await standing_session(seen->session);
}

Task<Principal> Identity::authenticate_api_token(std::string key, std::string token) {
  const auto now = clock_.now();
  const auto seen = recall(key);
  const auto known = seen ? recall(seen->session) : std::nullopt;
  if (known && seen->expires_at > now && is_fresh(known->checked_at, now, kRecheckToken)) {
    co_return known->principal;
  }
  const auto found = co_await tokens_.authenticate(std::move(token));
  const auto session = found.principal.session;
  Stands stands{found.principal, now, known ? known->touched_at : Timestamp{}};
  if (!is_fresh(stands.touched_at, now, kTouch)) {
    std::vector<SessionId> used{session};
    co_await tokens_.touch(std::move(used));
    stands.touched_at = now;
  }
  remember(key, {session, found.expires_at, now});
  remember(session, stands);
  co_return found.principal;
}

Task<std::vector<ApiToken>> Identity::api_tokens(tenancy::Tenant tenant, ApiTokenKind kind) {
  co_return co_await tokens_.list(std::move(tenant), kind);
}

Task<IssuedApiToken> Identity::create_api_token(tenancy::Tenant tenant, ApiTokenKind kind,
                                                NewApiToken wanted) {
  // Who is held back to his own account hands nothing on.
  if (tenant.principal().restraint != tenancy::Restraint::none) {
    tenant.require(tenancy::Permission::project_read);
  }
  const auto policy = co_await policy_of(database_, tenant.organization());
  const int days_max = policy.token_days_max > 0 ? policy.token_days_max : kTokenDaysMax;
  co_return co_await tokens_.create(std::move(tenant), kind, std::move(wanted), days_max);
}

Task<> Identity::revoke_api_token(tenancy::Tenant tenant, ApiTokenKind kind, ApiTokenId id) {
  co_await tokens_.revoke(std::move(tenant), kind, id);
  forget(SessionId{id.uuid});
}

// A service token's user is no member.
Task<OrganizationView> Identity::organization_of_token(Principal principal) {
  const auto rows = co_await database_.query(db::Scope::system(), sql::organization_named,
                                             db::args(principal.organization));
  OrganizationView out;
  out.id = principal.organization;
  out.name = rows.one().get<std::string>("name");
  out.role = principal.role;
  co_return out;
}

std::optional<Identity::Seen> Identity::recall(const std::string& key) {
  const std::lock_guard lock(seen_mutex_);
  const auto it = seen_.find(key);
  if (it == seen_.end()) return std::nullopt;
  return it->second;
}

void Identity::remember(const std::string& key, Seen seen) {
  const std::lock_guard lock(seen_mutex_);
  if (seen_.size() >= kSeenMax) seen_.clear();
  seen_[key] = seen;
}

std::optional<Identity::Stands> Identity::recall(SessionId session) {
  const std::lock_guard lock(seen_mutex_);
  const auto it = stands_.find(session);
  if (it == stands_.end()) return std::nullopt;
  return it->second;
}

void Identity::remember(SessionId session, Stands stands) {
  const std::lock_guard lock(seen_mutex_);
  if (stands_.size() >= kSeenMax) stands_.clear();
  stands_[session] = stands;
}

void Identity::forget(SessionId session) {
  const std::lock_guard lock(seen_mutex_);
  stands_.erase(session);
}

void Identity::forget(UserId user) {
  const std::lock_guard lock(seen_mutex_);
  std::erase_if(stands_, [&](const auto& entry) { return entry.second.principal.user == user; });
}

}  // namespace aa::identity
