// Tenancy: in whose name a call runs, and what it may do.
//
// No store can be called without a Tenant.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include <boost/describe/enum.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "driver/db/database.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/tenancy/permission.hpp"

namespace aa::tenancy {

// Why someone who is signed in may do nothing but mend his own account.
enum class Restraint { none, email_unverified, mfa_enrolment };
BOOST_DESCRIBE_ENUM(Restraint, none, email_unverified, mfa_enrolment)

// What someone may do in single projects, beside what he may everywhere.
using Grants = std::map<ProjectId, PermissionSet>;

// A signed-in person in one organisation.
class Principal {
 public:
  Principal() = default;
  // With what the built-in role allows.
  Principal(UserId who, OrganizationId where, SessionId by, Role as)
      : user(who), organization(where), session(by), role(as), permissions(permissions_of(as)) {}

  bool may(Permission permission) const { return permissions.has(permission); }
  // In that project; what a grant there allows counts too.
  Principal in(ProjectId project) const;
  // Somewhere: everywhere, or in a project.
  bool may_somewhere(Permission permission) const;
  // Leaves the account alone.
  void restrain(Restraint why);

  UserId user;
  OrganizationId organization;
  SessionId session;
  Role role = Role::viewer;
  PermissionSet permissions;
  std::shared_ptr<const Grants> grants;  // none for most
  Restraint restraint = Restraint::none;
  Timestamp authenticated_at;  // when the person last proved who he is
};

// Sensitive changes want a proof of identity that is younger than this (OWASP ASVS 7.5.1).
inline constexpr std::chrono::minutes kFreshFor{5};

class Tenant {
 public:
  Tenant(Principal principal, std::string ip, std::string request_id, std::string user_agent = {})
      : principal_(std::move(principal)),
        ip_(std::move(ip)),
        request_id_(std::move(request_id)),
        user_agent_(std::move(user_agent)) {}

  const Principal& principal() const { return principal_; }
  OrganizationId organization() const { return principal_.organization; }
  UserId user() const { return principal_.user; }
  db::Scope scope() const { return db::Scope::tenant(principal_.organization); }
  audit::Actor actor() const {
    return {principal_.organization, principal_.user, ip_, request_id_, user_agent_};
  }
  Tenant in(ProjectId project) const {
    return {principal_.in(project), ip_, request_id_, user_agent_};
  }
  // Throws Error(permission_denied, "permission_denied") naming the permission, or with the
  // restraint as its slug.
  void require(Permission permission) const;
  Tenant proven(Timestamp at) const;
  bool is_fresh(Timestamp now) const { return now - principal_.authenticated_at < kFreshFor; }
  // Throws Error(permission_denied, "reauth_required") when the last sign-in is too old.
  void require_fresh(Timestamp now) const;

 private:
  Principal principal_;
  std::string ip_;
  std::string request_id_;
  std::string user_agent_;
};

}  // namespace aa::tenancy
