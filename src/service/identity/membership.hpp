// A membership as it is stored. Private to the module. Thread rule: values.
#pragma once

#include "service/identity/roles.hpp"

namespace aa::identity {

struct MemberRow {
  UserId user_id;
  tenancy::Role role = tenancy::Role::viewer;
  std::optional<RoleId> role_id;
  std::optional<std::string> listed;  // permissions of the custom role

  RoleRef ref() const { return {role, role_id}; }
  PermissionSet permissions() const { return allowed_by(role, listed); }
};
BOOST_DESCRIBE_STRUCT(MemberRow, (), (user_id, role, role_id, listed))

}  // namespace aa::identity
