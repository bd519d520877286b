#include "service/identity/policies.hpp"

#include <algorithm>

#include "driver/http/address_rules.hpp"
#include "service/identity/cut.hpp"
#include "service/identity/membership.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

struct PolicyRow {
  std::string policy;
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(PolicyRow, (), (policy, revision))

PolicyView view(const std::optional<PolicyRow>& row) {
  if (!row) return {};
  return {read_policy(row->policy), row->revision};
}

template <class T>
void take(T& into, std::optional<T>& given) {
  if (given) into = std::move(*given);
}

OrganizationPolicy changed(OrganizationPolicy policy, PolicyChange change) {
  take(policy.mfa_required, change.mfa_required);
  take(policy.mfa_roles, change.mfa_roles);
  take(policy.sso_only, change.sso_only);
  take(policy.idle_minutes, change.idle_minutes);
  take(policy.absolute_hours, change.absolute_hours);
  take(policy.ip_ranges, change.ip_ranges);
  take(policy.signup_domains, change.signup_domains);
  take(policy.token_days_max, change.token_days_max);
  return policy;
}

bool is_domain(std::string_view text) {
  const bool letters = std::ranges::all_of(text, [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-' || c == '.' || c >= 0x80;
  });
  return letters && text.size() <= 253 && text.find('.') != std::string_view::npos &&
         !text.starts_with('.') && !text.ends_with('.');
}

// Throws "invalid_policy" for an entry that `fits` does not take.
template <class Fits>
void check_list(const std::string& name, const std::vector<std::string>& list, Fits fits,
                const std::string& what) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (fits(list[i])) continue;
    const std::string pointer = "/" + name + "/" + std::to_string(i);
    throw invalid("invalid_policy", pointer + " must be " + what + ".",
                  {{pointer, "must be " + what}});
  }
}

void check(const OrganizationPolicy& policy) {
  check_list(
      "ip_ranges", policy.ip_ranges,
      [](const std::string& text) { return http::AddressBlock::parse(text).has_value(); },
      "an address or a CIDR block");
  check_list("signup_domains", policy.signup_domains, is_domain, "a domain in small letters");
  check_list(
      "mfa_roles", policy.mfa_roles,
      [](const std::string& text) { return tenancy::role_named(text) || Uuid::parse(text); },
      "a role");
}

}  // namespace

OrganizationPolicy read_policy(const std::string& stored) {
  return json::read<OrganizationPolicy>(json::parse(stored));
}

Task<OrganizationPolicy> policy_of(db::Database& database, OrganizationId organization) {
  const auto rows = co_await database.query(db::Scope::tenant(organization), sql::find_policy,
                                            db::args(organization));
  co_return view(rows.first<PolicyRow>()).policy;
}

bool over_by_policy(const std::optional<std::string>& stored, Timestamp began, Timestamp used,
                    Timestamp now) {
  if (!stored) return false;
  const auto policy = read_policy(*stored);
  const bool idle =
      policy.idle_minutes > 0 && used + std::chrono::minutes(policy.idle_minutes) <= now;
  const bool old =
      policy.absolute_hours > 0 && began + std::chrono::hours(policy.absolute_hours) <= now;
  return idle || old;
}

bool asks_second_factor(const OrganizationPolicy& policy, const RoleRef& role) {
  return policy.mfa_required ||
         std::ranges::find(policy.mfa_roles, role.str()) != policy.mfa_roles.end();
}

bool asks_second_factor(const std::optional<std::string>& stored, const RoleRef& role) {
  return stored && asks_second_factor(read_policy(*stored), role);
}

bool wants_provider(const OrganizationPolicy& policy, tenancy::Role role, SignInMethod method) {
  return policy.sso_only && role != tenancy::Role::owner && !by_directory(method);
}

bool wants_provider(const std::optional<std::string>& stored, tenancy::Role role,
                    SignInMethod method) {
  return stored && wants_provider(read_policy(*stored), role, method);
}

