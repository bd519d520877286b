// Tenancy: in whose name a call runs, and what it may do.
//
// No store can be called without a Tenant. Permissions are rows: a role either has one or not, and
// what is not listed is denied.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/id.hpp"
#include "driver/db/database.hpp"
#include "service/audit/audit_trail.hpp"

namespace aa::tenancy {

enum class Role { owner, admin, manager, reviewer, annotator, viewer };
BOOST_DESCRIBE_ENUM(Role, owner, admin, manager, reviewer, annotator, viewer)

enum class Permission {
  project_read,
  project_write,
  project_delete,
  asset_read,
  asset_write,
  asset_delete,
  annotation_read,
  annotation_write,
  comment_read,
  comment_write,
  inference_run,
  prelabel_run,
  model_read,
  model_write,
  job_read,
  job_cancel,
  export_run,
  import_run,
  member_read,
  audit_read,
  account_self,
};
BOOST_DESCRIBE_ENUM(Permission, project_read, project_write, project_delete, asset_read,
                    asset_write, asset_delete, annotation_read, annotation_write, comment_read,
                    comment_write, inference_run, prelabel_run, model_read, model_write, job_read,
                    job_cancel, export_run, import_run, member_read, audit_read, account_self)

bool allows(Role role, Permission permission);
std::string_view to_string(Permission permission);

// A signed-in person in one organisation.
struct Principal {
  UserId user;
  OrganizationId organization;
  SessionId session;
  Role role = Role::viewer;
};

class Tenant {
 public:
  Tenant(Principal principal, std::string ip, std::string request_id)
      : principal_(principal), ip_(std::move(ip)), request_id_(std::move(request_id)) {}

  const Principal& principal() const { return principal_; }
  OrganizationId organization() const { return principal_.organization; }
  UserId user() const { return principal_.user; }
  db::Scope scope() const { return db::Scope::tenant(principal_.organization); }
  audit::Actor actor() const {
    return {principal_.organization, principal_.user, ip_, request_id_};
  }
  // Throws Error(permission_denied, "permission_denied") naming the permission.
  void require(Permission permission) const;

 private:
  Principal principal_;
  std::string ip_;
  std::string request_id_;
};

}  // namespace aa::tenancy
