// Roles and permissions. Permissions are rows: a role either has one or not, and what is not listed
// is denied.
//
// Thread rule: values and pure functions.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

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
  member_write,
  role_read,
  role_write,
  organization_write,
  organization_delete,
  sso_write,
  webhook_read,
  webhook_write,
  service_token_write,
  usage_read,
  audit_read,
  account_self,
};
BOOST_DESCRIBE_ENUM(Permission, project_read, project_write, project_delete, asset_read,
                    asset_write, asset_delete, annotation_read, annotation_write, comment_read,
                    comment_write, inference_run, prelabel_run, model_read, model_write, job_read,
                    job_cancel, export_run, import_run, member_read, member_write, role_read,
                    role_write, organization_write, organization_delete, sso_write, webhook_read,
                    webhook_write, service_token_write, usage_read, audit_read, account_self)

inline constexpr std::size_t kPermissions =
    boost::mp11::mp_size<boost::describe::describe_enumerators<Permission>>::value;

// What someone may do.
class PermissionSet {
 public:
  bool has(Permission permission) const { return bits_.test(static_cast<std::size_t>(permission)); }
  void add(Permission permission) { bits_.set(static_cast<std::size_t>(permission)); }
  void remove(Permission permission) { bits_.reset(static_cast<std::size_t>(permission)); }
  // Has all that `other` has.
  bool covers(const PermissionSet& other) const { return (other.bits_ & ~bits_).none(); }
  PermissionSet operator|(const PermissionSet& other) const {
    PermissionSet out = *this;
    out.bits_ |= other.bits_;
    return out;
  }
  PermissionSet operator&(const PermissionSet& other) const {
    PermissionSet out = *this;
    out.bits_ &= other.bits_;
    return out;
  }
  bool operator==(const PermissionSet&) const = default;

 private:
  std::bitset<kPermissions> bits_;
};

// Of a built-in role.
const PermissionSet& permissions_of(Role role);
std::string_view to_string(Permission permission);
std::optional<Role> role_named(std::string_view name);
// In the order of the enumeration.
std::vector<Permission> list_of(const PermissionSet& set);
std::optional<Permission> permission_named(std::string_view name);

}  // namespace aa::tenancy
