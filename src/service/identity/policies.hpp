// What an organisation demands of those who sign in to it.
//
// Whoever needs a policy asks policy_of(); what is not set there is the server's own setting.
//
// Thread rule: shared by all coroutines.
// Errors: invalid_argument "invalid_policy"; conflict "would_lock_out"; precondition_failed
// "revision_differs".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "driver/db/database.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/identity/account.hpp"
#include "service/identity/roles.hpp"
#include "service/identity/sso_gate.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::identity {

using runtime::Task;

// A number that is 0 and a list that is empty set nothing.
struct OrganizationPolicy {
  bool mfa_required = false;
  std::vector<std::string> mfa_roles;  // of these alone, when not of all
  bool sso_only = false;
  int idle_minutes = 0;
  int absolute_hours = 0;
  std::vector<std::string> ip_ranges;       // addresses and CIDR blocks
  std::vector<std::string> signup_domains;  // of the addresses that may be invited
  int token_days_max = 0;
};
BOOST_DESCRIBE_STRUCT(OrganizationPolicy, (),
                      (mfa_required, mfa_roles, sso_only, idle_minutes, absolute_hours, ip_ranges,
                       signup_domains, token_days_max))

// Older rows lack what came later.
constexpr auto field_rules(const OrganizationPolicy*) {
  return std::array{json::Field{.name = "mfa_required", .optional = true},
                    json::Field{.name = "mfa_roles", .max_items = 100, .optional = true},
                    json::Field{.name = "sso_only", .optional = true},
                    json::Field{.name = "idle_minutes", .min = 0, .max = 1440, .optional = true},
                    json::Field{.name = "absolute_hours", .min = 0, .max = 720, .optional = true},
                    json::Field{.name = "ip_ranges", .max_items = 100, .optional = true},
                    json::Field{.name = "signup_domains", .max_items = 100, .optional = true},
                    json::Field{.name = "token_days_max", .min = 0, .max = 3650, .optional = true}};
}

struct PolicyChange {
  std::optional<bool> mfa_required;
  std::optional<std::vector<std::string>> mfa_roles;
  std::optional<bool> sso_only;
  std::optional<int> idle_minutes;
  std::optional<int> absolute_hours;
  std::optional<std::vector<std::string>> ip_ranges;
  std::optional<std::vector<std::string>> signup_domains;
  std::optional<int> token_days_max;
};
BOOST_DESCRIBE_STRUCT(PolicyChange, (),
                      (mfa_required, mfa_roles, sso_only, idle_minutes, absolute_hours, ip_ranges,
                       signup_domains, token_days_max))
constexpr auto field_rules(const PolicyChange*) {
  return field_rules(static_cast<const OrganizationPolicy*>(nullptr));
}

struct PolicyView {
  OrganizationPolicy policy;
  std::int64_t revision = 0;  // 0: none was ever set
};
BOOST_DESCRIBE_STRUCT(PolicyView, (), (policy, revision))

class Policies {
 public:
  Policies(db::Database& database, audit::Trail& trail, const Clock& clock)
      : database_(database), trail_(trail), clock_(clock) {}

  void set_sso_gate(SsoGate& gate) { gate_ = &gate; }  // before anything else begins

  Task<PolicyView> get(tenancy::Tenant tenant);
  // `ip` is whence the change comes: address ranges must hold it.
  Task<PolicyView> patch(tenancy::Tenant tenant, PolicyChange change,
                         std::optional<std::int64_t> if_revision, std::string ip);

 private:
  Task<> keep_the_door_open(tenancy::Tenant tenant, OrganizationPolicy next);
  Task<> keep_a_provider(tenancy::Tenant tenant);

  db::Database& database_;
  audit::Trail& trail_;
  const Clock& clock_;
  SsoGate* gate_ = nullptr;
};

Task<OrganizationPolicy> policy_of(db::Database& database, OrganizationId organization);
OrganizationPolicy read_policy(const std::string& stored);

// Whether a session that stands by the server's own settings is over by the stored policy, if any.
bool over_by_policy(const std::optional<std::string>& stored, Timestamp began, Timestamp used,
                    Timestamp now);
// Whether someone of that role must have shown a second factor.
bool asks_second_factor(const OrganizationPolicy& policy, const RoleRef& role);
bool asks_second_factor(const std::optional<std::string>& stored, const RoleRef& role);
// Whether the organisation takes a provider's word alone, and this is not one. Owners are let in
// all the same: a provider that fails locks nobody out for good.
bool wants_provider(const OrganizationPolicy& policy, tenancy::Role role, SignInMethod method);
bool wants_provider(const std::optional<std::string>& stored, tenancy::Role role,
                    SignInMethod method);
// Throws permission_denied "address_refused".
void require_address(const OrganizationPolicy& policy, const std::string& ip);
// Whether the policy lets someone in who comes from there.
bool admits_address(const OrganizationPolicy& policy, const std::string& ip);
// Whether the policy lets someone of that address be invited.
bool admits_email(const OrganizationPolicy& policy, std::string_view email);

}  // namespace aa::identity
