// Roles that groups give, and which of several holds. Private to the module.
//
// The one that allows most permissions; of those that allow as many, a built-in one before one of
// the organisation's own, then the one with the smaller name or id. A role that allows all that
// another does and more comes before it.
//
// Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/identity/roles.hpp"

namespace aa::scim {

struct MappedRole {
  tenancy::Role mapped = tenancy::Role::viewer;
  std::optional<identity::RoleId> mapped_id;
  std::optional<std::string> listed;  // permissions of one of the organisation's own

  identity::RoleRef ref() const { return {mapped, mapped_id}; }
};
BOOST_DESCRIBE_STRUCT(MappedRole, (), (mapped, mapped_id, listed))

inline bool comes_before(const MappedRole& a, const MappedRole& b) {
  const auto allowed = [](const MappedRole& role) {
    return tenancy::list_of(identity::allowed_by(role.mapped, role.listed)).size();
  };
  if (allowed(a) != allowed(b)) return allowed(a) > allowed(b);
  if (a.mapped_id.has_value() != b.mapped_id.has_value()) return !a.mapped_id;
  return a.ref().str() < b.ref().str();
}

inline std::optional<identity::RoleRef> best_role(const std::vector<MappedRole>& roles) {
  const MappedRole* best = nullptr;
  for (const auto& role : roles) {
    if (best == nullptr || comes_before(role, *best)) best = &role;
  }
  if (best == nullptr) return std::nullopt;
  return best->ref();
}

}  // namespace aa::scim
