#include "service/tenancy/permission.hpp"

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
    Row{Permission::member_write, Role::admin},
    Row{Permission::role_read, Role::viewer},
    Row{Permission::role_write, Role::admin},
    Row{Permission::organization_write, Role::admin},
    Row{Permission::organization_delete, Role::owner},
    Row{Permission::sso_write, Role::admin},
    Row{Permission::webhook_read, Role::admin},
    Row{Permission::webhook_write, Role::admin},
    Row{Permission::service_token_write, Role::admin},
    Row{Permission::usage_read, Role::manager},
    Row{Permission::audit_read, Role::admin},
    Row{Permission::account_self, Role::viewer},
};

constexpr std::size_t kRoles = 6;

std::array<PermissionSet, kRoles> make_sets() {
  std::array<PermissionSet, kRoles> out;
  for (std::size_t role = 0; role < kRoles; ++role) {
    for (const auto& row : kRows) {
      if (role <= static_cast<std::size_t>(row.least)) out[role].add(row.permission);
    }
  }
  return out;
}

}  // namespace

const PermissionSet& permissions_of(Role role) {
  static const auto sets = make_sets();
  return sets.at(static_cast<std::size_t>(role));
}

std::string_view to_string(Permission permission) {
  return boost::describe::enum_to_string(permission, "");
}

std::vector<Permission> list_of(const PermissionSet& set) {
  std::vector<Permission> out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Permission>>([&](auto d) {
    if (set.has(d.value)) out.push_back(d.value);
  });
  return out;
}

std::optional<Role> role_named(std::string_view name) {
  std::optional<Role> out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Role>>([&](auto d) {
    if (name == d.name) out = d.value;
  });
  return out;
}

std::optional<Permission> permission_named(std::string_view name) {
  std::optional<Permission> out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Permission>>([&](auto d) {
    if (name == d.name) out = d.value;
  });
  return out;
}

}  // namespace aa::tenancy