void require_address(const OrganizationPolicy& policy, const std::string& ip) {
  if (admits_address(policy, ip)) return;
  throw Error(ErrorCode::permission_denied, "address_refused",
              "The organization lets nobody in from your network address, " + ip + ".");
}

bool admits_address(const OrganizationPolicy& policy, const std::string& ip) {
  if (policy.ip_ranges.empty()) return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(ip, error);
  return !error && std::ranges::any_of(policy.ip_ranges, [&](const std::string& text) {
    const auto range = http::AddressBlock::parse(text);
    return range && range->contains(http::normalized(address));
  });
}

bool admits_email(const OrganizationPolicy& policy, std::string_view email) {
  if (policy.signup_domains.empty()) return true;
  const auto domain = email.substr(email.rfind('@') + 1);
  return std::ranges::find(policy.signup_domains, domain) != policy.signup_domains.end();
}

Task<PolicyView> Policies::get(tenancy::Tenant tenant) {
  const auto rows =
      co_await database_.query(tenant.scope(), sql::find_policy, db::args(tenant.organization()));
  co_return view(rows.first<PolicyRow>());
}

// Nobody demands what he himself has not.
Task<> Policies::keep_the_door_open(tenancy::Tenant tenant, OrganizationPolicy next) {
  const auto members = co_await database_.query(db::Scope::system(), sql::find_member,
                                                db::args(tenant.organization(), tenant.user()));
  const auto member = members.first<MemberRow>();
  if (!member || !asks_second_factor(next, member->ref())) co_return;
  const auto rows = co_await database_.query(db::Scope::system(), sql::proven_beside,
                                             db::args(tenant.user(), tenant.principal().session));
  if (rows.one().get<bool>("proven")) co_return;
  throw conflict("would_lock_out",
                 "You have no second factor yourself: set one up in your settings first.");
}

// By a provider that is switched on, whoever demands it comes in again.
Task<> Policies::keep_a_provider(tenancy::Tenant tenant) {
  std::vector<SsoDoor> doors;
  if (gate_ != nullptr) doors = co_await gate_->doors(tenant.organization());
  const auto rows = co_await database_.query(db::Scope::system(), sql::directory_links_of,
                                             db::args(tenant.organization(), tenant.user()));
  const bool owner = tenant.principal().role == tenancy::Role::owner;
  const bool linked = std::ranges::any_of(rows, [&](const auto& row) {
    const auto provider = row.template get<std::string>("provider_id");
    return std::ranges::find(doors, provider, &SsoDoor::provider) != doors.end();
  });
  if (!doors.empty() && (owner || linked)) co_return;
  throw conflict("would_lock_out", doors.empty()
                                       ? "No identity provider is switched on: set one up first."
                                       : "Sign in by the identity provider once yourself first.");
}

Task<PolicyView> Policies::patch(tenancy::Tenant tenant, PolicyChange change,
                                 std::optional<std::int64_t> if_revision, std::string ip) {
  auto transaction = co_await database_.begin(tenant.scope());
  co_await lock_actor(*transaction, tenant, tenancy::Permission::organization_write);
  const auto rows = co_await transaction->exec(sql::find_policy, db::args(tenant.organization()));
  const auto present = view(rows.first<PolicyRow>());
  if (if_revision && *if_revision != present.revision) {
    throw Error(ErrorCode::precondition_failed, "revision_differs",
                "The policy was changed meanwhile. Load it again, then repeat the change.");
  }
  const auto next = changed(present.policy, std::move(change));
  check(next);
  if (!admits_address(next, ip)) {
    throw conflict("would_lock_out",
                   "The address ranges do not hold the one you come from, " + ip + ".");
  }
  co_await keep_the_door_open(tenant, next);
  if (next.sso_only && !present.policy.sso_only) co_await keep_a_provider(tenant);
  const auto text = json::write(next);
  co_await transaction->exec(sql::put_policy, db::args(tenant.organization(), text, clock_.now()));
  audit::Entry entry{"organization.policy", "organization", tenant.organization().str(), {}};
  entry.detail["policy"] = json::parse(text);
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return PolicyView{next, present.revision + 1};
}

}  // namespace aa::identity
