#include "service/tenancy/tenant.hpp"

#include <algorithm>

namespace aa::tenancy {

Principal Principal::in(ProjectId project) const {
  Principal out = *this;
  if (!grants) return out;
  const auto found = grants->find(project);
  if (found != grants->end()) out.permissions = permissions | found->second;
  return out;
}

bool Principal::may_somewhere(Permission permission) const {
  if (may(permission)) return true;
  const auto allows = [&](const auto& grant) { return grant.second.has(permission); };
  return grants && std::ranges::any_of(*grants, allows);
}

void Tenant::require(Permission permission) const {
  if (principal_.may(permission)) return;
  if (principal_.restraint == Restraint::email_unverified) {
    throw Error(ErrorCode::permission_denied, "email_unverified",
                "Follow the link that was sent to your e-mail address first.");
  }
  if (principal_.restraint == Restraint::mfa_enrolment) {
    throw Error(ErrorCode::permission_denied, "mfa_enrolment",
                "Your organization asks for a second factor: set one up first.");
  }
  throw Error(ErrorCode::permission_denied, "permission_denied",
              "Your role does not have the permission " + std::string(to_string(permission)) +
                  ". An administrator of the organization can change your role.");
}

void Tenant::require_fresh(Timestamp now) const {
  if (is_fresh(now)) return;
  throw Error(ErrorCode::permission_denied, "reauth_required",
              "Sign in again to change this: your last sign-in is too long ago.");
}

void Principal::restrain(Restraint why) {
  restraint = why;
  permissions = {};
  permissions.add(Permission::account_self);
  grants = nullptr;
}

Tenant Tenant::proven(Timestamp at) const {
  Tenant out = *this;
  out.principal_.authenticated_at = at;
  return out;
}

}  // namespace aa::tenancy
