#include "service/tenancy/tenant.hpp"

#include <array>

#include <boost/describe/enum_to_string.hpp>

namespace aa::tenancy {
namespace {

struct Row {
  Permission permission;
  Role least;  // this role and those above it
};

// Roles are ordered: an owner may what an admin may, and so on down to the viewer.
constexpr std::array kRows = {
    Row{Permission::project_read, Role::viewer},
    Row{Permission::project_write, Role::manager},
    Row{Permission::project_delete, Role::manager},
    Row{Permission::asset_read, Role::viewer},
    Row{Permission::asset_write, Role::manager},
    Row{Permission::asset_delete, Role::manager},
    Row{Permission::annotation_read, Role::viewer},
    Row{Permission::annotation_write, Role::annotator},
    Row{Permission::comment_read, Role::viewer},
    Row{Permission::comment_write, Role::annotator},
    Row{Permission::inference_run, Role::annotator},
    Row{Permission::prelabel_run, Role::annotator},
    Row{Permission::model_read, Role::viewer},
    Row{Permission::model_write, Role::admin},
    Row{Permission::job_read, Role::viewer},
    Row{Permission::job_cancel, Role::annotator},
    Row{Permission::export_run, Role::reviewer},
    Row{Permission::import_run, Role::manager},
    Row{Permission::member_read, Role::viewer},
    Row{Permission::audit_read, Role::admin},
    Row{Permission::account_self, Role::viewer},
};

}  // namespace

bool allows(Role role, Permission permission) {
  for (const auto& row : kRows) {
    if (row.permission == permission) return role <= row.least;
  }
  return false;
}

std::string_view to_string(Permission permission) {
  return boost::describe::enum_to_string(permission, "");
}

void Tenant::require(Permission permission) const {
  if (allows(principal_.role, permission)) return;
  throw Error(ErrorCode::permission_denied, "permission_denied",
              "Your role does not have the permission " + std::string(to_string(permission)) +
                  ". An administrator of the organization can change your role.");
}

}  // namespace aa::tenancy
