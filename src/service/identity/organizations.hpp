// An organisation itself: its name, its standing, its end.
//
// Thread rule: shared by all coroutines.
// Errors: not_found; invalid_argument "invalid_body"; precondition_failed "revision_differs";
// permission_denied "permission_denied".
#pragma once

#include <optional>
#include <string>

#include "driver/db/database.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::identity {

using runtime::Task;

struct OrganizationDetail {
  OrganizationId id;
  std::string name;
  std::int64_t members = 0;
  Timestamp created_at;
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(OrganizationDetail, (), (id, name, members, created_at, revision))

class Organizations {
 public:
  Organizations(db::Database& database, audit::Trail& trail, const Clock& clock, IdSource& ids)
      : database_(database), trail_(trail), clock_(clock), ids_(ids) {}

  Task<OrganizationDetail> get(tenancy::Tenant tenant);
  Task<OrganizationDetail> rename(tenancy::Tenant tenant, std::string name,
                                  std::optional<std::int64_t> if_revision);
  // At once nobody is a member, nothing is open and no work goes on in it. Its rows stay until they
  // are erased, and are no one's.
  Task<> remove(tenancy::Tenant tenant);

 private:
  db::Database& database_;
  audit::Trail& trail_;
  const Clock& clock_;
  IdSource& ids_;
};

}  // namespace aa::identity
