// Roles on single projects, beside the one a member has everywhere. In a project one may what
// either allows.
//
// Thread rule: shared by all coroutines.
// Errors: not_found; invalid_argument "unknown_role", "role_not_for_projects"; permission_denied
// "beyond_own_rights".
#pragma once

#include <string>
#include <vector>

#include "service/identity/membership.hpp"

namespace aa::identity {

struct GrantView {
  UserId user_id;
  std::string email;
  std::string name;
  std::string role;
  std::string role_name;
  UserId granted_by;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(GrantView, (),
                      (user_id, email, name, role, role_name, granted_by, created_at))

class ProjectGrants {
 public:
  ProjectGrants(db::Database& database, audit::Trail& trail, const Clock& clock, IdSource& ids)
      : database_(database), trail_(trail), clock_(clock), ids_(ids) {}

  // The caller knows that the project is the tenant's.
  Task<std::vector<GrantView>> list(tenancy::Tenant tenant, ProjectId project);
  Task<GrantView> put(tenancy::Tenant tenant, ProjectId project, UserId user, std::string role);
  Task<> remove(tenancy::Tenant tenant, ProjectId project, UserId user);

 private:
  db::Database& database_;
  audit::Trail& trail_;
  const Clock& clock_;
  IdSource& ids_;
};

}  // namespace aa::identity
